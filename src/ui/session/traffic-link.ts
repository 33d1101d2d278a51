// What a link says of a run of traffic: the changes with their times, the seed, the moment shown, and the
// request opened. Reading one never fails: what cannot be read is left out and said in words.
import type { TrafficChange } from "../../simulation/traffic/changes.ts";
import type { TrafficRunSpec } from "../../worker/traffic-protocol.ts";

/** A run up to a moment of it. */
export interface LinkedRun {
  readonly changes: TrafficRunSpec["changes"];
  /** Texts that hold from the beginning of the run, by path. */
  readonly files: TrafficRunSpec["run"]["files"];
  readonly seed: number | null;
  readonly timeNs: number;
}

export interface TrafficLink extends LinkedRun {
  /** The run that is drawn beside it; null for none. */
  readonly pinned: LinkedRun | null;
  /** The request that the journey shows; null for the run itself. */
  readonly opened: number | null;
}

/** As it is stored: short keys, and nothing that is the same as in a new run. */
export function packTraffic({ opened, pinned, ...own }: TrafficLink): unknown {
  return {
    ...packRun(own),
    ...(opened === null ? {} : { o: opened }),
    ...(pinned === null ? {} : { p: packRun(pinned) }),
  };
}

function packRun({ changes, files, seed, timeNs }: LinkedRun): Record<string, unknown> {
  return {
    m: timeNs / 1e6,
    ...(changes.length === 0 ? {} : { c: changes.map(({ atNs, change }) => [atNs, change]) }),
    ...(Object.keys(files).length === 0 ? {} : { f: files }),
    ...(seed === null ? {} : { n: seed }),
  };
}

/** More changes than a reader makes by hand. */
const CHANGES_MAX = 200;
/** An hour of simulated time: longer runs are made on the command line. */
const TIME_MS_MAX = 3_600_000;

const noRun: LinkedRun = { changes: [], files: {}, seed: null, timeNs: 0 };
const nothing: TrafficLink = { ...noRun, pinned: null, opened: null };

export interface ReadTraffic {
  readonly link: TrafficLink;
  /** What could not be read, one sentence each. */
  readonly losses: readonly string[];
}

/** Reads what `packTraffic` made, or anything else. */
export function unpackTraffic(stored: unknown): ReadTraffic {
  if (!isRecord(stored))
    return { link: nothing, losses: ["The run of traffic in this link could not be read."] };
  const losses: string[] = [];
  const opened = Number.isSafeInteger(stored.o) && Number(stored.o) >= 0 ? Number(stored.o) : null;
  return {
    link: { ...readRun(stored, losses), pinned: readPinned(stored.p, losses), opened },
    losses,
  };
}

function readRun(stored: Readonly<Record<string, unknown>>, losses: string[]): LinkedRun {
  const timeMs = isTime(stored.m) ? stored.m : 0;
  return {
    changes: readChanges(stored.c, losses),
    files: readFiles(stored.f, losses),
    seed: Number.isSafeInteger(stored.n) ? (stored.n as number) : null,
    timeNs: Math.round(Math.min(TIME_MS_MAX, timeMs) * 1e6),
  };
}

function readPinned(value: unknown, losses: string[]): LinkedRun | null {
  if (value === undefined) return null;
  if (isRecord(value)) return readRun(value, losses);
  losses.push("The pinned run in this link could not be read and was left out.");
  return null;
}

function readChanges(value: unknown, losses: string[]): TrafficLink["changes"] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= CHANGES_MAX) {
    const read = value.flatMap((item: unknown) => {
      const [atNs, change] = Array.isArray(item) ? (item as unknown[]) : [];
      return isTime(atNs) && isChange(change) ? [{ atNs, change }] : [];
    });
    if (read.length === value.length) return read;
  }
  losses.push(
    "The changes to the run of traffic in this link could not be read and were left out.",
  );
  return [];
}

function readFiles(value: unknown, losses: string[]): TrafficLink["files"] {
  if (value === undefined) return {};
  const isFiles =
    isRecord(value) &&
    Object.values(value).every((text) => text === null || typeof text === "string");
  if (isFiles) return value as TrafficLink["files"];
  losses.push("The changed texts of the run in this link could not be read and were left out.");
  return {};
}

const needed: Readonly<Record<TrafficChange["kind"], readonly string[]>> = {
  setting: ["id", "value"],
  file: ["path", "text"],
  fault: ["fault"],
  shell: ["command"],
};

function isChange(value: unknown): value is TrafficChange {
  if (!isRecord(value) || typeof value.kind !== "string") return false;
  const keys = Object.hasOwn(needed, value.kind)
    ? needed[value.kind as TrafficChange["kind"]]
    : null;
  return keys?.every((key) => value[key] !== undefined) === true;
}

const isTime = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
