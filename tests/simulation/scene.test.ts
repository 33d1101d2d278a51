// What the stage shows at a step: the phases of Nginx and the hearts of Gunicorn's workers.
import { describe, expect, it } from "vitest";
import { firstVisit } from "../../src/scenarios/first-visit.ts";
import { library } from "../../src/scenarios/library.ts";
import type { Step } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import type { Scenario } from "../../src/simulation/scenario.ts";

const visits = (...at: readonly number[]) =>
  runJourney({
    ...firstVisit.scenario,
    timeline: at.map((ms) => ({
      at: ms,
      browse: { url: "https://www.example.com/", how: "type" },
    })),
  });

const phase = ({ scene }: Step, name: string): string | undefined =>
  scene.nginx?.phases.find((each) => each.name === name)?.state;

describe("the phases of Nginx", () => {
  const { steps } = visits(0);
  const at = (transition: string): Step => {
    const step = steps.find(
      ({ machine, id }) => machine === "nginx request" && id.transition === transition,
    );
    if (step === undefined) throw new Error(`no step ${transition}`);
    return step;
  };

  it("have read the headers only when the empty line came, after the server was chosen", () => {
    expect(phase(at("chooseServer"), "read headers")).toBe("to come");
    expect(phase(at("readHeaders"), "read headers")).toBe("now");
    expect(phase(at("readHeaders"), "server")).toBe("done");
    expect(phase(at("chooseLocation"), "read headers")).toBe("done");
  });
});

describe("the heart of a sync worker", () => {
  const { steps } = visits(0, 40_000);
  const heartbeats = steps
    .filter(({ timeNs }) => timeNs >= 40e9)
    .flatMap(({ scene }) => scene.gunicorn?.workers ?? []);

  it("beats every half timeout while it is idle: 15 s of the default 30", () => {
    const idle = heartbeats.filter(({ busy }) => !busy);
    expect(idle.length).toBeGreaterThan(0);
    for (const { heartbeatNs } of idle) expect(heartbeatNs).toBeLessThan(15e9);
    expect(Math.max(...idle.map(({ heartbeatNs }) => heartbeatNs))).toBeGreaterThan(5e9);
  });

  it("stands still from the moment it takes a connection", () => {
    const busy = heartbeats.filter((worker) => worker.busy).map((worker) => worker.heartbeatNs);
    expect(busy[0]).toBeLessThan(1e6);
    expect(busy).toEqual([...busy].sort((a, b) => a - b));
  });
});

describe("the message", () => {
  const { steps } = runJourney(
    library.find(({ id }) => id === "worker-timeout")?.scenario as Scenario,
  );
  const placesOf = (machine: string): string[] =>
    steps.filter((step) => step.machine === machine).map(({ scene }) => scene.token.at);

  it("stays inside Django while the arbiter looks at its clock, and with Nginx while a worker boots", () => {
    expect(placesOf("Gunicorn arbiter")).toEqual(["django", "nginx", "nginx"]);
    expect(steps.at(-1)?.title).toBe("The worker is ready");
    expect(steps.at(-1)?.scene.token).toMatchObject({ at: "browser", label: "502 Bad Gateway" });
  });
});
