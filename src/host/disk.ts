// The server's disk: files with owners, modes and times, directories, links and socket files. Nodes
// are frozen and replaced, so a keyframe shares them.

export interface DiskNode {
  readonly kind: "file" | "directory" | "link" | "socket";
  /** A file's text; null when only its size is known (`{bytes}`: 0123456789abcdef repeated) or for other kinds. */
  readonly text: string | null;
  readonly bytes: number;
  readonly target: string | null;
  /** Permission bits as a number: 0o644. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** A certificate's names, or true for a private key. */
  readonly cert?: readonly string[];
  /** When a certificate is valid, milliseconds since 1970; null for "always". */
  readonly notBeforeMs?: number | null;
  readonly notAfterMs?: number | null;
  readonly key?: true;
  /** Grows with every change of this path: a cache may compare it. */
  readonly version: number;
}

export type DiskError = "ENOENT" | "EACCES" | "ENOTDIR" | "EISDIR" | "ELOOP" | "ENAMETOOLONG";

export interface Disk {
  /** Follows links and checks search permission on the way for `user`; root may everything. */
  stat(path: string, user?: string): DiskNode | { readonly error: DiskError };
  /** As `stat`, and checks read permission. */
  open(path: string, user?: string): DiskNode | { readonly error: DiskError };
  /** The node itself, links not followed, no permissions checked; null when missing. */
  lstat(path: string): DiskNode | null;
  /** Names in a directory, sorted. */
  list(path: string): readonly string[];
  /** Whether `user` may write to the node (socket files: connect). */
  writable(path: string, user: string): boolean;
  write(
    path: string,
    text: string,
    options?: { mode?: number; owner?: string; mtime?: number },
  ): void;
  put(path: string, node: Omit<DiskNode, "version">): void;
  remove(path: string): boolean;
  rename(from: string, to: string): boolean;
  chmod(path: string, mode: number): boolean;
  /** Counts every change on the disk. */
  readonly version: number;
}

/** Whether a stat or open failed. */
export function isDiskError<T extends object>(
  result: T | { readonly error: DiskError },
): result is { readonly error: DiskError } {
  return "error" in result;
}
