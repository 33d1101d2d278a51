// `npm run -s load -- FILE --rate 200 --duration 60 --json`: a scenario's requests as traffic over all its
// layers. `--open N` prints request N of that run as a journey, word for word as it ran in the crowd;
// `--recording FILE...` plays recorded load with the very arrivals and service times that were drawn.

import { playTraffic } from "../simulation/traffic/play.ts";
import { TrafficSession } from "../simulation/traffic/session.ts";
import { transcript } from "../simulation/transcript.ts";
import { failUsage } from "./arguments.ts";
import { type LoadArguments, readLoadArguments, USAGE } from "./load-arguments.ts";
import { playRecordings } from "./load-recordings.ts";
import { summaryOf, thousandths } from "./traffic-summary.ts";

type ScenarioArguments = Extract<LoadArguments, { readonly kind: "scenario" }>;

/**
 * Simulated seconds of the runs that let the compiler finish its work. A run makes its own closures,
 * and what was compiled for the first run's alone is thrown away at the second: so two go before.
 */
const WARM_UP_SECONDS = [1, 30];

function cpuSecondsOf<T>(run: () => T): { result: T; cpuSeconds: number } {
  const before = process.cpuUsage();
  const result = run();
  const used = process.cpuUsage(before);
  return { result, cpuSeconds: (used.user + used.system) / 1e6 };
}

function openRequest({ scenario, traffic, seed }: ScenarioArguments, request: number): void {
  const session = new TrafficSession(scenario, { traffic, seed });
  while (session.traffic.run.state().nextRequest <= request && !session.done)
    session.advance(session.timeNs + 1e9);
  const journey = session.open(request);
  if (journey === null || session.traffic.run.state().nextRequest <= request) {
    const last = session.traffic.run.state().nextRequest - 1;
    failUsage(`--open ${request}: the run has requests 0 to ${last}`, USAGE);
  }
  process.stdout.write(transcript(journey));
}

function measure({ scenario, traffic, seed, durationS, json }: ScenarioArguments): void {
  // The first seconds of any program in JavaScript are its compiler's. Shorter runs before the one
  // that is measured leave them out, as the kernel's bench does; what it took is printed as well.
  let warmUpCpuSeconds = 0;
  for (const seconds of WARM_UP_SECONDS) {
    const shorter = { ...traffic, durationS: Math.min(durationS, seconds) };
    warmUpCpuSeconds += cpuSecondsOf(() =>
      playTraffic(scenario, { traffic: shorter, seed }),
    ).cpuSeconds;
  }
  const { result, cpuSeconds } = cpuSecondsOf(() => playTraffic(scenario, { traffic, seed }));
  const { run } = result.traffic;
  const { sim } = run;
  for (const note of run.state().notModelled) process.stderr.write(`not simulated: ${note}\n`);
  if (result.answered === 0 && result.arrived > 0)
    process.stderr.write("no request got an answer: does `npm run -s check` accept the files?\n");
  const report = {
    ...summaryOf(result, durationS),
    transitions: sim.journal.rowCount,
    cpuSeconds: thousandths(cpuSeconds),
    eventsPerCpuSecond: Math.round(sim.eventCount / cpuSeconds),
    warmUpCpuSeconds: thousandths(warmUpCpuSeconds),
  };
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else
    for (const [name, value] of Object.entries(report))
      process.stdout.write(
        `${name.padEnd(20)} ${typeof value === "object" ? JSON.stringify(value) : value}\n`,
      );
}

const options = readLoadArguments();
if (options.kind === "recordings") playRecordings(options.files, options.json);
else if (options.open !== undefined) openRequest(options, options.open);
else measure(options);
