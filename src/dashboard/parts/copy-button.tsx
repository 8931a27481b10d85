import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

const SAID_MS = 1_200;

/** Copies the text with one click and says so for a moment. The text may be made only when it is wanted. */
export function CopyButton(props: { text: string | (() => string | Promise<string>); what: string; label?: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  useEffect(() => {
    if (copied === 'no') return;
    const timer = setTimeout(() => setCopied('no'), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof props.text === 'string' ? props.text : await props.text());
      setCopied('yes');
    } catch {
      setCopied('refused');
    }
  };
  const title =
    copied === 'refused' ? 'The browser did not allow it' : copied === 'yes' ? 'Copied' : `Copy ${props.what}`;
  return (
    <button className="icon-button copy-button" onClick={() => void copy()} title={title} aria-label={title}>
      <Icon name={copied === 'yes' ? 'check' : 'copy'} />
      {props.label}
    </button>
  );
}
