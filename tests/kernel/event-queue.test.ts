import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter } from "../../src/kernel/byte-columns.ts";
import { EventQueue } from "../../src/kernel/event-queue.ts";

function drain(queue: EventQueue): [time: number, a: number][] {
  const taken: [number, number][] = [];
  while (queue.size > 0) {
    const time = queue.peekTime();
    taken.push([time, queue.as[queue.pop()]]);
  }
  return taken;
}

describe("EventQueue", () => {
  it("gives events back in order of time, and equal times in the order of arrival", () => {
    const queue = new EventQueue();
    queue.push(30, 1, 0, 0);
    queue.push(10, 1, 1, 0);
    queue.push(10, 1, 2, 0);
    queue.push(20, 1, 3, 0);
    expect(drain(queue)).toEqual([
      [10, 1],
      [10, 2],
      [20, 3],
      [30, 0],
    ]);
  });

  it("forgets a cancelled event, and cancels nothing through a stale handle", () => {
    const queue = new EventQueue();
    const first = queue.handleOf(queue.push(5, 1, 1, 0));
    const second = queue.handleOf(queue.push(6, 1, 2, 0));
    expect(queue.timeOf(second)).toBe(6);
    expect(queue.cancel(first)).toBe(true);
    expect(queue.cancel(first)).toBe(false);
    const third = queue.handleOf(queue.push(7, 1, 3, 0));
    expect(queue.cancel(first)).toBe(false);
    expect(queue.timeOf(first)).toBe(Infinity);
    expect(queue.timeOf(third)).toBe(7);
    expect(drain(queue)).toEqual([
      [6, 2],
      [7, 3],
    ]);
  });

  it("agrees with a sorted list whatever is pushed and cancelled", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { maxLength: 600 }),
        (pushes) => {
          const queue = new EventQueue();
          const handles = pushes.map(([time], i) => queue.handleOf(queue.push(time, 1, i, 0)));
          for (const [i, [, cancelled]] of pushes.entries())
            if (cancelled) queue.cancel(handles[i]);
          const expected = pushes
            .map(([time, cancelled], i) => ({ time, cancelled, i }))
            .filter((push) => !push.cancelled)
            .sort((left, right) => left.time - right.time || left.i - right.i)
            .map(({ time, i }) => [time, i]);
          expect(drain(queue)).toEqual(expected);
        },
      ),
    );
  });

  it("agrees with a sorted list when pushes come between pops", () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }), { maxLength: 400 }),
        (doings) => {
          const queue = new EventQueue();
          const sorted: { time: number; i: number }[] = [];
          for (const [i, time] of doings.entries()) {
            expect(queue.nextTime()).toBe(sorted[0]?.time ?? Infinity);
            if (time !== null) {
              queue.push(time, 1, i, 0);
              sorted.push({ time, i });
              sorted.sort((left, right) => left.time - right.time || left.i - right.i);
            } else if (queue.size > 0) expect(queue.as[queue.pop()]).toBe(sorted.shift()?.i);
          }
          expect(drain(queue)).toEqual(sorted.map(({ time, i }) => [time, i]));
        },
      ),
    );
  });

  it("comes back from a saved copy as it was", () => {
    const queue = new EventQueue();
    for (let i = 0; i < 500; i++) queue.push((i * 7919) % 101, 1, i, 0);
    for (let i = 0; i < 100; i++) queue.pop();
    const kept = queue.handleOf(queue.push(7.5, 2, 0.1, -3));
    const writer = new ByteWriter();
    queue.save(writer);
    const saved = writer.take();
    const first = drain(queue);
    const after = queue.handleOf(queue.push(1, 1, 1, 1));
    for (let i = 0; i < 900; i++) queue.push(2, 1, 1, 1);
    queue.load(new ByteReader(saved));
    expect(queue.timeOf(kept)).toBe(7.5);
    expect(drain(queue)).toEqual(first);
    // The next event gets the handle that it got before.
    expect(queue.handleOf(queue.push(1, 1, 1, 1))).toBe(after);
  });
});
