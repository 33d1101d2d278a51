// Finding steps: by identity, by words, by layer, by log line, by what a reader waits for.
import { describe, expect, it } from "vitest";
import {
  findStep,
  findTarget,
  layerJump,
  logJump,
  nextStop,
  searchSteps,
  statusOf,
} from "../../../src/ui/session/steps.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const journey = fixtureJourney();
const titled = (index: number | null): string =>
  index === null ? "none" : journey.steps[index].title;

describe("search", () => {
  it("wants every word, in any part of the step", () => {
    expect(searchSteps(journey, "longest LOCATION nginx").map(titled)).toContain(
      "Nginx picks the location",
    );
    expect(searchSteps(journey, "shop_product 42")).toHaveLength(1);
    expect(searchSteps(journey, "location unicorn")).toEqual([]);
  });

  it("for nothing finds nothing", () => {
    expect(searchSteps(journey, "  ")).toEqual([]);
  });
});

describe("jumps", () => {
  it("go to where the next layer begins, and back to where a layer began", () => {
    const tls = layerJump(journey, 10, 1);
    expect(journey.steps[tls].layer).toBe("tls");
    expect(journey.steps[tls - 1].layer).toBe("tcp");
    const back = layerJump(journey, tls, -1);
    expect(journey.steps[back].layer).toBe("tcp");
    expect(journey.steps[back - 1].layer).toBe("dns");
  });

  it("end at the first and the last step", () => {
    expect(layerJump(journey, 0, -1)).toBe(0);
    expect(layerJump(journey, journey.steps.length - 1, 1)).toBe(journey.steps.length - 1);
  });

  it("go to the step that wrote a log line, and stay when there is none", () => {
    const wrote = logJump(journey, 0, 1);
    expect(titled(wrote)).toBe("Nginx writes its log line");
    expect(logJump(journey, wrote, 1)).toBe(wrote);
    expect(logJump(journey, journey.steps.length - 1, -1)).toBe(wrote);
  });
});

describe("stopping at an event", () => {
  it("finds the next step of a layer, a transition, a text", () => {
    expect(titled(nextStop(journey, 0, { kind: "layer", layer: "database" }))).toBe(
      "PostgreSQL runs the query",
    );
    const accept = {
      kind: "transition",
      machine: "gunicorn worker",
      transition: "accept",
    } as const;
    expect(titled(nextStop(journey, 0, accept))).toBe("Worker 2 accepts it");
    expect(titled(nextStop(journey, 0, { kind: "text", text: "template" }))).toContain("template");
  });

  it("finds no error status where all is well", () => {
    expect(nextStop(journey, 0, { kind: "error-status" })).toBeNull();
  });

  it("reads the status from a response or a page", () => {
    expect(journey.steps.map(statusOf).filter((status) => status !== null)).toEqual([200, 200]);
    const [step] = journey.steps;
    const bad = {
      kind: "http",
      title: "",
      head: "HTTP/1.1 502 Bad Gateway",
      bodyBytes: 0,
    } as const;
    expect(statusOf({ ...step, messages: [bad] })).toBe(502);
  });
});

describe("the identity of a step", () => {
  it("finds every step of the same run exactly", () => {
    for (const step of journey.steps)
      expect(findStep(journey, step.id)).toEqual({ index: step.index, exact: true });
  });

  it("falls back to the nearest of the same transition, and says so", () => {
    const { id } = journey.steps[20];
    const found = findStep(journey, { ...id, occurrence: 9 });
    expect(found?.exact).toBe(false);
    expect(journey.steps[found?.index ?? 0].transition).toBe(id.transition);
    expect(findStep(journey, { ...id, transition: "fly" })).toBeNull();
  });
});

describe("a target of the reference", () => {
  it("is the first step that fits every part", () => {
    expect(titled(findTarget(journey, { layer: "nginx", text: "longest" }))).toContain("Nginx");
    expect(findTarget(journey, { layer: "nginx", text: "csrf" })).toBeNull();
  });
});
