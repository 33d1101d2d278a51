// The riskiest part of the program as one run: Nginx before Gunicorn with a cache and a limit_req, a
// crowd, a HUP in the middle; a request opened; a step back and another signal instead; the run shared
// as a link and made again from it. The run is what its link says and nothing else.
import "../../src/simulation/all-parts.ts";
import type { Span } from "../../src/kernel/time.ts";
import { library } from "../../src/scenarios/library.ts";
import { SITE, siteConf } from "../../src/scenarios/site.ts";
import { NGINX_SITE } from "../../src/scenarios/traffic-site.ts";
import { editScenario } from "../../src/simulation/edited-scenario.ts";
import type { TrafficChange } from "../../src/simulation/traffic/changes.ts";
import { resultsOf } from "../../src/simulation/traffic/results.ts";
import { TrafficSession } from "../../src/simulation/traffic/session.ts";
import { transcript } from "../../src/simulation/transcript.ts";
import { readLink, writeLink } from "../../src/ui/session/link.ts";
import { packTraffic, unpackTraffic } from "../../src/ui/session/traffic-link.ts";
import { firstView } from "../../src/ui/session/view.ts";
import type { RunSpec } from "../../src/worker/protocol.ts";

const SCENARIO = "cache-saves";
const SECOND: Span = 1e9;
/** Requests a second. */
const RATE = 400;
/** After the last arrival every answer is there. */
const SETTLE_NS: Span = 5 * SECOND;
/** How far the reader steps back before the signal. */
const STEP_BACK_NS: Span = SECOND;

export const HUP: TrafficChange = { kind: "shell", command: "kill -HUP gunicorn" };
export const KILL: TrafficChange = {
  kind: "fault",
  fault: { verb: "kill", process: "gunicorn worker" },
};

/** Pages are kept for a second; one request in ten asks for a fresh one; the limit refuses some. */
const site = siteConf({
  before: [
    "proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;",
    "limit_req_zone $server_name zone=site:1m rate=390r/s;\n\n",
  ].join("\n"),
  inLocation: `        proxy_cache pages;
        proxy_cache_valid 200 1s;
        proxy_cache_bypass $arg_fresh;
        limit_req zone=site burst=20 nodelay;
`,
});

/** What a run of about `requests` requests is: a scenario of the library with two texts changed. */
export function runOf(requests: number): RunSpec {
  const url = `${SITE}/products/42/`;
  const traffic = {
    arrivals: { poisson: RATE },
    durationS: requests / RATE,
    mix: [
      { weight: 9, request: { url } },
      { weight: 1, request: { url: `${url}?fresh=1` } },
    ],
    keepAlive: true,
  };
  const files = { [NGINX_SITE]: site, traffic: JSON.stringify(traffic) };
  return { scenario: SCENARIO, seed: 1, files, actions: [] };
}

/** When the signal comes, and when everything is over, from the run's zero. */
export function timesOf(requests: number): { readonly signalNs: Span; readonly endNs: Span } {
  const arrivalsNs = (requests / RATE) * SECOND;
  return { signalNs: Math.round(arrivalsNs / 2), endNs: Math.round(arrivalsNs) + SETTLE_NS };
}

export interface Moment {
  readonly changes: readonly { readonly atNs: Span; readonly change: TrafficChange }[];
  readonly timeNs: Span;
}

/** The fragment that opens the traffic of `run` with these changes at this time. */
export function linkOf(run: RunSpec, { changes, timeNs }: Moment): Promise<string> {
  const traffic = packTraffic({
    ...{ changes, timeNs, files: {}, seed: null },
    ...{ pinned: null, opened: null },
  });
  const view = { ...firstView, screen: "traffic" as const };
  return writeLink({ spec: run, view, step: null, traffic });
}

/** The run that a link holds, at the moment it shows. */
export async function sessionOfLink(fragment: string): Promise<TrafficSession> {
  const { state } = await readLink(fragment);
  if (state === null) throw new Error("This link holds no run.");
  const { link, losses } = unpackTraffic(state.traffic);
  if (losses.length > 0) throw new Error(losses.join(" "));
  const session = sessionOf(state.spec, link.changes);
  session.seek(link.timeNs);
  return session;
}

function sessionOf(run: RunSpec, changes: Moment["changes"]): TrafficSession {
  const entry = library.find(({ id }) => id === run.scenario);
  if (entry === undefined) throw new Error(`There is no scenario ${run.scenario}.`);
  const { scenario, diagnostics } = editScenario(entry.scenario, run.files);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((each) => each.message).join("; "));
  return new TrafficSession(scenario, { seed: run.seed ?? undefined, changes });
}

/** The hash of everything that happened up to the moment shown. */
export function hashOf(session: TrafficSession): string {
  return resultsOf(session).hash;
}

export interface Spike {
  readonly hupHash: string;
  readonly hupLink: string;
  /** Request `open` of the run with the HUP, as a transcript. */
  readonly journey: string;
  readonly forkHash: string;
  readonly forkLink: string;
  /** Of the run made again from the link. */
  readonly againHash: string;
  readonly statuses: Readonly<Record<string, number>>;
  readonly events: number;
  readonly arrived: number;
}

export interface SpikeOptions {
  readonly requests: number;
  readonly open: number;
  /** Hears what is done next. */
  readonly onStage?: (what: string) => void;
}

/** Does it all, and says what came of it. */
export async function playSpike({ requests, open, onStage }: SpikeOptions): Promise<Spike> {
  const say = onStage ?? (() => {});
  const run = runOf(requests);
  const { signalNs, endNs } = timesOf(requests);

  say("run with HUP");
  const session = sessionOf(run, []);
  session.seek(signalNs);
  take(session, HUP);
  session.seek(endNs);
  const hupHash = hashOf(session);
  const hupLink = await linkOf(run, { changes: changesOf(session), timeNs: session.timeNs });
  const { arrived, statuses } = session.world;
  const { eventCount } = session.traffic.run.sim;

  say(`open request ${open}`);
  const opened = session.open(open);
  if (opened === null) throw new Error(`The run has no request ${open}.`);

  say("step back, another signal");
  session.seek(signalNs - STEP_BACK_NS);
  take(session, KILL);
  session.seek(endNs);
  const forkHash = hashOf(session);
  const forkLink = await linkOf(run, { changes: changesOf(session), timeNs: session.timeNs });

  say("open the link");
  const again = await sessionOfLink(forkLink);
  return {
    ...{ hupHash, hupLink, forkHash, forkLink, arrived },
    journey: transcript(opened),
    againHash: hashOf(again),
    statuses: Object.fromEntries([...statuses].sort()),
    events: eventCount,
  };
}

function take(session: TrafficSession, change: TrafficChange): void {
  const taken = session.change(change);
  if ("problem" in taken) throw new Error(taken.problem);
}

function changesOf(session: TrafficSession): Moment["changes"] {
  return session.taken.map(({ atNs, change }) => ({ atNs, change }));
}
