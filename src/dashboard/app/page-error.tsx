/** A page that failed while it was drawn: what happened, and the way on. */
export function PageError({ error }: { error: unknown }) {
  return (
    <main className="message-page" role="alert">
      <h1>This page could not be shown</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <button onClick={() => window.location.reload()}>Load it again</button>
      </p>
    </main>
  );
}
