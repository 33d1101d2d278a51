// Two runs side by side in words: the settings always, what was measured once both have run about as long.
import { expect, it } from "vitest";
import { compareResults } from "../../../src/simulation/traffic/compare.ts";
import type { TrafficResults } from "../../../src/simulation/traffic/results.ts";

const before = {
  ...{ timeNs: 20e9, seed: 1, throughputRps: 92.5, meanQueueLength: 195, utilisation: 0.985 },
  latencyMs: { p50: 1814, p95: 2999, p99: 2999 },
  settings: [{ id: "workers", title: "Gunicorn workers", value: 4 }],
  counters: { statuses: { 200: 1091, none: 220 } },
} as unknown as TrafficResults;

const after = {
  ...before,
  ...{ throughputRps: 115, meanQueueLength: 2, utilisation: 0.985 },
  latencyMs: { p50: 96.9, p95: 226, p99: 2999 },
  settings: [{ id: "workers", title: "Gunicorn workers", value: 6 }],
  counters: { statuses: { 200: 1644 } },
} as unknown as TrafficResults;

it("says each difference with its numbers", () => {
  expect(compareResults(before, after)).toEqual([
    "Gunicorn workers: 4 became 6.",
    "p50 of the response time: 1.81 s became 96.9 ms, 95 % less.",
    "p95 of the response time: 3 s became 226 ms, 92 % less.",
    "p99 of the response time: 3 s in both.",
    "Throughput: 92.5 requests a second became 115 requests a second, 24 % more.",
    "Mean length of the queue: 195 became 2, 99 % less.",
    "Busy share of the workers: 98.5 % in both.",
    "Answers with status 200: 1091 became 1644.",
    "Requests without an answer: 220 became 0.",
    "Both runs had the same arrivals and the same draws.",
  ]);
});

it("compares no numbers of a run that has hardly begun", () => {
  expect(compareResults(before, { ...after, timeNs: 2e9, seed: 2 })).toEqual([
    "Gunicorn workers: 4 became 6.",
    "The seeds differ (1 and 2), so a part of the difference is chance.",
  ]);
});
