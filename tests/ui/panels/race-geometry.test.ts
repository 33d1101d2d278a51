import { describe, expect, it } from "vitest";
import type { ClockView, TimerRace } from "../../../src/simulation/journey.ts";
import { axisEndNs, clockBars, spanAt } from "../../../src/ui/panels/race-geometry.ts";

const clock: ClockView = {
  ...{ name: "proxy_read_timeout", party: "nginx", waitsFor: "bytes", otherwise: "504" },
  spans: [
    { fromNs: 200, deadlineNs: 600, toNs: 400, end: "reset" },
    { fromNs: 400, deadlineNs: 1200, toNs: 1000, end: "stopped" },
  ],
};
const race: TimerRace = {
  ...{ request: 0, fromNs: 0, toNs: 1000, fired: [], atEnd: [] },
  clocks: [clock],
};

describe("the axis of a race of 1000 ns", () => {
  it("makes room for a deadline at 1200 ns, and none for one at 60 000 ns", () => {
    expect(axisEndNs(race)).toBe(1200);
    const far = { ...clock, spans: [{ ...clock.spans[1], deadlineNs: 60_000 }] };
    expect(axisEndNs({ ...race, clocks: [far] })).toBe(1000);
  });

  it("shows as done what lies before the playhead", () => {
    const [first, second] = clockBars(race, clock, 700);
    expect(first).toMatchObject({ from: 200 / 1200, to: 400 / 1200, done: 400 / 1200 });
    expect(second).toMatchObject({ to: 1000 / 1200, done: 700 / 1200, deadline: 1 });
  });
});

it("knows which time of a clock it is: none yet, the first, the second", () => {
  expect(spanAt(clock, 100)).toBeNull();
  expect(spanAt(clock, 300)).toBe(clock.spans[0]);
  expect(spanAt(clock, 5000)).toBe(clock.spans[1]);
});
