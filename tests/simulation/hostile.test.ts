// Scenarios that somebody sends with bad intent: each of them once threw, ran for ever or used up all
// memory. A run of every one of them ends.
import { expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import { SITE_CONF } from "../../src/scenarios/site.ts";
import { observeScenario } from "../../src/simulation/observe-scenario.ts";
import { checkScenario } from "../../src/simulation/read-scenario.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const first = library[0].scenario;
const SETTINGS = "/srv/myproject/myproject/settings.py";
const SITE = "/etc/nginx/sites-enabled/example";
const URLS = "/srv/myproject/myproject/urls.py";
const UNIT = "/etc/systemd/system/gunicorn.service";

function withFile(path: string, text: string): Partial<Scenario> {
  return { files: { ...first.files, [path]: text } };
}

const withSettings = (lines: string): Partial<Scenario> =>
  withFile(SETTINGS, `${first.files[SETTINGS] as string}\n${lines}\n`);

const inServer = (lines: string): Partial<Scenario> =>
  withFile(SITE, SITE_CONF.replace("server {", `server {\n${lines}\n`));

const everyView = (step: object): Partial<Scenario> => ({
  views: Object.fromEntries(
    Object.keys(first.views ?? {}).map((name) => [name, { steps: [step] }]),
  ) as Scenario["views"],
});

/** One picture of a page over HTTP/2, which nginx refuses with the connection, and which was asked for again for ever. */
function longAddress(): Partial<Scenario> {
  const { scenario } = library.find(({ id }) => id === "http2-one-connection") ?? library[0];
  const path = Object.keys(scenario.files).find((name) => name.endsWith("index.html")) ?? "";
  const page = scenario.files[path] as string;
  const long = page.replace("/i1.", `/${"{".repeat(40_000)}.`);
  return { ...scenario, files: { ...scenario.files, [path]: long } };
}

const deep = (open: string, close: string): string => open.repeat(20_000) + close.repeat(20_000);
const numbers = Array.from({ length: 2000 }, (_, i) => `(${i})`).join(",");

it.each<readonly [string, Partial<Scenario>]>([
  ["brackets in brackets", withSettings(`X = ${deep("[", "]")}`)],
  ["twenty thousand signs", withSettings(`X = ${"-".repeat(20_000)}1`)],
  ["a sum of twenty thousand terms", withSettings(`X = ${"1+".repeat(20_000)}1`)],
  ["a text doubled sixty times", withSettings(`X = "ab"\n${"X = X + X\n".repeat(60)}`)],
  ["a list doubled sixty times", withSettings(`X = [1]\n${"X += X\n".repeat(60)}`)],
  ["a list of itself, sixty times", withSettings(`X = [1]\n${"X = [X, X]\n".repeat(60)}DEBUG = X`)],
  [
    "a text replaced by itself",
    withSettings(`X = "aaaaaaaaaa"\n${"X = X.replace('a', X)\n".repeat(9)}`),
  ],
  [
    "a variable five times as long, sixty times",
    inServer(`set $a aaaa;\n${"set $a $a$a$a$a$a;\n".repeat(60)}`),
  ],
  ["a URI ten times as long, ten times", inServer("rewrite ^(.*)$ $1$1$1$1$1$1$1$1$1$1 last;")],
  [
    "a join of eight thousand million rows",
    {
      ...everyView({ query: "SELECT COUNT(*) FROM t a JOIN t b ON 1=1 JOIN t c ON 1=1" }),
      database: `CREATE TABLE t (a INTEGER);\nINSERT INTO t VALUES ${numbers};`,
    },
  ],
  ["a body of a terabyte from a worker that is killed", everyView({ respond: { bytes: 1e12 } })],
  ["a unit that every object knows", { processes: ["systemctl start constructor"] }],
  [
    "words that every object knows",
    {
      ...withFile(
        UNIT,
        "[Service]\nExecStart=/bin/false\nRestart=constructor\nKillSignal=toString\n",
      ),
      processes: ["systemctl start gunicorn"],
    },
  ],
  ["a dictionary in a dictionary, open", withSettings(`X = ${"{".repeat(60_000)}`)],
  [
    "a route of sixty thousand characters",
    withFile(
      URLS,
      `${first.files[URLS] as string}\nurlpatterns += [path("${"a".repeat(60_000)}", admin)]\n`,
    ),
  ],
  ["an address of forty thousand characters over HTTP/2", longAddress()],
  [
    "a pattern of ten thousand stars",
    { timeline: [{ at: 0, shell: `ls ${"*a".repeat(10_000)}` }] },
  ],
])("%s", (_, change) => {
  const read = checkScenario({ ...first, ...change });
  expect(read).toMatchObject({ ok: true });
  if (!read.ok) return;
  const run = createRun(read.scenario);
  playRun(run);
  expect(run.timeline.done()).toBe(true);
});

it("does not take what every object has for a name of the scenario", () => {
  const told = JSON.stringify(
    observeScenario({ ...first, ...everyView({ raise: "constructor" }) }),
  );
  expect(told).not.toContain("native code");
});

it("refuses JSON that is nested more deeply than anybody writes", () => {
  const nested = JSON.parse("[".repeat(5000) + "]".repeat(5000));
  expect(checkScenario({ ...first, ...everyView({ json: nested }) })).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.stringContaining("nested at most 100 deep")]),
  });
});
