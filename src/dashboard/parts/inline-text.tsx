import { useState } from 'react';

/** Text that becomes a field when it is clicked. Enter or leaving the field keeps what is written, Escape does not. */
export function InlineText(props: {
  text: string;
  label: string;
  problem: string | null;
  onChange: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null)
    return (
      <button
        className="inline-text"
        title={props.problem ?? `Change: ${props.label.toLowerCase()}`}
        onClick={() => setDraft(props.text)}
      >
        {props.text}
      </button>
    );
  const keep = () => {
    const text = draft.trim();
    setDraft(null);
    if (text !== '' && text !== props.text) props.onChange(text);
  };
  return (
    <input
      autoFocus
      className="inline-field"
      aria-label={props.label}
      value={draft}
      size={Math.max(8, draft.length)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
