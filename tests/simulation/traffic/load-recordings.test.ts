// Recorded load (real nginx, gunicorn and Django under a crowd) played with the very arrivals and service
// times of each run: a few of the files, so that it is quick; `npm run -s validate` plays them all.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import "../../../src/simulation/all-parts.ts";
import { fitOf } from "../../../src/simulation/traffic/load-fit.ts";
import { type LoadRecording, recordingOf } from "../../../src/simulation/traffic/load-recording.ts";
import { playRecording } from "../../../src/simulation/traffic/play-recording.ts";

describe("recorded load", () => {
  it.each([
    "idle-sync-tcp",
    "sync-1-exp-0.8",
    "sync-4-exp-0.8",
    "sync-2-fixed-0.9",
    "overload-2-unix-backlog-64-read-2s",
    "overload-2-unix-backlog-2048-read-2s",
  ])("%s comes out within the tolerances: mean 5 %%, percentiles 10 %%, statuses 5 %%", (name) => {
    const text = readFileSync(`tests/recordings/load/${name}.json`, "utf8");
    const recording = JSON.parse(text) as LoadRecording;
    expect(fitOf(recording, playRecording(recording)).misses).toEqual([]);
  });

  it("is told from a run that is off", () => {
    const observation = {
      latencyMs: { mean: 100, p50: 90, p90: 150, p95: 180, p99: 250, max: 300 },
      statuses: { "200": 90, "504": 10 },
      throughputRps: 10,
    };
    const played = {
      latencyMs: { mean: 106, p50: 98, p90: 134, p95: 180, p99: 250, max: 300 },
      statuses: { "200": 84, "504": 16 },
    };
    expect(fitOf({ observation } as unknown as LoadRecording, played).misses).toEqual([
      "mean +6.0 %",
      "p90 -10.7 %",
      "statuses +6.0 %",
    ]);
  });
});

describe("a file that is to be played", () => {
  const load = {
    ...{ name: "small", workers: 1, gunicorn: "--workers 1", bind: "127.0.0.1:8000" },
    view: { sleepMs: 5 },
    draws: { arrivalMs: [0, 10], serviceMs: [5, 5] },
  };

  it("needs no directives of its own, no distribution and no observation", () => {
    expect(playRecording(recordingOf({ load }))).toMatchObject({ statuses: { "200": 2 } });
  });

  it.each([
    [null, "load.gunicorn: missing"],
    [{ load: { ...load, bind: undefined } }, "load.bind: missing"],
    [{ load: { ...load, view: undefined } }, "load.view.sleepMs: missing"],
    [{ load: { ...load, draws: { arrivalMs: [1] } } }, "load.draws: arrivalMs and serviceMs"],
  ])("is refused with the place of what is wrong: %j", (value, problem) => {
    expect(() => recordingOf(value)).toThrow(problem);
  });
});
