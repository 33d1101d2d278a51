// A request inside Django, gathered from runs of the program's own scenarios.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { DjangoStory, Journey } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";

function journeyOf(id: string): Journey {
  const scenario = library.find((entry) => entry.id === id)?.scenario;
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return runJourney(scenario);
}

const layer = ({ layers }: DjangoStory, name: string) =>
  layers.find((each) => each.name === `${name}Middleware`);

describe("the first visit inside Django", () => {
  const { django, steps } = journeyOf("first-visit");
  const [story] = django;

  it("says what each middleware left on the request and on the response", () => {
    expect(layer(story, "Session")?.inChange).toBe("request.session set, without a key");
    expect(layer(story, "Authentication")?.inChange).toBe("request.user set, not looked up yet");
    expect(layer(story, "XFrameOptions")?.outChange).toBe("added X-Frame-Options: DENY");
    expect(layer(story, "Common")?.outChange).toMatch(/^added Content-Length: \d+$/);
  });

  it("leads to the steps at which that happened", () => {
    const { inStep, outStep } = layer(story, "Security") ?? { inStep: -1, outStep: null };
    expect(steps[inStep].title).toBe("SecurityMiddleware sees the request");
    expect(steps[outStep ?? -1].title).toBe("SecurityMiddleware passes the response on");
  });

  it("lists the patterns in the order tried, with the reason each lost", () => {
    expect(story.patterns.map(({ chosen }) => chosen)).toEqual([false, false, true]);
    expect(story.patterns[1].verdict).toMatch(/^does not match/);
  });

  it("counts the queries and their times", () => {
    expect(story.queries).toHaveLength(2);
    for (const { tookNs, rows } of story.queries) {
      expect(tookNs).toBeGreaterThan(0);
      expect(rows).toBe(1);
    }
    expect(story.template?.name).toBe("product.html");
  });
});

it("shows in the rings what was changed so far: inwards the request, outwards the response", () => {
  const { steps } = journeyOf("first-visit");
  const detailAt = (title: string): string | undefined =>
    steps
      .find((step) => step.title === title)
      ?.scene.django.middleware.find(({ name }) => name === "Session")?.detail;
  expect(detailAt("MessageMiddleware sees the request")).toBe("request.session set, without a key");
  expect(detailAt("SecurityMiddleware passes the response on")).toBe("");
});

it("says which middleware answered itself, and that nothing inside it ran", () => {
  const [story] = journeyOf("short-circuit").django;
  const answering = story.layers.filter(({ answered }) => answered !== null);
  expect(answering).toHaveLength(1);
  expect(story.view).toBeNull();
  expect(story.layers.at(-1)).toBe(answering[0]);
});
