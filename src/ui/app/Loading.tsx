// What is seen before the first step: the same words as in index.html, so that nothing moves when the
// program takes the page over.
export function Loading() {
  return (
    <div className="loading">
      <p>
        See what happens to a web request, from the address bar through DNS, TCP, TLS, Nginx,
        Gunicorn and Django to the database and back.
      </p>
      <p role="status">The simulator is on its way.</p>
    </div>
  );
}
