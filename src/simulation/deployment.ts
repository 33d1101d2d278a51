// The scenario's files as they lie on the server's disk before anything runs.
import { parseIsoDate } from "../host/calendar.ts";
import { DEBIAN_DIRECTORIES, DEBIAN_FILES } from "../host/debian-files.ts";
import type { Disk, DiskNode } from "../host/disk.ts";
import { byteLength } from "../host/file-system.ts";
import type { Scenario, ScenarioFile } from "./scenario.ts";

/** Default time of every file: 2024-01-01T00:00:00Z. */
const DEFAULT_MTIME = 1_704_067_200;

/** When the files of nginx 1.22.1 were made: 2022-10-19T08:02:20Z. */
const PACKAGE_MTIME = 1_666_166_540;

/** Puts what Debian's packages install and then the scenario's own files on the disk. */
export function layOutFiles(disk: Disk, scenario: Scenario): void {
  for (const path of DEBIAN_DIRECTORIES)
    disk.put(path, { ...bare("directory"), mode: path === "/tmp" ? 0o1777 : 0o755 });
  for (const [path, text] of Object.entries(DEBIAN_FILES))
    disk.put(path, { ...bare("file"), text, bytes: byteLength(text), mtime: PACKAGE_MTIME });
  const entries = Object.entries(scenario.files);
  for (const [path, file] of entries) if (path.endsWith("/")) disk.put(path, directory(file));
  for (const [path, file] of entries) if (!path.endsWith("/")) disk.put(path, nodeOf(file));
}

type Bare = Omit<DiskNode, "version">;

function bare(kind: DiskNode["kind"]): Bare {
  return {
    kind,
    text: null,
    bytes: kind === "directory" ? 4096 : 0,
    target: null,
    mode: kind === "directory" ? 0o755 : 0o644,
    owner: "root",
    group: "root",
    mtime: DEFAULT_MTIME,
  };
}

interface Ownership {
  readonly mode?: string;
  readonly owner?: string;
  readonly mtime?: string;
}

function owned(node: Bare, file: Ownership): Bare {
  const mtime = file.mtime === undefined ? null : parseIsoDate(file.mtime);
  return {
    ...node,
    mode: file.mode === undefined ? node.mode : Number.parseInt(file.mode, 8),
    owner: file.owner ?? node.owner,
    group: file.owner ?? node.group,
    mtime: mtime === null ? node.mtime : mtime / 1000,
  };
}

function directory(file: ScenarioFile): Bare {
  return typeof file === "string" ? bare("directory") : owned(bare("directory"), file as Ownership);
}

function validity(file: { readonly notBefore?: string; readonly notAfter?: string }): {
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
} {
  const { notBefore, notAfter } = file;
  return {
    notBeforeMs: notBefore === undefined ? null : parseIsoDate(notBefore),
    notAfterMs: notAfter === undefined ? null : parseIsoDate(notAfter),
  };
}

function nodeOf(file: ScenarioFile): Bare {
  if (typeof file === "string") return { ...bare("file"), text: file, bytes: byteLength(file) };
  if ("link" in file) return { ...bare("link"), target: file.link, mode: 0o777 };
  if ("cert" in file) return { ...bare("file"), text: "", cert: file.cert, ...validity(file) };
  if ("key" in file) return { ...bare("file"), text: "", key: true, mode: 0o600 };
  if ("bytes" in file) return owned({ ...bare("file"), bytes: file.bytes }, file);
  if ("text" in file)
    return owned({ ...bare("file"), text: file.text, bytes: byteLength(file.text) }, file);
  return owned({ ...bare("file"), text: "" }, file);
}
