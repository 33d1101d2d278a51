// Where the texts of two runs differ, and which of these places a step obeys. Pure.
import type { Cause } from "../layers/layer.ts";
import { diffLines, type Hunk, linesOf } from "../text/line-diff.ts";
import type { JourneyFile, Step } from "./journey.ts";

/** A place where a text was changed. */
export interface ChangedPlace {
  readonly file: string;
  /** What to call the text. */
  readonly title: string;
  /** First line of the place in the later text (from 1), or where it would stand when it is gone. */
  readonly line: number;
  readonly hunk: Hunk;
  /** The lines as they were and as they are; empty when there are none on that side. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Every place where the texts differ, a file that came or went being one. */
export function changedPlaces(
  before: readonly JourneyFile[],
  after: readonly JourneyFile[],
): readonly ChangedPlace[] {
  const old = new Map(before.map((file) => [file.path, file]));
  const fresh = new Map(after.map((file) => [file.path, file]));
  const paths = new Set([...old.keys(), ...fresh.keys()]);
  return [...paths].flatMap((path) => {
    const [was, is] = [old.get(path), fresh.get(path)];
    const title = is?.title ?? was?.title ?? path;
    return placesOfText({ path, title }, was?.text ?? "", is?.text ?? "");
  });
}

function placesOfText(
  { path, title }: Pick<JourneyFile, "path" | "title">,
  before: string,
  after: string,
): readonly ChangedPlace[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  return diffLines(before, after).map((hunk) => ({
    ...{ file: path, title, hunk, line: Math.max(1, Math.min(hunk.newFrom, fresh.length)) },
    before: old.slice(hunk.oldFrom - 1, hunk.oldFrom - 1 + hunk.oldCount),
    after: fresh.slice(hunk.newFrom - 1, hunk.newFrom - 1 + hunk.newCount),
  }));
}

/** The changed place that a step obeys, in the later run or in the earlier one: the nearest first. */
export function placeOf(
  places: readonly ChangedPlace[],
  { old, fresh }: { readonly old?: Step; readonly fresh?: Step },
): ChangedPlace | null {
  const causes = (step: Step | undefined): readonly Cause[] => [
    ...(step?.cause === undefined ? [] : [step.cause]),
    ...(step?.alternatives.flatMap(({ cause }) => (cause === undefined ? [] : [cause])) ?? []),
  ];
  const [now, then] = [causes(fresh), causes(old)];
  return (
    find(places, now, (place, cause) => holdsLine(newSide(place), cause.line, cause.line)) ??
    find(places, then, (place, cause) => holdsLine(oldSide(place), cause.line, cause.line)) ??
    find(places, now, (place, cause) => within(newSide(place), cause)) ??
    find(places, then, (place, cause) => within(oldSide(place), cause))
  );
}

function find(
  places: readonly ChangedPlace[],
  causes: readonly Cause[],
  fits: (place: ChangedPlace, cause: Cause) => boolean,
): ChangedPlace | null {
  for (const cause of causes) {
    const place = places.find((each) => each.file === cause.file && fits(each, cause));
    if (place !== undefined) return place;
  }
  return null;
}

interface Side {
  readonly from: number;
  readonly count: number;
}

function newSide({ hunk }: ChangedPlace): Side {
  return { from: hunk.newFrom, count: hunk.newCount };
}

function oldSide({ hunk }: ChangedPlace): Side {
  return { from: hunk.oldFrom, count: hunk.oldCount };
}

function holdsLine({ from, count }: Side, first: number, last: number): boolean {
  return count > 0 && first < from + count && last >= from;
}

/** Whether a place lies in the block that a step obeys; lines that went stood between two others. */
function within({ from, count }: Side, { line, endLine = line }: Cause): boolean {
  return count > 0 ? holdsLine({ from, count }, line, endLine) : line < from && endLine >= from;
}
