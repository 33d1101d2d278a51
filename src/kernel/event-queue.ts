// The set of pending events, ordered by (time, sequence): a 4-ary heap of slots over typed arrays.
// The sequence number makes ties deterministic (as in SimPy and ns-3). A heap position is kept for
// every slot, so that a timer that is cancelled leaves at once instead of ageing in the heap.
import { assert } from "./assert.ts";
import type { ByteReader, ByteWriter } from "./byte-columns.ts";

/** Names a scheduled event for as long as it is pending; a stale handle cancels nothing. */
export type EventHandle = number;

/**
 * No event. Beyond 31 bits as most handles are, so that a field that begins with it is laid out for them: V8
 * would otherwise lay out every object anew whose first handle it sees.
 */
export const NO_EVENT: EventHandle = -(2 ** 40);

const SLOT_BITS = 24;
const SLOTS_MAX = 2 ** SLOT_BITS;
const GENERATION_MASK = 2 ** 28 - 1;
/** What a slot without an event is saved as; others by their kind and one. */
const VACANT = 0;

export class EventQueue {
  size = 0;
  /** By slot: the event's kind and its two arguments. */
  kinds = new Uint16Array(256);
  as = new Float64Array(256);
  bs = new Float64Array(256);
  /** When the next event that is pushed is due. */
  readonly due = new Float64Array(1);

  private sequence = 0;
  private slotCount = 0;
  private freeCount = 0;
  /** Whether the root is vacant: its event was taken, and the heap has one place more than `size`. */
  private hole = false;
  private heap = new Int32Array(256);
  private free = new Int32Array(256);
  private position = new Int32Array(256);
  private generation = new Int32Array(256);
  times = new Float64Array(256);
  private sequences = new Float64Array(256);

  /** Adds an event and returns its slot; equal times leave in the order in which they were added. */
  push(time: number, kind: number, a: number, b: number): number {
    this.due[0] = time;
    return this.pushDue(kind, a, b);
  }

  /** The same, with the time in `due`: a number beyond 31 bits that crosses a call is an object on V8's heap. */
  pushDue(kind: number, a: number, b: number): number {
    const slot = this.takeSlot();
    this.kinds[slot] = kind;
    this.as[slot] = a;
    this.bs[slot] = b;
    const { hole } = this;
    const last = hole ? 0 : this.size;
    this.size++;
    this.heap[last] = slot;
    this.times[last] = this.due[0];
    this.sequences[last] = this.sequence++;
    if (hole) {
      this.hole = false;
      this.siftDown(0, 0);
    } else this.siftUp(last);
    return slot;
  }

  /** A place among events of equal time for an event that is added later, by `pushAs`. */
  takePlace(): number {
    return this.sequence++;
  }

  /** Adds an event with a place that was taken before; at most one event may have it at a time. */
  pushAs(place: number, time: number, kind: number, a: number): number {
    const { sequence } = this;
    this.sequence = place;
    const slot = this.push(time, kind, a, 0);
    this.sequence = sequence;
    return slot;
  }

  /**
   * Names the event that `push` has just put in a slot. Apart from it, because most callers want no
   * handle, and a number beyond 31 bits is an object on V8's heap.
   */
  handleOf(slot: number): EventHandle {
    return this.generation[slot] * SLOTS_MAX + slot;
  }

  /**
   * Takes the earliest event, which is due at `peekTime`, and returns its slot: `kinds`, `as` and `bs`
   * say there what it is until the next push. The queue must not be empty.
   */
  pop(): number {
    if (this.hole) this.fillHole();
    const slot = this.heap[0];
    this.releaseSlot(slot);
    this.size--;
    this.hole = true;
    return slot;
  }

  /** Has the earliest event at the root, whose time is then the first of `times`. */
  fillRoot(): void {
    if (this.hole) this.fillHole();
  }

  /** The time of the earliest event, or Infinity when there is none. */
  peekTime(): number {
    if (this.hole) this.fillHole();
    return this.size === 0 ? Infinity : this.times[0];
  }

  /** The same, without filling the vacant root: the next push shall do that. */
  nextTime(): number {
    if (this.size === 0) return Infinity;
    return this.times[this.hole ? this.leastChild(1, this.size + 1) : 0];
  }

  /** Removes a pending event; false when it has already happened or was cancelled. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    if (this.hole) this.fillHole();
    const slot = handle % SLOTS_MAX;
    if (this.generation[slot] !== Math.floor(handle / SLOTS_MAX) || this.position[slot] < 0)
      return false;
    const hole = this.position[slot];
    this.releaseSlot(slot);
    const last = --this.size;
    if (hole === last) return true;
    if (hole > 0 && this.before(last, (hole - 1) >> 2)) {
      this.heap[hole] = this.heap[last];
      this.times[hole] = this.times[last];
      this.sequences[hole] = this.sequences[last];
      this.siftUp(hole);
    } else this.siftDown(hole, last);
    return true;
  }

  /** When a pending event is due, or Infinity when the handle is stale. */
  timeOf(handle: EventHandle): number {
    if (handle < 0) return Infinity;
    const slot = handle % SLOTS_MAX;
    const current =
      this.generation[slot] === Math.floor(handle / SLOTS_MAX) && this.position[slot] >= 0;
    return current ? this.times[this.position[slot]] : Infinity;
  }

  /**
   * Writes everything, for a keyframe: by slot, so that an event which stays pending is written alike in two
   * keyframes whatever the heap does. The heap is not written, since the order of events is theirs alone.
   */
  save(writer: ByteWriter): void {
    if (this.hole) this.fillHole();
    const { slotCount, freeCount, position, times, sequences, kinds, as, bs } = this;
    for (const count of [slotCount, freeCount, this.sequence]) writer.number(count);
    let [time, sequence, a, b] = [0, 0, 0, 0];
    for (let slot = 0; slot < slotCount; slot++) {
      const place = position[slot];
      writer.number(place < 0 ? VACANT : kinds[slot] + 1);
      if (place < 0) continue;
      writer.near(times[place], time);
      writer.near(sequences[place], sequence);
      writer.near(as[slot], a);
      writer.near(bs[slot], b);
      time = times[place];
      sequence = sequences[place];
      a = as[slot];
      b = bs[slot];
    }
    writer.column(this.free, freeCount);
    writer.column(this.generation, slotCount);
  }

  /** Puts back what was saved. */
  load(reader: ByteReader): void {
    const slotCount = reader.number();
    while (this.heap.length < slotCount) this.grow();
    const { heap, kinds, as, bs, position, times, sequences } = this;
    this.hole = false;
    this.slotCount = slotCount;
    this.freeCount = reader.number();
    this.sequence = reader.number();
    position.fill(-1);
    let size = 0;
    let [time, sequence, a, b] = [0, 0, 0, 0];
    for (let slot = 0; slot < slotCount; slot++) {
      const kind = reader.number();
      if (kind === VACANT) continue;
      heap[size] = slot;
      position[slot] = size;
      kinds[slot] = kind - 1;
      time = times[size] = reader.near(time);
      sequence = sequences[size] = reader.near(sequence);
      a = as[slot] = reader.near(a);
      b = bs[slot] = reader.near(b);
      size++;
    }
    this.size = size;
    for (let parent = (size - 2) >> 2; parent >= 0; parent--) this.siftDown(parent, parent);
    reader.column(this.free, this.freeCount);
    this.generation.fill(0, slotCount);
    reader.column(this.generation, slotCount);
  }

  /** Moves the last event to the vacant root. */
  private fillHole(): void {
    this.hole = false;
    if (this.size > 0) this.siftDown(0, this.size);
  }

  private takeSlot(): number {
    if (this.freeCount > 0) return this.free[--this.freeCount];
    if (this.slotCount === this.heap.length) this.grow();
    return this.slotCount++;
  }

  private releaseSlot(slot: number): void {
    this.position[slot] = -1;
    this.generation[slot] = (this.generation[slot] + 1) & GENERATION_MASK;
    this.free[this.freeCount++] = slot;
  }

  /** Whether the event at one heap position comes before the one at another. */
  private before(left: number, right: number): boolean {
    const difference = this.times[left] - this.times[right];
    return difference < 0 || (difference === 0 && this.sequences[left] < this.sequences[right]);
  }

  /**
   * Moves the event at a heap position up to its place. Times are read here rather than passed: a number
   * beyond 31 bits that crosses a call is an object on V8's heap.
   */
  private siftUp(from: number): void {
    const { heap, position, times, sequences } = this;
    const slot = heap[from];
    const time = times[from];
    const sequence = sequences[from];
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && sequences[parent] < sequence)) break;
      const other = heap[parent];
      heap[index] = other;
      times[index] = parentTime;
      sequences[index] = sequences[parent];
      position[other] = index;
      index = parent;
    }
    heap[index] = slot;
    times[index] = time;
    sequences[index] = sequence;
    position[slot] = index;
  }

  /** Puts the event at heap position `from`, which is given up, at `hole` or below. */
  private siftDown(hole: number, from: number): void {
    const { heap, position, times, sequences, size } = this;
    const slot = heap[from];
    const time = times[from];
    const sequence = sequences[from];
    let index = hole;
    for (let first = 1 + index * 4; first < size; first = 1 + index * 4) {
      const least = this.leastChild(first, size);
      const leastTime = times[least];
      if (time < leastTime || (time === leastTime && sequence < sequences[least])) break;
      const other = heap[least];
      heap[index] = other;
      times[index] = leastTime;
      sequences[index] = sequences[least];
      position[other] = index;
      index = least;
    }
    heap[index] = slot;
    times[index] = time;
    sequences[index] = sequence;
    position[slot] = index;
  }

  /** The earliest of the up to four heap positions that begin at `first`. */
  private leastChild(first: number, size: number): number {
    const { times, sequences } = this;
    const end = first + 4 < size ? first + 4 : size;
    let least = first;
    let leastTime = times[first];
    for (let child = first + 1; child < end; child++) {
      const time = times[child];
      if (time > leastTime || (time === leastTime && sequences[child] > sequences[least])) continue;
      least = child;
      leastTime = time;
    }
    return least;
  }

  private grow(): void {
    const capacity = this.heap.length * 2;
    assert(capacity <= SLOTS_MAX, "too many pending events");
    this.heap = copyInto(new Int32Array(capacity), this.heap);
    this.free = copyInto(new Int32Array(capacity), this.free);
    this.position = copyInto(new Int32Array(capacity), this.position);
    this.generation = copyInto(new Int32Array(capacity), this.generation);
    this.times = copyInto(new Float64Array(capacity), this.times);
    this.sequences = copyInto(new Float64Array(capacity), this.sequences);
    this.kinds = copyInto(new Uint16Array(capacity), this.kinds);
    this.as = copyInto(new Float64Array(capacity), this.as);
    this.bs = copyInto(new Float64Array(capacity), this.bs);
  }
}

/** Copies a column to the front of a longer one, and returns that. */
export function copyInto<T extends Int32Array | Float64Array | Uint16Array | Uint8Array>(
  target: T,
  source: T,
): T {
  target.set(source);
  return target;
}
