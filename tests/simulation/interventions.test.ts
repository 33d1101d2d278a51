// What a reader does to a run: the run up to that moment is the one without it, and goes on from there.
import { beforeAll, describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { Journey } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";

const slowView = library.find(({ id }) => id === "slow-view")?.scenario;
if (slowView === undefined) throw new Error("the scenario slow-view is gone");
const run = (at: number, shell: string): Journey =>
  runJourney(slowView, { actions: [{ at, shell, overlap: true }] });

const linesOf = ({ logs }: Journey): string => logs.map(({ text }) => text).join("\n");
const titlesUntil = ({ steps }: Journey, ms: number): string[] =>
  steps.filter(({ timeNs }) => timeNs <= ms * 1e6).map(({ title }) => title);

describe("an action taken while the view sleeps, at 3 s of its 8 s", () => {
  let plain: Journey;
  beforeAll(() => {
    plain = runJourney(slowView);
  });

  it("leaves everything before it as it was", () => {
    const killed = run(3000, "kill -KILL gunicorn worker 2");
    expect(titlesUntil(killed, 2999)).toEqual(titlesUntil(plain, 2999));
    expect(killed.steps.length).not.toBe(plain.steps.length);
  });

  it("kills the worker: Nginx answers 502 at once instead of 504 after 5 s", () => {
    expect(plain.requests[0].status).toBe(504);
    const killed = run(3000, "kill -KILL gunicorn worker 2");
    expect(killed.requests[0].status).toBe(502);
    expect(Math.round(killed.requests[0].endNs / 1e8)).toBe(30);
    expect(linesOf(killed)).toContain("was terminated due to signal 9");
  });

  it("reloads without losing the request: the busy worker finishes, four new ones take over", () => {
    const reloaded = run(3000, "kill -HUP gunicorn");
    expect(reloaded.steps.filter(({ transition }) => transition === "boot")).toHaveLength(4);
    expect(reloaded.steps.at(-1)?.scene.gunicorn.workers).toHaveLength(4);
    expect(titlesUntil(reloaded, 3001)).toContain("The arbiter handles HUP");
  });

  it("says where the action stands among the steps, and what it printed", () => {
    const [action] = run(3000, "kill -HUP nobody").actions;
    expect(action).toMatchObject({ own: 0, timeNs: 3e9, exit: 1 });
    expect(action.output).toEqual(["sh: 1: kill: No such process"]);
    expect(plain.steps[action.step].timeNs).toBeLessThanOrEqual(3e9);
  });

  it("is the same run every time", () => {
    expect(run(3000, "kill -TTIN gunicorn").hash).toBe(run(3000, "kill -TTIN gunicorn").hash);
  });
});

it("waits for nobody, although the timeline's own actions wait for the visit under way", () => {
  const scenario = {
    ...slowView,
    timeline: [...slowView.timeline, { at: 10, shell: "kill -USR1 gunicorn" }],
  };
  const actions = [{ at: 2000, shell: "kill -TTIN gunicorn", overlap: true as const }];
  const done = runJourney(scenario, { actions }).actions;
  expect(done.map(({ own, text }) => [own, text])).toEqual([
    [0, "kill -TTIN gunicorn"],
    [null, "kill -USR1 gunicorn"],
  ]);
});
