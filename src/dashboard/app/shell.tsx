import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../data/session.ts';
import { KeysPanel } from './keys-panel.tsx';
import { useKeys } from './keyboard.ts';
import { LogIn } from './log-in.tsx';
import { Rail } from './rail.tsx';
import { toggleTheme } from './theme.ts';

/** The frame of every page: the rail, the page, and the log-in in their place while nobody is known. */
export function Shell() {
  const session = useSession();
  const [keysShown, setKeysShown] = useState(false);
  useKeys({
    '?': () => setKeysShown((before) => !before),
    t: toggleTheme,
    Escape: () => setKeysShown(false),
  });
  if (session.state === 'unknown') return <LogIn error={session.error} />;
  if (session.state === 'asking' && session.redeeming) return null;
  return (
    <div className="shell">
      <Rail onKeys={() => setKeysShown((before) => !before)} />
      <div className="page">
        <Outlet />
      </div>
      {keysShown && <KeysPanel onClose={() => setKeysShown(false)} />}
    </div>
  );
}
