// What may stand in no file of the project: the host of a package registry, or a path of the machine
// it was written on. Either would make a clone depend on where it came from.
import { listFiles } from "./modules.ts";

/** Recorded or simulated machines have paths and hosts of their own. */
const DATA_FOLDERS = ["tests/recordings/", "src/scenarios/", "tests/scenarios/"];
const BINARY = /\.(png|ico|woff2?|gif|jpe?g|webp)$/;

/** In pieces, so that this file does not contain what it looks for. */
const REGISTRY_HOSTS = [
  ["npmjs", "org"],
  ["npmjs", "com"],
  ["yarnpkg", "com"],
  ["pypi", "org"],
  ["pythonhosted", "org"],
  ["crates", "io"],
  ["rubygems", "org"],
  ["proxy", "golang", "org"],
].map((labels) => labels.join("."));
const MACHINE_FOLDERS = ["work", "root", "home"];
const machinePath = new RegExp(`(^|[^\\w.*~/-])/(${MACHINE_FOLDERS.join("|")})/[\\w.-]`);

/** The text files that the rule holds for. */
export function ownFiles(): readonly string[] {
  return listFiles("").filter(
    (path) => !BINARY.test(path) && !DATA_FOLDERS.some((folder) => path.startsWith(folder)),
  );
}

export function foreignPlaces(path: string, text: string): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const host = REGISTRY_HOSTS.find((candidate) => line.includes(candidate));
    const at = `${path}:${index + 1}`;
    if (host !== undefined) return [`${at} names a package registry: ${host}`];
    return machinePath.test(line) ? [`${at} names a path of this machine`] : [];
  });
}
