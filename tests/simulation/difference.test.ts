// Two runs compared: the first step that differs, with both values and the changed line that caused it.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { withoutPlace } from "../../src/simulation/culprit.ts";
import { compareJourneys, type Difference } from "../../src/simulation/difference.ts";
import { type Changes, editScenario } from "../../src/simulation/edited-scenario.ts";
import type { Journey } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const original = library.find(({ id }) => id === "first-visit")?.scenario as Scenario;
const before = runJourney(original);

function textOf(path: string): string {
  return before.files.find((file) => file.path === path)?.text ?? "";
}

function changed(changes: Changes): { readonly after: Journey; readonly found: Difference } {
  const after = runJourney(editScenario(original, changes).scenario);
  return { after, found: compareJourneys(before, after) };
}

const pathWith = (part: RegExp): string =>
  before.files.find(({ path }) => part.test(path))?.path as string;
const SITE = pathWith(/sites|conf\.d/);
const SETTINGS = pathWith(/settings\.py$/);

describe("two runs", () => {
  it("of the same texts do not differ", () => {
    const { found } = changed({});
    expect(found.first).toBeNull();
    expect(found.gone).toEqual([]);
    expect(new Set(found.steps)).toEqual(new Set(["same"]));
  });

  it("do not differ because of a comment above everything else", () => {
    const { found } = changed({ [SITE]: `# a comment\n\n${textOf(SITE)}` });
    expect(found.first).toBeNull();
    expect(found.places).toHaveLength(1);
    expect(found.places[0]).toMatchObject({ file: SITE, line: 1, before: [] });
  });

  it("differ first at the step that obeys the changed line, with both values", () => {
    const text = textOf(SITE).replace(
      "proxy_set_header Host $host;",
      "proxy_set_header Host a.example;",
    );
    const { after, found } = changed({ [SITE]: text });
    const { first } = found;
    expect(first?.kind).toBe("changed");
    expect(first?.sentence).toContain("“proxy_set_header Host $host” (sent as www.example.com)");
    expect(first?.sentence).toContain("now “proxy_set_header Host a.example”");
    expect(after.steps[first?.step ?? 0].layer).toBe("nginx");
    expect(found.steps.slice(0, first?.step)).not.toContain("changed");
    expect(found.places[0].after).toEqual(["        proxy_set_header Host a.example;"]);
  });

  it("differ in steps that are gone and new when another program answers", () => {
    const text = textOf(SITE).replace(/proxy_pass .*/, "return 204;");
    const { found } = changed({ [SITE]: text });
    expect(found.gone.length).toBeGreaterThan(20);
    expect(found.first?.place?.file).toBe(SITE);
    expect(found.first?.sentence).toMatch(/^Step \d+|does not happen any more/);
  });

  it("differ where Django refuses the host", () => {
    const text = textOf(SETTINGS).replace("['www.example.com']", "['other.example']");
    const { after, found } = changed({ [SETTINGS]: text });
    expect(found.first?.kind).toBe("replaced");
    expect(found.first?.sentence).toMatch(/and is now “.*DisallowedHost/);
    expect(after.steps[found.first?.step ?? 0].layer).toBe("django");
    expect(found.places).toHaveLength(1);
    expect(found.places[0].file).toBe(SETTINGS);
  });
});

describe("changes without one of them", () => {
  it("leave the others as they are", () => {
    const text = textOf(SITE)
      .replace("$host", "$http_host")
      .replace("$remote_addr", "$server_addr");
    const { found } = changed({ [SITE]: text });
    const [first, second] = found.places;
    const without = withoutPlace({ [SITE]: text }, found.places, first);
    const lines = (without[SITE] ?? "").split("\n");
    if (second === undefined) expect(without).toEqual({});
    else {
      expect(lines[first.line - 1]).toBe(first.before[0]);
      expect(lines[second.line - 1]).toBe(second.after[0]);
    }
  });

  it("are none when there is no other", () => {
    const text = textOf(SITE).replace("$host", "$http_host");
    const { found } = changed({ [SITE]: text });
    expect(withoutPlace({ [SITE]: text }, found.places, found.places[0])).toEqual({});
  });
});
