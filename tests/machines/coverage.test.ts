// Every transition of every machine is taken by a scenario or a recording, or says why none takes it;
// and the scenarios made for that end as they should, in words that are whole.
import { describe, expect, it } from "vitest";
import { defineMachine } from "../../src/kernel/machine.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import { tellJourney } from "../../src/simulation/story.ts";
import { transcript } from "../../src/simulation/transcript.ts";
import {
  ownScenarios,
  takenBy,
  takenTransitions,
  unexplained,
  wronglyExcused,
} from "./coverage.ts";

const planted = defineMachine({
  name: "planted",
  layer: "none",
  source: "this test",
  initial: "here",
  states: { here: {}, there: {} },
  transitions: {
    go: { from: "here", to: "there", on: "nothing" },
    excused: { from: "there", to: "here", on: "nothing", unreached: "it is planted" },
  },
});

describe("transitions", () => {
  it("are all taken, or say why not", { timeout: 240_000 }, () => {
    const taken = takenTransitions();
    expect(unexplained(taken)).toEqual([]);
    expect(wronglyExcused(taken)).toEqual([]);
  });

  it("would be missed if nothing took them", () => {
    const [[, scenario]] = [...ownScenarios()];
    const taken = takenBy(scenario);
    expect(unexplained(taken, [planted])).toEqual(["planted: go"]);
    expect(unexplained(new Set([...taken, "planted: go"]), [planted])).toEqual([]);
    expect(wronglyExcused(new Set(["planted: excused"]), [planted])).toEqual(["planted: excused"]);
    expect(unexplained(new Set(["planted: excused"])).length).toBeGreaterThan(400);
  });
});

describe.each([...ownScenarios()])("%s", (_, scenario) => {
  const run = createRun(scenario);
  playRun(run);

  it("ends, with every request answered or given up", () => {
    expect(run.timeline.done()).toBe(true);
    expect(run.state().notModelled).toEqual([]);
  });

  it("is told in whole words", () => {
    expect(transcript(tellJourney(run))).not.toMatch(/undefined|NaN|\[object|\{\w+\}/);
  });
});
