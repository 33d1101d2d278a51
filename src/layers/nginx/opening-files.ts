// What nginx opens once its configuration is read and before it listens: directories of caches, then the
// log files. A path in a directory that is not there keeps nginx from starting.
// Source: src/core/ngx_cycle.c, ngx_init_cycle; src/core/ngx_file.c, ngx_create_paths (1.22.1).
import { type Disk, isDiskError } from "../../host/disk.ts";
import { parentPath } from "../../host/path-walk.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { proxyCachePathRow, uwsgiCachePathRow } from "./cache-directives.ts";
import { diskErrorText } from "./error-text.ts";
import { ACCESS_LOG, ERROR_LOG } from "./log-directives.ts";
import { type Conf, type Configuration, type LocationTree, valueAt } from "./settings.ts";

/** Why nginx cannot open what its configuration names, in its words, or null. */
export function openingProblem(configuration: Configuration, disk: Disk): Diagnostic | null {
  const problem = firstProblem(configuration, disk);
  if (problem === null) return null;
  return { severity: "error", message: `[emerg] ${problem}`, file: "", line: 0 };
}

function firstProblem(configuration: Configuration, disk: Disk): string | null {
  const levels = levelsOf(configuration);
  const { http } = configuration;
  const caches =
    http === null ? [] : [...valueAt(http, proxyCachePathRow), ...valueAt(http, uwsgiCachePathRow)];
  for (const { path } of caches) {
    const problem = directoryProblem(disk, path);
    if (problem !== null) return problem;
  }
  for (const path of logPaths(levels)) {
    const problem = logProblem(disk, path);
    if (problem !== null) return problem;
  }
  return null;
}

function levelsOf({ main, http }: Configuration): Conf[] {
  const servers = http?.servers ?? [];
  return [
    main,
    ...(http === null ? [] : [http]),
    ...servers.flatMap((server) => [server as Conf, ...locationsOf(server.locations)]),
  ];
}

function locationsOf({ prefixes, regexes, named }: LocationTree): Conf[] {
  const here = [...prefixes, ...regexes, ...named.values()];
  return here.flatMap((location) => [location as Conf, ...locationsOf(location.inner)]);
}

/** Every log that is opened at the start: those whose path holds no variable. */
function logPaths(levels: readonly Conf[]): Set<string> {
  const paths = new Set<string>();
  for (const conf of levels) {
    for (const { path } of valueAt(conf, ERROR_LOG)) paths.add(path);
    for (const { path } of valueAt(conf, ACCESS_LOG))
      if (path !== null && path.constant !== null) paths.add(path.constant);
  }
  return paths;
}

/** nginx makes the last directory of a cache's path itself, and none above it. */
function directoryProblem(disk: Disk, path: string): string | null {
  if (!isDiskError(disk.stat(path))) return null;
  const parent = disk.stat(parentPath(path));
  return isDiskError(parent) ? `mkdir() "${path}" failed ${diskErrorText(parent.error)}` : null;
}

function logProblem(disk: Disk, path: string): string | null {
  if (!path.startsWith("/") || path.startsWith("/dev/")) return null;
  const parent = disk.stat(parentPath(path));
  const failed = (reason: string): string => `open() "${path}" failed ${reason}`;
  if (isDiskError(parent)) return failed(diskErrorText(parent.error));
  if (parent.kind !== "directory") return failed(diskErrorText("ENOTDIR"));
  const file = disk.stat(path);
  return !isDiskError(file) && file.kind === "directory" ? failed(diskErrorText("EISDIR")) : null;
}
