import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <main className="message-page">
      <h1>There is nothing at this address</h1>
      <p>
        It may have been deleted or mistyped. <Link to="/">All projects</Link>
      </p>
    </main>
  );
}
