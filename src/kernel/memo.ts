// Memory for pure decisions: the same input gives the same answer, so in a crowd it is worked out once.
// It lies outside the simulation's world, and a run cannot tell whether it is there. All that a
// decision reads must be in its key: an object that never changes, or a text that says everything.

/** Remembers by a text. At most `entriesMax` answers are kept; a full memory starts again. */
export function memoByText<V>(make: (text: string) => V, entriesMax = 1024): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (known.size >= entriesMax) known.clear();
    known.set(text, made);
    return made;
  };
}

/** Remembers by a whole number, under the same terms. */
export function memoByNumber<V>(make: (number: number) => V, entriesMax = 1024): (n: number) => V {
  const known = new Map<number, V>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const made = make(number);
    if (known.size >= entriesMax) known.clear();
    known.set(number, made);
    return made;
  };
}

/**
 * Remembers by the identity of an object that never changes, for as long as that object lives. The last
 * one is known without looking: a crowd asks for the same again and again.
 */
export function memoByIdentity<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  let lastKey: K | null = null;
  let last: V | undefined;
  return (key) => {
    if (key === lastKey && last !== undefined) return last;
    let found = known.get(key);
    if (found === undefined) {
      found = make(key);
      known.set(key, found);
    }
    lastKey = key;
    last = found;
    return found;
  };
}
