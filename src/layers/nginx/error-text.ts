// The C library's words for the errors that nginx names in its log: `(2: No such file or directory)`.
// Source: errno(3), glibc 2.36.
import type { DiskError } from "../../host/disk.ts";

const DISK: Readonly<Record<DiskError, string>> = {
  ENOENT: "(2: No such file or directory)",
  EACCES: "(13: Permission denied)",
  ENOTDIR: "(20: Not a directory)",
  EISDIR: "(21: Is a directory)",
  ENAMETOOLONG: "(36: File name too long)",
  ELOOP: "(40: Too many levels of symbolic links)",
};

const ERRNO_TEXT: Readonly<Record<number, string>> = {
  2: "No such file or directory",
  11: "Resource temporarily unavailable",
  13: "Permission denied",
  32: "Broken pipe",
  98: "Address already in use",
  99: "Cannot assign requested address",
  101: "Network is unreachable",
  104: "Connection reset by peer",
  110: "Connection timed out",
  111: "Connection refused",
  113: "No route to host",
};

/** `(13: Permission denied)` for what the disk answered. */
export function diskErrorText(error: DiskError): string {
  return DISK[error];
}

/** `(111: Connection refused)` for what the network answered. */
export function errnoText(errno: number): string {
  return `(${errno}: ${ERRNO_TEXT[errno] ?? "Unknown error"})`;
}
