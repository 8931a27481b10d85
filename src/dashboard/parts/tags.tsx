/** Tags of a run, short and quiet; a click on one gives it to the caller. */
export function Tags({ tags, onPick }: { tags: readonly string[]; onPick?: (tag: string) => void }) {
  return (
    <span className="tags">
      {tags.map((tag) =>
        onPick === undefined ? (
          <span key={tag} className="tag">
            {tag}
          </span>
        ) : (
          <button key={tag} className="tag" onClick={() => onPick(tag)} title={`Only runs tagged ${tag}`}>
            {tag}
          </button>
        ),
      )}
    </span>
  );
}
