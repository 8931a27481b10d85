import { useState } from 'react';
import { logIn } from '../data/session.ts';
import { CommandBlock } from '../parts/command-block.tsx';
import { Icon } from '../parts/icon.tsx';

/** What stands in the place of every page until somebody is known. The address stays, so the page asked for follows. */
export function LogIn({ error }: { error: string | null }) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await logIn(key.trim());
    } catch (refusal) {
      setProblem(refusal instanceof Error ? refusal.message : String(refusal));
      setBusy(false);
    }
  };
  return (
    <main className="log-in">
      <h1>
        <Icon name="mark" /> Trackside
      </h1>
      <p>On the machine that runs the server, this opens the dashboard for you:</p>
      <CommandBlock text="trackside open" />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label htmlFor="key">Or log in with an API key</label>
        <div className="log-in-field">
          <input
            id="key"
            type="password"
            autoComplete="current-password"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            placeholder="local-…"
          />
          <button className="primary" disabled={key.trim() === '' || busy}>
            Log in
          </button>
        </div>
        <p className="problem" role="alert">
          {problem ?? error}
        </p>
      </form>
    </main>
  );
}
