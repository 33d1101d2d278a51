// Charts: what the lines hold, where labels stand, what is read out and what the bars count.
import { describe, expect, it } from "vitest";
import type { TimeBucket } from "../../../src/simulation/traffic/time-series.ts";
import { rowIndexes } from "../../../src/ui/traffic/charts/ChartTable.tsx";
import {
  largestValue,
  lastMeasured,
  momentText,
  nearestMoment,
} from "../../../src/ui/traffic/charts/chart-data.ts";
import { binsOf, chartOf, statusesIn } from "../../../src/ui/traffic/charts/chart-series.ts";
import { labelPlaces } from "../../../src/ui/traffic/charts/label-places.ts";

/** Half a second of a run in which `p50Ms` was the median. */
function bucket(index: number, p50Ms: number | null, statuses: TimeBucket["statuses"]): TimeBucket {
  return {
    ...{
      index,
      fromNs: index * 5e8,
      toNs: (index + 1) * 5e8,
      arrived: 60,
      answered: 50,
      failed: 0,
    },
    ...{ statuses, p50Ms, p95Ms: p50Ms, p99Ms: p50Ms, meanMs: p50Ms, maxMs: p50Ms },
    ...{ throughputRps: 100, queueLength: index, inFlight: index + 2, utilisation: 0.5 },
    ...{ coreUtilisation: 0.25, databaseConnections: 1 },
  };
}

const buckets = [
  bucket(0, 40, { "200": 50 }),
  bucket(1, null, {}),
  bucket(2, 80, { "200": 30, "504": 20 }),
];

describe("a chart", () => {
  it("has a gap where nothing ended", () => {
    const [p50] = chartOf("response", buckets, []).lines;
    expect(p50.values).toEqual([40, Number.NaN, 80]);
    expect(lastMeasured(p50)).toEqual({ index: 2, value: 80 });
  });

  it("counts answers a second: 50 in half a second are 100", () => {
    const { lines } = chartOf("statuses", buckets, []);
    expect(lines.map(({ label, values }) => [label, ...values])).toEqual([
      ["200", 100, 0, 60],
      ["504", 0, 0, 40],
    ]);
    expect(statusesIn(buckets)).toEqual(["200", "504"]);
  });

  it("draws the pinned run with its own moments, under the lines of this one", () => {
    const { lines } = chartOf("waiting", buckets, buckets.slice(0, 1));
    expect(lines.map(({ label, isPinned }) => `${label} ${isPinned === true}`)).toEqual([
      "queue true",
      "in flight true",
      "queue false",
      "in flight false",
    ]);
    expect(lines[0].times).toEqual([0.5]);
  });

  it("reads a moment out without what was not measured", () => {
    const data = chartOf("response", buckets, buckets);
    expect(momentText(data, 0)).toBe("p50 40 ms, p95 40 ms, p99 40 ms");
    expect(momentText(data, 1)).toBe("");
  });

  it("finds the moment nearest to the pointer", () => {
    expect([-1, 0.7, 0.8, 99].map((seconds) => nearestMoment([0.5, 1, 1.5], seconds))).toEqual([
      0, 0, 1, 2,
    ]);
    expect(nearestMoment([], 1)).toBe(-1);
  });

  it("keeps a scale that does not make a quiet run look wild", () => {
    expect(largestValue(chartOf("response", buckets.slice(0, 1), []))).toBe(50);
    expect(largestValue(chartOf("response", buckets, []))).toBe(80);
  });
});

describe("labels at the ends of lines", () => {
  it("stay where they are when there is room", () => {
    expect(labelPlaces([10, 60], 15, 100)).toEqual([10, 60]);
  });

  it("are pushed apart, in the order of their lines", () => {
    expect(labelPlaces([50, 48, 52], 15, 200)).toEqual([63, 48, 78]);
    expect(labelPlaces([40, 40, 40], 15, 200)).toEqual([70, 55, 40]);
  });

  it("are pushed back up from the bottom of the chart", () => {
    expect(labelPlaces([98, 99], 15, 100)).toEqual([85, 100]);
  });
});

describe("the bars of the spread", () => {
  const edgesMs = [1, 2, 4, 8, 16, 32];

  it("begin and end where there is something to count", () => {
    expect(binsOf({ edgesMs, counts: [0, 3, 0, 1, 0] }, 48)).toEqual([
      { fromMs: 2, toMs: 4, count: 3 },
      { fromMs: 4, toMs: 8, count: 0 },
      { fromMs: 8, toMs: 16, count: 1 },
    ]);
  });

  it("are put together when they are too many, and lose nobody", () => {
    const bins = binsOf({ edgesMs, counts: [1, 2, 3, 4, 5] }, 2);
    expect(bins).toEqual([
      { fromMs: 1, toMs: 8, count: 6 },
      { fromMs: 8, toMs: 32, count: 9 },
    ]);
  });

  it("are none before the first answer", () => {
    expect(binsOf({ edgesMs, counts: [0, 0, 0, 0, 0] }, 48)).toEqual([]);
  });
});

describe("the table of a chart", () => {
  it("has every row of a short run", () => {
    expect(rowIndexes(3)).toEqual([0, 1, 2]);
  });

  it("goes through a long run in steps that end with the last row", () => {
    const indexes = rowIndexes(1_000);
    expect(indexes.length).toBeLessThanOrEqual(60);
    expect(indexes.at(-1)).toBe(999);
  });
});
