// One session of the app: the stores, the worker's answers, and the link that mirrors them. The journey
// itself is held by the runner and not in a store: stores hold a version number, so that nothing copies
// or compares hundreds of steps to find out that one number changed.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Journey, StepId } from "../../simulation/journey.ts";
import type { Catalog, MachineDrawing, RunSpec } from "../../worker/protocol.ts";
import { startClock } from "../playback/clock.ts";
import type { Frames } from "../playback/frames.ts";
import { createPlayhead, type PlayheadStore, seek } from "../playback/playhead.ts";
import type { JourneyClient } from "./journey-client.ts";
import { type LinkState, readLink, writeLink } from "./link.ts";
import { createRunner, type Runner, type RunState } from "./runner.ts";
import { createSettings, type SettingsStorage, type SettingsStore } from "./settings.ts";
import { findStep, findTarget, isStop, type StepTarget } from "./steps.ts";
import { createView, firstView, sharedView, type ViewStore } from "./view.ts";

export interface Session {
  readonly playhead: PlayheadStore;
  readonly view: ViewStore;
  readonly settings: SettingsStore;
  readonly run: StoreApi<RunState>;
  readonly frames: Frames;
  journey(): Journey | null;
  /** The journey in words alone. */
  transcript(): string;
  catalog(): Catalog;
  machine(name: string): MachineDrawing | null;
  /** Runs `spec` and shows the step wanted, or the first. */
  open(spec: RunSpec, target?: StepTarget): Promise<void>;
  /** Runs `spec` and stays at the step shown, or the nearest to it; false when it could not be run. */
  rerun(spec: RunSpec): Promise<boolean>;
  /** Restores what a fragment says; an empty fragment opens the first scenario. */
  openLink(fragment: string): Promise<void>;
  /** The fragment that restores this screen. */
  link(): Promise<string>;
  dismissLosses(): void;
}

export interface SessionOptions {
  readonly client: JourneyClient;
  readonly storage: SettingsStorage;
  readonly frames: Frames;
}

type Stores = Pick<Session, "playhead" | "view" | "run">;

/** A plain run of a scenario: its own seed, its own files, its own timeline. */
export function plainSpec(scenario: string): RunSpec {
  return { scenario, seed: null, files: {}, actions: [] };
}

/** Makes a session; nothing runs until a link or a scenario is opened. */
export function createSession({ client, storage, frames }: SessionOptions): Session {
  const playhead = createPlayhead();
  const view = createView();
  const run = createStore<RunState>(() => ({
    ...{ status: "running", version: 0, spec: null, failure: null, losses: [] },
  }));
  const stores = { playhead, view, run };
  const runner = createRunner({ client, run, playhead });
  const journey = (): Journey | null => runner.told()?.journey ?? null;
  startClock({
    playhead,
    frames,
    stopsAt: (step) => {
      const { stopAt } = view.getState();
      const shown = journey()?.steps[step];
      return stopAt !== null && shown !== undefined && isStop(shown, stopAt);
    },
  });
  return {
    ...{ ...stores, frames, journey, settings: createSettings(storage) },
    transcript: () => runner.told()?.transcript ?? "",
    catalog: runner.catalog,
    machine: (name) => runner.catalog().machines.find((machine) => machine.name === name) ?? null,
    open: (spec, target) => open(stores, runner, { spec, target }),
    rerun: (spec) => rerun(stores, runner, spec),
    async openLink(fragment) {
      if (!(await runner.loadCatalog())) return;
      const { state, losses } = await readLink(fragment);
      run.setState({ losses });
      await restore(stores, runner, state);
    },
    link() {
      const spec = run.getState().spec ?? plainSpec("");
      const step = journey()?.steps[playhead.getState().step]?.id ?? null;
      return writeLink({ spec, view: sharedView(view.getState()), step });
    },
    dismissLosses: () => run.setState({ losses: [] }),
  };
}

interface Wanted {
  readonly spec: RunSpec;
  readonly target?: StepTarget;
}

async function open(stores: Stores, runner: Runner, { spec, target }: Wanted): Promise<void> {
  const { playhead, view, run } = stores;
  run.setState({ losses: [] });
  view.setState({ screen: "journey", dialog: null, peek: null, file: null });
  const { status, spec: shown } = run.getState();
  const isShown = status === "ready" && JSON.stringify(shown) === JSON.stringify(spec);
  if (!isShown && !(await runner.ask(spec))) return;
  const journey = runner.told()?.journey;
  if (target !== undefined && journey !== undefined)
    seek(playhead, findTarget(journey, target) ?? 0);
  showNew(run);
}

async function rerun({ playhead, run }: Stores, runner: Runner, spec: RunSpec): Promise<boolean> {
  const { step } = playhead.getState();
  const id = runner.told()?.journey.steps[step]?.id;
  if (!(await runner.ask(spec))) return false;
  const journey = runner.told()?.journey;
  const found = id === undefined || journey === undefined ? null : findStep(journey, id);
  seek(playhead, found?.index ?? step);
  showNew(run);
  return true;
}

/** Shows what a link holds, or the first scenario, and says what of the link is not here. */
async function restore(stores: Stores, runner: Runner, state: LinkState | null): Promise<void> {
  const { playhead, view, run } = stores;
  const { scenarios } = runner.catalog();
  const isKnown = state === null || scenarios.some(({ id }) => id === state.spec.scenario);
  const kept = isKnown ? state : null;
  const losses = isKnown ? [] : [`The scenario “${state.spec.scenario}” is not in this version.`];
  view.setState({ ...(kept?.view ?? firstView), dialog: null });
  if (!(await runner.ask(kept?.spec ?? plainSpec(scenarios[0].id)))) return;
  const journey = runner.told()?.journey;
  if (kept !== null && kept.step !== null && journey !== undefined)
    losses.push(...seekStep(playhead, journey, kept.step));
  run.setState((now) => ({ losses: [...now.losses, ...losses] }));
  showNew(run);
}

/** Shows the step with this identity or the nearest to it; says so when it is not the same. */
function seekStep(playhead: PlayheadStore, journey: Journey, id: StepId): readonly string[] {
  const found = findStep(journey, id);
  seek(playhead, found?.index ?? 0);
  if (found === null) return ["The step of this link does not happen in this run."];
  return found.exact ? [] : ["The step of this link is not in this run; the nearest is shown."];
}

function showNew(run: StoreApi<RunState>): void {
  run.setState(({ version }) => ({ status: "ready", version: version + 1 }));
}
