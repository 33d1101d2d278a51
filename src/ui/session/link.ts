// A link holds everything that makes the screen what it is: scenario, changes to its files, seed,
// actions, view and the step's identity. Reading one never fails outright: what could not be
// restored is said in words, and the rest is shown.
import type { Changes } from "../../simulation/edited-scenario.ts";
import type { StepId } from "../../simulation/journey.ts";
import type { Action } from "../../simulation/scenario.ts";
import type { RunSpec } from "../../worker/protocol.ts";
import { packText, unpackText } from "./link-bytes.ts";
import { isScreen, isTab, type SharedView, type ZoomPlace } from "./view.ts";

export const LINK_PREFIX = "#v1=";

export interface LinkState {
  readonly spec: RunSpec;
  readonly view: SharedView;
  readonly step: StepId | null;
  /** What there is to say of a run of traffic; read by the traffic screen. Null for none. */
  readonly traffic: unknown;
}

export interface ReadLink {
  /** Null when nothing of the link could be used. */
  readonly state: LinkState | null;
  /** What could not be restored, one sentence each. */
  readonly losses: readonly string[];
}

/** Most actions a scenario may have. */
const ACTIONS_MAX = 10_000;

/** The fragment that restores `state`, `#` included. */
export async function writeLink(state: LinkState): Promise<string> {
  const { spec, view, step, traffic } = state;
  const stored = {
    s: spec.scenario,
    ...(spec.seed === null ? {} : { n: spec.seed }),
    ...(spec.own === undefined ? {} : { o: spec.own }),
    ...(Object.keys(spec.files).length === 0 ? {} : { f: spec.files }),
    ...(spec.actions.length === 0 ? {} : { a: spec.actions }),
    v: view.zoom === null ? { ...view, zoom: undefined } : view,
    ...(traffic === null ? {} : { t: traffic }),
    ...(step === null ? {} : { p: [step.request, step.machine, step.transition, step.occurrence] }),
  };
  return `${LINK_PREFIX}${await packText(JSON.stringify(stored))}`;
}

/** Reads a fragment. An empty one is no link: no state and nothing lost. */
export async function readLink(fragment: string): Promise<ReadLink> {
  if (fragment === "" || fragment === "#") return { state: null, losses: [] };
  if (!fragment.startsWith(LINK_PREFIX)) {
    const version = /^#v(\d+)=/.exec(fragment);
    return version === null
      ? lost("This link is not one of ours, so the first scenario is shown.")
      : lost(`This link has format ${version[1]}, which this version cannot read.`);
  }
  try {
    const text = await unpackText(fragment.slice(LINK_PREFIX.length));
    return restore(JSON.parse(text) as unknown);
  } catch (error) {
    const isTooLong = error instanceof RangeError;
    return lost(
      isTooLong
        ? "This link is longer than the limit, so nothing of it was read."
        : "This link is damaged: part of it is missing or changed, so nothing could be restored.",
    );
  }
}

function lost(sentence: string): ReadLink {
  return { state: null, losses: [sentence] };
}

function restore(stored: unknown): ReadLink {
  if (!isRecord(stored) || typeof stored.s !== "string")
    return lost("This link names no scenario, so nothing could be restored.");
  const losses: string[] = [];
  const view = readView(stored.v, losses);
  const spec: RunSpec = {
    scenario: stored.s,
    seed: readSeed(stored.n, losses),
    files: readFiles(stored.f, losses),
    actions: readActions(stored.a, losses),
    // The worker reads it as it reads any file, and says what is wrong.
    ...(typeof stored.o === "string" && { own: stored.o }),
  };
  const step = readStep(stored.p, losses);
  return { state: { spec, view, step, traffic: stored.t ?? null }, losses };
}

function readSeed(value: unknown, losses: string[]): number | null {
  if (value === undefined) return null;
  if (Number.isSafeInteger(value)) return value as number;
  losses.push("The seed in this link is not a whole number; the scenario's own is used.");
  return null;
}

function readFiles(value: unknown, losses: string[]): Changes {
  if (value === undefined) return {};
  const isFiles =
    isRecord(value) &&
    Object.values(value).every((text) => text === null || typeof text === "string");
  if (isFiles) return value as Changes;
  losses.push("The changed files in this link could not be read; the scenario's own are shown.");
  return {};
}

function readActions(value: unknown, losses: string[]): readonly Action[] {
  if (value === undefined) return [];
  const isList =
    Array.isArray(value) &&
    value.length <= ACTIONS_MAX &&
    value.every((item) => isRecord(item) && typeof item.at === "number" && item.at >= 0);
  if (isList) return value as Action[];
  losses.push("The actions in this link could not be read and were left out.");
  return [];
}

function readStep(value: unknown, losses: string[]): StepId | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) {
    const [request, machine, transition, occurrence] = value as unknown[];
    const isStep =
      Number.isInteger(request) &&
      typeof machine === "string" &&
      typeof transition === "string" &&
      Number.isInteger(occurrence);
    if (isStep)
      return { request: Number(request), machine, transition, occurrence: Number(occurrence) };
  }
  losses.push("The step in this link could not be read; the start is shown.");
  return null;
}

function readView(value: unknown, losses: string[]): SharedView {
  const view = isRecord(value) ? value : {};
  if (!isRecord(value)) losses.push("The view in this link could not be read.");
  return {
    screen: isScreen(view.screen) ? view.screen : "journey",
    tab: isTab(view.tab) ? view.tab : "why",
    file: typeof view.file === "string" ? view.file : null,
    isPresenting: view.isPresenting === true,
    peek: typeof view.peek === "string" ? view.peek : null,
    zoom: readZoom(view.zoom),
  };
}

/** Links of earlier versions have none. */
function readZoom(value: unknown): ZoomPlace | null {
  if (!isRecord(value)) return null;
  const { scale, x, y } = value;
  const isPlace = [scale, x, y].every((part) => typeof part === "number" && Number.isFinite(part));
  return isPlace ? { scale: Number(scale), x: Number(x), y: Number(y) } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
