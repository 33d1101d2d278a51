// `npm run -s bench:crowd -- [LOAD...] [--seconds N] [--no-browser]`: what a request of a crowd costs over connections
// that are kept alive, in Node (CPU time of the whole process) and in a worker of headless Chromium (its clock, to which
// other work on the machine is added, and the CPU time of its thread, to which it is not). Reported, never asserted; the
// load average is printed beside it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { browsers } from "./browsers.ts";
import { type CrowdLoad, type CrowdMeasure, measureCrowd } from "./crowd/load.ts";
import { workerThreadsUs } from "./crowd/thread-time.ts";

const WORKER = ".cache/crowd-worker.js";
const LOADS: readonly CrowdLoad[] = ["static", "threads", "sync"];

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function report(where: string, load: string, measure: CrowdMeasure, threadUs = 0): void {
  const digits = (value: number, count = 1): string => value.toFixed(count);
  const { rate, events, rows, mean, median, best, timesRealTime, statuses } = measure;
  const row = {
    ...{ where, load, rate: digits(rate, 0), events: digits(events), rows: digits(rows) },
    ...{ usMean: digits(mean), usMedian: digits(median), usBest: digits(best) },
    ...{ timesRealTime: digits(timesRealTime, 2), timesAt10000: digits(100 / mean, 2) },
    ...(threadUs > 0 && {
      usThread: digits(threadUs),
      threadTimesAt10000: digits(100 / threadUs, 2),
    }),
    ...{ bestTimesAt10000: digits(100 / best, 2), loadAverage: digits(loadavg()[0]), statuses },
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

async function inChromium(loads: readonly CrowdLoad[], seconds: number): Promise<void> {
  const bundle = { bundle: true, format: "iife", target: "es2022", logLevel: "error" } as const;
  await build({ ...bundle, entryPoints: ["scripts/crowd/worker.ts"], outfile: WORKER });
  const script = readFileSync(WORKER);
  const server = createServer((request, response) => {
    const isScript = request.url === "/worker.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><title>bench:crowd</title>");
  }).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: browsers.chromium.executable });
  try {
    const page = await browser.newPage();
    let threadsBefore: number | null = null;
    await page.exposeFunction("itBegins", () => {
      threadsBefore = workerThreadsUs();
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    for (const load of loads) {
      const measure = await page.evaluate(
        (task) =>
          new Promise<unknown>((resolve) => {
            const page = globalThis as typeof globalThis & { worker?: Worker; itBegins(): void };
            page.worker?.terminate();
            // It lives on until its thread's time has been read.
            const worker = new Worker("/worker.js");
            page.worker = worker;
            worker.onmessage = ({ data }) =>
              data === "it begins" ? page.itBegins() : resolve(data);
            worker.postMessage(task);
          }),
        [load, seconds] as const,
      );
      const threadsUs = (workerThreadsUs() ?? 0) - (threadsBefore ?? 0);
      const { rate } = measure as CrowdMeasure;
      report("Chromium", load, measure as CrowdMeasure, threadsUs / (rate * seconds));
    }
  } finally {
    await browser.close();
    server.close();
  }
}

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string" }, "no-browser": { type: "boolean" } },
  allowPositionals: true,
});
const wanted =
  positionals.length === 0 ? LOADS : LOADS.filter((load) => positionals.includes(load));
const seconds = Number(values.seconds ?? 5);
// What the compiler made of one load it throws away for the next: each has a process of its own.
if (wanted.length === 1) report("Node", wanted[0], measureCrowd(wanted[0], seconds, cpuUs));
else
  for (const load of wanted) {
    const own = [process.argv[1], load, "--no-browser", "--seconds", String(seconds)];
    spawnSync(process.execPath, own, { stdio: "inherit" });
  }
if (values["no-browser"] !== true) await inChromium(wanted, seconds);
