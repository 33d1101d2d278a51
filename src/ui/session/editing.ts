// Editing the texts of the scenario that is shown: the changes and the way back, what the programs say
// of them, running them, and what then differs. One for each session; it follows the session when
// another scenario is opened.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Changes } from "../../simulation/edited-scenario.ts";
import type { JourneyFile } from "../../simulation/journey.ts";
import type { RunSpec } from "../../worker/protocol.ts";
import { type DraftStorage, draftKey, keepDraft, readDraft } from "./drafts.ts";
import { change, type Edits, isSame, redo, startEdits, type, undo, withText } from "./edits.ts";
import type { Session } from "./session.ts";
import { placesText } from "./trouble.ts";

export interface EditingState {
  readonly edits: Edits;
  /** The texts without changes; empty until they are known. */
  readonly originals: readonly JourneyFile[];
  /** The texts with what the programs said of them last. */
  readonly checked: readonly JourneyFile[];
  /** What the programs would print that belongs to no line. */
  readonly problems: readonly string[];
  readonly isChecking: boolean;
  /** Why the texts could not be checked or run, in words. */
  readonly trouble: string | null;
  /** Changes of an earlier visit that are not in use. */
  readonly offered: Changes | null;
  /** False when the changes are too much for this browser to keep. */
  readonly isKept: boolean;
}

export interface Editing {
  readonly state: StoreApi<EditingState>;
  /** What is run with the changes as they are. */
  spec(): RunSpec;
  /** A text was typed in. */
  type(path: string, text: string): void;
  /** Texts are given, added or removed (null) at once, as one change. */
  set(texts: Changes): void;
  /** A text goes back to what it was. */
  restore(path: string): void;
  restoreAll(): void;
  undo(): void;
  redo(): void;
  /** Runs the changes, and stays at the step shown or goes to the start. */
  run(from: "here" | "start"): Promise<void>;
  takeOffer(): void;
  refuseOffer(): void;
}

export interface EditingParts {
  readonly session: Session;
  readonly storage: DraftStorage;
  /** Runs `task` after `delayMs`; the returned function takes it back. */
  later(task: () => void, delayMs: number): () => void;
  nowMs(): number;
}

/** A pause in typing after which the programs are asked. */
const CHECK_DELAY_MS = 250;

const nothing: EditingState = {
  ...{ edits: startEdits({}), originals: [], checked: [], problems: [], isChecking: false },
  ...{ trouble: null, offered: null, isKept: true },
};

/** Editing for `session`; it begins with the run that is shown. */
export function createEditing(parts: EditingParts): Editing {
  const { session, storage, later, nowMs } = parts;
  const state = createStore<EditingState>(() => nothing);
  const changesNow = (): Changes => state.getState().edits.changes;
  let base = specOf(session);
  let cancelCheck = (): void => {};

  const spec = (): RunSpec => ({ ...base, files: changesNow() });
  const original = (path: string): string | null =>
    state.getState().originals.find((file) => file.path === path)?.text ?? null;

  /** Begins anew with what the session shows. */
  async function follow(): Promise<void> {
    base = specOf(session);
    const { files } = base;
    const kept = readDraft(storage, draftKey(base));
    const offered = kept !== null && !isSame(kept, files) ? kept : null;
    const shown = session.journey()?.files ?? [];
    const isPlain = Object.keys(files).length === 0;
    state.setState({
      ...{ ...nothing, edits: startEdits(files), checked: shown, offered },
      originals: isPlain ? shown : [],
    });
    const mine = base;
    try {
      const { files: originals } = await session.client.check({ ...base, files: {} });
      if (mine !== base) return;
      state.setState({ originals });
      // A run that came with its changes, by a link or a reload, has been compared by nobody yet.
      if (session.run.getState().compared === null) await compare(session, mine);
    } catch (error) {
      state.setState({ trouble: (error as Error).message });
    }
  }

  function take(edits: Edits): void {
    if (edits === state.getState().edits) return;
    const isKept = keepDraft(storage, draftKey(base), edits.changes);
    state.setState({ edits, isKept, offered: null, trouble: null });
    cancelCheck();
    cancelCheck = later(() => void check(), CHECK_DELAY_MS);
  }

  async function check(): Promise<void> {
    const asked = changesNow();
    state.setState({ isChecking: true });
    try {
      const { files, problems } = await session.client.check(spec());
      if (asked === changesNow()) state.setState({ checked: files, problems, isChecking: false });
    } catch (error) {
      if (asked !== changesNow()) return;
      const trouble = `${(error as Error).message} ${placesText(base.files, asked, original)}`;
      state.setState({ trouble, isChecking: false });
    }
  }

  session.run.subscribe((now, before) => {
    if (now.version !== before.version && now.status === "ready" && !isOurs(now.spec))
      void follow();
  });
  /** Whether the run shown is of the scenario and the changes that are edited here. */
  function isOurs(shown: RunSpec | null): boolean {
    if (shown === null || draftKey(shown) !== draftKey(base)) return false;
    const isRun = isSame(shown.files, changesNow()) || isSame(shown.files, base.files);
    if (isRun) base = shown;
    return isRun;
  }
  void follow();

  return {
    state,
    spec,
    type(path, text) {
      const { edits } = state.getState();
      const changes = withText(edits.changes, original(path), { path, text });
      take(type(edits, { path, changes, atMs: nowMs() }));
    },
    set(texts) {
      let changes = changesNow();
      for (const [path, text] of Object.entries(texts))
        changes = withText(changes, original(path), { path, text });
      take(change(state.getState().edits, changes));
    },
    restore(path) {
      const { [path]: _, ...others } = changesNow();
      take(change(state.getState().edits, others));
    },
    restoreAll: () => take(change(state.getState().edits, {})),
    undo: () => take(undo(state.getState().edits)),
    redo: () => take(redo(state.getState().edits)),
    async run(from) {
      const wanted = spec();
      const { isDone, failure } = await session.rerun(wanted, from);
      const trouble =
        failure === null
          ? null
          : `${failure} ${placesText(base.files, wanted.files, original)} The last run is still shown.`;
      state.setState({ trouble });
      if (isDone) await compare(session, wanted);
    },
    takeOffer() {
      const { offered, edits } = state.getState();
      if (offered !== null) take(change(edits, offered));
    },
    refuseOffer() {
      keepDraft(storage, draftKey(base), changesNow());
      state.setState({ offered: null });
    },
  };
}

function specOf(session: Session): RunSpec {
  return session.run.getState().spec ?? { scenario: "", seed: null, files: {}, actions: [] };
}

/** Says in the session what differs from the run without changes; failing that, nothing. */
async function compare(session: Session, spec: RunSpec): Promise<void> {
  if (Object.keys(spec.files).length === 0) return;
  const compared = await session.client.compare(spec, { ...spec, files: {} }).catch(() => null);
  if (session.run.getState().spec === spec) session.run.setState({ compared });
}
