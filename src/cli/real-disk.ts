// The disk of this machine, to be read only: nginx.conf and what it includes as they lie here. What is
// not here but comes with Debian's nginx package (mime.types, the log directory) is taken from there, so
// that a configuration can be checked on a machine without nginx.
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { Disk, DiskError, DiskNode } from "../host/disk.ts";
import { createDisk } from "../host/file-system.ts";
import { Simulation } from "../kernel/simulation.ts";
import { layOutFiles } from "../simulation/deployment.ts";
import type { Scenario } from "../simulation/scenario.ts";

export interface RealDisk {
  readonly disk: Disk;
  /** Files that were read from Debian's package and not from this machine, in the order of reading. */
  readonly borrowed: ReadonlySet<string>;
}

const EMPTY: Scenario = { format: 2, name: "empty", files: {}, processes: [], timeline: [] };

/** The disk of a scenario as it lies before anything runs. */
export function scenarioDisk(scenario: Scenario): Disk {
  const disk = createDisk(new Simulation({ seed: 1 }), () => 0);
  layOutFiles(disk, scenario);
  return disk;
}

/** This machine's disk. Nothing on it can be changed through it. */
export function realDisk(): RealDisk {
  const debian = scenarioDisk(EMPTY);
  const borrowed = new Set<string>();
  const borrow = (path: string): ReturnType<Disk["stat"]> => {
    const found = debian.stat(path);
    if (!("error" in found) && found.kind === "file") borrowed.add(path);
    return found;
  };
  const open = (path: string): ReturnType<Disk["stat"]> => {
    const here = look(path, statSync);
    if (isMissing(here)) return borrow(path);
    if ("error" in here || here.kind !== "file") return here;
    try {
      return { ...here, text: readFileSync(path, "utf8") };
    } catch (error) {
      return { error: codeOf(error) };
    }
  };
  const refuse = (): never => {
    throw new Error("the real disk is only read");
  };
  const disk: Disk = {
    open,
    stat: (path) => {
      const here = look(path, statSync);
      return isMissing(here) ? debian.stat(path) : here;
    },
    lstat: (path) => {
      const here = look(path, lstatSync);
      return "error" in here ? null : here;
    },
    list: (path) => {
      try {
        return readdirSync(path).sort();
      } catch {
        return debian.list(path);
      }
    },
    writable: () => false,
    ...{ write: refuse, put: refuse, remove: refuse, rename: refuse, chmod: refuse },
    version: 0,
  };
  return { disk, borrowed };
}

const isMissing = (result: DiskNode | { readonly error: DiskError }): boolean =>
  "error" in result && result.error === "ENOENT";

/** Codes of Node that the simulated disk knows, too; anything else counts as not permitted. */
const CODES: readonly string[] = ["ENOENT", "EACCES", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG"];

function codeOf(error: unknown): DiskError {
  const { code } = error as { code?: string };
  return CODES.includes(code ?? "") ? (code as DiskError) : "EACCES";
}

function look(path: string, stat: typeof statSync): DiskNode | { readonly error: DiskError } {
  try {
    const found = stat(path);
    return {
      kind: found.isDirectory() ? "directory" : found.isSymbolicLink() ? "link" : "file",
      ...{ text: null, bytes: found.size, target: null },
      ...{ mode: found.mode & 0o7777, owner: "root", group: "root" },
      ...{ mtime: Math.floor(found.mtimeMs / 1000), version: 0 },
    };
  } catch (error) {
    return { error: codeOf(error) };
  }
}
