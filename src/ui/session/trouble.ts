// Where the changes are that came since a run that went well: what a reader is told when a run or a
// check had to be stopped, since a program that is stopped cannot say itself what held it up.
import type { Changes } from "../../simulation/edited-scenario.ts";
import { changedPaths } from "./edits.ts";

/** Places that are named; more would not help. */
const PLACES_MAX = 3;

/** A sentence that names the lines that differ between two states of changes; empty for none. */
export function placesText(
  before: Changes,
  after: Changes,
  original: (path: string) => string | null,
): string {
  const places = changedPaths(before, after).map((path) => {
    const old = before[path] === undefined ? original(path) : before[path];
    const fresh = after[path] === undefined ? original(path) : after[path];
    return `${path}:${firstDifferentLine(old ?? "", fresh ?? "")}`;
  });
  if (places.length === 0) return "";
  const rest = places.length - PLACES_MAX;
  const more = rest > 0 ? ` and ${rest} more` : "";
  return `What changed since the last run that ended: ${places.slice(0, PLACES_MAX).join(", ")}${more}.`;
}

function firstDifferentLine(before: string, after: string): number {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const at = fresh.findIndex((line, i) => line !== old[i]);
  return at < 0 ? fresh.length : at + 1;
}
