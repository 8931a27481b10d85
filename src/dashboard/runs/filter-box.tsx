import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { FilterRefusal } from '../../core/query/filter-text-reader.ts';
import { parseFilter } from '../../core/query/filter-text.ts';

const SETTLED_MS = 250;

/** The filter as people write it. It is read while it is typed; what cannot be read is shown at its place and not sent. */
export function FilterBox(props: {
  value: string;
  onChange: (value: string) => void;
  field: RefObject<HTMLInputElement | null>;
  /** What the server says against it. */
  refusal: string | null;
}) {
  const { value, onChange } = props;
  const latest = useRef(props);
  latest.current = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const mistake = useMemo(() => mistakeIn(typed), [typed]);
  useEffect(() => {
    if (typed === latest.current.value || mistake !== null) return;
    // Only what is typed starts the wait: a new callback or value must not prolong it.
    const timer = setTimeout(() => latest.current.onChange(typed.trim()), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, mistake]);
  const refusal = mistake === null && typed === value ? props.refusal : null;
  return (
    <div className="filter-box">
      <input
        ref={props.field}
        type="search"
        value={typed}
        placeholder="Filter: state:running  loss<0.1  model:eo1"
        aria-label="Filter runs"
        aria-invalid={mistake !== null || refusal !== null}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && mistake === null) onChange(typed.trim());
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {(mistake !== null || refusal !== null) && (
        <div className="filter-mistake" role="status">
          {mistake !== null && (
            <code>
              {typed.slice(0, mistake.at)}
              <mark>{typed.slice(mistake.at) || ' '}</mark>
            </code>
          )}
          <span>{mistake?.message ?? refusal}</span>
        </div>
      )}
    </div>
  );
}

function mistakeIn(text: string): { at: number; message: string } | null {
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterRefusal)
      return { at: error.at, message: error.message.replace(/^the filter cannot be read at /, '') };
    return { at: text.length, message: error instanceof Error ? error.message : String(error) };
  }
}
