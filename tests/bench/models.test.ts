import { expect, test } from "vitest";
import { newFifo, putLast, takeFirst } from "../../src/cli/bench/fifo.ts";
import {
  ARRIVALS_PER_SECOND,
  MEAN_SERVICE_SECONDS,
  runMmc,
  SERVERS,
} from "../../src/cli/bench/mmc.ts";
import { summarise } from "../../src/cli/bench/model.ts";
import { loadSimjs } from "../../src/cli/bench/simjs.ts";
import { runSimjsMmc } from "../../src/cli/bench/simjs-mmc.ts";
import { runSimjsTandem } from "../../src/cli/bench/simjs-tandem.ts";
import { runTandem } from "../../src/cli/bench/tandem.ts";
import { erlangC, meanWaitExponential } from "../../src/simulation/traffic/erlang.ts";

const expectedWait = meanWaitExponential(SERVERS, ARRIVALS_PER_SECOND, MEAN_SERVICE_SECONDS);

test("Erlang C for four servers at 80 % is the value of the tables", () => {
  expect(erlangC(4, 3.2)).toBeCloseTo(0.596432, 6);
  expect(expectedWait).toBeCloseTo(0.74554, 5);
});

// One run of a million customers has a standard deviation of 1.4 %.
test.each([1, 2, 3])("mmc with seed %i waits as long as Erlang C says, within 4 %", (seed) => {
  const run = runMmc({ seed, count: 1_000_000 });
  expect(run.events).toBe(2_000_000);
  expect(Math.abs(summarise(run).meanSeconds / expectedWait - 1)).toBeLessThan(0.04);
});

// A tenth of the customers has three times the deviation, the mean of ten such runs the same again.
test("mmc over ten short runs waits as long as Erlang C says, within 4 %", () => {
  const means = Array.from({ length: 10 }, (_, i) =>
    summarise(runMmc({ seed: 100 + i, count: 100_000 })),
  );
  const mean = means.reduce((sum, summary) => sum + summary.meanSeconds, 0) / means.length;
  expect(Math.abs(mean / expectedWait - 1)).toBeLessThan(0.04);
});

test("tandem has five events a request, the published times, and rejects nobody", () => {
  const run = runTandem({ seed: 7, count: 200_000 });
  const { meanSeconds, p99Seconds } = summarise(run);
  expect(run.events).toBe(1_000_000);
  expect(run.rejected).toBe(0);
  expect(meanSeconds * 1000).toBeCloseTo(13.1, 0);
  expect(Math.abs(p99Seconds * 1000 - 35.9)).toBeLessThan(1);
});

test("the same seed writes the same journal, another seed another one", () => {
  const hash = (seed: number) => runTandem({ seed, count: 2_000 }).journalHash;
  expect(hash(1)).toBe(hash(1));
  expect(hash(1)).not.toBe(hash(2));
});

test("simjs runs the same models with the same results", async () => {
  const simjs = await loadSimjs();
  const tandem = runSimjsTandem(simjs, { seed: 7, count: 100_000 });
  expect(tandem.events).toBe(500_000);
  expect(summarise(tandem).meanSeconds * 1000).toBeCloseTo(13.1, 0);
  const mmc = runSimjsMmc(simjs, { seed: 7, count: 500_000 });
  expect(mmc.events).toBe(1_000_000);
  expect(Math.abs(summarise(mmc).meanSeconds / expectedWait - 1)).toBeLessThan(0.08);
});

test("a fifo gives back what was put in, in order, also when it grows in mid-ring", () => {
  const fifo = newFifo(4);
  for (let i = 0; i < 3; i++) putLast(fifo, i);
  expect([takeFirst(fifo), takeFirst(fifo)]).toEqual([0, 1]);
  for (let i = 3; i < 12; i++) putLast(fifo, i);
  expect(Array.from({ length: fifo.size }, () => takeFirst(fifo))).toEqual([
    2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});
