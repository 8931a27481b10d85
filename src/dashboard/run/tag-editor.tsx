import { useState } from 'react';

/** The run's tags; each can be taken away, and more be added, in place. */
export function TagEditor({
  tags,
  onChange,
}: {
  tags: readonly string[];
  onChange: (tags: readonly string[]) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const add = () => {
    const tag = draft?.trim() ?? '';
    setDraft(null);
    if (tag !== '' && !tags.includes(tag)) onChange([...tags, tag]);
  };
  return (
    <span className="tags tag-editor">
      {tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
          <button
            className="tag-remove"
            aria-label={`Remove tag ${tag}`}
            title="Remove this tag"
            onClick={() => onChange(tags.filter((other) => other !== tag))}
          >
            ×
          </button>
        </span>
      ))}
      {draft === null ? (
        <button className="tag tag-add" title="Add a tag" aria-label="Add a tag" onClick={() => setDraft('')}>
          + tag
        </button>
      ) : (
        <input
          autoFocus
          className="inline-field tag-field"
          aria-label="New tag"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
            if (event.key === 'Escape') setDraft(null);
          }}
        />
      )}
    </span>
  );
}
