// Two journeys of the same scenario compared: which steps are the same, changed, new or gone, and which
// one differs first. Steps are brought side by side in their order by request, machine and transition,
// so that one step more does not make all that follow new. Pure; line numbers are not compared, because
// a line more at the top of a file changes all of them and nothing else.
import { diffLists } from "../text/line-diff.ts";
import { type ChangedPlace, changedPlaces, placeOf } from "./changed-places.ts";
import type { Journey, Step, StepId } from "./journey.ts";
import { type FactChange, factChange } from "./step-facts.ts";

export type StepChange = "same" | "changed" | "new";

/** A step of the earlier run that does not happen any more. */
export interface GoneStep {
  readonly id: StepId;
  readonly title: string;
  /** The step of the later run before which it stood. */
  readonly before: number;
}

export interface FirstDifference {
  /** The step of the later run that shows it. */
  readonly step: number;
  readonly id: StepId;
  readonly kind: "changed" | "new" | "gone" | "replaced";
  /** What differs, with both values, in one sentence or two. */
  readonly sentence: string;
  /** The changed place that the step itself, or one of its candidates, obeys; null when it obeys none. */
  readonly place: ChangedPlace | null;
}

export interface Difference {
  /** One for each step of the later run. */
  readonly steps: readonly StepChange[];
  readonly gone: readonly GoneStep[];
  readonly first: FirstDifference | null;
  /** Every place where the texts differ. */
  readonly places: readonly ChangedPlace[];
}

/** What differs in `after` from `before`. */
export function compareJourneys(before: Journey, after: Journey): Difference {
  const places = changedPlaces(before.files, after.files);
  const steps: StepChange[] = after.steps.map(() => "same");
  const gone: GoneStep[] = [];
  let first: FirstDifference | null = null;
  for (const row of sideBySide(before, after)) {
    const { old, fresh, at } = row;
    const change = changeOf(row, { before, after });
    if (change === undefined) continue;
    if (fresh === null && old !== null) gone.push({ id: old.id, title: old.title, before: at });
    else if (fresh !== null) steps[fresh.index] = old === null ? "new" : "changed";
    first ??= firstOf({ ...row, change, after, places });
  }
  return { steps, gone, first, places };
}

interface Row {
  /** Null where one of the runs has no such step. */
  readonly old: Step | null;
  readonly fresh: Step | null;
  /** The step of the later run at which it stands. */
  readonly at: number;
  /** True where other steps come in the place of those that went. */
  readonly isReplaced: boolean;
}

/** The steps of both runs in their order. */
function sideBySide(before: Journey, after: Journey): readonly Row[] {
  const rows: Row[] = [];
  let old = 0;
  let fresh = 0;
  const pairUntil = (end: number): void => {
    for (; old < end; old += 1, fresh += 1)
      rows.push({
        ...{ old: before.steps[old], fresh: after.steps[fresh], at: fresh, isReplaced: false },
      });
  };
  for (const hunk of diffLists(before.steps.map(keyOf), after.steps.map(keyOf))) {
    const isReplaced = hunk.oldCount > 0 && hunk.newCount > 0;
    pairUntil(hunk.oldFrom - 1);
    for (let i = 0; i < hunk.oldCount; i += 1)
      rows.push({ old: before.steps[old++], fresh: null, at: fresh, isReplaced });
    for (let i = 0; i < hunk.newCount; i += 1, fresh += 1)
      rows.push({ old: null, fresh: after.steps[fresh], at: fresh, isReplaced });
  }
  pairUntil(before.steps.length);
  return rows;
}

function keyOf({ id }: Step): string {
  return `${id.request} ${id.machine} ${id.transition}`;
}

/** What changed in a step; null where it is new or gone as a whole, undefined where it is the same. */
function changeOf(
  { old, fresh }: Row,
  { before, after }: { readonly before: Journey; readonly after: Journey },
): FactChange | null | undefined {
  if (old === null || fresh === null) return null;
  return factChange({ step: old, journey: before }, { step: fresh, journey: after }) ?? undefined;
}

interface FirstParts extends Row {
  readonly change: FactChange | null;
  readonly after: Journey;
  readonly places: readonly ChangedPlace[];
}

function firstOf(parts: FirstParts): FirstDifference | null {
  const { old, fresh, at, after, places } = parts;
  const shown = fresh ?? after.steps[Math.min(at, after.steps.length - 1)];
  if (shown === undefined) return null;
  const place = placeOf(places, { old: old ?? undefined, fresh: shown });
  return { step: shown.index, id: shown.id, ...told(parts, shown), place };
}

function told(
  { old, change, isReplaced }: FirstParts,
  shown: Step,
): Pick<FirstDifference, "kind" | "sentence"> {
  const step = `Step ${shown.index + 1}`;
  const title = `“${shown.title}”`;
  if (change !== null) {
    const { name, before, after } = change;
    const subject = name === "the step" ? step : `${step}, ${title},`;
    const what = name === "the step" ? "it" : name;
    return {
      kind: "changed",
      sentence: `${subject} is the first that differs: ${what} was ${before} and is now ${after}.`,
    };
  }
  if (old === null) return { kind: "new", sentence: `${step} is new: ${title}.` };
  return isReplaced
    ? {
        kind: "replaced",
        sentence: `${step} is the first that differs: it was “${old.title}” and is now ${title}.`,
      }
    : {
        kind: "gone",
        sentence: `“${old.title}” does not happen any more: ${title} comes next, as step ${shown.index + 1}.`,
      };
}
