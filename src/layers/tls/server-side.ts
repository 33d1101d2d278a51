// The server's half of the handshake: what it chooses, its flight, its tickets.
// Source: RFC 8446 section 4 and 4.6.1; nginx ngx_http_ssl_servername (the name picks the server
// block and its certificate); recorded (net/tls*).
import type { HandlersId, SocketId } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { sendAlert, sendHandshake } from "./channel.ts";
import { fail } from "./closing.ts";
import { endOf, pairOf, programOf, recentEnds, serverFires, type Tls } from "./context.ts";
import { SERVER_RESUME_NS, SERVER_SIGN_NS } from "./costs.ts";
import { infoFrom, newEnd } from "./ends.ts";
import { note } from "./facts.ts";
import { negotiate } from "./negotiate.ts";
import { type Bundle, type End, type Pair, worldOf } from "./state.ts";

export function fireServer(tls: Tls, end: End, name: keyof typeof serverFires): void {
  const row = tls.sim.fire(tls.server, end.entity, serverFires[name], end.socket);
  if (tls.sim.recording(end.entity)) note(tls, row, end, name);
}

export interface Accepted {
  readonly socket: SocketId;
  readonly pid: Pid;
  readonly handlers: HandlersId;
  readonly decider: number;
}

/** A socket accepted on a listener that speaks TLS. */
export function prepareServer(tls: Tls, accepted: Accepted): void {
  const { request } = tls.transport.info(accepted.socket);
  const entity = tls.sim.spawn(tls.server, request);
  const { socket, pid, handlers, decider } = accepted;
  const end = newEnd({
    socket,
    role: "server",
    entity,
    pid,
    handlers,
    pair: -1,
    cache: null,
    request,
    decider,
  });
  const { ends, holders } = worldOf(tls.sim);
  recentEnds.keep(ends, socket, end);
  holders.add(end.pid);
}

/** Finds the client's side of the handshake; undefined when the peer speaks no TLS. */
export function join(tls: Tls, end: End): Pair | undefined {
  if (end.pair >= 0) return pairOf(tls, end);
  const peer = tls.transport.peerOf(end.socket);
  const pair = worldOf(tls.sim).pairs.get(peer);
  if (pair === undefined) return undefined;
  end.pair = peer;
  pair.joined = true;
  pair.ends++;
  return pair;
}

/** A flight or an alert of the client has arrived. */
export function serverReceives(tls: Tls, end: End, pair: Pair, bundle: Bundle): void {
  end.request = bundle.request;
  tls.sim.attribute(end.entity, bundle.request);
  if (bundle.kind === "client hello" || bundle.kind === "second client hello") {
    receiveHello(tls, end, pair);
  } else if (bundle.kind === "client finished") receiveFinished(tls, end, pair);
  else if (bundle.kind === "alert" && end.info === null) {
    fail(tls, end, "receiveAlert", { alert: bundle.alert ?? "", byPeer: true });
  }
}

function receiveHello(tls: Tls, end: End, pair: Pair): void {
  fireServer(tls, end, "receiveClientHello");
  const config = tls.deciders[end.decider](pair.client.serverName, end.pid);
  const { client, ticket, retried } = pair;
  const result = negotiate(config, { client, ticket, retried, now: tls.sim.now });
  pair.cause = config?.cause ?? null;
  if ("agreed" in result) pair.agreed = result.agreed;
  else if ("alert" in result) pair.refusal = result.alert;
  const signs = "agreed" in result && !result.agreed.resumed;
  const delay = signs ? SERVER_SIGN_NS : SERVER_RESUME_NS;
  tls.sim.after(delay, tls.events.serverAnswers, end.socket);
}

/** The answer to a ClientHello leaves. */
export function serverAnswers(tls: Tls, socket: SocketId): void {
  const end = endOf(tls, socket);
  const pair = end === undefined ? undefined : pairOf(tls, end);
  if (end === undefined || pair === undefined) return;
  const { agreed, refusal } = pair;
  if (refusal !== null) {
    sendAlert(tls, end, refusal);
    fail(tls, end, "reject", { alert: refusal, byPeer: false });
  } else if (agreed === null) {
    fireServer(tls, end, "askAgain");
    sendHandshake(tls, end, "hello retry");
  } else {
    fireServer(tls, end, "negotiate");
    const first = agreed.version === "TLSv1.2" && agreed.resumed;
    fireServer(tls, end, first ? "sendFinishedFirst" : "sendFlight");
    sendHandshake(tls, end, "server flight");
    if (agreed.version === "TLSv1.3") fireServer(tls, end, "expectNoCertificate");
  }
}

function receiveFinished(tls: Tls, end: End, pair: Pair): void {
  const { agreed } = pair;
  if (agreed === null) return;
  const full12 = agreed.version === "TLSv1.2" && !agreed.resumed;
  if (full12) fireServer(tls, end, "receiveKeyExchange");
  fireServer(tls, end, "receiveFinished");
  end.info = infoFrom(agreed);
  if (full12) sendHandshake(tls, end, "server finished");
  if (agreed.version === "TLSv1.3" && agreed.tickets) {
    sendHandshake(tls, end, "ticket");
    if (!agreed.resumed) sendHandshake(tls, end, "ticket");
  }
  if (end.open) programOf(tls, end).secured?.(end.socket);
}
