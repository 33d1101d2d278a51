// Maps through which entries pass by the thousand are made anew now and then, between two events. V8 gives a map
// that is full of deleted entries another table, and the old table refers to the new one: when one of them has
// come to the old part of the heap, it keeps all that follow, and every entry they ever had, until the whole heap
// is collected. A new map has no such past. No run can tell: the entries and their order are the same.

/** Makes a layer's maps anew; returns how many entries they have. */
export type Renew = () => number;

/** So many events at least go by between two renewals, and so many more for each entry. */
const EVENTS_MIN = 1024;
const EVENTS_PER_ENTRY = 2;

/** The same map without a past. By forEach, since an iterator makes two objects for each entry. */
export function renewed<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  const made = new Map<K, V>();
  map.forEach((value, key) => void made.set(key, value));
  return made;
}

export class Renewal {
  /** The number of events at which it is due. */
  dueAt = EVENTS_MIN;
  private readonly layers: Renew[] = [];

  add(renew: Renew): void {
    this.layers.push(renew);
  }

  /** The same for maps that change only where a counter does, such as that of connections. */
  addCounted(counter: () => number, renew: Renew): void {
    let seen = -1;
    this.layers.push(() => {
      if (counter() === seen) return 0;
      seen = counter();
      return renew();
    });
  }

  /** The maps are new: a run begins at this event, or has gone back to it. */
  begin(eventCount: number): void {
    this.dueAt = eventCount + EVENTS_MIN;
  }

  run(eventCount: number): void {
    let entries = 0;
    for (const renew of this.layers) entries += renew();
    this.dueAt = eventCount + EVENTS_MIN + entries * EVENTS_PER_ENTRY;
  }
}
