// The servers of PostgreSQL: the one of this machine, whose postmaster has run since before the
// scenario began, and those of other machines, which are always up. Settings come from
// postgresql.conf when the scenario's disk has one.
import { isDiskError } from "../../host/disk.ts";
import { NO_PID } from "../../host/processes.ts";
import { memoByText } from "../../kernel/memo.ts";
import { MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";
import type { Cause } from "../layer.ts";
import { layOutTables } from "./contrib-tables.ts";
import {
  DEADLOCK_TIMEOUT_NS,
  LOCAL_ROUND_TRIP_NS,
  MAX_CONNECTIONS,
  REMOTE_ROUND_TRIP_NS,
  SUPERUSER_RESERVED_CONNECTIONS,
} from "./costs.ts";
import { emptyStore, type Store } from "./row-store.ts";
import { type Runtime, worldOf } from "./runtime.ts";
import type { Connection, PostgresServer, SessionLimits } from "./world.ts";

const CONFIGURATION_FILE = "/etc/postgresql/15/main/postgresql.conf";
const FIRST_REMOTE_PID = 20_000;

export interface ServerSettings {
  readonly maxConnections: number;
  readonly reserved: number;
  readonly deadlockTimeoutNs: Span;
  /** -1: statements are not logged by their time. */
  readonly logMinDurationNs: Span;
  readonly limits: Readonly<SessionLimits>;
}

let settingsText: string | null = null;
let settingsOfText: ServerSettings | null = null;

/** The settings of postgresql.conf; parsed once for each text. */
export function serverSettings(runtime: Runtime): ServerSettings {
  const node = runtime.host.disk.open(CONFIGURATION_FILE);
  const text = isDiskError(node) ? "" : (node.text ?? "");
  if (settingsOfText === null || settingsText !== text) {
    settingsText = text;
    settingsOfText = parseServerSettings(text);
  }
  return settingsOfText;
}

/** Reads `name = value` lines; what is not modelled is passed over. */
export function parseServerSettings(text: string): ServerSettings {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const setting = /^\s*(\w+)\s*=?\s*('[^']*'|[^\s#]+)/.exec(line);
    if (setting !== null) values.set(setting[1].toLowerCase(), setting[2].replaceAll("'", ""));
  }
  const number = (name: string, otherwise: number): number =>
    Number.parseInt(values.get(name) ?? "", 10) || otherwise;
  const time = (name: string, otherwise: Span): Span =>
    values.has(name) ? parseDuration(values.get(name) ?? "") : otherwise;
  return Object.freeze({
    maxConnections: number("max_connections", MAX_CONNECTIONS),
    reserved: number("superuser_reserved_connections", SUPERUSER_RESERVED_CONNECTIONS),
    deadlockTimeoutNs: time("deadlock_timeout", DEADLOCK_TIMEOUT_NS),
    logMinDurationNs: time("log_min_duration_statement", -1),
    limits: Object.freeze({
      lockTimeoutNs: time("lock_timeout", 0),
      statementTimeoutNs: time("statement_timeout", 0),
      idleInTransactionNs: time("idle_in_transaction_session_timeout", 0),
    }),
  });
}

/** Where a limit of a session is set: by OPTIONS of the settings, or by a line of postgresql.conf. */
export function limitPlace(
  { host }: Runtime,
  connection: Connection,
  name: string,
): { readonly cause?: Cause } {
  const options = (connection.settings.OPTIONS as Record<string, unknown> | undefined)?.options;
  if (connection.cause !== null && String(options ?? "").includes(name))
    return { cause: connection.cause };
  const node = host.disk.open(CONFIGURATION_FILE);
  const lines = isDiskError(node) ? [] : (node.text ?? "").split("\n");
  const at = lines.findLastIndex((line) => line.trim().startsWith(name));
  if (at < 0) return {};
  return { cause: { file: CONFIGURATION_FILE, line: at + 1, note: lines[at].trim() } };
}

const UNITS: Readonly<Record<string, Span>> = {
  us: 1000,
  ms: MILLISECOND,
  s: SECOND,
  min: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
};

/** `5s`, `500ms`, `5000` (ms). Source: PostgreSQL 15, 20.1.1 Parameter Names and Values. */
export function parseDuration(text: string): Span {
  const parts = /^\s*(-?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text);
  if (parts === null) return 0;
  const value = Number(parts[1]);
  return value < 0
    ? -1
    : Math.round(value * (UNITS[parts[2] === "" ? "ms" : parts[2]] ?? MILLISECOND));
}

/** Limits of a new session: the server's, then OPTIONS = {'options': '-c statement_timeout=5s'}. */
export function sessionLimits(
  runtime: Runtime,
  settings: Readonly<Record<string, unknown>>,
): SessionLimits {
  const { lockTimeoutNs, statementTimeoutNs, idleInTransactionNs } = serverSettings(runtime).limits;
  const limits: SessionLimits = { lockTimeoutNs, statementTimeoutNs, idleInTransactionNs };
  const options = (settings.OPTIONS as Record<string, unknown> | undefined)?.options;
  if (options === undefined) return limits;
  for (const [, name, value] of String(options ?? "").matchAll(/-c\s*(\w+)=(\S+)/g))
    setLimit(limits, name, value);
  return limits;
}

/** SET: only the timeouts have an effect here. */
export function setLimit(limits: SessionLimits, name: string, value: string): void {
  if (name === "lock_timeout") limits.lockTimeoutNs = parseDuration(value);
  if (name === "statement_timeout") limits.statementTimeoutNs = parseDuration(value);
  if (name === "idle_in_transaction_session_timeout")
    limits.idleInTransactionNs = parseDuration(value);
}

/** Which server DATABASES means: `host:port`, with the unix socket for no host. */
export function serverKey(settings: Readonly<Record<string, unknown>>): string {
  const host = String(settings.HOST ?? "");
  const port = String(settings.PORT ?? "") || "5432";
  return `${host.startsWith("/") ? "" : host}:${port}`;
}

const OWN_NAMES = new Set(["", "localhost", "127.0.0.1", "::1"]);

const hostOf = memoByText((place) => place.slice(0, place.lastIndexOf(":")));

export function serverOf(runtime: Runtime, connection: Connection): PostgresServer {
  return serverNamed(runtime, connection.place);
}

/** Simplification: every port of this machine is one server; its address may be any of the machine's. */
function serverNamed(runtime: Runtime, place: string): PostgresServer {
  const host = hostOf(place);
  const { servers } = worldOf(runtime);
  const local = OWN_NAMES.has(host) || runtime.host.settings.addresses.includes(host);
  const key = local ? "local" : place;
  let server = servers.get(key);
  if (server === undefined) {
    server = {
      key,
      local,
      state: "up",
      postmaster: NO_PID,
      backends: 0,
      databases: new Map(),
      waiting: [],
      nextRemotePid: FIRST_REMOTE_PID,
    };
    servers.set(key, server);
    if (local) startPostmaster(runtime, server);
  }
  return server;
}

export function localServer(runtime: Runtime): PostgresServer {
  return serverNamed(runtime, ":5432");
}

/** Starts the process of the server of this machine. */
export function startPostmaster(runtime: Runtime, server: PostgresServer): void {
  const argv = ["postgres", "-D", "/var/lib/postgresql/15/main"];
  server.postmaster = runtime.host.processes.start({ parent: NO_PID, argv, user: "postgres" });
}

export function roundTripNs(runtime: Runtime, connection: Connection): Span {
  return serverOf(runtime, connection).local ? LOCAL_ROUND_TRIP_NS : REMOTE_ROUND_TRIP_NS;
}

/** The rows of a connection's database, with the scenario's tables. */
export function storeOf(runtime: Runtime, connection: Connection): Store {
  const { databases } = serverOf(runtime, connection);
  const name = String(connection.settings.NAME ?? "");
  let store = databases.get(name);
  if (store === undefined) {
    store = emptyStore(true);
    layOutTables(store, runtime.setupSql, "postgresql");
    databases.set(name, store);
  }
  return store;
}

/** Uses the processor of the machine that the server runs on. Simplification: another machine's is never busy. */
export function serverWork(runtime: Runtime, connection: Connection, ns: Span, kind: number): void {
  const serial = connection.running?.serial ?? 0;
  if (serverOf(runtime, connection).local)
    runtime.host.cpu.run(connection.backend, ns, kind, connection.id, serial);
  else runtime.sim.after(ns, kind, connection.id, serial);
}

/** Gives a connection's place of max_connections back. */
export function leavePlace(server: PostgresServer, connection: Connection): void {
  if (connection.hasPlace) server.backends--;
  connection.hasPlace = false;
}
