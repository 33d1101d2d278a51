// In what two runs of one scenario differ, in words: the first step that is another, and how each
// request ended. Pure: two journeys in, sentences out. After an action the texts are the same and both
// runs are one up to its moment, so the steps are compared by number and time; after an edit they shift,
// and simulation/difference.ts brings them side by side first.
import type { Journey, JourneyRequest, Step } from "../../simulation/journey.ts";
import { durationText } from "../diagram/model.ts";

/** The first step at which the runs part; null when every step is the same. */
export function firstDifference(before: Journey, after: Journey): number | null {
  const count = Math.max(before.steps.length, after.steps.length);
  for (let i = 0; i < count; i += 1) if (!isSame(before.steps[i], after.steps[i])) return i;
  return null;
}

/** What changed from one run to the other, one sentence each; never empty. */
export function differencesOf(before: Journey, after: Journey): readonly string[] {
  const refused = after.actions
    .filter(({ own, exit }) => own !== null && exit !== 0)
    .map(
      ({ text, exit, output }) => `“${text}” failed with exit code ${exit}: ${output.join(" ")}`,
    );
  const first = firstDifference(before, after);
  if (first === null) return [...refused, "Every step of the run is as it was."];
  return [...refused, partingOf(before, after, first), ...endingsOf(before, after)];
}

function isSame(left: Step | undefined, right: Step | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return (
    left.timeNs === right.timeNs &&
    left.machine === right.machine &&
    left.transition === right.transition &&
    left.title === right.title
  );
}

function partingOf(before: Journey, after: Journey, first: number): string {
  const now = after.steps[first];
  const was = before.steps[first];
  const place = `step ${first + 1}`;
  if (now === undefined) return `From ${place} on nothing happens any more.`;
  const at = durationText(now.timeNs);
  const instead = was === undefined ? "" : `, where “${was.title}” came before`;
  return `The run is another from ${place} on, at ${at}: “${now.title}”${instead}.`;
}

function endingsOf(before: Journey, after: Journey): readonly string[] {
  return after.requests.flatMap((request) => {
    const was = before.requests.find(({ index }) => index === request.index);
    const [ends, ended] = [endingOf(request), was === undefined ? null : endingOf(was)];
    const name = `${request.method} ${pathOf(request.url)}`;
    if (ends === ended) return after.requests.length === 1 ? [`${name}: ${ends}, as before.`] : [];
    return [ended === null ? `${name}: ${ends}.` : `${name}: ${ends} instead of ${ended}.`];
  });
}

function endingOf({ status, error, startNs, endNs }: JourneyRequest): string {
  const outcome = status ?? error;
  if (outcome === null) return "no answer";
  return `${outcome} after ${durationText(endNs - startNs)}`;
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]+/, "") || "/";
}
