// Editing: what is typed is checked after a pause, run in the place of the run shown, kept for the next
// visit, and survives a run that fails.
import { describe, expect, it, vi } from "vitest";
import type { Changes } from "../../../src/simulation/edited-scenario.ts";
import { createFrames } from "../../../src/ui/playback/frames.ts";
import { createEditing } from "../../../src/ui/session/editing.ts";
import { createSession, plainSpec } from "../../../src/ui/session/session.ts";
import type { RunSpec } from "../../../src/worker/protocol.ts";
import { fixtureJourney } from "../fixtures/journey.ts";
import { silentEditing } from "../fixtures/session.tsx";

const journey = fixtureJourney();
const [file] = journey.files.filter(({ path }) => path.startsWith("/"));
const KEY = "roundtrip.draft.first-visit";

function storage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem(key: string, value: string) {
      kept[key] = value;
    },
    removeItem(key: string) {
      delete kept[key];
    },
  };
}

/** Editing whose worker and clock are in the test's hands. */
async function setUp(kept: Record<string, string> = {}, files: Changes = {}) {
  const run = vi.fn(async (_: RunSpec) => ({ journey, transcript: "" }));
  const check = vi.fn(async (_: RunSpec) => ({ files: journey.files, problems: [] }));
  const scenarios = [{ id: "first-visit", group: "The path", title: "", sentence: "" }];
  const session = createSession({
    client: {
      ...silentEditing,
      catalog: async () => ({ scenarios, machines: [] }),
      run,
      check,
    },
    storage: { getItem: () => null, setItem: () => {} },
    frames: createFrames(() => {}),
    trafficPort: () => {
      throw new Error("no traffic here");
    },
  });
  await session.open({ ...plainSpec("first-visit"), files });
  const store = storage(kept);
  let due: (() => void) | null = null;
  const editing = createEditing({
    session,
    storage: store,
    nowMs: () => 0,
    later(task) {
      due = task;
      return () => {
        due = null;
      };
    },
  });
  await vi.waitFor(() => expect(editing.state.getState().originals.length).toBeGreaterThan(0));
  const changes = (): Changes => editing.state.getState().edits.changes;
  return { editing, session, run, check, store, changes, pause: () => due?.() };
}

describe("editing", () => {
  it("asks the programs once, after a pause in typing", async () => {
    const { editing, check, pause } = await setUp();
    check.mockClear();
    editing.type(file.path, "a");
    editing.type(file.path, "ab");
    expect(check).not.toHaveBeenCalled();
    pause();
    expect(check).toHaveBeenCalledOnce();
    expect(check.mock.calls[0][0].files).toEqual({ [file.path]: "ab" });
  });

  it("runs the changes, and asks what differs", async () => {
    const { editing, session, run } = await setUp();
    editing.type(file.path, "changed");
    await editing.run("here");
    expect(run.mock.lastCall?.[0].files).toEqual({ [file.path]: "changed" });
    expect(session.run.getState().compared).not.toBeNull();
    expect(session.run.getState().spec?.files).toEqual({ [file.path]: "changed" });
  });

  it("asks what differs, too, in a run that came with its changes by a link", async () => {
    const { session } = await setUp({}, { [file.path]: "changed" });
    await vi.waitFor(() => expect(session.run.getState().compared).not.toBeNull());
  });

  it("keeps the run shown and the text when a run fails, and says where it was changed", async () => {
    const { editing, session, run, changes } = await setUp();
    editing.type(file.path, `# new\n${file.text}`);
    run.mockRejectedValueOnce(new Error("This run took longer than 10 seconds."));
    await editing.run("start");
    expect(session.run.getState()).toMatchObject({ status: "ready", spec: { files: {} } });
    expect(changes()).toEqual({ [file.path]: `# new\n${file.text}` });
    expect(editing.state.getState().trouble).toBe(
      `This run took longer than 10 seconds. What changed since the last run that ended: ${file.path}:1. The last run is still shown.`,
    );
  });

  it("keeps what is typed for the next visit, until it is the original again", async () => {
    const { editing, store } = await setUp();
    editing.type(file.path, "x");
    expect(JSON.parse(store.kept[KEY]).changes).toEqual({ [file.path]: "x" });
    editing.type(file.path, file.text);
    expect(store.kept).toEqual({});
  });

  it("offers what was kept, and uses it when asked", async () => {
    const kept = { [KEY]: JSON.stringify({ v: 1, changes: { [file.path]: "kept" } }) };
    const { editing, changes } = await setUp(kept);
    expect(changes()).toEqual({});
    expect(editing.state.getState().offered).toEqual({ [file.path]: "kept" });
    editing.takeOffer();
    expect(changes()).toEqual({ [file.path]: "kept" });
    editing.undo();
    expect(changes()).toEqual({});
  });

  it("begins anew with another scenario", async () => {
    const { editing, session, changes } = await setUp();
    editing.type(file.path, "x");
    await session.open(plainSpec("second-visit"));
    expect(changes()).toEqual({});
  });
});
