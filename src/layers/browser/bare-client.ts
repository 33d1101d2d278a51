// The bare client: one request at a time as the scenario writes it, byte for byte, the answer read as
// it comes and reported as the recordings report it. It follows no redirect, keeps no cache, and sends
// nothing that the scenario does not say. Simplification: it never waits for `100 Continue` before it
// sends a body.
import {
  type Address,
  ERRNO,
  type Errno,
  NO_SOCKET,
  type SocketId,
  type TlsClientOptions,
} from "../../host/network.ts";
import { type Host, NO_PID } from "../../host/processes.ts";
import { NO_EVENT } from "../../kernel/event-queue.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import type { RequestNumber } from "../../kernel/simulation.ts";
import { fromMs } from "../../kernel/time.ts";
import type { Http2 } from "../http2-session.ts";
import type { LookupResult, NameLookup } from "../name-lookup.ts";
import {
  type BareClient,
  type BareClientOptions,
  type Context,
  emptyWorld,
  isAddress,
  originOf,
  type Pending,
  renewWorld,
  steps,
  withPending,
  worldOf,
} from "./bare-context.ts";
import {
  fail,
  JAR_BODY_MAX,
  onEnded,
  onReadable,
  onTimeout,
  sendOn,
  startSending,
} from "./bare-exchange.ts";
import { bareRequest } from "./bare-machine.ts";
import { type BareUrl, parseBareUrl } from "./bare-request.ts";
import { bareStreams } from "./bare-streams.ts";
import type { ClientError } from "./client-report.ts";
import type { RequestSpec } from "./request-spec.ts";
import { newReader } from "./response-reader.ts";

/** The client's address when the scenario names none. Source: scenario-format.md, `ip`. */
const CLIENT_IP = "203.0.113.10";
/** How much of a page is kept for a person who looks, in bytes. */
const SHOWN_BODY_MAX = 262_144;

/** Installs the client's program: its callbacks, events and state. Call once, in a fixed order. */
export function installBareClient(
  host: Host,
  http2: Http2,
  options: BareClientOptions,
): BareClient {
  const { sim } = host;
  sim.world.bareClient ??= emptyWorld();
  sim.renewal.add(() => renewWorld(worldOf(context)));
  const context: Context = {
    host,
    options,
    machine: sim.machine(bareRequest),
    reusedOrigins: reusedOriginsOf(options.requests ?? []),
    handlers: host.network.handlers({
      connected: (socket) => onConnected(context, socket),
      connectFailed: (socket, errno) => onConnectFailed(context, socket, errno),
      tlsFailed: (socket) =>
        withPending(context, socket, (p) => fail(context, p, "tls", steps.failTls)),
      readable: (socket) => onReadable(context, socket),
      ended: (socket) => onEnded(context, socket, "closed"),
      reset: (socket) => onEnded(context, socket, "reset"),
    }),
    http2,
    http2Handlers: http2.handlers(bareStreams(() => context)),
    lookupClient:
      options.lookup?.client({
        resolved: (ticket, result) => onResolved(context, ticket, result),
      }) ?? -1,
    onTimeout: sim.event("client gives up", (number) => onTimeout(context, number)),
    onContinue: sim.event("client continues sending", (number) => {
      const pending = worldOf(context).pending.get(number);
      if (pending !== undefined) sendOn(context, pending);
    }),
    onFoundEnded: sim.event("client reads the end", (number) => {
      const pending = worldOf(context).pending.get(number);
      if (pending !== undefined) onEnded(context, pending.socket, "closed");
    }),
    onRefuse: sim.event("client refuses a URL", (number) => {
      const pending = worldOf(context).pending.get(number);
      if (pending !== undefined) fail(context, pending, "refused", steps.refuse);
    }),
  };
  return {
    request: (number, spec) => begin(context, number, spec),
    pending: () => worldOf(context).pending.size,
  };
}

function reusedOriginsOf(specs: readonly RequestSpec[]): ReadonlySet<string> {
  const origins = new Set<string>();
  for (const spec of specs) {
    const url = parseBareUrl(spec.url);
    if (spec.keepalive === true && url !== null) origins.add(originOf(spec, url));
  }
  return origins;
}

function begin(context: Context, number: RequestNumber, given: RequestSpec): void {
  const { host, options } = context;
  const { sim } = host;
  const spec = given;
  const { url: parsed } = preparedOf(spec);
  const pending: Pending = {
    number,
    spec,
    url: parsed ?? NO_URL,
    entity: sim.spawn(context.machine, number),
    startedAt: sim.now,
    reader: newReader(spec.method ?? "GET", keptMax(context, number, spec), true),
    socket: NO_SOCKET,
    stream: 0,
    steps: [],
    nextStep: 0,
    interimSeen: 0,
    timeout: NO_EVENT,
    tls: null,
  };
  worldOf(context).pending.set(number, pending);
  if (parsed === null) {
    sim.after(0, context.onRefuse, number);
    return;
  }
  if (spec.timeout !== undefined) {
    pending.timeout = sim.after(fromMs(spec.timeout), context.onTimeout, number);
    sim.setClock({
      ...{ entity: pending.entity, name: "the client's timeout", handle: pending.timeout },
      deadline: sim.now + fromMs(spec.timeout),
      facts: {
        ...{ party: "browser", waitsFor: "the whole answer", otherwise: "the client gives up" },
        setBy: "the client, in the scenario",
      },
    });
  }
  if (reuseKept(context, pending)) return;
  if (spec.to === undefined && options.lookup !== undefined && !isAddress(parsed.host)) {
    resolve(context, pending, options.lookup);
  } else connect(context, pending, addressOf(spec, parsed, options.serverIp));
}

/** Stands for the URL of a request whose own cannot be read. */
const NO_URL: BareUrl = Object.freeze({
  scheme: "http",
  host: "",
  port: 0,
  target: "/",
  authority: "",
});

/** What a request says of its connection, read once. */
interface Prepared {
  /** Null when the URL cannot be read. */
  readonly url: BareUrl | null;
  readonly tls: TlsClientOptions;
}

/** Reads a request that is seen for the first time, and freezes it. */
const preparedOf = memoByIdentity((spec: RequestSpec): Prepared => {
  for (const part of Object.values(spec)) Object.freeze(part);
  Object.freeze(spec);
  const url = parseBareUrl(spec.url);
  const host = url?.host ?? "";
  return Object.freeze({
    url,
    tls: Object.freeze({
      serverName: spec.sni ?? (isAddress(host) ? null : host),
      alpn: spec.version === "2" ? (["h2", "http/1.1"] as const) : [],
      verify: false,
      profile: "openssl",
      ...(spec.pool !== undefined && { sessionCache: spec.pool }),
    }),
  });
});

function keptMax(context: Context, number: RequestNumber, spec: RequestSpec): number {
  if (context.host.sink.wants(number)) return SHOWN_BODY_MAX;
  return spec.jar === undefined ? 0 : JAR_BODY_MAX;
}

/** Where to connect: `to` names it, an address is taken as it is, every name is the server's. */
function addressOf(spec: RequestSpec, url: BareUrl, serverIp: string): Address {
  if (spec.to?.startsWith("unix:")) return { kind: "unix", path: spec.to.slice("unix:".length) };
  if (spec.to !== undefined) {
    const [, ip, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(spec.to) ?? [];
    return { kind: "tcp", ip: ip ?? serverIp, port: port === undefined ? url.port : Number(port) };
  }
  const ip = url.host === "localhost" ? "127.0.0.1" : isAddress(url.host) ? url.host : serverIp;
  return { kind: "tcp", ip, port: url.port };
}

/** Takes the idle connection to the origin when the scenario says so; otherwise closes it. */
function reuseKept(context: Context, pending: Pending): boolean {
  const { kept, bySocket } = worldOf(context);
  const { sim, network } = context.host;
  const origin = originOf(pending.spec, pending.url);
  const socket = kept.get(origin);
  if (socket === undefined) return false;
  kept.delete(origin);
  if (pending.spec.keepalive !== true || !network.isOpen(socket)) {
    context.http2.forget(socket);
    if (network.isOpen(socket)) network.close(socket);
    return false;
  }
  pending.socket = socket;
  bySocket.set(socket, pending.number);
  const row = sim.fire(context.machine, pending.entity, steps.reuse);
  if (sim.recording(pending.entity)) sim.note(row, { values: { url: pending.spec.url } });
  const isEnded = network.info(socket).ended;
  startSending(context, pending);
  // recv() tells of the end that has come already, not of the reset that answers the request.
  if (isEnded) sim.after(0, context.onFoundEnded, pending.number);
  return true;
}

function resolve(context: Context, pending: Pending, lookup: NameLookup): void {
  const { sim } = context.host;
  const row = sim.fire(context.machine, pending.entity, steps.resolve);
  const name = pending.url.host;
  if (sim.recording(pending.entity)) sim.note(row, { values: { name, url: pending.spec.url } });
  const { number } = pending;
  lookup.lookup({
    name,
    family: "any",
    how: "glibc",
    request: number,
    client: context.lookupClient,
    ticket: number,
  });
}

function onResolved(context: Context, number: RequestNumber, result: LookupResult): void {
  const pending = worldOf(context).pending.get(number);
  if (pending === undefined) return;
  const ip = result.addresses.find((address) => !address.includes(":")) ?? result.addresses[0];
  if (ip === undefined) fail(context, pending, "dns", steps.failLookup);
  else connect(context, pending, { kind: "tcp", ip, port: pending.url.port });
}

function connect(context: Context, pending: Pending, to: Address): void {
  const { sim, network } = context.host;
  const { spec, url, number } = pending;
  const secure = url.scheme === "https";
  const row = sim.fire(
    context.machine,
    pending.entity,
    secure ? steps.connectSecurely : steps.connect,
  );
  if (sim.recording(pending.entity)) {
    const address = to.kind === "tcp" ? `${to.ip}:${to.port}` : `unix:${to.path}`;
    sim.note(row, { values: { address, url: spec.url, host: url.host } });
  }
  pending.socket = network.connect({
    pid: NO_PID,
    handlers: context.handlers,
    to,
    fromIp: spec.ip ?? CLIENT_IP,
    request: number,
    tls: secure ? preparedOf(spec).tls : undefined,
  });
  worldOf(context).bySocket.set(pending.socket, number);
}

function onConnected(context: Context, socket: SocketId): void {
  withPending(context, socket, (pending) => {
    const transition = pending.url.scheme === "https" ? steps.secured : steps.connected;
    const row = context.host.sim.fire(context.machine, pending.entity, transition);
    if (context.host.sim.recording(pending.entity)) context.host.sim.note(row, { fine: true });
    startSending(context, pending);
  });
}

function onConnectFailed(context: Context, socket: SocketId, errno: Errno): void {
  withPending(context, socket, (pending) => {
    const error: ClientError =
      errno === ERRNO.ETIMEDOUT ? "timeout" : errno === ERRNO.ECONNRESET ? "reset" : "refused";
    fail(context, pending, error, steps.failConnect);
  });
}
