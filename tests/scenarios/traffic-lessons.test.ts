// The lessons about a crowd: what each one says comes out, and what it tells to try changes it so.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { SettingId, SettingValue } from "../../src/simulation/settings/setting.ts";
import { withSetting } from "../../src/simulation/settings/settings.ts";
import { applyEdit } from "../../src/simulation/settings/texts.ts";
import { resultsOf, type TrafficResults } from "../../src/simulation/traffic/results.ts";
import { TrafficSession } from "../../src/simulation/traffic/session.ts";

type Settings = Partial<Readonly<Record<SettingId, SettingValue>>>;

/** The first `seconds` of a lesson, with some settings changed before it begins. */
function run(id: string, seconds: number, settings: Settings = {}): TrafficResults {
  const entry = library.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`no scenario ${id}`);
  let { scenario } = entry;
  for (const [setting, value] of Object.entries(settings)) {
    const edit = withSetting(scenario, setting as SettingId, value);
    if ("problem" in edit) throw new Error(edit.problem);
    scenario = applyEdit(scenario, edit);
  }
  const session = new TrafficSession(scenario);
  session.advance(seconds * 1e9);
  return resultsOf(session);
}

/** How many requests ended with this status. */
const count = ({ counters }: TrafficResults, status: string): number =>
  counters.statuses[status] ?? 0;

/** The longest that a queue was, on average over a stretch of the run. */
const longestQueue = ({ buckets }: TrafficResults): number =>
  Math.max(...buckets.map(({ queueLength }) => queueLength));

const between = ({ buckets }: TrafficResults, from: number, to: number) =>
  buckets.filter(({ fromNs, toNs }) => fromNs >= from * 1e9 && toNs <= to * 1e9);

describe("a lesson about a crowd", { timeout: 120_000 }, () => {
  it("too-few-workers: the queue grows, and with 6 workers there is none", () => {
    const four = run("too-few-workers", 5);
    expect(four.utilisation).toBeGreaterThan(0.95);
    expect(longestQueue(four)).toBeGreaterThan(60);
    const six = run("too-few-workers", 5, { workers: 6 });
    expect(six.latencyMs.p99).toBeLessThan(340);
    expect(longestQueue(six)).toBeLessThan(15);
  });

  it("too-many-for-the-database: refusals, and with 16 workers none", () => {
    const forty = run("too-many-for-the-database", 5);
    expect(count(forty, "500")).toBeGreaterThan(20);
    expect(forty.meanQueueLength).toBeLessThan(1);
    const sixteen = run("too-many-for-the-database", 5, { workers: 16 });
    expect(count(sixteen, "500")).toBe(0);
    expect(sixteen.meanQueueLength).toBeLessThan(20);
  });

  it("slow-endpoint: pages wait behind reports, and with threads they pass by", () => {
    const sync = run("slow-endpoint", 10);
    expect(sync.latencyMs.p50).toBeGreaterThan(1_000);
    const threads = run("slow-endpoint", 10, { threads: 8 });
    expect(threads.latencyMs.p50).toBeLessThan(150);
  });

  it("slow-third-party: all workers wait and the cores are idle; threads wait together", () => {
    const sync = run("slow-third-party", 6);
    const [last] = between(sync, 4, 6).slice(-1);
    expect(last.utilisation).toBeGreaterThan(0.95);
    expect(last.coreUtilisation).toBeLessThan(0.1);
    expect(sync.throughputRps).toBeLessThan(11);
    const threads = run("slow-third-party", 6, { threads: 8 });
    expect(threads.latencyMs.p99).toBeLessThan(800);
  });

  it("two-n-plus-one: 3 workers are too few for 2 cores, 17 win hardly anything over 9", () => {
    const [three, five, nine, seventeen] = [3, 5, 9, 17].map((workers) =>
      run("two-n-plus-one", 6, { workers }),
    );
    expect(three.meanQueueLength).toBeGreaterThan(3 * five.meanQueueLength);
    expect(five.latencyMs.p99).toBeLessThan(500);
    expect(seventeen.latencyMs.p50).toBeGreaterThan(nine.latencyMs.p50 * 0.8);
  });

  it("cache-saves: the workers are idle, and without the cache they are not enough", () => {
    const cached = run("cache-saves", 2);
    expect(cached.utilisation).toBeLessThan(0.25);
    const plain = run("cache-saves", 2, { cache: false });
    expect(plain.utilisation).toBeGreaterThan(0.8);
    expect(longestQueue(plain)).toBeGreaterThan(60);
  });

  it("rate-limit-saves: the refused are fast, and without a limit everybody waits", () => {
    const limited = run("rate-limit-saves", 4);
    const refused = count(limited, "503") / limited.counters.arrived;
    expect(refused).toBeGreaterThan(0.25);
    expect(refused).toBeLessThan(0.5);
    expect(limited.latencyMs.p99).toBeLessThan(500);
    const open = run("rate-limit-saves", 4, { limitRate: 1000 });
    expect(open.latencyMs.p99).toBeGreaterThan(1_000);
  });

  it("retry-storm: it outlives its cause; without retries the site recovers", () => {
    const storm = run("retry-storm", 32);
    const share = (results: TrafficResults, from: number, to: number): number => {
      const part = between(results, from, to);
      const good = part.reduce((sum, { statuses }) => sum + (statuses["200"] ?? 0), 0);
      return good / part.reduce((sum, { arrived }) => sum + arrived, 0);
    };
    expect(share(storm, 1, 8)).toBeGreaterThan(0.9);
    expect(share(storm, 24, 32)).toBeLessThan(0.3);
    const calm = run("retry-storm", 32, { retries: 0 });
    expect(share(calm, 24, 32)).toBeGreaterThan(0.9);
  });

  it("timeouts-in-the-wrong-order: 504 for work that is done all the same", () => {
    const hasty = run("timeouts-in-the-wrong-order", 8);
    expect(count(hasty, "504") / hasty.counters.answered).toBeGreaterThan(0.15);
    expect(hasty.latencyMs.max).toBeLessThan(1_300);
    const patient = run("timeouts-in-the-wrong-order", 8, { proxyReadTimeout: 5 });
    expect(count(patient, "504")).toBe(0);
    expect(patient.utilisation).toBeCloseTo(hasty.utilisation, 1);
  });

  it("max-requests-without-jitter: a peak in the queue that jitter takes away", () => {
    const together = run("max-requests-without-jitter", 7);
    const apart = run("max-requests-without-jitter", 7, { maxRequestsJitter: 50 });
    const peak = (results: TrafficResults): number =>
      Math.max(...between(results, 2, 7).map(({ queueLength }) => queueLength));
    expect(peak(together)).toBeGreaterThan(2 * peak(apart));
  });

  it("deploy-under-load: a restart costs 502s, a reload none", () => {
    const results = run("deploy-under-load", 15);
    const gone = (from: number, to: number): number =>
      between(results, from, to).reduce((sum, { statuses }) => sum + (statuses["502"] ?? 0), 0);
    expect(gone(4.5, 7)).toBeGreaterThan(4);
    expect(gone(7, 15)).toBe(0);
  });

  it("warm-up: a page takes less than half the time once the connection is there", () => {
    const results = run("warm-up", 6);
    const first = between(results, 0, 1)[0].p50Ms ?? 0;
    const later = between(results, 5, 6)[0].p50Ms ?? 0;
    expect(later).toBeLessThan(first / 2);
  });
});
