// One session of the app: the stores, the worker's answers, and the link that mirrors them. The journey
// itself is held by the runner and not in a store: stores hold a version number, so that nothing copies
// or compares hundreds of steps to find out that one number changed.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Journey, StepId } from "../../simulation/journey.ts";
import type { Catalog, RunSpec, ToldJourney } from "../../worker/protocol.ts";
import type { ListedRequest } from "../../worker/traffic-protocol.ts";
import { startClock } from "../playback/clock.ts";
import type { Frames } from "../playback/frames.ts";
import { createPlayhead, type PlayheadStore, seek } from "../playback/playhead.ts";
import { type CrowdStore, createCrowd, crowdLink } from "./crowd.ts";
import type { JourneyClient } from "./journey-client.ts";
import { type LinkState, readLink, writeLink } from "./link.ts";
import { createRunner, type Runner, type RunState } from "./runner.ts";
import { createSettings, type SettingsStorage, type SettingsStore } from "./settings.ts";
import { findStep, findTarget, isStop, type StepTarget } from "./steps.ts";
import type { TrafficPort } from "./traffic-client.ts";
import { createView, firstView, type Screen, sharedView, type ViewStore } from "./view.ts";

export interface Session {
  readonly playhead: PlayheadStore;
  readonly view: ViewStore;
  readonly settings: SettingsStore;
  readonly run: StoreApi<RunState>;
  readonly frames: Frames;
  /** The worker, for those who edit. */
  readonly client: JourneyClient;
  readonly crowd: CrowdStore;
  /** Starts a worker for a run of traffic. */
  trafficPort(): TrafficPort;
  journey(): Journey | null;
  /** The journey in words alone. */
  transcript(): string;
  catalog(): Catalog;
  /** Runs `spec` and shows the step wanted, or the first. */
  open(spec: RunSpec, target?: StepTarget): Promise<void>;
  /**
   * Runs `spec` in the place of the run shown and stays at its step, or the nearest to it, or goes to the
   * start. When that fails the run shown stays.
   */
  rerun(spec: RunSpec, from?: "here" | "start"): Promise<Rerun>;
  /** Loads the catalogue, unless it is there. */
  list(): Promise<void>;
  /** Shows a request of the run of traffic, at `step` or where the request begins. */
  show(told: ToldJourney, opened: OpenedRequest, step: StepId | null): void;
  /** Restores what a fragment says; an empty fragment opens the first scenario. */
  openLink(fragment: string): Promise<void>;
  /** The fragment that restores this screen. */
  link(): Promise<string>;
  dismissLosses(): void;
}

/** A request of a crowd, and the numbers of all its tries in order. */
export type OpenedRequest = Pick<ListedRequest, "request" | "tries">;

/** How running again went: not done when it failed, or when another question overtook it. */
export interface Rerun {
  readonly isDone: boolean;
  readonly failure: string | null;
}

export interface SessionOptions {
  readonly client: JourneyClient;
  readonly storage: SettingsStorage;
  readonly frames: Frames;
  trafficPort(): TrafficPort;
}

/** The first of the library: the worker has it before it has the others. */
export const FIRST_SCENARIO = "first-visit";

type Stores = Pick<Session, "playhead" | "view" | "run" | "crowd">;

/** The heading of the scenarios that are lessons about a crowd. */
const TRAFFIC_GROUP = "Traffic";

/** A plain run of a scenario: its own seed, its own files, its own timeline. */
export function plainSpec(scenario: string): RunSpec {
  return { scenario, seed: null, files: {}, actions: [] };
}

/** Makes a session; nothing runs until a link or a scenario is opened. */
export function createSession({ client, storage, frames, trafficPort }: SessionOptions): Session {
  const playhead = createPlayhead();
  const view = createView();
  const run = createStore<RunState>(() => ({
    ...{ status: "running", version: 0, spec: null, isListed: false },
    ...{ failure: null, losses: [], compared: null },
  }));
  const crowd = createCrowd();
  const stores = { playhead, view, run, crowd };
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
    ...{ ...stores, client, frames, journey, trafficPort, settings: createSettings(storage) },
    transcript: () => runner.told()?.transcript ?? "",
    catalog: runner.catalog,
    list: runner.list,
    open: (spec, target) => open(stores, runner, { spec, target }),
    rerun: (spec, from = "here") => rerun(stores, runner, { spec, from }),
    show(told, { request, tries }, step) {
      runner.accept(told);
      const begin = told.journey.steps.findIndex((each) => each.request === request);
      if (step === null) seek(playhead, Math.max(0, begin));
      else run.setState({ losses: seekStep(playhead, told.journey, step) });
      crowd.setState({ opened: request, tries });
      view.setState({ screen: "journey", dialog: null, peek: null, file: null });
      showNew(run);
    },
    async openLink(fragment) {
      // The first scenario needs no list of the others.
      const isPlain = fragment === "" || fragment === "#";
      if (!isPlain && !(await runner.loadCatalog())) return;
      const { state, losses } = await readLink(fragment);
      run.setState({ losses });
      await restore(stores, runner, state);
    },
    link() {
      const spec = run.getState().spec ?? plainSpec("");
      const step = journey()?.steps[playhead.getState().step]?.id ?? null;
      const isCrowd = view.getState().screen === "traffic" || crowd.getState().opened !== null;
      const traffic = isCrowd ? crowdLink(crowd) : null;
      return writeLink({ spec, view: sharedView(view.getState()), step, traffic });
    },
    dismissLosses: () => run.setState({ losses: [] }),
  };
}

interface Wanted {
  readonly spec: RunSpec;
  readonly target?: StepTarget;
}

async function open(stores: Stores, runner: Runner, { spec, target }: Wanted): Promise<void> {
  const { playhead, view, run, crowd } = stores;
  run.setState({ losses: [] });
  view.setState(({ screen }) => ({
    ...{ screen: screenFor(runner, spec, screen, target), dialog: null, peek: null, file: null },
  }));
  const { status, spec: shown } = run.getState();
  const isOwn = crowd.getState().opened === null;
  crowd.setState({ opened: null, wanted: null, wantedStep: null });
  const isShown = isOwn && status === "ready" && JSON.stringify(shown) === JSON.stringify(spec);
  if (!isShown && !(await runner.ask(spec))) return;
  const journey = runner.told()?.journey;
  if (target !== undefined && journey !== undefined)
    seek(playhead, findTarget(journey, target) ?? 0);
  showNew(run);
}

interface Again {
  readonly spec: RunSpec;
  readonly from: "here" | "start";
}

async function rerun(
  { playhead, run, crowd }: Stores,
  runner: Runner,
  { spec, from }: Again,
): Promise<Rerun> {
  const { spec: shown, version } = run.getState();
  const { step, count } = playhead.getState();
  const id = from === "here" ? runner.told()?.journey.steps[step]?.id : undefined;
  if (!(await runner.ask(spec))) {
    const { failure, status } = run.getState();
    if (status !== "failed") return { isDone: false, failure: null };
    run.setState({ status: "ready", spec: shown, failure: null, version: version + 1 });
    playhead.setState({ step, count });
    return { isDone: false, failure };
  }
  crowd.setState({ opened: null });
  const journey = runner.told()?.journey;
  const found = id === undefined || journey === undefined ? null : findStep(journey, id);
  seek(playhead, found?.index ?? (from === "here" ? step : 0));
  showNew(run);
  return { isDone: true, failure: null };
}

/** A scenario that is about traffic opens there; where a crowd is looked at, the next one is as well. */
function screenFor(
  runner: Runner,
  { scenario }: RunSpec,
  screen: Screen,
  target: StepTarget | undefined,
): Screen {
  const group = runner.catalog().scenarios.find(({ id }) => id === scenario)?.group;
  const isCrowd = target === undefined && (screen === "traffic" || group === TRAFFIC_GROUP);
  return isCrowd ? "traffic" : "journey";
}

/** Shows what a link holds, or the first scenario, and says what of the link is not here. */
async function restore(stores: Stores, runner: Runner, state: LinkState | null): Promise<void> {
  const { playhead, view, run, crowd } = stores;
  const { scenarios } = runner.catalog();
  const isKnown =
    state === null ||
    state.spec.own !== undefined ||
    scenarios.some(({ id }) => id === state.spec.scenario);
  const kept = isKnown ? state : null;
  const losses = isKnown ? [] : [`The scenario “${state.spec.scenario}” is not in this version.`];
  const wanted = kept?.traffic ?? null;
  crowd.setState({
    opened: null,
    wanted,
    wantedStep: wanted === null ? null : (kept?.step ?? null),
  });
  view.setState({ ...(kept?.view ?? firstView), dialog: null });
  if (wanted !== null) view.setState({ screen: "traffic" });
  if (!(await runner.ask(kept?.spec ?? plainSpec(FIRST_SCENARIO)))) return;
  const journey = runner.told()?.journey;
  if (kept !== null && kept.step !== null && wanted === null && journey !== undefined)
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
