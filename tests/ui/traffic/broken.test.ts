// What is broken at a moment of a run, from the changes that were made to it.
import { describe, expect, it } from "vitest";
import type { FaultVerb } from "../../../src/simulation/traffic/fault.ts";
import { brokenAt } from "../../../src/ui/traffic/stage/BrokenList.tsx";

const at = (seconds: number, fault: FaultVerb) => ({
  ...{ atNs: seconds * 1e9, change: { kind: "fault", fault } as const, edit: null },
  words: `${fault.verb} ${"link" in fault ? fault.link : fault.process}`,
});
const changes = [
  at(1, { verb: "slow", link: "clients", byMs: 200 }),
  at(2, { verb: "hold", link: "database" }),
  at(3, { verb: "hold", process: "gunicorn worker" }),
  at(4, { verb: "kill", process: "gunicorn worker" }),
  at(5, { verb: "mend", link: "clients" }),
  at(6, { verb: "release", link: "database" }),
];
const words = (seconds: number) => brokenAt(changes, seconds * 1e9).map((each) => each.words);

describe("what is broken", () => {
  it("is what was broken and not mended since", () => {
    expect(words(0)).toEqual([]);
    expect(words(3)).toEqual(["slow clients", "hold database", "hold gunicorn worker"]);
    expect(words(4)).toEqual(["slow clients", "hold database"]);
    expect(words(5)).toEqual(["hold database"]);
    expect(words(6)).toEqual([]);
  });

  it("has its way back: a link that is held is released, one that is slow is mended", () => {
    expect(brokenAt(changes, 2e9).map(({ mending }) => mending)).toEqual([
      { verb: "mend", link: "clients" },
      { verb: "release", link: "database" },
    ]);
  });
});
