// Changes to the texts of a scenario, what the programs say of them before any client comes, and what
// differs in the run.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { checkTexts } from "../../src/simulation/check-scenario.ts";
import { type Changes, editScenario } from "../../src/simulation/edited-scenario.ts";
import { scenarioTexts } from "../../src/simulation/journey-files.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const original = library.find(({ id }) => id === "first-visit")?.scenario as Scenario;

function textOf(path: string): string {
  return scenarioTexts(original, []).find((file) => file.path === path)?.text ?? "";
}

/** What is said of the texts, as `path:line message`. */
function said(changes: Changes): readonly string[] {
  const { scenario, diagnostics } = editScenario(original, changes);
  return checkTexts(scenario, diagnostics).files.flatMap((file) =>
    file.diagnostics.map(({ line, message }) => `${file.path}:${line} ${message}`),
  );
}

const SITE = Object.keys(original.files).find((path) => /sites|conf\.d/.test(path)) as string;
const UNIT = "/etc/systemd/system/gunicorn.service";
const SETTINGS = Object.keys(original.files).find((path) => path.endsWith("settings.py")) as string;
const URLS = Object.keys(original.files).find((path) => path.endsWith("urls.py")) as string;

describe("a change to a scenario", () => {
  it("replaces, adds and removes files", () => {
    const { scenario } = editScenario(original, {
      [SITE]: "server {}\n",
      "/etc/nginx/conf.d/new.conf": "# nothing\n",
      [URLS]: null,
    });
    expect(scenario.files[SITE]).toBe("server {}\n");
    expect(scenario.files["/etc/nginx/conf.d/new.conf"]).toBe("# nothing\n");
    expect(scenario.files[URLS]).toBeUndefined();
    expect(Object.keys(original.files)).toContain(URLS);
  });

  it("keeps owner and mode of the file it changes", () => {
    const owned: Scenario = {
      ...original,
      files: { "/etc/secret": { text: "old", mode: "0600", owner: "www-data" } },
    };
    const { scenario } = editScenario(owned, { "/etc/secret": "new" });
    expect(scenario.files["/etc/secret"]).toEqual({ text: "new", mode: "0600", owner: "www-data" });
  });

  it("leaves the number of a removed command free", () => {
    const three: Scenario = { ...original, processes: ["nginx", "gunicorn a", "gunicorn b"] };
    const edited = (changes: Changes) => editScenario(three, changes).scenario.processes;
    expect(edited({ "command:2": null })).toEqual(["nginx", "", "gunicorn b"]);
    expect(edited({ "command:3": null })).toEqual(["nginx", "gunicorn a"]);
    expect(edited({ "command:4": " uwsgi \n" })).toEqual([
      ...["nginx", "gunicorn a", "gunicorn b", "uwsgi"],
    ]);
  });

  it("takes timeline and views as JSON, and says at which line they are wrong", () => {
    const { scenario } = editScenario(original, { timeline: "[]" });
    expect(scenario.timeline).toEqual([]);
    expect(said({ timeline: '[\n  { "at": 0 }\n]' })[0]).toMatch(/^timeline:2 timeline\[0\]: exp/);
    expect(said({ timeline: '[\n  { "at": 0,\n' })[0]).toMatch(/^timeline:3 not JSON: /);
    expect(said({ world: '{\n  "links": {\n    "client": { "rttMs": -1 } } }' })[0]).toMatch(
      /^world:3 links\.client\.rttMs: expected/,
    );
    expect(said({ world: '{ "files": {} }' })[0]).toContain("unknown key");
  });

  it("with nothing wrong is met with silence", () => {
    expect(said({})).toEqual([]);
  });
});

describe("what the programs say of a text before any client comes", () => {
  it("is nginx's emergency at its line", () => {
    const text = textOf(SITE).replace("proxy_pass ", "proxy_passs ");
    const line = text.split("\n").findIndex((each) => each.includes("proxy_passs")) + 1;
    expect(said({ [SITE]: text })).toEqual([
      `${SITE}:${line} [emerg] unknown directive "proxy_passs"`,
    ]);
  });

  it("is nginx's emergency without a line, at the line that is meant", () => {
    const text = textOf(SITE).replace("$host;", "$hostxx;");
    const line = text.split("\n").findIndex((each) => each.includes("$hostxx")) + 1;
    expect(said({ [SITE]: text })).toEqual([`${SITE}:${line} [emerg] unknown "hostxx" variable`]);
  });

  it("is gunicorn's usage error at the command that the unit starts", () => {
    const found = said({ [UNIT]: textOf(UNIT).replace("--workers 4", "--workerz 4") });
    expect(found.join("\n")).toContain("gunicorn: error: unrecognized arguments: --workerz 4");
  });

  it("is Python's error at the line of the settings and of the URLconf", () => {
    expect(said({ [SETTINGS]: `${textOf(SETTINGS)}DEBUG = = 1\n` }).join("\n")).toMatch(
      /settings\.py:\d+ SyntaxError: invalid syntax/,
    );
    expect(
      said({ [URLS]: textOf(URLS).replace("urlpatterns", "urlpattern") }).join("\n"),
    ).toContain("does not appear to have any patterns in it");
  });
});
