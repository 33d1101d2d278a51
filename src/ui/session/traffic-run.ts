// One run of traffic as the page holds it: the last frame, the stretches of time for the charts, what was
// changed, and the questions to the worker. Frames and stretches are held outside of the store.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { TrafficChange } from "../../simulation/traffic/changes.ts";
import type { TimeBucket } from "../../simulation/traffic/time-series.ts";
import type {
  ListedRequest,
  TakenChange,
  TextDraft,
  TrafficFrame,
  TrafficRunSpec,
} from "../../worker/traffic-protocol.ts";
import type { Frames } from "../playback/frames.ts";
import type { TrafficAnswer, TrafficClient } from "./traffic-client.ts";
import { startTrafficLoop } from "./traffic-loop.ts";
import { noTraffic, type TrafficState } from "./traffic-state.ts";

export type Listing = "slowest" | "failed" | "random";

export interface TrafficRun {
  readonly store: StoreApi<TrafficState>;
  /** The newest frame; null before the first. */
  frame(): TrafficFrame | null;
  /** The stretches of the run so far, in order. */
  buckets(): readonly TimeBucket[];
  /** Hears of every frame until the returned function is called. */
  onFrame(listener: (frame: TrafficFrame) => void): () => void;
  start(spec: TrafficRunSpec): Promise<void>;
  /** From the beginning again, with what was changed holding from the beginning. */
  restart(): Promise<void>;
  play(isPlaying: boolean): void;
  seek(timeNs: number): Promise<void>;
  change(change: TrafficChange): Promise<void>;
  undo(): Promise<void>;
  list(which: Listing, count: number): Promise<readonly ListedRequest[]>;
  open(request: number): Promise<TrafficAnswer<"opened">>;
  /** The texts as they stand, with what the programs say of a draft. */
  texts(draft: TextDraft | null): Promise<TrafficAnswer<"texts">>;
  /** From the beginning again, with another text. */
  restartWith(draft: TextDraft): Promise<void>;
  /** Keeps the results so far, to compare later ones with. */
  pin(): Promise<void>;
  unpin(): void;
  close(): void;
}

export interface TrafficRunOptions {
  readonly client: TrafficClient;
  readonly frames: Frames;
}

/** More dots than this are no picture any more. */
const DOTS_MAX = 2_000;
/** Work in one answer while the run hurries to a moment, in milliseconds. */
const HURRY_SLICE_MS = 40;

/** What the functions of one run share. */
interface Parts extends TrafficRunOptions {
  readonly store: StoreApi<TrafficState>;
  readonly listeners: Set<(frame: TrafficFrame) => void>;
  readonly held: {
    frame: TrafficFrame | null;
    buckets: TimeBucket[];
    stopLoop: (() => void) | null;
    /** Counts the runs begun: an answer to an older one is void. */
    generation: number;
  };
}

/** A run that asks `client`; nothing runs until `start`. */
export function createTrafficRun(options: TrafficRunOptions): TrafficRun {
  const parts: Parts = {
    ...options,
    store: createStore<TrafficState>(() => noTraffic),
    listeners: new Set(),
    held: { frame: null, buckets: [], stopLoop: null, generation: 0 },
  };
  const { client, store, held, listeners } = parts;
  return {
    store,
    frame: () => held.frame,
    buckets: () => held.buckets,
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (spec) => start(parts, spec),
    restart: () => restart(parts),
    play: (isPlaying) => play(parts, isPlaying),
    seek: (timeNs) => seek(parts, timeNs).catch((error) => fail(parts, error)),
    change: (change) => takeChange(parts, { kind: "change", change }),
    undo: () => takeChange(parts, { kind: "undo" }),
    list: async (which, count) =>
      (await client.ask({ kind: "list", which, count }, "listed")).requests,
    open: (request) => client.ask({ kind: "open", request }, "opened"),
    texts: (draft) => client.ask({ kind: "texts", draft }, "texts"),
    restartWith: (draft) => restart(parts, draft),
    pin: () => pin(parts),
    unpin() {
      store.setState({ pinned: null, pinnedRun: null, differences: [] });
      redraw(parts);
    },
    close() {
      held.stopLoop?.();
      client.close();
    },
  };
}

function redraw({ store }: Parts): void {
  store.setState(({ version }) => ({ version: version + 1 }));
}

function fail({ store }: Parts, error: unknown): void {
  store.setState({ status: "failed", failure: (error as Error).message, isPlaying: false });
}

function hear({ held, listeners }: Parts, frame: TrafficFrame): void {
  held.frame = frame;
  for (const bucket of frame.buckets) held.buckets[bucket.index] = bucket;
  for (const listener of listeners) listener(frame);
}

type MomentQuestion =
  | { readonly kind: "advance"; readonly toNs: number; readonly sliceMs?: number }
  | { readonly kind: "seek"; readonly timeNs: number };

/** Shows a moment of the run; null when another run was begun meanwhile. */
async function moment(parts: Parts, question: MomentQuestion): Promise<TrafficFrame | null> {
  const { generation } = parts.held;
  const { frame } = await parts.client.ask({ ...question, dotsMax: DOTS_MAX }, "frame");
  if (generation !== parts.held.generation) return null;
  hear(parts, frame);
  return frame;
}

async function pin(parts: Parts): Promise<void> {
  const { client, store, held } = parts;
  const { results } = await client.ask({ kind: "results" }, "results");
  const { spec, changes } = store.getState();
  const taken = changes.map(({ atNs, change }) => ({ atNs, change }));
  const pinnedRun =
    spec === null ? null : { spec: { ...spec, changes: taken }, timeNs: held.frame?.timeNs ?? 0 };
  store.setState({ pinned: results, pinnedRun, differences: [] });
  redraw(parts);
}

async function askResults(parts: Parts): Promise<void> {
  const { client, store, held } = parts;
  const { generation } = held;
  const { results, changes } = await client.ask({ kind: "results" }, "results");
  const { pinned } = store.getState();
  const compared =
    pinned === null ? null : await client.ask({ kind: "compare", with: pinned }, "compared");
  if (generation !== held.generation) return;
  const before = store.getState();
  store.setState({
    ...{ results, differences: compared?.sentences ?? [] },
    // What is the same stays the same object: nothing is drawn anew for it.
    changes: sameOr(before.changes, changes),
    settings: sameOr(before.settings, results.settings),
  });
}

/** `before`, when `now` says the same. */
function sameOr<T>(before: T, now: T): T {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function play(parts: Parts, isPlaying: boolean): void {
  const { store, held, frames } = parts;
  const state = store.getState();
  if (state.isPlaying === isPlaying || state.status !== "ready") return;
  held.stopLoop?.();
  held.stopLoop = null;
  store.setState({ isPlaying });
  if (!isPlaying) {
    rest(parts);
    return;
  }
  held.stopLoop = startTrafficLoop({
    ...{ store, frames, frame: () => held.frame },
    advance: (toNs) => moment(parts, { kind: "advance", toNs }),
    askResults: () => askResults(parts),
    redraw: () => redraw(parts),
    finish: () => {
      store.setState({ isPlaying: false });
      rest(parts);
    },
    fail: (error) => fail(parts, error),
  });
}

/** Brings every number on the screen up to the moment shown. */
function rest(parts: Parts): void {
  redraw(parts);
  askResults(parts).catch((error) => fail(parts, error));
}

async function start(parts: Parts, spec: TrafficRunSpec): Promise<void> {
  const { store, held, client } = parts;
  held.generation += 1;
  const { generation } = held;
  held.stopLoop?.();
  held.stopLoop = null;
  held.buckets = [];
  const { pinned, pinnedRun, attended, speed, jumps } = store.getState();
  store.setState({ ...noTraffic, pinned, pinnedRun, attended, speed, jumps: jumps + 1, spec });
  try {
    const answer = await client.ask({ kind: "start", spec }, "ready");
    if (generation !== held.generation) return;
    hear(parts, answer.frame);
    const { title, seed, settings, faults, problems } = answer;
    store.setState({ status: "ready", title, seed, settings, faults, problems });
    store.setState({ begunWith: settings });
    redraw(parts);
  } catch (error) {
    if (generation === held.generation) fail(parts, error);
  }
}

async function restart(parts: Parts, draft: TextDraft | null = null): Promise<void> {
  const { spec, changes, isPlaying } = parts.store.getState();
  if (spec === null) return;
  const { run, ...rest } = restartSpec(spec, changes);
  const files = draft === null ? run.files : { ...run.files, [draft.path]: draft.text };
  await start(parts, { ...rest, run: { ...run, files } });
  if (isPlaying) play(parts, true);
}

async function seek(parts: Parts, timeNs: number): Promise<void> {
  const { held, store } = parts;
  if (held.frame === null) return;
  if (timeNs <= held.frame.knownNs) await moment(parts, { kind: "seek", timeNs });
  else await hurry(parts, timeNs);
  store.setState(({ jumps }) => ({ jumps: jumps + 1 }));
  redraw(parts);
  if (!store.getState().isPlaying) await askResults(parts);
}

/** Texts that were changed hold from the beginning; what was broken breaks again at its time. */
export function restartSpec(spec: TrafficRunSpec, changes: readonly TakenChange[]): TrafficRunSpec {
  const edits = changes.flatMap(({ edit }) => (edit === null ? [] : [[edit.path, edit.after]]));
  const files = { ...spec.run.files, ...Object.fromEntries(edits) };
  const events = changes.filter(({ edit }) => edit === null);
  return {
    ...spec,
    run: { ...spec.run, files },
    changes: events.map(({ atNs, change }) => ({ atNs, change })),
  };
}

/** Runs to a moment that was not reached yet, as fast as it can. */
async function hurry(parts: Parts, timeNs: number): Promise<void> {
  const { store, held } = parts;
  store.setState({ runningToNs: timeNs });
  try {
    let reachedNs = -1;
    let frame = held.frame;
    while (frame !== null && frame.timeNs < timeNs && frame.timeNs > reachedNs) {
      reachedNs = frame.timeNs;
      frame = await moment(parts, { kind: "advance", toNs: timeNs, sliceMs: HURRY_SLICE_MS });
      redraw(parts);
    }
    // A run that is over advances no further; its last moments can be shown all the same.
    if (frame !== null && frame.timeNs < timeNs) await moment(parts, { kind: "seek", timeNs });
  } finally {
    store.setState({ runningToNs: null });
  }
}

type ChangeQuestion =
  | { readonly kind: "change"; readonly change: TrafficChange }
  | { readonly kind: "undo" };

async function takeChange(parts: Parts, question: ChangeQuestion): Promise<void> {
  const { client, held, store } = parts;
  try {
    const answer = await client.ask(question, "changed");
    const { frame, settings, changes } = answer;
    held.buckets = held.buckets.filter(({ fromNs }) => fromNs <= frame.knownNs);
    hear(parts, frame);
    store.setState(({ jumps }) => ({
      ...{ settings, changes, notice: toldOf(answer), isRefused: answer.problem !== null },
      jumps: answer.unmade === null ? jumps : jumps + 1,
    }));
    redraw(parts);
    await askResults(parts);
  } catch (error) {
    fail(parts, error);
  }
}

/** What became of a change in words; null when there is nothing to say. */
function toldOf({ problem, taken, unmade }: TrafficAnswer<"changed">): string | null {
  if (unmade === null) return problem ?? taken?.words ?? null;
  const at = `${(unmade.atNs / 1e9).toFixed(1)} s`;
  return `Back at ${at}, before this: ${unmade.words}`;
}
