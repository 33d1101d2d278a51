// From the drafts of a reading to the merged configuration: inheritance resolved, locations sorted into
// trees, addresses with their servers and name tables, and the checks that nginx makes at the end of
// http. Source: src/http/ngx_http.c, ngx_http_block (1.22.1).
import type { Disk } from "../../host/disk.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { addressesOf, addressWarnings } from "./addresses.ts";
import type { Directive } from "./config-tree.ts";
import {
  type Draft,
  fail,
  newDraft,
  type Reading,
  readLevel,
  startReading,
  warn,
} from "./configuration-reader.ts";
import { WORKER_CONNECTIONS } from "./core-directives.ts";
import { inherit, type RowOf, type SettingsMap } from "./inheritance.ts";
import { defaultListen, LISTEN } from "./listen.ts";
import { duplicateLocation, locationTree, toLocation } from "./location-tree.ts";
import { parseConfigurationFile } from "./parser.ts";
import type { NginxModule } from "./phases.ts";
import { firstServerName, SERVER_NAME } from "./server-names.ts";
import {
  type Conf,
  type Configuration,
  type HttpConf,
  type ListenSpec,
  type ServerConf,
  valueAt,
} from "./settings.ts";
import {
  certificateProblem,
  SSL,
  SSL_CERTIFICATE,
  SSL_REJECT_HANDSHAKE,
} from "./ssl-directives.ts";

export interface ConfigurationResult {
  /** Null when nginx refuses it. */
  readonly configuration: Configuration | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

export interface ConfigurationOptions {
  readonly disk: Disk;
  readonly path: string;
  readonly modules: readonly NginxModule[];
  resolveAtStart(name: string): readonly string[] | null;
  /** Whether a variable is built in. */
  isVariable(name: string): boolean;
}

/** Reads and checks a configuration as nginx does when it starts or reloads. */
export function readConfiguration(options: ConfigurationOptions): ConfigurationResult {
  const { disk, path, modules, resolveAtStart } = options;
  const parsed = parseConfigurationFile(disk, path);
  const rows = modules.flatMap((module) => module.directives ?? []);
  const confDirectory = path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
  const isFixedVariable = fixedVariables(modules);
  const reading = startReading({ disk, confDirectory, rows, resolveAtStart, isFixedVariable });
  const root = newDraft("main", wholeFile(path), null);
  readLevel(reading, root, parsed.directives);
  const configuration = reading.failed ? null : merge(reading, root, options);
  const { diagnostics } = reading;
  const good = reading.failed ? null : configuration;
  return { configuration: good, diagnostics, files: parsed.files };
}

/** Source: NGX_HTTP_VAR_CHANGEABLE in the tables of ngx_http_variables.c and ngx_http_proxy_module.c. */
const CHANGEABLE: ReadonlySet<string> = new Set(["args", "limit_rate", "proxy_host", "proxy_port"]);

function fixedVariables(modules: readonly NginxModule[]): (name: string) => boolean {
  const names = modules
    .flatMap((module) => module.variables ?? [])
    .filter((row) => row.prefix !== true)
    .map((row) => row.name);
  const fixed = new Set(names.filter((name) => !CHANGEABLE.has(name)));
  return (name) => fixed.has(name);
}

function wholeFile(path: string): Directive {
  const span = { file: path, start: 0, end: 0, line: 1 };
  return { name: "", args: [], block: null, span, file: path, line: 1 };
}

function merge(reading: Reading, root: Draft, options: ConfigurationOptions): Configuration | null {
  const events = root.inner.find((draft) => draft.kind === "events");
  if (events === undefined) {
    fail(reading, { emerg: `no "events" section in configuration`, withoutPlace: true }, null);
    return null;
  }
  const http = root.inner.find((draft) => draft.kind === "http");
  if (valueAt(level(events), WORKER_CONNECTIONS) === 0)
    fail(reading, { emerg: NO_CONNECTIONS, withoutPlace: true }, null);
  return Object.freeze({
    path: options.path,
    main: level(root),
    events: level(events),
    http: http === undefined ? null : mergeHttp(reading, root, http, options),
  });
}

const NO_CONNECTIONS = "0 worker_connections are not enough for 1 listening sockets";

const level = (draft: Draft): Conf => ({ settings: draft.own, span: draft.directive.span });

function mergeHttp(
  reading: Reading,
  root: Draft,
  http: Draft,
  options: ConfigurationOptions,
): HttpConf {
  const rowOf = rowsByKey(options.modules);
  const settings = inherit(root.own, http, rowOf);
  const servers = http.inner
    .filter((draft) => draft.kind === "server")
    .map((draft, index) => mergeServer(draft, index, settings, rowOf));
  const addresses = addressesOf(reading, servers);
  const { span, endLine = 0 } = http.directive;
  const conf: HttpConf = { settings, span, endLine, servers, addresses };
  checkHttp(reading, conf, options);
  return conf;
}

function rowsByKey(modules: readonly NginxModule[]): RowOf {
  const rows = modules.flatMap((module) => module.directives ?? []);
  return new Map(rows.map((row) => [row.key ?? row.name, row]));
}

function mergeServer(draft: Draft, index: number, outer: SettingsMap, rowOf: RowOf): ServerConf {
  const settings = inherit(outer, draft, rowOf);
  const { span } = draft.directive;
  const conf: Conf = { settings, span };
  const written = valueAt(conf, LISTEN);
  const secure = valueAt(conf, SSL);
  const listens: readonly ListenSpec[] = (
    written.length > 0 ? written : [defaultListen(draft.directive)]
  ).map((listen) => (secure ? { ...listen, ssl: true } : listen));
  const names = valueAt(conf, SERVER_NAME);
  const location = toLocation({ ...draft, kind: "server" }, outer, rowOf);
  return Object.freeze({
    settings,
    span,
    line: draft.directive.line,
    index,
    firstName: firstServerName(names),
    names,
    listens,
    location,
    locations: locationTree(draft, settings, rowOf),
    script: location.script,
  });
}

/** The checks that nginx makes when the block http is complete, in its order. */
function checkHttp(reading: Reading, http: HttpConf, options: ConfigurationOptions): void {
  for (const module of options.modules) {
    const problem = module.finishHttp?.(http, options.resolveAtStart) ?? null;
    if (problem !== null) fail(reading, { ...problem, withoutPlace: true }, null);
  }
  for (const server of http.servers) {
    const certificate = certificateProblem(server, options.disk, reading.options.confDirectory);
    if (certificate !== null) fail(reading, certificate, null);
  }
  for (const server of http.servers) {
    const duplicate = duplicateLocation(server.locations);
    if (duplicate === null) continue;
    const place = `in ${duplicate.span.file}:${duplicate.line}`;
    fail(
      reading,
      { emerg: `duplicate location "${duplicate.name}" ${place}`, withoutPlace: true },
      null,
    );
  }
  checkListenSsl(reading, http);
  const unknown = [...reading.used].find(
    (name) => !reading.declared.has(name) && !options.isVariable(name),
  );
  if (unknown !== undefined)
    fail(reading, { emerg: `unknown "${unknown}" variable`, withoutPlace: true }, null);
  for (const message of reading.failed ? [] : addressWarnings(http.addresses))
    warn(reading, message, null);
}

function checkListenSsl(reading: Reading, http: HttpConf): void {
  for (const address of http.addresses) {
    if (!address.listen.ssl) continue;
    const server = address.defaultServer;
    const hasCertificate = valueAt(server, SSL_CERTIFICATE).length > 0;
    if (hasCertificate || valueAt(server, SSL_REJECT_HANDSHAKE)) continue;
    const place = `in ${server.span.file}:${server.line}`;
    const emerg = `no "ssl_certificate" is defined for the "listen ... ssl" directive ${place}`;
    fail(reading, { emerg, withoutPlace: true }, null);
  }
}
