// A setting is one place in one text: it is read there, changed there, and nothing else moves.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import type { Scenario } from "../../../src/simulation/scenario.ts";
import type { SettingValue } from "../../../src/simulation/settings/setting.ts";
import {
  settingOf,
  settingsOf,
  withSetting,
  withSettings,
} from "../../../src/simulation/settings/settings.ts";
import { applyEdit, textAt } from "../../../src/simulation/settings/texts.ts";

const site = library.find((entry) => entry.id === "first-visit")!.scenario;
const SITE_CONF = "/etc/nginx/sites-enabled/example";
const UNIT = "/etc/systemd/system/gunicorn.service";

function changed(scenario: Scenario, id: string, value: SettingValue): Scenario {
  const edit = withSetting(scenario, id, value);
  if ("problem" in edit) throw new Error(edit.problem);
  return applyEdit(scenario, edit);
}

/** The lines that are not the same, as `-old` and `+new`. */
function difference(before: string, after: string): string[] {
  const old = before.split("\n");
  const now = after.split("\n");
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line.trim()}`),
  ];
}

function linesChanged(id: string, value: SettingValue, path: string, scenario = site): string[] {
  const after = changed(scenario, id, value);
  return difference(textAt(scenario, path) ?? "", textAt(after, path) ?? "");
}

describe("every setting of every scenario", () => {
  it.each(library.map(({ id, scenario }) => [id, scenario] as const))(
    "of %s stands at its line, and writing its own value again keeps it",
    (_, scenario) => {
      for (const { id, value, input, place } of settingsOf(scenario)) {
        const text = textAt(scenario, place.path) ?? "";
        expect((text.split("\n")[place.line - 1] ?? "").trim(), id).toBe(place.text);
        if (place.written && input.kind === "number" && typeof value === "number" && value > 0)
          expect(settingOf(changed(scenario, id, value), id)?.value, id).toBe(value);
      }
    },
  );

  it("changes one text alone, and reads back what was written", () => {
    for (const { id, input, value } of settingsOf(site)) {
      if (input.kind !== "number") continue;
      const wanted = value === 7 ? 8 : 7;
      const after = changed(site, id, wanted);
      expect(settingOf(after, id)?.value, id).toBe(wanted);
      const moved = [
        ...Object.keys(after.files),
        "command:1",
        "command:2",
        "views",
        "host",
        "links",
        "traffic",
      ].filter((path) => textAt(site, path) !== textAt(after, path));
      expect(moved, id).toHaveLength(1);
    }
  });
});

describe("nginx", () => {
  it("writes a new directive beside the one it belongs to, indented like it", () => {
    expect(linesChanged("proxyReadTimeout", 5, SITE_CONF)).toEqual(["+proxy_read_timeout 5s;"]);
    expect(textAt(changed(site, "proxyReadTimeout", 0.5), SITE_CONF)).toContain(
      "        proxy_read_timeout 500ms;\n",
    );
  });

  it("writes a rate limit as a zone and a limit, and takes the limit away at 0", () => {
    expect(linesChanged("limitRate", 5, SITE_CONF)).toEqual([
      "+limit_req_zone $binary_remote_addr zone=per_address:10m rate=5r/s;",
      "+limit_req zone=per_address;",
    ]);
    const limited = changed(changed(site, "limitRate", 0.5), "limitBurst", 20);
    expect(textAt(limited, SITE_CONF)).toContain("rate=30r/m;");
    expect(textAt(limited, SITE_CONF)).toContain("limit_req zone=per_address burst=20;");
    expect(settingOf(changed(limited, "limitRate", 0), "limitBurst")).toBeNull();
    expect(
      settingOf(changed(changed(limited, "limitRate", 0), "limitRate", 9), "limitRate")?.value,
    ).toBe(9);
  });

  it("turns the cache on with what it needs, and off without losing that", () => {
    const cached = changed(site, "cache", true);
    expect(difference(textAt(site, SITE_CONF) ?? "", textAt(cached, SITE_CONF) ?? "")).toEqual([
      "+proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;",
      "+proxy_cache pages;",
      "+proxy_cache_valid 200 1m;",
    ]);
    const off = changed(cached, "cache", false);
    expect(textAt(off, SITE_CONF)).toContain("proxy_cache off;");
    expect(changed(off, "cache", true).files).toEqual(cached.files);
  });
});

describe("gunicorn", () => {
  const command = (text: string): Scenario => ({ ...site, files: {}, processes: [text] });

  it.each([
    ["gunicorn app:a --workers 4", "gunicorn app:a --workers 9"],
    ["gunicorn app:a --workers=4 -t 5", "gunicorn app:a --workers=9 -t 5"],
    ["gunicorn -w4 app:a", "gunicorn -w9 app:a"],
    ["gunicorn  -w  4  app:a", "gunicorn  -w  9  app:a"],
    ["env A=4 /usr/bin/gunicorn app:a", "env A=4 /usr/bin/gunicorn app:a --workers 9"],
  ])("%s becomes %s", (before, after) => {
    expect(changed(command(before), "workers", 9).processes).toEqual([after]);
  });

  it("changes a unit's ExecStart where it stands", () => {
    expect(linesChanged("workers", 8, UNIT)[1]).toMatch(/--workers 8$/);
    expect(linesChanged("timeout", 5, UNIT)[1]).toMatch(/--workers 4 --timeout 5$/);
  });

  it("changes gunicorn.conf.py when the value stands there, and the command when both say it", () => {
    const conf = "/srv/myproject/gunicorn.conf.py";
    const files = { [conf]: "# Ours.\nworkers = 3  # small\ntimeout = 9\n" };
    const scenario = { ...site, files, processes: ["gunicorn app:a --timeout 4"] };
    expect(textAt(changed(scenario, "workers", 5), conf)).toBe(
      "# Ours.\nworkers = 5  # small\ntimeout = 9\n",
    );
    expect(changed(scenario, "timeout", 7).processes).toEqual(["gunicorn app:a --timeout 7"]);
    expect(textAt(changed(scenario, "timeout", 7), conf)).toBe(files[conf]);
  });
});

describe("the project, the database and the view", () => {
  const SETTINGS = "/srv/myproject/myproject/settings.py";

  it("writes Python", () => {
    expect(linesChanged("debug", true, SETTINGS)).toEqual(["-DEBUG = False", "+DEBUG = True"]);
    expect(linesChanged("allowedHosts", "a.com b.com", SETTINGS)[1]).toBe(
      "+ALLOWED_HOSTS = ['a.com', 'b.com']",
    );
    expect(linesChanged("connMaxAge", 60, SETTINGS)).toEqual(["+'CONN_MAX_AGE': 60,"]);
    const twice = changed(changed(site, "connMaxAge", 60), "connMaxAge", 5);
    expect(textAt(twice, SETTINGS)?.match(/CONN_MAX_AGE.*/g)).toEqual(["CONN_MAX_AGE': 5,"]);
  });

  it("writes postgresql.conf when there is none", () => {
    const path = "/etc/postgresql/15/main/postgresql.conf";
    expect(textAt(changed(site, "maxConnections", 20), path)).toBe("max_connections = 20\n");
  });

  it("finds the view of the traffic's request by its route", () => {
    expect(settingOf(site, "viewMs")?.value).toBe(2.5);
    const api = library.find((entry) => entry.id === "json-api")!.scenario;
    expect(settingOf(api, "queryMs")?.value).toBe(1.5);
  });
});

describe("a value that cannot be", () => {
  it("is refused with what can be given", () => {
    expect(withSetting(site, "workers", 0)).toEqual({
      problem: "workers takes a whole number from 1 to 128, got 0",
    });
    expect(withSetting(site, "debug", "maybe")).toEqual({
      problem: "debug takes on or off, got maybe",
    });
    expect(withSetting(site, "wokers", 2)).toHaveProperty(
      "problem",
      expect.stringContaining("there is no setting wokers"),
    );
    expect(withSetting({ ...site, files: {}, processes: ["nginx"] }, "workers", 2)).toEqual({
      problem: "workers needs a command, a unit or a supervised program that runs gunicorn",
    });
    expect(withSetting(site, "limitBurst", 5)).toEqual({
      problem: "limitBurst needs a limit_req; set limitRate first",
    });
    expect(withSettings(site, { workers: "8", threads: "x" })).toHaveProperty("problem");
  });
});
