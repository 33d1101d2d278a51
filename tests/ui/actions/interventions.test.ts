// Acting on the fixture's server: the list of actions in the run, the way back, and what is told of it.
import { beforeEach, describe, expect, it } from "vitest";
import { forkedActions, interventionsOf } from "../../../src/ui/actions/interventions.ts";
import { differencesOf, firstDifference } from "../../../src/ui/actions/run-difference.ts";
import { seek } from "../../../src/ui/playback/playhead.ts";
import type { Session } from "../../../src/ui/session/session.ts";
import { fixtureJourney } from "../fixtures/journey.ts";
import { sessionAt } from "../fixtures/session.tsx";

const shell = (at: number, text: string) => ({ at, shell: text, overlap: true as const });

describe("acting on the server", () => {
  let session: Session;
  const actions = () => session.run.getState().spec?.actions;
  const timeMs = () =>
    (session.journey()?.steps[session.playhead.getState().step].timeNs ?? 0) / 1e6;
  beforeEach(async () => {
    session = await sessionAt(5);
  });

  it("adds the command just after the step shown, and stays there", async () => {
    await interventionsOf(session).act("kill -HUP gunicorn");
    expect(actions()).toEqual([shell(timeMs() + 1e-6, "kill -HUP gunicorn")]);
    expect(session.playhead.getState().step).toBe(5);
    expect(await session.link()).toMatch(/^#v1=/);
  });

  it("can be undone and done again", async () => {
    const own = interventionsOf(session);
    await own.act("kill -TTIN gunicorn");
    await own.act("kill -TTOU gunicorn");
    await own.undo();
    expect(actions()).toHaveLength(1);
    await own.undo();
    await own.undo();
    expect(actions()).toEqual([]);
    await own.redo();
    await own.redo();
    expect(actions()?.map((action) => "shell" in action && action.shell)).toEqual([
      "kill -TTIN gunicorn",
      "kill -TTOU gunicorn",
    ]);
    await own.remove(0);
    expect(actions()).toHaveLength(1);
  });

  it("forks the run when the reader has stepped back, and says what no longer happens", async () => {
    const own = interventionsOf(session);
    await own.act("kill -TERM gunicorn");
    seek(session.playhead, 2);
    await own.act("kill -HUP gunicorn");
    expect(actions()).toHaveLength(1);
    expect(own.deeds.getState().told[0]).toContain("“kill -TERM gunicorn”, done later before");
    await own.undo();
    expect(actions()?.map((action) => "shell" in action && action.shell)).toEqual([
      "kill -TERM gunicorn",
    ]);
  });

  it("forgets the way back when another scenario is opened", async () => {
    await interventionsOf(session).act("kill -HUP gunicorn");
    await session.open({ scenario: "first-visit", seed: 3, files: {}, actions: [] });
    expect(interventionsOf(session).deeds.getState().past).toEqual([]);
  });
});

it("keeps actions of the same moment in the order in which they were taken", () => {
  const before = [shell(10, "a"), shell(20, "b"), shell(30, "c")];
  const { actions, dropped } = forkedActions(before, shell(20, "d"));
  expect(actions.map(({ at }) => at)).toEqual([10, 20, 20]);
  expect(dropped).toEqual([shell(30, "c")]);
});

describe("the difference of two runs", () => {
  const before = fixtureJourney();
  const steps = before.steps.map((step, i) =>
    i === 3 ? { ...step, title: "The arbiter handles HUP" } : step,
  );

  it("is none between a run and itself", () => {
    expect(firstDifference(before, fixtureJourney())).toBeNull();
    expect(differencesOf(before, fixtureJourney())).toEqual([
      "Every step of the run is as it was.",
    ]);
  });

  it("names the first step that is another and how the request ended", () => {
    const requests = before.requests.map((request) => ({ ...request, status: 502 }));
    const told = differencesOf(before, { ...before, steps, requests });
    expect(told[0]).toContain("from step 4 on");
    expect(told[0]).toContain(`“The arbiter handles HUP”, where “${before.steps[3].title}”`);
    expect(told[1]).toMatch(/^GET \/products\/42\/: 502 after .* instead of 200 after /);
  });

  it("says what a command printed that failed", () => {
    const action = { own: 0, timeNs: 0, step: 0, text: "kill -HUP x", exit: 1, output: ["no"] };
    const [told] = differencesOf(before, { ...before, actions: [action] });
    expect(told).toBe("“kill -HUP x” failed with exit code 1: no");
  });
});
