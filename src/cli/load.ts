// `npm run -s load -- FILE --rate 200 --duration 60 --json`: a scenario's request as Poisson traffic
// over all its layers; `--open N` prints request N of that run as a journey, word for word as it ran.
import { parseArgs } from "node:util";
import { tellJourney } from "../simulation/story.ts";
import { percentileMs, runTraffic, type TrafficResult } from "../simulation/traffic.ts";
import { transcript } from "../simulation/transcript.ts";
import { failUsage, positiveNumber, scenarioOrFail } from "./arguments.ts";

const USAGE =
  "usage: npm run -s load -- FILE [--rate N] [--duration S] [--seed N] [--open N] [--json]";

function readArguments(): {
  file: string;
  rate: number;
  duration: number;
  seed?: number;
  open?: number;
  json: boolean;
} {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rate: { type: "string", default: "200" },
        duration: { type: "string", default: "60" },
        seed: { type: "string" },
        open: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    if (positionals.length !== 1) failUsage("name one scenario file", USAGE);
    const whole = (text: string | undefined, option: string): number | undefined => {
      if (text !== undefined && !/^\d+$/.test(text))
        failUsage(`${option} takes a whole number, got ${text}`, USAGE);
      return text === undefined ? undefined : Number(text);
    };
    return {
      file: positionals[0],
      rate: positiveNumber(values.rate, "--rate", USAGE),
      duration: positiveNumber(values.duration, "--duration", USAGE),
      seed: whole(values.seed, "--seed"),
      open: whole(values.open, "--open"),
      json: values.json,
    };
  } catch (error) {
    return failUsage((error as Error).message, USAGE);
  }
}

/**
 * Simulated seconds of the runs that let the compiler finish its work. A run makes its own closures,
 * and what was compiled for the first run's alone is thrown away at the second: so two go before.
 */
const WARM_UP_SECONDS = [1, 30];

function cpuSecondsOf(run: () => TrafficResult): { result: TrafficResult; cpuSeconds: number } {
  const before = process.cpuUsage();
  const result = run();
  const used = process.cpuUsage(before);
  return { result, cpuSeconds: (used.user + used.system) / 1e6 };
}

function summary(
  result: TrafficResult,
  durationSeconds: number,
  cpuSeconds: number,
): Record<string, unknown> {
  const { latenciesNs } = result;
  const mean =
    latenciesNs.length === 0
      ? 0
      : latenciesNs.reduce((sum, ns) => sum + ns, 0) / latenciesNs.length / 1e6;
  const percentile = (p: number): number => round(percentileMs(latenciesNs, p));
  return {
    arrived: result.arrived,
    answered: result.answered,
    failed: result.failed,
    inFlight: result.inFlight,
    statuses: Object.fromEntries([...result.statuses].sort()),
    latencyMs: {
      mean: round(mean),
      p50: percentile(0.5),
      p90: percentile(0.9),
      p95: percentile(0.95),
      p99: percentile(0.99),
      max: percentile(1),
    },
    throughputRps: round(result.answered / durationSeconds),
    events: result.run.sim.eventCount,
    transitions: result.run.sim.journal.rowCount,
    cpuSeconds: round(cpuSeconds),
    eventsPerCpuSecond: Math.round(result.run.sim.eventCount / cpuSeconds),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const options = readArguments();
const scenario = scenarioOrFail(options.file);
const traffic = {
  ratePerSecond: options.rate,
  durationSeconds: options.duration,
  seed: options.seed,
};
if (options.open !== undefined) {
  const { open } = options;
  const { run, arrived } = runTraffic(scenario, {
    ...traffic,
    wants: (request) => request === open,
  });
  if (open >= arrived) failUsage(`--open ${open}: the run has requests 0 to ${arrived - 1}`, USAGE);
  process.stdout.write(transcript(tellJourney(run)));
} else {
  // The first seconds of any program in JavaScript are its compiler's. Shorter runs before the one
  // that is measured leave them out, as the kernel's bench does; what it took is printed as well.
  let warmUpCpuSeconds = 0;
  for (const seconds of WARM_UP_SECONDS) {
    const durationSeconds = Math.min(options.duration, seconds);
    warmUpCpuSeconds += cpuSecondsOf(() =>
      runTraffic(scenario, { ...traffic, durationSeconds }),
    ).cpuSeconds;
  }
  const measured = cpuSecondsOf(() => runTraffic(scenario, traffic));
  const report = {
    ...summary(measured.result, options.duration, measured.cpuSeconds),
    warmUpCpuSeconds: round(warmUpCpuSeconds),
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else
    for (const [name, value] of Object.entries(report))
      process.stdout.write(
        `${name.padEnd(20)} ${typeof value === "object" ? JSON.stringify(value) : value}\n`,
      );
}
