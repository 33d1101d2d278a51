// A first-in-first-out queue of whole numbers as plain data: a ring that doubles when it is full, so
// that waiting costs nothing but two array accesses and a keyframe can copy it.

export interface Fifo {
  items: Int32Array;
  head: number;
  size: number;
}

/** `capacity` is a power of two. */
export function newFifo(capacity: number): Fifo {
  return { items: new Int32Array(capacity), head: 0, size: 0 };
}

export function putLast(fifo: Fifo, item: number): void {
  if (fifo.size === fifo.items.length) grow(fifo);
  fifo.items[(fifo.head + fifo.size++) & (fifo.items.length - 1)] = item;
}

/** Takes the item that waited longest. The queue must not be empty. */
export function takeFirst(fifo: Fifo): number {
  const item = fifo.items[fifo.head];
  fifo.head = (fifo.head + 1) & (fifo.items.length - 1);
  fifo.size--;
  return item;
}

function grow(fifo: Fifo): void {
  const { items, head } = fifo;
  const larger = new Int32Array(items.length * 2);
  larger.set(items.subarray(head));
  larger.set(items.subarray(0, head), items.length - head);
  fifo.items = larger;
  fifo.head = 0;
}
