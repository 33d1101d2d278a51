// The half of the simulator that the first visit does not run is a part of its own in the built worker
// (scripts/cold-code): loaded before anything else is run, or when the page has been idle for a while.
// The functions there are called through stubs, which note when they are called too early. A run that
// did so counts for nothing and is made again: a run is a function of its scenario, so nothing is lost.

interface ColdCode {
  /** True once a function was called that was not there yet. */
  missed: boolean;
  readonly load: () => Promise<unknown>;
}

declare global {
  /** Set by the build; where nothing was split there is none. */
  var coldCode: ColdCode | undefined;
}

/** Long enough for the page to draw the first step, in milliseconds. */
const IDLE_MS = 1500;

let loading: Promise<unknown> | null = null;

/** Resolves when every function of the simulator is there. */
export function loadColdCode(): Promise<unknown> {
  loading ??= Promise.resolve(globalThis.coldCode?.load()).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Loads the rest when the page has had time for the first step; a failure is told when it is needed. */
export function loadColdCodeLater(): void {
  setTimeout(() => loadColdCode().catch(() => undefined), IDLE_MS);
}

/** What `run` returns, made again with all functions there when it called one that was not. */
export async function withColdCode<T>(run: () => T): Promise<T> {
  const result = attempt(run);
  if (globalThis.coldCode?.missed !== true) return result();
  await loadColdCode();
  globalThis.coldCode.missed = false;
  return run();
}

/** Runs `run` at once; what comes of it, a result or a failure, comes out when asked. */
function attempt<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
