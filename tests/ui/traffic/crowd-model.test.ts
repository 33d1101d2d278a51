// What the boxes of the stage say of a crowd's server is what the frame says, moment by moment.
import { describe, expect, it } from "vitest";
import { crowdModel } from "../../../src/ui/traffic/stage/crowd-model.ts";
import { fixtureJourney } from "../fixtures/journey.ts";
import { frameOf } from "../fixtures/traffic.ts";

const modelOf = (server: ReturnType<typeof frameOf>["server"]) =>
  crowdModel({
    ...{ journey: fixtureJourney(), frame: frameOf([], { server }) },
    ...{ results: null, rate: null, isCompact: false },
  });

describe("the boxes of a crowd's server", () => {
  it("say that nginx does not run once its master was killed", () => {
    const units = [{ name: "nginx", state: "failed" }];
    const { scene } = modelOf({ nginxWorkers: [], arbiter: 811, units });
    expect(scene.nginx.workers).toEqual([]);
    expect(scene.status.nginx).toBe("not running");
    expect(scene.supervisor).toEqual(units);
    expect(scene.gunicorn.arbiter?.pid).toBe(811);
  });

  it("count nginx's workers and open connections while it runs", () => {
    const { scene } = modelOf({ nginxWorkers: [802, 803], arbiter: null, units: [] });
    expect(scene.nginx.workers.map(({ pid }) => pid)).toEqual([802, 803]);
    expect(scene.status.nginx).toBe("0 open");
    expect(scene.gunicorn.arbiter).toBeNull();
  });
});
