// A run of traffic as the page holds it, against a worker that answers from a list.
import { describe, expect, it } from "vitest";
import { createFrames } from "../../../src/ui/playback/frames.ts";
import { createTrafficClient, type TrafficPort } from "../../../src/ui/session/traffic-client.ts";
import { createTrafficRun, restartSpec } from "../../../src/ui/session/traffic-run.ts";
import type { ToTrafficWorker, TrafficFrame } from "../../../src/worker/traffic-protocol.ts";
import { frameOf } from "../fixtures/traffic.ts";

const spec = {
  run: { scenario: "x", seed: 7, files: {}, actions: [] },
  traffic: null,
  changes: [],
};

/** A worker that computes at most `perSlice` nanoseconds in one answer, and frames made by hand. */
function stage(perSlice = 1e12) {
  const asked: ToTrafficWorker[] = [];
  const listeners: Record<string, (event: never) => void> = {};
  let frame: TrafficFrame = frameOf([]);
  let tick: (nowMs: number) => void = () => {};
  const port: TrafficPort = {
    addEventListener: (type: string, listener: (event: never) => void) => {
      listeners[type] = listener;
    },
    terminate: () => {},
    postMessage(question) {
      asked.push(question);
      const answer = answerTo(question);
      if (answer !== null)
        queueMicrotask(() =>
          listeners.message({ data: { ticket: question.ticket, ...answer } } as never),
        );
    },
  };
  function answerTo(question: ToTrafficWorker): object | null {
    switch (question.kind) {
      case "start":
        frame = frameOf([]);
        return {
          kind: "ready",
          title: "x",
          seed: 7,
          settings: [],
          faults: [],
          problems: [],
          frame,
        };
      case "advance": {
        const timeNs = Math.min(question.toNs, frame.timeNs + perSlice, 60e9);
        frame = frameOf([], {
          timeNs,
          knownNs: Math.max(timeNs, frame.knownNs),
          done: timeNs === 60e9,
        });
        return { kind: "frame", frame };
      }
      case "seek":
        frame = frameOf([], { timeNs: question.timeNs, knownNs: frame.knownNs });
        return { kind: "frame", frame };
      case "change":
        return {
          ...{ kind: "changed", unmade: null, problem: null, settings: [], frame },
          taken: {
            atNs: frame.timeNs,
            change: question.change,
            words: "workers: 4 → 8",
            edit: null,
          },
          changes: [{ atNs: frame.timeNs, change: question.change, words: "", edit: null }],
        };
      case "results":
        return { kind: "results", results: { timeNs: frame.timeNs } };
      default:
        return { kind: "failed", message: "not in this test" };
    }
  }
  const frames = createFrames((callback) => {
    tick = callback;
  });
  const run = createTrafficRun({ client: createTrafficClient(port), frames });
  return {
    run,
    asked,
    lose: (message: string) => listeners.error({ message } as never),
    async tick(nowMs: number) {
      tick(nowMs);
      for (let i = 0; i < 12; i += 1) await Promise.resolve();
    },
  };
}

describe("a run of traffic", () => {
  it("shows a moment after the end of a run that is over", async () => {
    const { run, asked } = stage();
    await run.start(spec);
    await run.seek(65e9);
    expect(asked.filter(({ kind }) => kind === "seek")).toHaveLength(1);
    expect(run.frame()?.timeNs).toBe(65e9);
  });

  it("goes on by the reader's clock times the speed", async () => {
    const { run, tick } = stage();
    await run.start(spec);
    run.store.setState({ speed: 2 });
    run.play(true);
    await tick(1_000);
    await tick(1_050);
    expect(run.frame()?.timeNs).toBe((16 + 50) * 2 * 1e6);
  });

  it("asks for one moment at a time", async () => {
    const { run, asked, tick } = stage();
    await run.start(spec);
    run.play(true);
    await tick(1_000);
    await tick(1_016);
    const advances = asked.filter(({ kind }) => kind === "advance");
    expect(advances).toHaveLength(2);
  });

  it("does not catch up with a page that slept", async () => {
    const { run, tick } = stage();
    await run.start(spec);
    run.play(true);
    await tick(1_000);
    await tick(60_000);
    expect(run.frame()?.timeNs).toBe((16 + 100) * 1e6);
  });

  it("goes back to a moment that is known, and hurries to one that is not", async () => {
    const { run, asked } = stage(1e9);
    await run.start(spec);
    await run.seek(3.5e9);
    expect(run.frame()?.timeNs).toBe(3.5e9);
    expect(asked.filter(({ kind }) => kind === "advance")).toHaveLength(4);
    await run.seek(2e9);
    expect(asked.at(-2)?.kind).toBe("seek");
    expect(run.frame()).toMatchObject({ timeNs: 2e9, knownNs: 3.5e9 });
  });

  it("says what a change did", async () => {
    const { run } = stage();
    await run.start(spec);
    await run.change({ kind: "setting", id: "workers", value: 8 });
    expect(run.store.getState().notice).toBe("workers: 4 → 8");
  });

  it("restarts with the changed texts in place, and breaks again what was broken", () => {
    const setting = { kind: "setting", id: "workers", value: 8 } as const;
    const fault = { kind: "fault", fault: { verb: "kill", process: "nginx" } } as const;
    const edit = { path: "command:1", before: "a --workers 4", after: "a --workers 8", line: 1 };
    const again = restartSpec(spec, [
      { atNs: 5e9, change: setting, words: "", edit },
      { atNs: 6e9, change: fault, words: "", edit: null },
    ]);
    expect(again.run.files).toEqual({ "command:1": "a --workers 8" });
    expect(again.changes).toEqual([{ atNs: 6e9, change: fault }]);
  });

  it("keeps the pinned results over a restart", async () => {
    const { run } = stage();
    await run.start(spec);
    await run.pin();
    await run.restart();
    expect(run.store.getState().pinned).not.toBeNull();
    run.unpin();
    expect(run.store.getState().pinned).toBeNull();
  });

  it("ends by itself when every request has ended", async () => {
    const { run, tick } = stage();
    await run.start(spec);
    await run.seek(60e9);
    run.play(true);
    await tick(1_000);
    expect(run.store.getState().isPlaying).toBe(false);
  });

  it("says why it stopped when its worker dies", async () => {
    const { run, lose } = stage();
    await run.start(spec);
    lose("out of memory");
    await run.seek(1e9);
    expect(run.store.getState()).toMatchObject({
      status: "failed",
      failure: "The simulator stopped: out of memory.",
    });
  });
});
