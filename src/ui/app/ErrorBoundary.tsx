// The last resort: a fault of the page itself is said, with the way out, instead of a blank screen.
import { Component, type ReactNode } from "react";

interface ErrorBoundaryState {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): ErrorBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="failure" role="alert">
        <h1>This page has stopped</h1>
        <p>A fault in the page itself: {error.message}</p>
        <p>
          <a href="./">Start again with the first scenario</a>
        </p>
      </main>
    );
  }
}
