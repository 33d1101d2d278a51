import { describe, expect, it } from "vitest";
import "../../src/simulation/all-parts.ts";
import { library } from "../../src/scenarios/library.ts";
import type { Journey } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const firstVisit = library[0].scenario;
const SITE = "/etc/nginx/sites-enabled/example";
const UNIT = "/etc/systemd/system/gunicorn.service";
const SETTINGS = "/srv/myproject/myproject/settings.py";
const URLS = "/srv/myproject/myproject/urls.py";
const COMMAND = "gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --chdir /srv/myproject";

/** The first scenario with `added` put before `before` in one of its files. */
function withLine(path: string, before: string, added: string): Scenario {
  const text = String(firstVisit.files[path]).replace(before, `${added}\n${before}`);
  expect(text).toContain(added);
  return { ...firstVisit, files: { ...firstVisit.files, [path]: text } };
}

/** What stands beside the line of a file that holds `text`, as "severity: message". */
function beside({ files }: Journey, path: string, text: string): string[] {
  const file = files.find((each) => each.path === path);
  const line = (file?.text.split("\n").findIndex((each) => each.includes(text)) ?? -1) + 1;
  return (file?.diagnostics ?? [])
    .filter((each) => each.line === line)
    .map((each) => `${each.severity}: ${each.message}`);
}

describe("a file of the scenario shows at its line", () => {
  it.each([
    [
      "nginx.conf",
      SITE,
      "    location /",
      "    ssl_stapling on;",
      /^not-simulated: .*ssl_stapling/,
    ],
    [
      "nginx.conf",
      SITE,
      "    location /",
      "    foo bar;",
      /^error: \[emerg\] unknown directive "foo"/,
    ],
    ["a unit", UNIT, "KillMode", "WatchdogSec=3", /^not-simulated: WatchdogSec=/],
    ["a unit", UNIT, "KillMode", "RestartSec=soon", /^warning: Failed to parse RestartSec=/],
    ["settings.py", SETTINGS, "DEBUG =", "X = [1, 2", /^error: SyntaxError/],
    ["settings.py", SETTINGS, "DEBUG =", "Y = nosuch", /^error: NameError/],
    ["urls.py", URLS, "urlpatterns =", "nosuch()", /^error: NameError/],
  ])("what is wrong in %s: %s", (_, path, before, added, expected) => {
    const journey = runJourney(withLine(path, before, added));
    expect(beside(journey, path, added.trim()).join("\n")).toMatch(expected);
    expect(journey.steps.length).toBeGreaterThan(0);
  });

  it("an option of gunicorn that is not there, and one that is not simulated", () => {
    const processes = (option: string): Scenario => ({
      ...firstVisit,
      processes: ["sudo systemctl start nginx", `${COMMAND} ${option}`],
    });
    expect(beside(runJourney(processes("--nosuch")), "command:2", "gunicorn")).toEqual([
      "error: gunicorn: error: unrecognized arguments: --nosuch",
    ]);
    const known = runJourney(processes("--statsd-host localhost:8125"));
    expect(beside(known, "command:2", "gunicorn")[0]).toMatch(/^not-simulated: statsd_host/);
  });

  it("a setting of gunicorn.conf.py that is not simulated", () => {
    const path = "/srv/myproject/gunicorn.conf.py";
    const journey = runJourney({
      ...firstVisit,
      files: { ...firstVisit.files, [path]: "workers = 2\nspew = True\n" },
      processes: ["sudo systemctl start nginx", `${COMMAND} --config ${path}`],
    });
    expect(beside(journey, path, "spew")[0]).toMatch(/^not-simulated: spew/);
  });

  it("a record of a zone that cannot be read", () => {
    const zone = `${firstVisit.zones?.["example.com"]}x A 999.1.1.1\n`;
    const journey = runJourney({ ...firstVisit, zones: { "example.com": zone } });
    expect(beside(journey, "zone:example.com", "999")[0]).toMatch(/^error: bad dotted quad/);
  });

  it("a setting that supervisord ignores", () => {
    const path = "/etc/supervisord.conf";
    const text = "[supervisord]\nnodaemon=true\n[program:g]\ncommand=gunicorn x\nbar=1\n";
    const journey = runJourney({
      ...firstVisit,
      files: { ...firstVisit.files, [path]: text },
      processes: [`supervisord -n -c ${path}`],
    });
    expect(beside(journey, path, "bar")[0]).toMatch(/^warning: unknown setting "bar"/);
  });
});

describe("a scenario whose nginx does not start", () => {
  it("says so, has nginx's own line in the log, and can be stepped", () => {
    const journey = runJourney(withLine(SITE, "    location /", "    foo bar;"));
    expect(journey.problems).toEqual([`[emerg] unknown directive "foo" in ${SITE}:8`]);
    expect(journey.logs.some((line) => line.text.includes('unknown directive "foo"'))).toBe(true);
    expect(journey.requests[0].error).toBe("refused");
  });
});

describe("a key of format 2", () => {
  it("that changes nothing is named", () => {
    const versions = { nginx: "1.27.0" };
    expect(runJourney({ ...firstVisit, versions }).problems[0]).toMatch(/^versions: not simulated/);
  });

  it("gives a certificate its dates: an expired one is refused by the browser", () => {
    const path = "/etc/ssl/certs/example.crt";
    const cert = { cert: ["www.example.com"], notAfter: "2026-01-01T00:00:00Z" };
    const at = (start: string): string | number | null => {
      const files = { ...firstVisit.files, [path]: cert };
      const [request] = runJourney({ ...firstVisit, files, start }).requests;
      return request.error ?? request.status;
    };
    expect(at("2025-12-31T00:00:00Z")).toBe(200);
    expect(at("2026-01-02T00:00:00Z")).toBe("tls");
  });
});
