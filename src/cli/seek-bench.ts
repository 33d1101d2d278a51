// `npm run bench:seek`: how long it takes to show any moment of a long run again, and what it costs to be able
// to. A run is made without anybody watching and again as a session with keyframes; then it is sought
// at moments drawn evenly, and every one of a hundred that were noted on the way must have the same hash.
// CPU time throughout: other programs on the same cores then weigh less. `--events N` sets the length.
import { parseArgs } from "node:util";
import { draw32, uniformOf } from "../kernel/random.ts";
import "../simulation/all-parts.ts";
import { library } from "../scenarios/library.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { TrafficSession } from "../simulation/traffic/session.ts";
import { startTraffic } from "../simulation/traffic/traffic.ts";
import type { TrafficSpec } from "../simulation/traffic/traffic-spec.ts";
import { median } from "./bench/measure.ts";

interface Load {
  readonly name: string;
  readonly id: string;
  readonly traffic: TrafficSpec;
}

const LOADS: readonly Load[] = [
  {
    name: "json-api, 60/s",
    id: "json-api",
    traffic: { arrivals: { poisson: 60 } },
  },
  {
    name: "first-visit, 100/s",
    id: "first-visit",
    traffic: { arrivals: { poisson: 100 } },
  },
  {
    name: "static-file, 1000/s by 1,000 kept-alive clients",
    id: "static-file",
    traffic: { arrivals: { poisson: 1000 }, clients: 1000, keepAlive: true },
  },
];

const SEEKS = 400;
const NOTED = 100;
const PURPOSE_MOMENT = 1;
const SECOND = 1e9;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function scenarioOf(id: string): Scenario {
  const entry = library.find((known) => known.id === id);
  if (entry === undefined) throw new Error(`no scenario ${id}`);
  return entry.scenario;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Events of a simulated second once connections are open. Warms the compiler up, too. */
function eventsPerSecond({ id, traffic }: Load): number {
  const { run } = startTraffic(scenarioOf(id), { traffic: { ...traffic, durationS: 8 }, seed: 2 });
  run.sim.runUntil(run.zero + 4 * SECOND);
  const before = run.sim.eventCount;
  run.sim.runUntil(run.zero + 8 * SECOND);
  return (run.sim.eventCount - before) / 4;
}

function measureLoad(load: Load, events: number): void {
  const { name, id, traffic } = load;
  const durationS = Math.max(2, Math.ceil(events / eventsPerSecond(load)));
  const spec = { ...traffic, durationS };
  const plain = startTraffic(scenarioOf(id), { traffic: spec, seed: 1 });
  const plainMs = cpuMs(() => void plain.run.sim.runUntil(plain.end));
  const session = new TrafficSession(scenarioOf(id), { traffic: spec, seed: 1 });
  const noted = new Map<number, number>();
  const { sim } = session.traffic.run;
  const sessionMs = cpuMs(() => {
    for (let i = 1; i <= NOTED; i++) {
      const at = Math.round((i / NOTED) * durationS * SECOND);
      session.advance(at);
      noted.set(at, sim.journal.hash);
    }
  });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const costs = Array.from({ length: SEEKS }, (_, i) => {
    const at = uniformOf(draw32(1, i, PURPOSE_MOMENT)) * durationS * SECOND;
    return cpuMs(() => session.seek(at));
  }).sort((a, b) => a - b);
  const wrong = [...noted].reverse().filter(([at, hash]) => {
    session.seek(at);
    return sim.journal.hash !== hash;
  });
  const figures = [
    plain.run.sim.eventCount,
    `${(plainMs / 1000).toFixed(1)} s`,
    `${(sessionMs / 1000).toFixed(1)} s`,
    session.keyframeCount,
    `${peakMb.toFixed(0)} MB`,
    `${median(costs).toFixed(1)} ms`,
    `${percentile(costs, 0.9).toFixed(1)} ms`,
    `${percentile(costs, 0.99).toFixed(1)} ms`,
    `${NOTED - wrong.length} of ${NOTED}`,
  ];
  console.log(`| ${[name, ...figures].join(" | ")} |`);
}

const { values } = parseArgs({
  options: { events: { type: "string", default: "1000000" }, load: { type: "string" } },
});
console.log(
  "| load | events | plain run | session | keyframes | peak memory | seek: median | p90 | p99 | same hash |\n" +
    "|---|---|---|---|---|---|---|---|---|---|",
);
for (const load of LOADS)
  if (values.load === undefined || load.id === values.load)
    measureLoad(load, Number(values.events));
