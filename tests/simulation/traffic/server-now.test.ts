// What the stage of a crowd says of the server's processes and units is what they are at that moment.
import { describe, expect, it } from "vitest";
import { library } from "../../../src/scenarios/library.ts";
import { serverNow } from "../../../src/simulation/traffic/server-now.ts";
import { TrafficSession } from "../../../src/simulation/traffic/session.ts";

describe("the server of a crowd", () => {
  const scenario = library.find((entry) => entry.id === "too-few-workers")!.scenario;
  const run = new TrafficSession(scenario, {
    traffic: { arrivals: { poisson: 20 }, durationS: 8 },
  });

  it("has nginx's workers, gunicorn's arbiter and its units", () => {
    run.advance(1e9);
    const { nginxWorkers, arbiter, units } = serverNow(run.traffic.run);
    expect(nginxWorkers).toHaveLength(8);
    expect(arbiter).not.toBeNull();
    expect(units).toEqual([
      { name: "gunicorn", state: "active" },
      { name: "nginx", state: "active" },
    ]);
  });

  it("has none of nginx's workers and a failed unit when nginx's master was killed", () => {
    run.change({ kind: "fault", fault: { verb: "kill", process: "nginx" } });
    run.advance(3e9);
    const { nginxWorkers, units } = serverNow(run.traffic.run);
    expect(nginxWorkers).toEqual([]);
    expect(units).toContainEqual({ name: "nginx", state: "failed" });
  });
});
