// Every entry of the reference leads to a step that is there: run against the real scenarios.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import type { Journey } from "../../../src/simulation/journey.ts";
import { runJourney } from "../../../src/simulation/run-journey.ts";
import { sections } from "../../../src/ui/reference/content.ts";
import { type Target, targets } from "../../../src/ui/reference/targets.ts";
import { findTarget } from "../../../src/ui/session/steps.ts";

const journeys = new Map<string, Journey>();

function journeyOf(id: string): Journey {
  const known = journeys.get(id);
  if (known !== undefined) return known;
  const entry = library.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`The library has no scenario ${id}.`);
  const journey = runJourney(entry.scenario);
  journeys.set(id, journey);
  return journey;
}

describe("the reference", () => {
  it.each(Object.entries<Target>(targets))("%s is shown by a step", (_name, { scenario, step }) => {
    expect(findTarget(journeyOf(scenario), step)).not.toBeNull();
  });

  it("uses every target", () => {
    const used = new Set(
      sections.flatMap((section) => {
        if (section.kind === "table") return section.rows.map(({ target }) => target);
        return section.kind === "list"
          ? section.items.map(({ target }) => target)
          : section.blocks.map(({ target }) => target);
      }),
    );
    expect([...used].sort()).toEqual(Object.keys(targets).sort());
  });
});
