// The `upstream` block: its servers with their parameters, the balancing method, keep-alive and zone.
// Source: nginx 1.22.1, src/http/ngx_http_upstream.c (ngx_http_upstream, ngx_http_upstream_server).
import { type Span as Duration, fromMs } from "../../kernel/time.ts";
import type { BalancerMethod, PeerConfig, PeerGroup, PeerSet } from "./balancer.ts";
import { consistentRing } from "./balancer-hash.ts";
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { fitsCount, grammarOf, row } from "./directive-rows.ts";
import { isConfigError } from "./setting-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseSize, parseTimeMs, ZONE_BYTES_MIN } from "./units.ts";
import { addressesOf, addressText, parseUpstreamUrl } from "./upstream-address.ts";

/** An upstream as configured: its peers, and what the block says besides. */
export interface UpstreamBlock {
  readonly group: PeerGroup;
  /** Key of the hash method. */
  readonly hashKey: Template | null;
  /** Idle connections kept for each worker; 0: none. */
  readonly keepalive: number;
  readonly keepaliveTimeoutNs: Duration;
  readonly keepaliveRequests: number;
  readonly keepaliveTimeNs: Duration;
  /** Its state is shared by all workers. */
  readonly zone: string | null;
  readonly directive: Directive | null;
}

export type UpstreamBlocks = ReadonlyMap<string, UpstreamBlock>;

/** Source: ngx_http_upstream_keepalive_module.c: 60 s, 1000 requests, 1 h. */
const KEEPALIVE_TIMEOUT_MS = 60_000;
const KEEPALIVE_REQUESTS = 1000;
const KEEPALIVE_TIME_MS = 3_600_000;

const NOTHING: UpstreamBlocks = new Map();

/** All upstream blocks of http, by name. */
export const upstreamRow: DirectiveRow<UpstreamBlocks> = row<UpstreamBlocks>(
  "upstream",
  NOTHING,
  (directive, build, before) => {
    const name = argumentText(directive, 0).toLowerCase();
    const known = before ?? NOTHING;
    if (known.has(name)) return { emerg: `duplicate upstream "${argumentText(directive, 0)}"` };
    const block = readBlock(directive, build);
    return isConfigError(block) ? block : new Map([...known, [name, block]]);
  },
  { opens: "upstream", repeat: true },
);

interface Draft {
  primary: PeerConfig[];
  backup: PeerConfig[];
  method: BalancerMethod;
  hashKey: Template | null;
  keepalive: number;
  keepaliveTimeoutNs: Duration;
  keepaliveRequests: number;
  keepaliveTimeNs: Duration;
  zone: string | null;
}

function readBlock(directive: Directive, build: BuildContext): UpstreamBlock | ConfigError {
  const draft: Draft = {
    primary: [],
    backup: [],
    method: "round_robin",
    hashKey: null,
    keepalive: 0,
    keepaliveTimeoutNs: fromMs(KEEPALIVE_TIMEOUT_MS),
    keepaliveRequests: KEEPALIVE_REQUESTS,
    keepaliveTimeNs: fromMs(KEEPALIVE_TIME_MS),
    zone: null,
  };
  let servers = 0;
  for (const line of directive.block ?? []) {
    const problem =
      misplaced(line) ??
      redefined(draft, line, build) ??
      LINES[line.name]?.(draft, line, build) ??
      null;
    if (problem !== null) return problem;
    if (line.name === "server") servers++;
  }
  if (servers === 0) return { emerg: "no servers are inside upstream" };
  if (draft.primary.length === 0) {
    const name = argumentText(directive, 0);
    const place = `${directive.file}:${directive.line}`;
    return { emerg: `no servers in upstream "${name}" in ${place}`, withoutPlace: true };
  }
  return blockOf(argumentText(directive, 0), draft, directive);
}

function misplaced(line: Directive): ConfigError | null {
  const entries = grammarOf(line.name);
  if (entries === undefined) return { emerg: `unknown directive "${line.name}"` };
  const here = entries.find((entry) => entry.contexts.includes("upstream"));
  if (here === undefined) return { emerg: `"${line.name}" directive is not allowed here` };
  if (fitsCount(here.takes, line.args.length)) return null;
  return { emerg: `invalid number of arguments in "${line.name}" directive` };
}

const METHODS: ReadonlySet<string> = new Set(["least_conn", "ip_hash", "hash", "random"]);

/** A second method, or one after keepalive, takes the place of the first, with a warning. */
function redefined(draft: Draft, line: Directive, build: BuildContext): null {
  const hasMethod = draft.method !== "round_robin" || draft.keepalive > 0;
  if (METHODS.has(line.name) && hasMethod) build.warn("load balancing method redefined", line);
  return null;
}

function blockOf(name: string, draft: Draft, directive: Directive | null): UpstreamBlock {
  const { primary, backup, method, ...rest } = draft;
  const group = makeGroup(name, method, primary, backup);
  return Object.freeze({ ...rest, group, directive });
}

/** A frozen group of peers. */
export function makeGroup(
  name: string,
  method: BalancerMethod,
  primary: readonly PeerConfig[],
  backup: readonly PeerConfig[],
): PeerGroup {
  const single = primary.length === 1 && backup.length === 0;
  return Object.freeze({
    name,
    method,
    primary: peerSet(primary, single),
    backup: backup.length > 0 ? peerSet(backup, false) : null,
    ring: method === "hash consistent" ? consistentRing(primary) : [],
  });
}

function peerSet(peers: readonly PeerConfig[], single: boolean): PeerSet {
  const totalWeight = peers.reduce((sum, peer) => sum + peer.weight, 0);
  return Object.freeze({ peers: Object.freeze(peers), totalWeight, single });
}

/** The group that a host and port in proxy_pass make by themselves. */
export function implicitBlock(name: string, peers: readonly PeerConfig[]): UpstreamBlock {
  return Object.freeze({
    group: makeGroup(name, "round_robin", peers, []),
    hashKey: null,
    keepalive: 0,
    keepaliveTimeoutNs: 0,
    keepaliveRequests: 0,
    keepaliveTimeNs: 0,
    zone: null,
    directive: null,
  });
}

type ReadLine = (draft: Draft, line: Directive, build: BuildContext) => ConfigError | null;

const LINES: Readonly<Record<string, ReadLine>> = {
  server: readServer,
  least_conn: (draft) => {
    draft.method = "least_conn";
    return null;
  },
  ip_hash: (draft) => {
    draft.method = "ip_hash";
    return null;
  },
  random: (draft, line) => {
    const bad = argumentTexts(line).find((text, i) => !RANDOM_WORDS[i]?.includes(text));
    if (bad !== undefined) return { emerg: `invalid parameter "${bad}"` };
    draft.method = "random";
    return null;
  },
  hash: (draft, line, build) => {
    const mode = argumentText(line, 1);
    if (mode !== "" && mode !== "consistent") return { emerg: `invalid parameter "${mode}"` };
    draft.method = mode === "" ? "hash" : "hash consistent";
    draft.hashKey = build.template(argumentText(line, 0), line);
    return null;
  },
  zone: (draft, line) => {
    const [name, written] = argumentTexts(line);
    const bytes = written === undefined ? null : parseSize(written);
    if (written !== undefined && bytes === null) return { emerg: `invalid zone size "${written}"` };
    if (bytes !== null && bytes < ZONE_BYTES_MIN) return { emerg: `zone "${name}" is too small` };
    if (bytes === null)
      return { emerg: `zero size shared memory zone "${name}"`, withoutPlace: true };
    draft.zone = name;
    return null;
  },
  keepalive: (draft, line) => {
    const count = Number(argumentText(line, 0));
    if (!Number.isInteger(count) || count <= 0) {
      return { emerg: `invalid value "${argumentText(line, 0)}" in "keepalive" directive` };
    }
    draft.keepalive = count;
    return null;
  },
  keepalive_timeout: (draft, line) => readTime(line, (ns) => (draft.keepaliveTimeoutNs = ns)),
  keepalive_time: (draft, line) => readTime(line, (ns) => (draft.keepaliveTimeNs = ns)),
  keepalive_requests: (draft, line) => {
    if (!/^\d+$/.test(argumentText(line, 0))) return { emerg: "invalid number" };
    draft.keepaliveRequests = Number(argumentText(line, 0));
    return null;
  },
};

const RANDOM_WORDS: readonly (readonly string[])[] = [["two"], ["least_conn"]];

function readTime(line: Directive, set: (ns: Duration) => void): ConfigError | null {
  const ms = parseTimeMs(argumentText(line, 0));
  if (ms === null) return { emerg: `"${line.name}" directive invalid value` };
  set(fromMs(ms));
  return null;
}

/** What the parameters of a `server` line may say. */
interface ServerParameters {
  weight: number;
  maxFails: number;
  failTimeoutSeconds: number;
  maxConns: number;
  down: boolean;
  backup: boolean;
}

function readServer(draft: Draft, line: Directive, build: BuildContext): ConfigError | null {
  const parameters = readParameters(line, draft.method);
  if (isConfigError(parameters)) return parameters;
  const text = argumentText(line, 0);
  const url = parseUpstreamUrl(text, 80, false);
  if ("error" in url) return { emerg: `${url.error} in upstream "${text}"` };
  if (!url.isUnix && url.host.includes("/")) return { emerg: `invalid host in upstream "${text}"` };
  const addresses = addressesOf(url, build.resolveAtStart);
  if (addresses === null) return { emerg: `host not found in upstream "${text}"` };
  const { backup, ...settings } = parameters;
  const peers = addresses.map((address) =>
    Object.freeze({
      name: addressText(address),
      server: text,
      address,
      span: line.span,
      ...settings,
    }),
  );
  (backup ? draft.backup : draft.primary).push(...peers);
  return null;
}

function readParameters(line: Directive, method: BalancerMethod): ServerParameters | ConfigError {
  const found: ServerParameters = {
    weight: 1,
    maxFails: 1,
    failTimeoutSeconds: 10,
    maxConns: 0,
    down: false,
    backup: false,
  };
  const noBackup = method === "hash" || method === "hash consistent" || method === "ip_hash";
  for (const text of argumentTexts(line).slice(1)) {
    const isUnsupported = text === "backup" && (noBackup || method === "random");
    if (isUnsupported) return { emerg: `balancing method does not support parameter "${text}"` };
    if (!readParameter(found, text)) return { emerg: `invalid parameter "${text}"` };
  }
  return found;
}

function readParameter(found: ServerParameters, text: string): boolean {
  if (text === "backup" || text === "down") {
    found[text] = true;
    return true;
  }
  const match = /^(weight|max_fails|max_conns|fail_timeout)=(.+)$/.exec(text);
  if (match === null) return false;
  const [, name, value] = match;
  if (name === "fail_timeout") {
    const ms = parseTimeMs(value);
    if (ms === null) return false;
    found.failTimeoutSeconds = Math.floor(ms / 1000);
    return true;
  }
  if (!/^\d{1,9}$/.test(value)) return false;
  const number = Number(value);
  if (name === "weight") found.weight = number;
  if (name === "max_fails") found.maxFails = number;
  if (name === "max_conns") found.maxConns = number;
  return name !== "weight" || number > 0;
}
