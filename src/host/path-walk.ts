// How the kernel finds a path: component by component, with search permission on every directory and
// links followed where they stand. Source: path_resolution(7).
import { memoByText } from "../kernel/memo.ts";
import type { DiskError, DiskNode } from "./disk.ts";

export type Found = { readonly path: string; readonly node: DiskNode };
export type Nodes = ReadonlyMap<string, DiskNode>;

/** Linux: ELOOP after 40 links (include/linux/namei.h, MAXSYMLINKS). */
const LINKS_MAX = 40;
/** Linux: a path component has at most 255 bytes (NAME_MAX). */
const NAME_BYTES_MAX = 255;
const SEARCH = 1;

/** The directory a path is in. */
export function parentPath(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

/** Whether a user may do what the permission bits name (4 read, 2 write, 1 search); root may all. */
export function permits(node: DiskNode, user: string, wanted: number): boolean {
  if (user === "root") return true;
  const shift = node.owner === user ? 6 : node.group === user ? 3 : 0;
  return ((node.mode >> shift) & wanted) === wanted;
}

/** The node that an absolute path leads to for a user, or the kernel's error. */
export function walkPath(
  nodes: Nodes,
  path: string,
  user: string,
  links = 0,
): Found | { error: DiskError } {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  let at = "/";
  for (const [i, part] of parts.entries()) {
    const entered = enter(nodes, at, part, user);
    if ("error" in entered) return entered;
    at = entered.path;
    if (entered.node.kind !== "link") continue;
    if (links >= LINKS_MAX) return { error: "ELOOP" };
    const rest = [linkTarget(entered), ...parts.slice(i + 1)].join("/");
    return walkPath(nodes, rest, user, links + 1);
  }
  const node = nodes.get(at);
  if (node === undefined) return { error: "ENOENT" };
  if (path.endsWith("/") && node.kind !== "directory") return { error: "ENOTDIR" };
  return { path: at, node };
}

/** One component further. */
function enter(nodes: Nodes, at: string, part: string, user: string): Found | { error: DiskError } {
  const directory = nodes.get(at);
  if (directory === undefined) return { error: "ENOENT" };
  if (directory.kind !== "directory") return { error: "ENOTDIR" };
  if (!permits(directory, user, SEARCH)) return { error: "EACCES" };
  if (part.length > NAME_BYTES_MAX) return { error: "ENAMETOOLONG" };
  const path = part === ".." ? parentPath(at) : at === "/" ? `/${part}` : `${at}/${part}`;
  const node = nodes.get(path);
  return node === undefined ? { error: "ENOENT" } : { path, node };
}

function linkTarget({ path, node }: Found): string {
  const target = node.target ?? "";
  return target.startsWith("/") ? target : `${parentPath(path)}/${target}`;
}

export type Walk = Found | { readonly error: DiskError };

/** Paths whose way is remembered, for one user. */
const WALKS_MAX = 4096;

/**
 * Walks paths, and remembers where they led while the disk stays as it was: a keyframe brings another
 * map of nodes, and every change another version.
 */
export function createWalker(disk: () => { readonly nodes: Nodes; readonly version: number }): {
  readonly walk: (path: string, user: string) => Walk;
} {
  let nodes: Nodes | null = null;
  let version = -1;
  const byUser = new Map<string, (path: string) => Walk>();
  const walkerFor = (user: string): ((path: string) => Walk) => {
    const walker = memoByText((path) => walkPath(disk().nodes, path, user), WALKS_MAX);
    byUser.set(user, walker);
    return walker;
  };
  return {
    walk(path, user) {
      const now = disk();
      if (now.nodes !== nodes || now.version !== version) {
        byUser.clear();
        ({ nodes, version } = now);
      }
      return (byUser.get(user) ?? walkerFor(user))(path);
    },
  };
}
