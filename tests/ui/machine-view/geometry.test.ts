// Machines as drawings: in the width given, no two states on one place, every transition an arrow.
import { describe, expect, it } from "vitest";
import { machineGeometry } from "../../../src/ui/machine-view/geometry.ts";
import { nameLines } from "../../../src/ui/machine-view/MachineDiagram.tsx";
import type { MachineDrawing } from "../../../src/worker/protocol.ts";

function machine(places: Readonly<Record<string, readonly [number, number]>>): MachineDrawing {
  const names = Object.keys(places);
  return {
    ...{ name: "test", layer: "tcp", source: "RFC 9293", summary: "A machine." },
    states: names.map((name, i) => ({
      ...{ name, initial: i === 0, final: false, words: "", at: places[name] },
    })),
    transitions: [
      { name: "go", from: [names[0]], to: names[1], on: "now" },
      { name: "stay", from: [names[0]], to: names[0], on: "again" },
      { name: "leap", from: [names[0], names[1]], to: names[2], on: "far" },
    ],
  };
}

describe("a drawn machine", () => {
  it("packs the rows and columns in use and keeps to the width", () => {
    const { states, width, height } = machineGeometry(
      machine({ a: [0, 0], b: [3, 0], c: [6, 4] }),
      376,
    );
    expect(states.map(({ x }) => x)).toEqual([...states.map(({ x }) => x)].sort((p, q) => p - q));
    expect(states.every(({ x, w }) => x >= 0 && x + w <= width)).toBe(true);
    expect(height).toBe(2 * 78);
  });

  it("stands upright when it is wider than the panel", () => {
    const places = { a: [0, 0], b: [1, 0], c: [2, 0], d: [3, 0], e: [4, 0] } as const;
    const { states } = machineGeometry(machine(places), 376);
    expect(new Set(states.map(({ x }) => x)).size).toBe(1);
    expect(new Set(states.map(({ y }) => y)).size).toBe(5);
  });

  it("has an arrow for each way a transition can go", () => {
    const { edges } = machineGeometry(machine({ a: [0, 0], b: [1, 0], c: [2, 0] }), 376);
    expect(edges.map(({ from, to }) => `${from}${to}`)).toEqual(["ab", "aa", "ac", "bc"]);
    expect(edges.every(({ d }) => !d.includes("NaN"))).toBe(true);
  });
});

describe("a state's name", () => {
  it("breaks at a space, a hyphen or an underscore", () => {
    expect(nameLines("ESTABLISHED", 14)).toEqual(["ESTABLISHED"]);
    expect(nameLines("waiting for upstream", 12)).toEqual(["waiting for", "upstream"]);
    expect(nameLines("SYN-RECEIVED", 8)).toEqual(["SYN-", "RECEIVED"]);
    expect(nameLines("loading the application", 11)).toEqual(["loading the", "application"]);
    expect(nameLines("IDLE IN TRANSACTION (ABORTED)", 12)).toEqual([
      "IDLE IN",
      "TRANSACTION",
      "(ABORTED)",
    ]);
    expect(nameLines("a b c d e", 1)).toEqual(["a", "b", "c d e"]);
  });
});
