// The load that bench:crowd measures: clients with a kept-alive HTTPS connection each, 40 ms away, who ask again as
// soon as they have their answer, of machines with workers enough for 10,000 answers a second.
import "../../src/simulation/all-parts.ts";
import { gunicornUnit, NGINX_CONF, onTheSite, SITE, siteConf } from "../../src/scenarios/site.ts";
import { startTraffic } from "../../src/simulation/traffic/traffic.ts";

export type CrowdLoad = "static" | "threads" | "sync";

const SECOND = 1e9;
/** So many clients get 10,000 answers a second at 41 ms for each. */
const CLIENTS = 415;
/** 128 workers need 6 GB: with less the OOM killer ends one now and then, whose request nginx answers with 502. */
const HOST = { cores: 64, memoryBytes: 16 * 2 ** 30, addresses: ["192.0.2.10"] };
const MANY_CONNECTIONS = NGINX_CONF.replace("768", "20000");

const toUpstream = siteConf({
  before: "upstream app {\n    server 127.0.0.1:8000;\n    keepalive 64;\n}\n\n",
  inLocation: '        proxy_http_version 1.1;\n        proxy_set_header Connection "";\n',
}).replace("http://127.0.0.1:8000", "http://app");

const withFiles = siteConf({
  inServer: "    location /static/ {\n        alias /srv/myproject/static/;\n    }\n\n",
});

const unitWith = (options: string): string => gunicornUnit().replace("--workers 4", options);

const files: Readonly<Record<CrowdLoad, Readonly<Record<string, string>>>> = {
  static: {
    "/etc/nginx/sites-enabled/example": withFiles,
    "/srv/myproject/static/css/site.css": "body { font-family: sans-serif; margin: 2rem; }\n",
  },
  threads: {
    "/etc/nginx/sites-enabled/example": toUpstream,
    "/etc/systemd/system/gunicorn.service": unitWith("--workers 16 --threads 16"),
  },
  sync: { "/etc/systemd/system/gunicorn.service": unitWith("--workers 128") },
};

const targets: Readonly<Record<CrowdLoad, string>> = {
  static: "/static/css/site.css",
  threads: "/api/products/42/reviews/",
  sync: "/api/products/42/reviews/",
};

export interface CrowdMeasure {
  /** Answers a simulated second. */
  readonly rate: number;
  readonly events: number;
  readonly rows: number;
  /** Microseconds of the clock a request: over all, in the median quarter of a second, in the fastest. */
  readonly mean: number;
  readonly median: number;
  readonly best: number;
  /** Simulated seconds in a second of the clock. */
  readonly timesRealTime: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Runs a load for so many simulated seconds after 10 that are not counted. `clockUs` tells microseconds. */
export function measureCrowd(
  load: CrowdLoad,
  seconds: number,
  clockUs: () => number,
): CrowdMeasure {
  const { run, world } = startTraffic(
    onTheSite(load, {
      files: { "/etc/nginx/nginx.conf": MANY_CONNECTIONS, ...files[load] },
      timeline: [{ at: 0, request: { url: SITE + targets[load] } }],
      rest: { client: "bare", host: HOST },
    }),
    {
      traffic: {
        ...{ arrivals: { users: CLIENTS, thinkMs: 0 }, durationS: 10_000 },
        ...{ keepAlive: true, clients: CLIENTS },
      },
    },
  );
  const { sim } = run;
  sim.runUntil(run.zero + 10 * SECOND);
  const before = { answered: world().answered, at: sim.now, clock: clockUs() };
  const { eventCount, journal } = sim;
  const rowsBefore = journal.rowCount;
  const quarters: number[] = [];
  for (let i = 0; i < seconds * 4; i++) {
    const { answered } = world();
    const clock = clockUs();
    sim.runUntil(sim.now + SECOND / 4);
    quarters.push((clockUs() - clock) / (world().answered - answered));
  }
  quarters.sort((a, b) => a - b);
  const answers = world().answered - before.answered;
  const spentUs = clockUs() - before.clock;
  const simulatedUs = (sim.now - before.at) / 1000;
  return {
    rate: (answers / simulatedUs) * 1e6,
    events: (sim.eventCount - eventCount) / answers,
    rows: (journal.rowCount - rowsBefore) / answers,
    mean: spentUs / answers,
    median: quarters[quarters.length >> 1],
    best: quarters[0],
    timesRealTime: simulatedUs / spentUs,
    statuses: Object.fromEntries(world().statuses),
  };
}
