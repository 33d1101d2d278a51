// Damaged configuration texts never make a reader throw, nor take longer than a second: each is damaged
// by a seed, read by itself, and most are put into a deployment that is then run with one request.
// ROUNDTRIP_FUZZ=2000 tries more seeds, ROUNDTRIP_FUZZ_SEED=17 one of them.
import { expect, it } from "vitest";
import { parseScript } from "../../src/layers/database/sql-parser.ts";
import { readZoneFile } from "../../src/layers/dns/zone-file.ts";
import { readCommandLine } from "../../src/layers/gunicorn/command-line.ts";
import { parseText } from "../../src/layers/nginx/parser.ts";
import { readSupervisordConf } from "../../src/layers/supervisor/supervisord-conf.ts";
import { readServiceUnit } from "../../src/layers/supervisor/unit-file.ts";
import { library } from "../../src/scenarios/library.ts";
import {
  API_URLS,
  gunicornUnit,
  NGINX_CONF,
  SETTINGS,
  SITE_CONF,
  URLS,
  WSGI,
  ZONE,
} from "../../src/scenarios/site.ts";
import { readScenario } from "../../src/simulation/read-scenario.ts";
import { createRun, playRun } from "../../src/simulation/run.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";
import { splitCommandLine } from "../../src/text/command-line.ts";
import { type Dice, diceFrom, seeds } from "./dice.ts";
import { mutate } from "./mutate.ts";

const SUPERVISORD = `[supervisord]
nodaemon = true
logfile = /var/log/supervisord.log
user = root

[program:shop]
command = gunicorn --bind 127.0.0.1:8000 myproject.wsgi:application
directory = /srv/myproject
environment = A="1",B="%(ENV_HOME)s"
autorestart = unexpected
startsecs = 1
stopsignal = TERM
stdout_logfile = /var/log/shop.log
`;
const COMMAND =
  "env A=1 gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --workers 4 --name 'a b' --timeout 30 --config /srv/gunicorn.conf.py";
const SQL = `CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'x', UNIQUE (name));
INSERT INTO item (name) VALUES ('a'), ('b''c');
SELECT COUNT(*) AS "n", i.name FROM item i LEFT JOIN item j ON i.id = j.id WHERE (i.id IN (1, 2) AND NOT i.name LIKE 'a%') GROUP BY i.name ORDER BY 1 DESC LIMIT 3;
UPDATE item SET name = UPPER(name) || 'x' WHERE id = 1 RETURNING id;
`;

interface Reader {
  readonly name: string;
  readonly text: string;
  readonly read: (text: string) => unknown;
}

const firstVisit = library[0].scenario;

/** The first visit with one of its texts replaced, run to its end. */
function playWith(changes: Partial<Scenario>): void {
  playRun(createRun({ ...firstVisit, ...changes }, { wants: () => false }));
}

function inFile(path: string): Reader["read"] {
  return (text) => playWith({ files: { ...firstVisit.files, [path]: text } });
}

const readers: readonly Reader[] = [
  {
    name: "nginx.conf, by itself",
    text: NGINX_CONF + SITE_CONF,
    read: (text) => parseText(text, "/etc/nginx/nginx.conf"),
  },
  { name: "nginx.conf", text: NGINX_CONF, read: inFile("/etc/nginx/nginx.conf") },
  { name: "a server block", text: SITE_CONF, read: inFile("/etc/nginx/sites-enabled/example") },
  {
    name: "gunicorn's words",
    text: COMMAND,
    read: (text) => readCommandLine(splitCommandLine(text)),
  },
  {
    name: "gunicorn's command",
    text: COMMAND,
    read: (text) => playWith({ processes: [text, "nginx"] }),
  },
  { name: "settings.py", text: SETTINGS, read: inFile("/srv/myproject/myproject/settings.py") },
  { name: "urls.py", text: URLS + API_URLS, read: inFile("/srv/myproject/myproject/urls.py") },
  { name: "wsgi.py", text: WSGI, read: inFile("/srv/myproject/myproject/wsgi.py") },
  { name: "a zone file", text: ZONE, read: (text) => playWith({ zones: { "example.com": text } }) },
  {
    name: "a zone file, by itself",
    text: ZONE,
    read: (text) => readZoneFile("example.com.", text, "zone"),
  },
  {
    name: "supervisord.conf, by itself",
    text: SUPERVISORD,
    read: (text) => readSupervisordConf(text, "/s.conf"),
  },
  {
    name: "supervisord.conf",
    text: SUPERVISORD,
    read: (text) =>
      playWith({
        files: { ...firstVisit.files, "/s.conf": text },
        processes: ["supervisord -c /s.conf", "nginx"],
      }),
  },
  {
    name: "a unit file, by itself",
    text: gunicornUnit(),
    read: (text) => readServiceUnit(text, "/u.service", "u"),
  },
  {
    name: "a unit file",
    text: gunicornUnit(),
    read: inFile("/etc/systemd/system/gunicorn.service"),
  },
  { name: "SQL, by itself", text: SQL, read: (text) => parseScript(text) },
  { name: "SQL", text: SQL, read: (text) => playWith({ database: text }) },
  { name: "a scenario", text: JSON.stringify(firstVisit, null, 1), read: readAndPlay },
  {
    name: "a shell command",
    text: "kill -HUP gunicorn && ls /srv/* ; chmod 0644 /srv/a",
    read: typed,
  },
];

function typed(text: string): void {
  playWith({ timeline: [{ at: 0, shell: text }] });
}

function readAndPlay(text: string): void {
  const result = readScenario(text);
  if (result.ok) playRun(createRun(result.scenario, { wants: () => false }));
}

const MS_MAX = 1000;

function wrongWith(reader: Reader, dice: Dice): string[] {
  const text = mutate(dice, reader.text);
  const begun = performance.now();
  try {
    reader.read(text);
  } catch (error) {
    return [`throws ${(error as Error).stack?.slice(0, 800)}`];
  }
  const took = performance.now() - begun;
  return took > MS_MAX ? [`${Math.round(took)} ms for ${JSON.stringify(text.slice(0, 300))}`] : [];
}

it.each(readers)("$name", { timeout: 0 }, (reader) => {
  const failures = seeds(1, 40).flatMap((seed) =>
    wrongWith(reader, diceFrom(seed)).map((text) => `seed ${seed}: ${text}`),
  );
  expect(failures).toEqual([]);
});
