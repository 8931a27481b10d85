/** The shape of rows that are on their way; it appears only when they take longer than 150 ms (see frame.css). */
export function Waiting({ rows }: { rows: number }) {
  return (
    <div className="waiting" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} style={{ width: `${60 + ((row * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
