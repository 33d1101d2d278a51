// The key `traffic` of a scenario file: what may stand there, and what is said of what may not.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { checkScenario } from "../../../src/simulation/read-scenario.ts";

const site = library[0].scenario;

function problemsOf(traffic: unknown): readonly string[] {
  const read = checkScenario({ ...site, traffic });
  return read.ok ? [] : read.problems;
}

describe("traffic in a scenario file", () => {
  it("takes every kind of arrival, a mix, patience and retries", () => {
    const arrivals = [
      { poisson: 200 },
      { constant: 0.5 },
      { bursts: { size: 50, everyMs: 1000 } },
      { atMs: [0, 1.5, 20] },
      { users: 40, thinkMs: 1000, thinking: "constant" },
    ];
    for (const each of arrivals) expect(problemsOf({ arrivals: each })).toEqual([]);
    const request = { url: "https://www.example.com/" };
    expect(
      problemsOf({
        arrivals: { poisson: 1 },
        durationS: 30,
        mix: [{ weight: 9, request }],
        giveUpMs: 2000,
        retry: { times: 3, afterMs: 100, factor: 2, jitter: true },
        keepAlive: true,
        clients: 1000,
      }),
    ).toEqual([]);
  });

  it.each([
    [{ arrivals: { poisson: 0 } }, "traffic.arrivals.poisson: expected >0, got 0"],
    [
      { arrivals: {} },
      "traffic.arrivals: expected an object with one of the keys poisson, constant",
    ],
    [{ arrivals: { poisson: 1e9 } }, "traffic.arrivals.poisson: expected <=100000"],
    [
      { arrivals: { bursts: { size: 1000, everyMs: 1 } } },
      "traffic.arrivals.bursts: expected at most 100000 requests a second",
    ],
    [{ arrivals: { users: 1e7, thinkMs: 1 } }, "traffic.arrivals.users: expected <=100000"],
    [{ arrivals: { poisson: -1 } }, "traffic.arrivals.poisson: expected >0, got -1"],
    [{ arrivals: { poisson: 1 }, durationS: 1e9 }, "traffic.durationS: expected <=7776000"],
    [
      { arrivals: { poisson: 1 }, mix: [{ weight: 0, request: { url: "http://a/" } }] },
      "traffic.mix[0].weight: expected >0, got 0",
    ],
    [{ arrivals: { users: 1 } }, "traffic.arrivals.thinkMs: missing"],
    [{ arrivals: { poisson: 1 }, mixx: [] }, "traffic.mixx: unknown key"],
    [{ arrivals: { poisson: 1 }, mix: [] }, "traffic.mix"],
  ])("says what is wrong with %j", (traffic, problem) => {
    expect(problemsOf(traffic).join("\n")).toContain(problem);
  });
});
