// The whole heap is collected now and then in a long run that is watched.
import { describe, expect, it } from "vitest";
import { Collection } from "../../src/kernel/collection.ts";

describe("a collection of the heap", () => {
  it("is brought about every 1,048,576 events, and not by a run that went back", () => {
    const at: number[] = [];
    let eventCount = 0;
    const collection = new Collection(() => at.push(eventCount));
    for (eventCount = 0; eventCount < 4_000_000; eventCount += 1000)
      collection.beginIfDue(eventCount);
    for (eventCount = 0; eventCount < 4_000_000; eventCount += 1000)
      collection.beginIfDue(eventCount);
    expect(at).toEqual([1_049_000, 2_098_000, 3_147_000]);
  });

  it("is left to the engine where there is no memory to reserve", () => {
    const collection = new Collection(() => {
      throw new RangeError("Array buffer allocation failed");
    });
    expect(() => collection.beginIfDue(2_000_000)).not.toThrow();
  });
});
