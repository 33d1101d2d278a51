// Bytes that are kept for long and given back in pieces, in pages of one size out of few large pieces of memory.
// V8 gives back an array of bytes only when it has collected the whole heap, for which it waits until some tens of
// megabytes have been thrown away. Pages serve again at once, so that what is thrown away is nothing.
import { assert } from "./assert.ts";

const PAGE_BITS = 12;
const PAGE_BYTES = 2 ** PAGE_BITS;
/** Pages in a piece of memory, which the system gives when they are first written to. */
const SLAB_BITS = 8;

export class BytePages {
  private readonly slabs: Uint8Array[] = [];
  private readonly free: number[] = [];

  /** Bytes of memory, those of free pages included. */
  get size(): number {
    return this.slabs.length << (SLAB_BITS + PAGE_BITS);
  }

  /** A page that nobody has, by its number; what is in it is not cleared. */
  take(): number {
    if (this.free.length === 0) this.addSlab();
    const page = this.free.pop();
    assert(page !== undefined, "a new slab has free pages");
    return page;
  }

  giveBack(page: number): void {
    this.free.push(page);
  }

  slabOf(page: number): Uint8Array {
    return this.slabs[page >> SLAB_BITS];
  }

  /** Where a page begins in its slab. */
  offsetOf(page: number): number {
    return (page & (2 ** SLAB_BITS - 1)) << PAGE_BITS;
  }

  private addSlab(): void {
    const first = this.slabs.length << SLAB_BITS;
    this.slabs.push(new Uint8Array(2 ** (SLAB_BITS + PAGE_BITS)));
    for (let page = 2 ** SLAB_BITS - 1; page >= 0; page--) this.free.push(first + page);
  }
}

/** A row of bytes that grows at its end, and whose parts can be moved towards its beginning. */
export class PagedBytes {
  length = 0;
  private readonly pool: BytePages;
  private readonly pages: number[] = [];

  constructor(pool: BytePages) {
    this.pool = pool;
  }

  append(bytes: Uint8Array): void {
    const end = this.length + bytes.length;
    while (this.pages.length << PAGE_BITS < end) this.pages.push(this.pool.take());
    for (let done = 0; done < bytes.length; ) {
      const at = this.length + done;
      const count = Math.min(bytes.length - done, leftInPage(at));
      this.slabAt(at).set(bytes.subarray(done, done + count), this.placeOf(at));
      done += count;
    }
    this.length = end;
  }

  /** A copy of some of the bytes. */
  read(from: number, to: number): Uint8Array {
    assert(to <= this.length, "bytes beyond the end");
    const bytes = new Uint8Array(to - from);
    for (let at = from; at < to; ) {
      const count = Math.min(to - at, leftInPage(at));
      const place = this.placeOf(at);
      bytes.set(this.slabAt(at).subarray(place, place + count), at - from);
      at += count;
    }
    return bytes;
  }

  /** Moves some of the bytes to a place at or before theirs. */
  move(from: number, to: number, target: number): void {
    assert(target <= from && to <= this.length, "bytes are moved towards the beginning");
    for (let at = from; at < to && target < from; ) {
      const goal = target + at - from;
      const count = Math.min(to - at, leftInPage(at), leftInPage(goal));
      const place = this.placeOf(at);
      this.slabAt(goal).set(this.slabAt(at).subarray(place, place + count), this.placeOf(goal));
      at += count;
    }
  }

  /** Forgets what is beyond a length, and gives back the pages that nothing is in any more. */
  cut(length: number): void {
    assert(length <= this.length, "cut to more than there is");
    this.length = length;
    while ((this.pages.length - 1) << PAGE_BITS >= length) {
      const page = this.pages.pop();
      if (page === undefined) return;
      this.pool.giveBack(page);
    }
  }

  private slabAt(at: number): Uint8Array {
    return this.pool.slabOf(this.pages[at >> PAGE_BITS]);
  }

  private placeOf(at: number): number {
    return this.pool.offsetOf(this.pages[at >> PAGE_BITS]) + (at & (PAGE_BYTES - 1));
  }
}

/** How many bytes there are from a place to the end of its page. */
function leftInPage(at: number): number {
  return PAGE_BYTES - (at & (PAGE_BYTES - 1));
}
