// The disk of the simulated server, in memory: paths, links, permissions. All nodes are frozen and
// lie in sim.world.disk, so that a keyframe keeps them.
// Simplification: one group for each user, of the same name; no ACLs, no capabilities, no sticky bits.
import type { Simulation } from "../kernel/simulation.ts";
import type { Disk, DiskError, DiskNode } from "./disk.ts";
import { createWalker, parentPath, permits } from "./path-walk.ts";

interface DiskState {
  nodes: Map<string, DiskNode>;
  version: number;
}

const READ = 4;
const WRITE = 2;

/** `/a//b/./c/../d` as `/a/b/d`. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Makes the disk; `clockSeconds` gives the time for new files. */
export function createDisk(sim: Simulation, clockSeconds: () => number): Disk {
  sim.world.disk = { nodes: new Map(), version: 0 } satisfies DiskState;
  const state = (): DiskState => sim.world.disk as DiskState;

  function put(path: string, node: Omit<DiskNode, "version">): void {
    const disk = state();
    const clean = normalisePath(path);
    makeParents(clean);
    disk.nodes.set(clean, Object.freeze({ ...node, version: ++disk.version }));
  }

  function makeParents(path: string): void {
    const parent = parentPath(path);
    if (path === "/" || state().nodes.has(parent)) return;
    put(parent, directoryNode(clockSeconds()));
  }

  const { walk } = createWalker(state);

  function stat(path: string, user = "root"): DiskNode | { error: DiskError } {
    const found = walk(path, user);
    return "error" in found ? found : found.node;
  }

  function open(path: string, user = "root"): DiskNode | { error: DiskError } {
    const node = stat(path, user);
    if ("error" in node) return node;
    return permits(node, user, READ) ? node : { error: "EACCES" };
  }

  function list(path: string): string[] {
    const found = walk(path, "root");
    if ("error" in found) return [];
    const prefix = found.path === "/" ? "/" : `${found.path}/`;
    const names: string[] = [];
    for (const name of state().nodes.keys()) {
      if (
        name.length > prefix.length &&
        name.startsWith(prefix) &&
        !name.includes("/", prefix.length)
      )
        names.push(name.slice(prefix.length));
    }
    return names.sort();
  }

  function write(
    path: string,
    text: string,
    options: { mode?: number; owner?: string; mtime?: number } = {},
  ): void {
    const found = walk(path, "root");
    const target = "error" in found ? normalisePath(path) : found.path;
    const old = state().nodes.get(target);
    const owner = options.owner ?? old?.owner ?? "root";
    put(target, {
      kind: "file",
      text,
      bytes: byteLength(text),
      target: null,
      mode: options.mode ?? old?.mode ?? 0o644,
      owner,
      group: owner,
      mtime: options.mtime ?? clockSeconds(),
    });
  }

  function remove(path: string): boolean {
    const disk = state();
    const clean = normalisePath(path);
    if (!disk.nodes.delete(clean)) return false;
    for (const name of [...disk.nodes.keys()])
      if (name.startsWith(`${clean}/`)) disk.nodes.delete(name);
    disk.version++;
    return true;
  }

  function rename(from: string, to: string): boolean {
    const disk = state();
    const source = normalisePath(from);
    const target = normalisePath(to);
    const moved = [...disk.nodes].filter(
      ([name]) => name === source || name.startsWith(`${source}/`),
    );
    if (moved.length === 0) return false;
    for (const [name] of moved) disk.nodes.delete(name);
    for (const [name, node] of moved) put(target + name.slice(source.length), node);
    return true;
  }

  function chmod(path: string, mode: number): boolean {
    const found = walk(path, "root");
    if ("error" in found) return false;
    put(found.path, { ...found.node, mode });
    return true;
  }

  const disk: Disk = {
    stat,
    open,
    list,
    write,
    put,
    remove,
    rename,
    chmod,
    lstat: (path) => state().nodes.get(normalisePath(path)) ?? null,
    writable: (path, user) => {
      const node = stat(path, user);
      return !("error" in node) && permits(node, user, WRITE);
    },
    get version() {
      return state().version;
    },
  };
  put("/", directoryNode(0));
  return disk;
}

/** What `mkdir` makes: root's, for everybody to read; `mtime` in seconds since 1970. */
export function directoryNode(mtime: number): Omit<DiskNode, "version"> {
  return {
    kind: "directory",
    text: null,
    bytes: 4096,
    target: null,
    mode: 0o755,
    owner: "root",
    group: "root",
    mtime,
  };
}

/** Bytes of a text in UTF-8, without encoding it. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) bytes += unit >= 0x800 ? (unit >= 0xd800 && unit <= 0xdfff ? 1 : 2) : 1;
  }
  return bytes;
}
