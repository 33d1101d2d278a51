// Every machine of every layer: what holds for all of them, from their own definitions.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Machine } from "../../src/kernel/machine.ts";
import { layers } from "../../src/layers/index.ts";
import { machinePage } from "../../src/simulation/machine-page.ts";

const views = layers.flatMap((layer) =>
  layer.views.map((view) => ({ layer, view, name: view.machine.spec.name })),
);

function originsOf(machine: Machine, transition: string): readonly string[] {
  const { from } = machine.spec.transitions[transition];
  return typeof from === "string" ? [from] : from;
}

function reachable(machine: Machine): Set<string> {
  const reached = new Set<string>([machine.spec.initial]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const transition of machine.transitionNames) {
      const { to } = machine.spec.transitions[transition];
      if (!reached.has(to) && originsOf(machine, transition).some((from) => reached.has(from))) {
        reached.add(to);
        grew = true;
      }
    }
  }
  return reached;
}

it("every layer has machines, and every machine its own name", () => {
  expect(layers.length).toBeGreaterThanOrEqual(10);
  for (const layer of layers) expect(layer.views.length, layer.title).toBeGreaterThan(0);
  const names = views.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(views)("$name", ({ layer, view }) => {
  const { machine, words, sketch } = view;

  it("belongs to its layer and names its source", () => {
    expect(machine.spec.layer).toBe(layer.id);
    expect(machine.spec.source.length).toBeGreaterThan(5);
  });

  it("reaches every state, and leaves every state that is not final", () => {
    expect([...machine.stateNames].sort()).toEqual([...reachable(machine)].sort());
    for (const state of machine.stateNames) {
      const exits = machine.transitionNames.filter(
        (transition) =>
          originsOf(machine, transition).includes(state) &&
          machine.spec.transitions[transition].to !== state,
      );
      if (machine.spec.states[state].final === true) expect(exits, state).toEqual([]);
      else expect(exits.length, state).toBeGreaterThan(0);
    }
  });

  it("has words for every state and transition, with headings that fit", () => {
    expect(words.summary).toMatch(/\.$/);
    for (const state of machine.stateNames) expect(words.states[state], state).toMatch(/\S{3}/);
    for (const transition of machine.transitionNames) {
      const { title, sentence } = words.transitions[transition];
      if (typeof title === "string") expect(title.length, transition).toBeLessThanOrEqual(70);
      expect(typeof sentence === "function" || sentence.length > 10, transition).toBe(true);
    }
  });

  it("has a place of its own for every state in the drawing", () => {
    const places = machine.stateNames.map((state) => sketch[state].join(","));
    expect(new Set(places).size).toBe(places.length);
  });
});

it.each(layers.map((layer) => [layer.id, layer] as const))(
  "docs/machines/%s.md is up to date (npm run -s machines)",
  (id, layer) => {
    expect(readFileSync(`docs/machines/${id}.md`, "utf8")).toBe(machinePage(layer));
  },
);
