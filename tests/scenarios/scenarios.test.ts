// Each scenario's journey as a transcript that a reviewer can read: a change of behaviour shows as
// prose. `npx vitest run tests/scenarios -u` writes them anew.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import { SPOKEN_WORDS_MAX } from "../../src/simulation/spoken.ts";
import { transcript } from "../../src/simulation/transcript.ts";

describe.each(library)("$id", ({ id, scenario }) => {
  const journey = runJourney(scenario);

  it("tells the story it always told", async () => {
    await expect(transcript(journey)).toMatchFileSnapshot(`./${id}.txt`);
  });

  it("gives every step a heading, a sentence and a short text for screen readers", () => {
    expect(journey.steps.length).toBeGreaterThan(5);
    for (const step of journey.steps) {
      expect(step.title.length, step.title).toBeLessThanOrEqual(90);
      expect(step.sentence).toMatch(/[.!?…)”"’]$/);
      expect(step.spoken.split(/\s+/).length).toBeLessThanOrEqual(SPOKEN_WORDS_MAX);
      expect(`${step.title} ${step.sentence}`).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it("has nothing in it that is left out or refused, but for the one that is about it", () => {
    const broken = ["SyntaxError: '[' was never closed in /srv/myproject/myproject/settings.py:7"];
    expect(journey.problems).toEqual(id === "broken-deploy" ? broken : []);
  });

  it("points at lines that are there", () => {
    const files = new Map(journey.files.map((file) => [file.path, file.text.split("\n").length]));
    for (const { cause } of journey.steps) {
      if (cause === undefined || !files.has(cause.file)) continue;
      expect(cause.line, `${cause.file}: ${cause.note}`).toBeGreaterThanOrEqual(1);
      expect(cause.line).toBeLessThanOrEqual(files.get(cause.file) ?? 0);
    }
  });

  it("does the same every time", () => {
    expect(runJourney(scenario).hash).toBe(journey.hash);
  });
});
