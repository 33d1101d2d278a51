// A set of changes without one of them: the place is put back as it was and all others stay. Pure.
import { linesOf } from "../text/line-diff.ts";
import type { ChangedPlace } from "./changed-places.ts";
import type { Changes } from "./edited-scenario.ts";

/** `changes` with the lines of `place` as they were; `places` are all that the changes made. */
export function withoutPlace(
  changes: Changes,
  places: readonly ChangedPlace[],
  place: ChangedPlace,
): Changes {
  const { [place.file]: changed, ...others } = changes;
  const isOnly = places.filter(({ file }) => file === place.file).length === 1;
  if (isOnly || changed === null || changed === undefined) return others;
  const lines = [...linesOf(changed)];
  lines.splice(place.hunk.newFrom - 1, place.hunk.newCount, ...place.before);
  return { ...changes, [place.file]: `${lines.join("\n")}\n` };
}
