// File name patterns of include: `*`, `?` and `[a-z]` within each part of a path; names beginning with
// a dot are left out unless the pattern names the dot. Source: glob(3), as ngx_open_glob calls it.
import { type Disk, isDiskError } from "../../host/disk.ts";
import { globPattern } from "../../text/glob.ts";

/** The paths that match, sorted, or none. */
export function matchGlob(disk: Disk, pattern: string): readonly string[] {
  let found = [""];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    found = found.flatMap((directory) => expand(disk, directory, part));
  }
  return found.filter((path) => !isDiskError(disk.stat(path)));
}

function expand(disk: Disk, directory: string, part: string): readonly string[] {
  if (!/[*?[]/.test(part)) return [`${directory}/${part}`];
  const matcher = globPattern(part);
  const names = disk.list(directory === "" ? "/" : directory);
  return names
    .filter((name) => matcher.test(name) && (part.startsWith(".") || !name.startsWith(".")))
    .map((name) => `${directory}/${name}`);
}
