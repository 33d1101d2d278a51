// Programmer errors stop the run at once; user errors are diagnostics and simulated errors are
// transitions. These three kinds are never mixed.

/** Throws when `condition` is false. For conditions that only a mistake in this program can break. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

/** Returns `value`, which the caller knows to be present. */
export function ensure<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Assertion failed: no ${what}`);
  return value;
}
