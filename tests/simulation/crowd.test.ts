// The riskiest promise of the house: one engine for a crowd and for a single request. Nginx in front of
// Gunicorn with a cache, a limit and a reload in the middle; any request of it opened; another way
// taken from the middle.
import { describe, expect, it } from "vitest";
import { fromSeconds } from "../../src/kernel/time.ts";
import { library } from "../../src/scenarios/library.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";
import { tellJourney } from "../../src/simulation/story.ts";
import {
  startTraffic,
  type Traffic,
  type TrafficOptions,
} from "../../src/simulation/traffic/traffic.ts";
import { transcript } from "../../src/simulation/transcript.ts";

/** The cached page, with a limit that the crowd meets. */
function busySite(): Scenario {
  const cached = library.find((entry) => entry.id === "cached-page")!.scenario;
  const path = "/etc/nginx/sites-enabled/example";
  const site = (cached.files[path] as string)
    .replace(
      "proxy_cache_path",
      "limit_req_zone $binary_remote_addr zone=per_ip:10m rate=1r/s;\nproxy_cache_path",
    )
    .replace(
      "proxy_cache pages;",
      "limit_req zone=per_ip burst=1 nodelay;\n        proxy_cache pages;",
    )
    .replace("proxy_cache_valid 200 1m;", "proxy_cache_valid 200 1s;");
  return { ...cached, files: { ...cached.files, [path]: site } };
}

const options: TrafficOptions = {
  traffic: { arrivals: { poisson: 400 }, durationS: 4 },
  seed: 11,
  keepJournal: true,
};

function play(
  changes: Partial<TrafficOptions> = {},
  until = Infinity,
): ReturnType<typeof startTraffic> {
  const traffic = startTraffic(busySite(), { ...options, ...changes });
  traffic.run.sim.runUntil(Math.min(until, traffic.end));
  if (until === Infinity) traffic.drain();
  return traffic;
}

function countsOf(traffic: Traffic) {
  const world = traffic.world();
  return { ...world, inFlight: world.underWay.size + world.pausing.size };
}

describe("a crowd", () => {
  it("loses nobody: arrived = answered + failed + in flight, at every moment", () => {
    const traffic = startTraffic(busySite(), options);
    for (let second = 0; second <= 5; second++) {
      traffic.run.sim.runUntil(traffic.run.zero + fromSeconds(second));
      const { arrived, answered, failed, inFlight } = countsOf(traffic);
      expect(arrived).toBe(answered + failed + inFlight);
    }
    traffic.drain();
    const { arrived, statuses, inFlight } = countsOf(traffic);
    expect(inFlight).toBe(0);
    expect(arrived).toBeGreaterThan(1400);
    expect([...statuses.keys()].sort()).toEqual(["200", "503"]);
  });

  it("is the same run whether somebody looks or not", () => {
    const alone = play();
    const watched = play({ wants: (request) => request === 700 });
    expect(watched.run.sim.journal.commonHash).toBe(alone.run.sim.journal.commonHash);
    expect(watched.run.recording.rows.length).toBeGreaterThan(20);
    expect(watched.run.recording.rows.every((row) => row.request === 700)).toBe(true);
  });

  it("opens any of its requests, word for word as it ran", () => {
    const open = (): string =>
      transcript(tellJourney(play({ wants: (request) => request === 700 }).run));
    const told = open();
    expect(told).toBe(open());
    expect(told).toContain("GET https://www.example.com/products/");
  });

  it("can be taken back to a keyframe, repeated, and led another way", () => {
    const traffic = play({}, fromSeconds(7));
    const { sim, host } = traffic.run;
    const keyframe = sim.keyframe();
    traffic.drain();
    const hash = sim.journal.hash;
    const { answered } = countsOf(traffic);

    sim.restore(keyframe);
    traffic.drain();
    expect(sim.journal.hash).toBe(hash);
    expect(countsOf(traffic).answered).toBe(answered);

    sim.restore(keyframe);
    const master = host.processes
      .living()
      .find((process) => process.program === "gunicorn" && process.role === "master");
    host.processes.kill(master!.pid, "HUP");
    traffic.drain();
    expect(sim.journal.hash).not.toBe(hash);
    expect(countsOf(traffic).inFlight).toBe(0);
  });
});
