import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { checkScenario, readScenario } from "../../src/simulation/read-scenario.ts";

const minimal = { format: 1, name: "x", files: {}, processes: [], timeline: [] };
const problemsOf = (value: unknown): readonly string[] => {
  const result = checkScenario(value);
  return result.ok ? [] : result.problems;
};

describe("a scenario file", () => {
  it("is taken when it is right, alone or inside a recording", () => {
    expect(checkScenario(minimal).ok).toBe(true);
    expect(checkScenario({ scenario: minimal, observation: {} }).ok).toBe(true);
    for (const { scenario } of library)
      expect(problemsOf(JSON.parse(JSON.stringify(scenario)))).toEqual([]);
  });

  it.each([
    [{ ...minimal, format: 3 }, "format: expected (1 | 2), got 3"],
    [{ format: 1, name: "x", files: {}, processes: [] }, "timeline: missing; it must be there"],
    [{ ...minimal, colour: 1 }, "colour: unknown key; remove it or correct its name"],
    [
      { ...minimal, timeline: [{ at: 0, request: { url: "/x" } }] },
      'timeline[0].request.url: expected an absolute http or https URL, got "/x"',
    ],
    [
      { ...minimal, timeline: [{ at: 0, request: { url: "http://a/", metod: "GET" } }] },
      "timeline[0].request.metod: unknown key; remove it or correct its name",
    ],
    [{ ...minimal, files: { "/a": { bytes: -1 } } }, 'files["/a"].bytes: expected >=0, got -1'],
    [
      { ...minimal, views: { "a.b": { steps: [{ sleep: "1" }] } } },
      'views["a.b"].steps[0].sleep: expected number, got "1"',
    ],
    [
      {
        ...minimal,
        timeline: [
          { at: 5, shell: "ls" },
          { at: 4, shell: "ls" },
        ],
      },
      "timeline[1].at: expected at least 5, the time of the action before it",
    ],
  ])("is refused with the path of the wrong value: %#", (value, problem) => {
    expect(problemsOf(value)).toContain(problem);
  });

  it("takes a path that ends in / for a directory, which need not say more", () => {
    expect(problemsOf({ ...minimal, files: { "/srv/media/": {} } })).toEqual([]);
    expect(problemsOf({ ...minimal, files: { "/srv/media": {} } })).toEqual([
      'files["/srv/media"]: expected an object with one of the keys text, bytes, cert, key, link, mode, owner, mtime, got Object',
    ]);
  });

  it("names the keys that a view step could have", () => {
    expect(problemsOf({ ...minimal, views: { "a.b": { steps: [{ slep: 1 }] } } })[0]).toMatch(
      /^views\["a\.b"\]\.steps\[0\]: expected an object with one of the keys raise, work, sleep/,
    );
  });

  it("has bounds: 2 MB, 10,000 actions", () => {
    expect(readScenario(" ".repeat(2_000_001))).toMatchObject({ ok: false });
    const timeline = Array.from({ length: 10_001 }, () => ({ at: 0, shell: "ls" }));
    expect(problemsOf({ ...minimal, timeline })[0]).toContain("at most 10000 actions");
  });

  it("never makes the reader throw", () => {
    fc.assert(fc.property(fc.string(), (text) => void readScenario(text)));
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => void checkScenario({ ...minimal, files: value, views: value, timeline: value }),
      ),
    );
  });
});
