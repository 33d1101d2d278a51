// SQLite's files on the server's disk. A file's text names the store that holds its rows, so that a
// file that is moved keeps them, one that is removed takes them along (for all but those who have it
// open), and a path without a file gets an empty one at the first connect.
import { isDiskError } from "../../host/disk.ts";
import { parentPath } from "../../host/path-walk.ts";
import type { Host } from "../../host/processes.ts";
import { layOutTables } from "./contrib-tables.ts";
import { SQLITE_PAGE_BYTES } from "./costs.ts";
import { emptyStore, NO_OWNER } from "./row-store.ts";
import type { Runtime } from "./runtime.ts";
import { worldOf } from "./runtime.ts";
import { type DriverError, driverError } from "./sql-errors.ts";
import type { SqliteFile } from "./world.ts";

/** Source: SQLite fileformat2.html: the header string; the number is ours. */
const HEADER = "SQLite format 3\u0000";

/** Opens a file as sqlite3_open_v2 does, making it when there is none: the number of its store. */
export function openSqlite(runtime: Runtime, path: string, user: string): number | DriverError {
  const { disk } = runtime.host;
  if (path === ":memory:" || path === "") return newStore(runtime, false);
  const node = disk.open(path, user);
  if (!isDiskError(node)) return storeIn(runtime, path, node.kind === "file" ? node.text : null);
  const directory = disk.stat(parentPath(path), user);
  const creatable =
    node.error === "ENOENT" &&
    !isDiskError(directory) &&
    directory.kind === "directory" &&
    disk.writable(parentPath(path), user);
  return creatable
    ? create(runtime, path, user)
    : driverError("OperationalError", "unable to open database file");
}

function storeIn(runtime: Runtime, path: string, text: string | null): number | DriverError {
  if (text === null) return driverError("OperationalError", "unable to open database file");
  const number = text.startsWith(HEADER) ? Number(text.slice(HEADER.length)) : Number.NaN;
  if (worldOf(runtime).files.has(number)) return number;
  if (text !== "") return driverError("DatabaseError", "file is not a database");
  return create(runtime, path, "root");
}

/** The first file of a run was there before it began, with the scenario's tables. */
function create(runtime: Runtime, path: string, user: string): number {
  const world = worldOf(runtime);
  const laidOut = !world.hasLaidOut;
  world.hasLaidOut = true;
  const number = newStore(runtime, laidOut);
  writeFile(runtime.host, path, {
    number,
    tables: laidOut ? tablesIn(runtime, number) : 0,
    owner: user,
  });
  return number;
}

function newStore(runtime: Runtime, laidOut: boolean): number {
  const world = worldOf(runtime);
  const number = world.nextStore++;
  const store = emptyStore(laidOut);
  if (laidOut) layOutTables(store, runtime.setupSql, "sqlite");
  world.files.set(number, { store, writer: NO_OWNER, exclusive: false });
  return number;
}

function tablesIn(runtime: Runtime, number: number): number {
  return fileOf(runtime, number).store.tables.size;
}

interface NewFile {
  readonly number: number;
  readonly tables: number;
  readonly owner: string;
}

/** Simplification: a page for each table, as for small ones; the file does not grow with its rows. */
function writeFile(host: Host, path: string, { number, tables, owner }: NewFile): void {
  const mtime = Math.floor(host.clock.nowMs() / 1000);
  const bytes = tables === 0 ? 0 : (1 + tables) * SQLITE_PAGE_BYTES;
  host.disk.put(path, {
    kind: "file",
    text: `${HEADER}${number}`,
    bytes,
    target: null,
    mode: 0o644,
    owner,
    group: owner,
    mtime,
  });
}

export function fileOf(runtime: Runtime, number: number): SqliteFile {
  return worldOf(runtime).files.get(number) as SqliteFile;
}

/** Why a write is refused: neither the file nor its directory's journal may be written. */
export function writeRefused(runtime: Runtime, path: string, user: string): DriverError | null {
  const { disk } = runtime.host;
  if (path === ":memory:" || path === "" || disk.lstat(path) === null) return null;
  if (!disk.writable(path, user))
    return driverError("OperationalError", "attempt to write a readonly database");
  return disk.writable(parentPath(path), user)
    ? null
    : driverError("OperationalError", "unable to open database file");
}

/** After a commit: the file has a size and a time. A file that did not change in size is left alone. */
export function noteWritten(runtime: Runtime, path: string, number: number): void {
  const { disk } = runtime.host;
  const node = disk.lstat(path);
  const bytes = (1 + tablesIn(runtime, number)) * SQLITE_PAGE_BYTES;
  if (node === null || node.text !== `${HEADER}${number}` || node.bytes === bytes) return;
  disk.put(path, { ...node, bytes, mtime: Math.floor(runtime.host.clock.nowMs() / 1000) });
}
