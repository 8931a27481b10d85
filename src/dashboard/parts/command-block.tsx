import { CopyButton } from './copy-button.tsx';

/** A command or a piece of a program, ready to copy. */
export function CommandBlock({ text }: { text: string }) {
  return (
    <div className="command">
      <pre>{text}</pre>
      <CopyButton text={text} what="command" />
    </div>
  );
}
