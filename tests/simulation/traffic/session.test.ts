// A watched run: it can be seeked, changed, forked and opened, and stays a function of its scenario, seed
// and changes.
import { beforeAll, describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import type { TrafficChange } from "../../../src/simulation/traffic/changes.ts";
import type { FaultVerb } from "../../../src/simulation/traffic/fault.ts";
import { sortedBySlowness } from "../../../src/simulation/traffic/record.ts";
import { countersOf, resultsOf } from "../../../src/simulation/traffic/results.ts";
import { type SessionOptions, TrafficSession } from "../../../src/simulation/traffic/session.ts";

const scenario = library.find((entry) => entry.id === "json-api")!.scenario;
const traffic = { arrivals: { poisson: 40 }, durationS: 8 };
const SECOND = 1e9;

function session(options: Partial<SessionOptions> = {}): TrafficSession {
  return new TrafficSession(scenario, {
    traffic,
    seed: 3,
    keyframes: { everyEvents: 2000 },
    ...options,
  });
}

function take(run: TrafficSession, change: TrafficChange): void {
  const taken = run.change(change);
  if ("problem" in taken) throw new Error(taken.problem);
}

const hashOf = (run: TrafficSession): number => run.traffic.run.sim.journal.hash;

describe("seeking", () => {
  it("shows every moment with the state that it had when it was run", () => {
    const run = session();
    const seen = new Map<number, string>();
    for (let at = 0; at <= 8; at += 0.5) {
      run.advance(at * SECOND);
      seen.set(at, JSON.stringify([hashOf(run), countersOf(run)]));
    }
    for (const at of [6.5, 1, 0, 7.5, 4, 4.5, 8]) {
      run.seek(at * SECOND);
      expect(JSON.stringify([hashOf(run), countersOf(run)]), `at ${at} s`).toBe(seen.get(at));
    }
  });

  it("brings back the whole world, down to the names of pending events", () => {
    const run = session();
    const { sim } = run.traffic.run;
    const seen = [1.3, 4.7, 6.1].map((at) => {
      run.advance(at * SECOND);
      const keyframe = sim.keyframe();
      sim.restore(keyframe);
      const { world } = sim;
      // The run goes on with a world of its own.
      sim.restore(keyframe);
      return { at, world, pending: sim.queue.size };
    });
    run.advance(8 * SECOND);
    for (const { at, world, pending } of seen.reverse()) {
      run.seek(at * SECOND);
      expect(sim.world).toEqual(world);
      expect(sim.queue.size).toBe(pending);
    }
  });

  it("leaves a keyframe where it had far to go and somebody looked near it before", () => {
    const run = session({ keyframes: { everyEvents: 20_000 } });
    run.advance(8 * SECOND);
    const before = run.keyframeCount;
    run.seek(2.1 * SECOND);
    expect(run.keyframeCount).toBe(before);
    run.seek(2 * SECOND);
    expect(run.keyframeCount).toBe(before + 1);
    const hash = hashOf(run);
    run.seek(7 * SECOND);
    run.seek(2 * SECOND);
    expect(hashOf(run)).toBe(hash);
  });

  it("comes to the same moment however the way there is cut", () => {
    const cut = session();
    for (let slices = 0; slices < 12; slices++) cut.advance(2 * SECOND, () => false);
    const straight = session();
    straight.seek(cut.timeNs);
    expect(hashOf(straight)).toBe(hashOf(cut));
    expect(cut.timeNs).toBeLessThan(2 * SECOND);
  });

  it("shows a moment after the last answer, the same for everybody", () => {
    const run = session();
    run.advance(60 * SECOND);
    expect(run.done).toBe(true);
    run.seek(30 * SECOND);
    const other = session();
    other.seek(30 * SECOND);
    expect(run.timeNs).toBe(30 * SECOND);
    expect(hashOf(other)).toBe(hashOf(run));
  });

  it("keeps the charts as they were", () => {
    const run = session();
    run.advance(8 * SECOND);
    const { buckets } = resultsOf(run);
    run.seek(2 * SECOND);
    run.advance(8 * SECOND);
    expect(resultsOf(run).buckets).toEqual(buckets);
    expect(buckets.reduce((sum, bucket) => sum + bucket.arrived, 0)).toBe(run.world.arrived);
  });
});

describe("a change", () => {
  const more: TrafficChange = { kind: "setting", id: "workers", value: 6 };

  it("writes the text and takes effect as an operator's would", () => {
    const run = session();
    run.advance(2 * SECOND);
    take(run, more);
    run.advance(6 * SECOND);
    expect(run.gauges().workers).toHaveLength(6);
    expect(run.scenario.files["/etc/systemd/system/gunicorn.service"]).toContain("--workers 6");
    expect(run.taken[0].planned.words).toBe(
      "Gunicorn workers: 4 → 6 (kill -TTIN gunicorn, 2 times)",
    );
  });

  it("is taken again at its time when the run is made again from its changes", () => {
    const live = session();
    live.advance(2 * SECOND);
    take(live, more);
    live.advance(4 * SECOND);
    take(live, { kind: "setting", id: "rate", value: 80 });
    live.advance(8 * SECOND);
    const changes = live.taken.map(({ atNs, change }) => ({ atNs, change }));
    const again = session({ changes });
    again.advance(8 * SECOND);
    expect(hashOf(again)).toBe(hashOf(live));
    live.seek(1 * SECOND);
    live.seek(8 * SECOND);
    expect(hashOf(again)).toBe(hashOf(live));
  });

  it("in the past makes another future, and forgets the old one", () => {
    const run = session();
    run.advance(8 * SECOND);
    const { hash, buckets } = resultsOf(run);
    run.seek(3.3 * SECOND);
    take(run, { kind: "setting", id: "rate", value: 120 });
    expect(run.knownNs).toBe(3.3 * SECOND);
    run.advance(8 * SECOND);
    const after = resultsOf(run);
    expect(after.hash).not.toBe(hash);
    const before = (bucket: { toNs: number }): boolean => bucket.toNs <= 3.3 * SECOND;
    expect(after.buckets.filter(before)).toEqual(buckets.filter(before));
    expect(after.buckets.reduce((sum, bucket) => sum + bucket.arrived, 0)).toBe(run.world.arrived);
  });

  it("can be taken back, one after the other", () => {
    const run = session();
    run.advance(1 * SECOND);
    take(run, more);
    take(run, { kind: "setting", id: "proxyReadTimeout", value: 5 });
    run.undo();
    run.undo();
    expect(run.scenario.files).toEqual(scenario.files);
    expect(run.undo()).toEqual({ problem: "nothing to take back" });
    run.advance(6 * SECOND);
    expect(run.gauges().workers).toHaveLength(4);
  });

  it("that added a file is undone by removing it", () => {
    const run = new TrafficSession(
      library.find((entry) => entry.id === "too-few-workers")!.scenario,
      { traffic, seed: 3 },
    );
    const before = run.scenario.files;
    run.advance(1 * SECOND);
    take(run, { kind: "setting", id: "maxConnections", value: 50 });
    const added = "/etc/postgresql/15/main/postgresql.conf";
    expect(run.scenario.files[added]).toBe("max_connections = 50\n");
    run.undo();
    expect(Object.keys(run.scenario.files)).toEqual(Object.keys(before));
    expect(run.traffic.run.host.disk.lstat(added)).toBeNull();
    expect(run.taken.map(({ planned }) => planned.words)).toEqual([
      "PostgreSQL connections: 100 → 50 (systemctl restart postgresql)",
      "taken back: PostgreSQL connections: 100 → 50 (systemctl restart postgresql)",
    ]);
  });

  it("that nothing mends is undone by going on from the moment before it", () => {
    const calm = session();
    calm.advance(6 * SECOND);
    const run = session();
    run.advance(1 * SECOND);
    take(run, more);
    run.undo();
    run.advance(2 * SECOND);
    take(run, { kind: "fault", fault: { verb: "kill", process: "nginx" } });
    run.advance(5 * SECOND);
    const { failed, statuses } = countersOf(run);
    expect(failed + (statuses[502] ?? 0)).toBeGreaterThan(0);
    const undone = run.undo();
    expect("unmade" in undone && undone.unmade.planned.words).toBe("nginx: killed by SIGKILL");
    expect(run.timeNs).toBe(2 * SECOND);
    expect(run.knownNs).toBe(2 * SECOND);
    expect(run.taken).toHaveLength(2);
    run.advance(6 * SECOND);
    expect(Object.keys(countersOf(run).statuses)).toEqual(["200"]);
    const again = session({ changes: run.taken.map(({ atNs, change }) => ({ atNs, change })) });
    again.advance(6 * SECOND);
    expect(hashOf(run)).toBe(hashOf(again));
    expect(resultsOf(run).buckets).toEqual(resultsOf(again).buckets);
    expect(calm.world.arrived).toBe(run.world.arrived);
  });

  it("at the very beginning is undone to the beginning", () => {
    const calm = session();
    const run = session();
    take(run, { kind: "fault", fault: { verb: "kill", process: "gunicorn" } });
    run.advance(3 * SECOND);
    run.undo();
    expect(run.timeNs).toBe(0);
    run.advance(3 * SECOND);
    calm.advance(3 * SECOND);
    expect(hashOf(run)).toBe(hashOf(calm));
  });

  it("that cannot be says what can be done", () => {
    const run = session();
    expect(run.change({ kind: "setting", id: "workers", value: 0 })).toEqual({
      problem: "workers takes a whole number from 1 to 128, got 0",
    });
    expect(run.change({ kind: "file", path: "host", text: '{"memoryBytes": 1e9}' })).toEqual({
      problem: "of a machine that runs only the cores can change; restart the run",
    });
    expect(run.taken).toEqual([]);
  });
});

describe("faults", () => {
  it("slow the link for connections that are open and new ones, until it is mended", () => {
    const run = session();
    run.advance(2 * SECOND);
    take(run, { kind: "fault", fault: { verb: "slow", link: "clients", byMs: 100 } });
    run.advance(4 * SECOND);
    take(run, { kind: "fault", fault: { verb: "mend", link: "clients" } });
    run.advance(8 * SECOND);
    const mean = (from: number, to: number): number => {
      const buckets = resultsOf(run).buckets.filter(
        ({ fromNs, toNs, meanMs }) =>
          meanMs !== null && fromNs >= from * SECOND && toNs <= to * SECOND,
      );
      return buckets.reduce((sum, { meanMs }) => sum + (meanMs ?? 0), 0) / buckets.length;
    };
    expect(mean(1, 2)).toBeLessThan(200);
    // Four round trips of 200 ms more.
    expect(mean(3.2, 4)).toBeGreaterThan(700);
    expect(mean(6, 8)).toBeLessThan(200);
  });

  it("kill a worker, which its master replaces", () => {
    const run = session();
    run.advance(1 * SECOND);
    const before = run.gauges().workers.map(({ pid }) => pid);
    take(run, { kind: "fault", fault: { verb: "kill", process: "gunicorn worker" } });
    run.advance(5 * SECOND);
    const after = run.gauges().workers.map(({ pid }) => pid);
    expect(after).toHaveLength(4);
    expect(after).not.toContain(before[0]);
  });

  it("hold a process, and release it", () => {
    const run = session();
    run.advance(1 * SECOND);
    take(run, { kind: "fault", fault: { verb: "hold", process: "gunicorn worker" } });
    run.advance(3 * SECOND);
    const held = run.gauges().workers[0];
    run.undo();
    run.advance(6 * SECOND);
    expect(held.state).toBe("stopped");
    expect(run.gauges().workers[0].state).not.toBe("stopped");
    expect(run.world.failed).toBe(0);
  });
});

describe("faults of links", () => {
  const withPostgres = library.find((entry) => entry.id === "too-few-workers")!.scenario;
  /** Ten requests a second, each with a query, over a link that is broken from 2 s to 4 s. */
  function brokenFor2s(fault: FaultVerb, mended: FaultVerb): TrafficSession {
    const run = new TrafficSession(withPostgres, {
      traffic: { arrivals: { constant: 10 }, durationS: 8 },
      seed: 3,
    });
    run.advance(2 * SECOND);
    take(run, { kind: "fault", fault });
    run.advance(4 * SECOND);
    take(run, { kind: "fault", fault: mended });
    run.advance(20 * SECOND);
    return run;
  }
  const slowest = (run: TrafficSession): number => resultsOf(run).latencyMs.max;

  it("hold what clients send until it is sent again", () => {
    const link = "clients" as const;
    const run = brokenFor2s({ verb: "hold", link }, { verb: "release", link });
    expect(run.world).toMatchObject({ arrived: 81, answered: 81, failed: 0 });
    // SYNs go out at 0, 1, 3 s: the one of 2.0 s comes through at 5.0 s.
    expect(slowest(run)).toBeGreaterThan(3_000);
    // Data goes out again after 0.2, 0.6, 1.4 and 3 s and a round trip each: later than the SYNs.
    expect(slowest(run)).toBeLessThan(4_000);
  });

  it("hold queries, and whoever waits for them", () => {
    const link = "database" as const;
    const run = brokenFor2s({ verb: "hold", link }, { verb: "release", link });
    expect(run.world.answered + run.world.failed).toBe(81);
    expect(slowest(run)).toBeGreaterThan(2_000);
  });

  it("slow every crossing to the database and back", () => {
    const link = "database" as const;
    const calm = brokenFor2s({ verb: "mend", link }, { verb: "mend", link });
    const slow = brokenFor2s({ verb: "slow", link, byMs: 50 }, { verb: "mend", link });
    // Three before the fork, three after it, and one for the query: 100 ms more for each.
    expect(slowest(slow) - slowest(calm)).toBeGreaterThan(600);
    expect(slow.world.failed).toBe(0);
  });

  it("lose packets on the way to the database, which come again after 200 ms", () => {
    const link = "database" as const;
    const lossy = brokenFor2s({ verb: "drop", link, rate: 0.1 }, { verb: "mend", link });
    expect(slowest(lossy)).toBeGreaterThan(200);
    expect(lossy.world.failed).toBe(0);
  });
});

describe("the number of cores", () => {
  it("can be changed while the machine runs", () => {
    const busy = library.find((entry) => entry.id === "two-n-plus-one")!.scenario;
    const run = new TrafficSession(busy, { seed: 3 });
    run.advance(1 * SECOND);
    expect(run.gauges().cores).toBe(2);
    take(run, { kind: "setting", id: "cores", value: 1 });
    run.advance(3 * SECOND);
    expect(run.gauges()).toMatchObject({ cores: 1, coresBusy: 1 });
    const queue = run.gauges().acceptQueue;
    expect(queue).toBeGreaterThan(10);
    take(run, { kind: "setting", id: "cores", value: 8 });
    run.advance(5 * SECOND);
    expect(run.gauges().acceptQueue).toBeLessThan(queue / 2);
    const { hash } = resultsOf(run);
    run.seek(2 * SECOND);
    expect(run.gauges().cores).toBe(1);
    run.seek(5 * SECOND);
    expect(resultsOf(run).hash).toBe(hash);
  });
});

describe("opening a request", () => {
  let run: TrafficSession;
  beforeAll(() => {
    run = session({ traffic: { arrivals: { poisson: 120 }, durationS: 4 } });
    run.advance(6 * SECOND);
  }, 60_000);

  it("tells it exactly as it ran in the crowd, and leaves the run where it was", () => {
    const [slowest] = sortedBySlowness(run.record.slowest);
    const hash = hashOf(run);
    const { timeNs } = run;
    const journey = run.open(slowest.request);
    expect(journey?.requests).toHaveLength(1);
    expect(journey?.requests[0].status).toBe(200);
    expect(journey?.requests[0].endNs).toBe(slowest.endedAt - slowest.startedAt);
    expect(journey?.steps[0].timeNs).toBe(0);
    expect(journey?.steps.every(({ request }) => request === slowest.request || request < 0)).toBe(
      true,
    );
    expect(hashOf(run)).toBe(hash);
    expect(run.timeNs).toBe(timeNs);
  });

  it("shows the server at work around it", () => {
    const journey = run.open(100);
    const text = JSON.stringify(journey?.steps.at(-1)?.scene);
    expect(text).toContain("gunicorn");
    expect(run.open(100_000)).toBeNull();
  });
});
