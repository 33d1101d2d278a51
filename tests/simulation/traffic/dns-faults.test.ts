// Faults between the clients and their resolver. Each client of these runs closes its connection, so each
// request needs the name; the resolver answers from its cache.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { type FaultVerb, faultsOf } from "../../../src/simulation/traffic/fault.ts";
import { hitsOf } from "../../../src/simulation/traffic/gauges.ts";
import { resultsOf } from "../../../src/simulation/traffic/results.ts";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";

const { scenario } = library.find((entry) => entry.id === "first-visit")!;
const SECOND = 1e9;

/** Ten requests a second; `faults` happen at 2 s, `mended` at 4 s. */
function brokenFor2s(fault: FaultVerb, mended: FaultVerb): TrafficSession {
  const run = new TrafficSession(scenario, {
    traffic: { arrivals: { constant: 10 }, durationS: 8, clients: 1000 },
    seed: 3,
  });
  const take = (verb: FaultVerb): void => {
    expect(run.change({ kind: "fault", fault: verb })).not.toHaveProperty("problem");
  };
  run.advance(2 * SECOND);
  take(fault);
  run.advance(4 * SECOND);
  take(mended);
  run.advance(60 * SECOND);
  return run;
}
const slowestMs = (run: TrafficSession): number => resultsOf(run).latencyMs.max;
const calm = brokenFor2s({ verb: "mend", link: "dns" }, { verb: "mend", link: "dns" });

describe("the link to the resolver", () => {
  it("adds its slowness to every question, there and back", () => {
    const slow = brokenFor2s(
      { verb: "slow", link: "dns", byMs: 150 },
      { verb: "mend", link: "dns" },
    );
    expect(resultsOf(slow).latencyMs.p99 - resultsOf(calm).latencyMs.p50).toBeGreaterThan(290);
    expect(slow.world).toMatchObject({ answered: 81, failed: 0 });
  });

  it("loses questions that the stub asks again after five seconds", () => {
    const lossy = brokenFor2s(
      { verb: "drop", link: "dns", rate: 0.5 },
      { verb: "mend", link: "dns" },
    );
    expect(slowestMs(lossy)).toBeGreaterThan(5000);
    expect(slowestMs(lossy)).toBeLessThan(10_500);
  });

  it("that is held costs those who come then one timeout", () => {
    const held = brokenFor2s({ verb: "hold", link: "dns" }, { verb: "release", link: "dns" });
    expect(slowestMs(held)).toBeGreaterThan(5000);
    expect(held.world).toMatchObject({ answered: 81, failed: 0 });
  });
});

describe("the resolver", () => {
  const process = "dns resolver" as const;

  it("that hangs is as silent as a link that is held", () => {
    const hangs = brokenFor2s({ verb: "hold", process }, { verb: "release", process });
    expect(slowestMs(hangs)).toBeGreaterThan(5000);
  });

  it("that was killed is refused at once, and whoever came then gets no answer", () => {
    const killed = brokenFor2s({ verb: "kill", process }, { verb: "restart", process });
    expect(killed.world.failed).toBeGreaterThanOrEqual(19);
    expect(killed.world.failed).toBeLessThanOrEqual(21);
    expect(slowestMs(killed)).toBeLessThan(2000);
  });

  it("that begins anew has to ask the whole tree again", () => {
    const again = brokenFor2s({ verb: "restart", process }, { verb: "mend", link: "dns" });
    const missed = (run: TrafficSession): number => {
      const { asked, hits } = hitsOf(run.traffic.run).dns;
      return asked - hits;
    };
    expect(missed(again)).toBeGreaterThan(missed(calm));
    expect(again.world.failed).toBe(0);
  });
});

describe("the links to the name servers", () => {
  const link = "name servers" as const;
  /** The resolver forgets all at 1 s; the links are broken by then, from half a second on. */
  function afterRestart(fault: FaultVerb): TrafficSession {
    const run = new TrafficSession(scenario, {
      traffic: { arrivals: { constant: 10 }, durationS: 4, clients: 1000 },
      seed: 3,
      changes: [
        { atNs: 0.5 * SECOND, change: { kind: "fault", fault } },
        {
          atNs: 1 * SECOND,
          change: { kind: "fault", fault: { verb: "restart", process: "dns resolver" } },
        },
      ],
    });
    run.advance(60 * SECOND);
    return run;
  }

  it("are not missed as long as the resolver's cache has the answer", () => {
    const held = brokenFor2s({ verb: "hold", link }, { verb: "release", link });
    expect(slowestMs(held)).toBe(slowestMs(calm));
  });

  it("add their slowness to each server that is asked", () => {
    const [whole, slow] = [0, 100].map((byMs) => afterRestart({ verb: "slow", link, byMs }));
    // Root, com and example.com: three servers at least, there and back.
    expect(slowestMs(slow) - slowestMs(whole)).toBeGreaterThan(3 * 2 * 100 - 1);
    expect(slow.world.failed).toBe(0);
  });

  it("that are held leave the resolver nothing to answer with", () => {
    const held = afterRestart({ verb: "hold", link });
    expect(held.world.failed).toBeGreaterThan(25);
    expect(slowestMs(held)).toBeGreaterThan(5000);
  });
});

describe("the faults of a scenario", () => {
  it("are those that it has a place for", () => {
    const all = faultsOf(scenario).length;
    const bare = faultsOf({ ...scenario, zones: undefined, files: {}, processes: [] });
    expect(
      bare.every((fault) => "link" in fault && ["clients", "server"].includes(fault.link)),
    ).toBe(true);
    expect(all).toBeGreaterThan(bare.length + 15);
  });
});

describe("a request of a crowd whose resolver was killed", () => {
  it("tells of the refusal, and of no timeout", () => {
    const run = brokenFor2s(
      { verb: "kill", process: "dns resolver" },
      { verb: "restart", process: "dns resolver" },
    );
    const { request } = run.record.failed[0];
    const titles = run.open(request)?.steps.map(({ title }) => title) ?? [];
    expect(titles).toContain("The client asks again after a failure");
    expect(titles).not.toContain("The client asks again");
  });
});
