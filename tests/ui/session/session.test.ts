// A session: opening, linking, and what it says when a link or a run fails.
import { describe, expect, it, vi } from "vitest";
import { createFrames } from "../../../src/ui/playback/frames.ts";
import { seek } from "../../../src/ui/playback/playhead.ts";
import type { JourneyClient } from "../../../src/ui/session/journey-client.ts";
import { createSession, plainSpec } from "../../../src/ui/session/session.ts";
import { fixtureJourney } from "../fixtures/journey.ts";
import { silentEditing } from "../fixtures/session.tsx";

const scenarios = [
  { id: "first-visit", group: "The path", title: "First visit", sentence: "One request." },
  { id: "second-visit", group: "The path", title: "Second visit", sentence: "Another." },
];

function sessionWith(changes: Partial<JourneyClient> = {}) {
  const client: JourneyClient = {
    catalog: async () => ({ scenarios, machines: [] }),
    run: vi.fn(async () => ({ journey: fixtureJourney(), transcript: "words" })),
    ...silentEditing,
    ...changes,
  };
  const storage = { getItem: () => null, setItem: () => {} };
  const session = createSession({
    ...{ client, storage, frames: createFrames(() => {}) },
    trafficPort: () => {
      throw new Error("No run of traffic in this test.");
    },
  });
  return { session, client };
}

describe("a session", () => {
  it("opens the first scenario at its first step", async () => {
    const { session } = sessionWith();
    await session.openLink("");
    expect(session.run.getState()).toMatchObject({ status: "ready", losses: [] });
    expect(session.playhead.getState()).toMatchObject({ step: 0, count: 46 });
    expect(session.transcript()).toBe("words");
  });

  it("is restored exactly by its own link", async () => {
    const { session } = sessionWith();
    await session.openLink("");
    seek(session.playhead, 23);
    session.view.setState({ tab: "state", file: "command:1" });
    const link = await session.link();

    const other = sessionWith().session;
    await other.openLink(link);
    expect(other.playhead.getState().step).toBe(23);
    expect(other.view.getState()).toMatchObject({ tab: "state", file: "command:1" });
    expect(other.run.getState().losses).toEqual([]);
  });

  it("shows the first scenario for a link to one it does not have, and says so", async () => {
    const { session } = sessionWith();
    await session.open(plainSpec("first-visit"));
    session.run.setState({ spec: plainSpec("lost") });
    const link = await session.link();
    await session.openLink(link);
    expect(session.run.getState().spec?.scenario).toBe("first-visit");
    expect(session.run.getState().losses[0]).toContain("lost");
  });

  it("opens a scenario at the step that a reference entry names", async () => {
    const { session } = sessionWith();
    await session.open(plainSpec("first-visit"), { layer: "database" });
    expect(session.journey()?.steps[session.playhead.getState().step].layer).toBe("database");
  });

  it("does not run again what is shown already", async () => {
    const { session, client } = sessionWith();
    await session.open(plainSpec("first-visit"));
    await session.open(plainSpec("first-visit"), { layer: "django" });
    expect(client.run).toHaveBeenCalledTimes(1);
  });

  it("says why a scenario cannot be run", async () => {
    const run = async () => {
      throw new Error("no such file");
    };
    const { session } = sessionWith({ run });
    await session.openLink("");
    expect(session.run.getState()).toMatchObject({ status: "failed", failure: "no such file" });
  });

  it("keeps the newer answer when two questions overlap", async () => {
    const journeys = [fixtureJourney(), { ...fixtureJourney(), seed: 99 }];
    let answerFirst = (): void => {};
    const run: JourneyClient["run"] = ({ scenario }) =>
      scenario === "first-visit"
        ? new Promise((resolve) => {
            answerFirst = () => resolve({ journey: journeys[0], transcript: "" });
          })
        : Promise.resolve({ journey: journeys[1], transcript: "" });
    const { session } = sessionWith({ run });
    const slow = session.open(plainSpec("first-visit"));
    await session.open(plainSpec("second-visit"));
    answerFirst();
    await slow;
    expect(session.journey()?.seed).toBe(99);
  });
});
