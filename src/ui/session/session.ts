// One session of the app: the stores, the worker's answers, and the link that mirrors them. The journey
// itself is held here and not in a store: stores hold a version number, so that nothing copies or
// compares hundreds of steps to find out that one number changed.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Journey } from "../../simulation/journey.ts";
import type { Catalog, MachineDrawing, RunSpec } from "../../worker/protocol.ts";
import { startClock } from "../playback/clock.ts";
import type { Frames } from "../playback/frames.ts";
import { createPlayhead, type PlayheadStore, seek } from "../playback/playhead.ts";
import type { JourneyClient } from "./journey-client.ts";
import { type LinkState, readLink, writeLink } from "./link.ts";
import { createSettings, type SettingsStorage, type SettingsStore } from "./settings.ts";
import { findStep, findTarget, isStop, type StepTarget } from "./steps.ts";
import { createView, firstView, sharedView, type ViewStore } from "./view.ts";

export interface RunState {
  readonly status: "running" | "ready" | "failed";
  /** Counts the journeys received; what depends on the journey depends on this. */
  readonly version: number;
  readonly spec: RunSpec | null;
  /** Why there is no journey, when the run failed. */
  readonly failure: string | null;
  /** What a link could not restore. */
  readonly losses: readonly string[];
}

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
  let journey: Journey | null = null;
  let transcript = "";
  let catalog: Catalog = { scenarios: [], machines: [] };
  let question = 0;

  startClock({
    playhead,
    frames,
    stopsAt: (step) => {
      const { stopAt } = view.getState();
      return stopAt !== null && journey !== null && isStop(journey.steps[step], stopAt);
    },
  });

  /** Asks for a journey; false when it failed or another question overtook it. */
  async function ask(spec: RunSpec): Promise<boolean> {
    const mine = ++question;
    playhead.setState({ isPlaying: false });
    run.setState({ status: "running", spec, failure: null });
    try {
      const answer = await client.run(spec);
      if (mine !== question) return false;
      journey = answer.journey;
      transcript = answer.transcript;
    } catch (error) {
      if (mine === question) run.setState({ status: "failed", failure: (error as Error).message });
      return false;
    }
    playhead.setState({ step: 0, count: journey.steps.length });
    return true;
  }

  function show(): void {
    run.setState(({ version }) => ({ status: "ready", version: version + 1 }));
  }

  async function loadCatalog(): Promise<boolean> {
    if (catalog.scenarios.length > 0) return true;
    try {
      catalog = await client.catalog();
      if (catalog.scenarios.length === 0) throw new Error("This version holds no scenarios.");
      return true;
    } catch (error) {
      run.setState({ status: "failed", failure: (error as Error).message });
      return false;
    }
  }

  async function restore(state: LinkState): Promise<void> {
    const losses: string[] = [];
    const isKnown = catalog.scenarios.some(({ id }) => id === state.spec.scenario);
    if (!isKnown)
      losses.push(`The scenario “${state.spec.scenario}” is not part of this version.`);
    view.setState({ ...(isKnown ? state.view : firstView), dialog: null });
    if (!(await ask(isKnown ? state.spec : plainSpec(catalog.scenarios[0].id)))) return;
    if (isKnown && state.step !== null && journey !== null) {
      const found = findStep(journey, state.step);
      if (found === null) losses.push("The step of this link does not happen in this run.");
      else if (!found.exact) losses.push("The step of this link is not in this run; a near one is.");
      seek(playhead, found?.index ?? 0);
    }
    run.setState((now) => ({ losses: [...now.losses, ...losses] }));
    show();
  }

  return {
    ...{ playhead, view, run, frames, settings: createSettings(storage) },
    journey: () => journey,
    transcript: () => transcript,
    catalog: () => catalog,
    machine: (name) => catalog.machines.find((machine) => machine.name === name) ?? null,
    async open(spec, target) {
      run.setState({ losses: [] });
      view.setState({ screen: "journey", dialog: null, peek: null, file: null });
      const isShown = JSON.stringify(run.getState().spec) === JSON.stringify(spec);
      if (!(isShown && run.getState().status === "ready") && !(await ask(spec))) return;
      if (target !== undefined && journey !== null)
        seek(playhead, findTarget(journey, target) ?? 0);
      show();
    },
    async openLink(fragment) {
      if (!(await loadCatalog())) return;
      const { state, losses } = await readLink(fragment);
      run.setState({ losses });
      const first = { spec: plainSpec(catalog.scenarios[0].id), view: firstView, step: null };
      await restore(state ?? first);
    },
    link() {
      const spec = run.getState().spec ?? plainSpec("");
      const step = journey?.steps[playhead.getState().step]?.id ?? null;
      return writeLink({ spec, view: sharedView(view.getState()), step });
    },
    dismissLosses: () => run.setState({ losses: [] }),
  };
}
