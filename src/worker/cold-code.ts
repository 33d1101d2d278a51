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

let loading: Promise<unknown> | null = null;

/** Resolves when every function of the simulator is there. */
export function loadColdCode(): Promise<unknown> {
  loading ??= Promise.resolve(globalThis.coldCode?.load()).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/**
 * What `run` returns. A first attempt that failed, or called a function that was not there, is made
 * again after `loadRest`.
 */
export async function withColdCode<T>(run: () => T, loadRest: () => Promise<unknown>): Promise<T> {
  const first = attempt(run);
  if (first !== null && globalThis.coldCode?.missed !== true) return first.value;
  await loadRest();
  return run();
}

function attempt<T>(run: () => T): { readonly value: T } | null {
  try {
    return { value: run() };
  } catch {
    return null;
  }
}
