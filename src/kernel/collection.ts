// When the whole heap is collected. What has outlived a few requests lies in the old part of V8's heap, which it
// collects when that has become up to four times what is in use: a run that is watched would take a hundred
// megabytes more than it needs. No program can ask for it, but all engines of JavaScript count the memory outside of
// the heap that only garbage refers to, and begin to collect when that is much. So such memory is reserved, and
// left at once: nothing is written there, so that the system gives nothing for it. No run can tell.

/** Source: V8, kExternalAllocationSoftLimit: so much more outside of its heap than after the last collection. */
const RESERVED_BYTES = 64 * 2 ** 20;
/** Source: measured: json-api leaves 6 MB in these, and to collect 35 MB takes 10 to 40 ms of the run's thread. */
const EVENTS_BETWEEN = 2 ** 20;

export class Collection {
  private dueAt = EVENTS_BETWEEN;
  private readonly reserve: (bytes: number) => unknown;

  constructor(reserve: (bytes: number) => unknown = (bytes) => new ArrayBuffer(bytes)) {
    this.reserve = reserve;
  }

  /** Has the heap collected soon, if so many events have gone by since the last time. */
  beginIfDue(eventCount: number): void {
    if (eventCount < this.dueAt) return;
    this.dueAt = eventCount + EVENTS_BETWEEN;
    try {
      this.reserve(RESERVED_BYTES);
    } catch {
      // Where there is no room for it, the engine collects by itself.
    }
  }
}
