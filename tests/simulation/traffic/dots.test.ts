// Where the dots of a crowd stand: on the wire as far as the time since they were sent brings them.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { DotMaker } from "../../../src/simulation/traffic/dots.ts";
import { PLACES } from "../../../src/simulation/traffic/places.ts";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";

const MS = 1e6;

/** Where the request of a second visit is in each millisecond, over a link of 20 ms each way. */
function secondVisit(): readonly string[] {
  const { scenario } = library.find((entry) => entry.id === "too-few-workers")!;
  const run = new TrafficSession(scenario, {
    traffic: { arrivals: { constant: 1 }, durationS: 3, clients: 1, keepAlive: true },
    seed: 3,
  });
  const maker = new DotMaker();
  const seen: string[] = [];
  for (let ms = 1990; ms < 2110; ms += 1) {
    run.advance(ms * MS);
    const { count, place, progress } = maker.dots(run.traffic.run, [], 10);
    if (count > 0) seen.push(`${PLACES[place[0]]} ${progress[0].toFixed(2)}`);
  }
  return seen;
}

describe("the dot of a request over a kept-alive connection", () => {
  const places = secondVisit();
  const on = (name: string): number[] =>
    places.filter((each) => each.startsWith(name)).map((each) => Number(each.slice(name.length)));

  it("goes up the wire in 20 ms, evenly, and down again", () => {
    for (const way of ["link up", "link down"]) {
      const steps = on(way);
      expect(steps.length).toBeGreaterThanOrEqual(19);
      expect(steps.length).toBeLessThanOrEqual(22);
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
      expect(steps[9]).toBeGreaterThan(0.4);
      expect(steps[9]).toBeLessThan(0.6);
    }
  });

  it("is in a worker or the database in between, and never back on the wire", () => {
    const names = places.map((each) => each.replace(/ [\d.]+$/, ""));
    const visited = names.filter((name, i) => name !== names[i - 1]);
    expect(visited[0]).toBe("link up");
    expect(visited.filter((name) => name === "link up")).toHaveLength(1);
    expect(visited.at(-1)).toBe("link down");
    expect(visited).toContain("worker");
  });
});
