import { useSession } from '../data/session.ts';
import { CommandBlock } from '../parts/command-block.tsx';

/** Where a W&B client sends people for a key. */
export function AuthorizePage() {
  const session = useSession();
  const username = session.state === 'known' ? session.username : '';
  return (
    <main className="message-page">
      <h1>Your API key</h1>
      <p>
        You are <b>{username}</b> here. A key is shown once, when it is made; this server keeps only its fingerprint. On
        the machine that runs the server, this command sets address and key for the programs you start:
      </p>
      <CommandBlock text={'eval "$(trackside env)"'} />
      <p>On another machine, give the W&amp;B client the address and the key that the command prints:</p>
      <CommandBlock text={`wandb login --host ${window.location.origin}`} />
    </main>
  );
}
