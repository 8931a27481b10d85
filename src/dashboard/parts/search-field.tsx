import { useEffect, useRef, useState, type RefObject } from 'react';

const SETTLED_MS = 200;

/** A text field whose value is passed on shortly after the last key, at once with Enter; Escape empties it. */
export function SearchField(props: {
  value: string;
  onChange: (value: string) => void;
  placeholder: string;
  label: string;
  field?: RefObject<HTMLInputElement | null>;
  onEnter?: () => void;
}) {
  const { value, onChange } = props;
  const latest = useRef(props);
  latest.current = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === latest.current.value) return;
    // Only what is typed starts the wait: a new callback or value must not prolong it.
    const timer = setTimeout(() => latest.current.onChange(typed), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      ref={props.field}
      type="search"
      className="search-field"
      value={typed}
      placeholder={props.placeholder}
      aria-label={props.label}
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          if (typed !== value) onChange(typed);
          props.onEnter?.();
        }
        if (event.key === 'Escape') {
          setTyped('');
          onChange('');
          event.currentTarget.blur();
        }
      }}
    />
  );
}
