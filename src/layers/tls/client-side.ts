// The client's half of the handshake: ClientHello, what comes back, the certificate's checks, Finished.
// Source: RFC 8446 section 4; RFC 5246 section 7.4; RFC 7918 (False Start, which Chromium does with
// ALPN, ECDHE and an AEAD); recorded (net/tls*, net/br-*).
import type { ConnectOptions, SocketId } from "../../host/network.ts";
import { alertFor, checkCertificate } from "./certificates.ts";
import { sendAlert, sendHandshake } from "./channel.ts";
import { drop, fail } from "./closing.ts";
import {
  clientFires,
  endOf,
  pairOf,
  programOf,
  recentEnds,
  recentPairs,
  type Tls,
} from "./context.ts";
import { CLIENT_HELLO_NS, CLIENT_RESUME_NS, CLIENT_VERIFY_NS } from "./costs.ts";
import { infoFrom, newEnd } from "./ends.ts";
import { note } from "./facts.ts";
import { type Bundle, type End, newWire, type Pair, worldOf } from "./state.ts";
import { defaultCache, recallTicket, rememberTicket } from "./tickets.ts";

export function fireClient(tls: Tls, end: End, name: keyof typeof clientFires): void {
  const row = tls.sim.fire(tls.client, end.entity, clientFires[name], end.socket);
  if (tls.sim.recording(end.entity)) note(tls, row, end, name);
}

/** A client that will speak TLS once it is connected. */
export function prepareClient(tls: Tls, socket: SocketId, options: ConnectOptions): void {
  const { tls: client, to, request } = options;
  if (client === undefined) return;
  const world = worldOf(tls.sim);
  const port = to.kind === "tcp" ? to.port : 0;
  const host = client.serverName ?? (to.kind === "tcp" ? to.ip : to.path);
  const sessions = client.sessionCache ?? defaultCache(client.profile, options.fromIp);
  const cache = sessions === null ? null : `${sessions} ${host}:${port}`;
  const entity = tls.sim.spawn(tls.client, request);
  world.holders.add(options.pid);
  recentEnds.keep(
    world.ends,
    socket,
    newEnd({
      socket,
      role: "client",
      entity,
      pid: options.pid,
      handlers: options.handlers,
      pair: socket,
      cache,
      request,
      decider: -1,
    }),
  );
  recentPairs.keep(world.pairs, socket, {
    client,
    ticket: cache === null ? null : recallTicket(tls, cache),
    retried: false,
    agreed: null,
    refusal: null,
    cause: null,
    joined: false,
    toServer: newWire(),
    toClient: newWire(),
    ends: 1,
  });
}

/** TCP is connected: a key is made for the ClientHello. */
export function transportConnected(tls: Tls, socket: SocketId): void {
  tls.sim.after(CLIENT_HELLO_NS, tls.events.clientHello, socket);
}

export function sendClientHello(tls: Tls, socket: SocketId): void {
  const end = endOf(tls, socket);
  const pair = end === undefined ? undefined : pairOf(tls, end);
  if (end === undefined || pair === undefined) return;
  if (!pair.retried) fireClient(tls, end, "sendClientHello");
  sendHandshake(tls, end, pair.retried ? "second client hello" : "client hello");
}

/** A flight or an alert of the server has arrived. */
export function clientReceives(tls: Tls, end: End, pair: Pair, bundle: Bundle): void {
  if (bundle.kind === "hello retry") {
    fireClient(tls, end, "receiveHelloRetry");
    pair.retried = true;
    tls.sim.after(CLIENT_RESUME_NS, tls.events.clientHello, end.socket);
  } else if (bundle.kind === "server flight") receiveServerFlight(tls, end, pair);
  else if (bundle.kind === "server finished") {
    fireClient(tls, end, "receiveFinished");
    rememberTicket(tls, end, pair);
    connected(tls, end, pair);
  } else if (bundle.kind === "ticket") {
    fireClient(tls, end, "receiveTicket");
    rememberTicket(tls, end, pair);
  } else if (bundle.kind === "alert") {
    fail(tls, end, "receiveAlert", { alert: bundle.alert ?? "", byPeer: true });
  }
}

function receiveServerFlight(tls: Tls, end: End, pair: Pair): void {
  const resumed = pair.agreed?.resumed === true;
  const world = worldOf(tls.sim);
  world.handshakes++;
  if (resumed) world.resumptions++;
  if (pair.agreed?.version === "TLSv1.3") {
    fireClient(tls, end, "receiveServerHello");
    fireClient(tls, end, resumed ? "receiveExtensionsResumed" : "receiveExtensions");
  } else fireClient(tls, end, resumed ? "receiveServerHelloResumed12" : "receiveServerHello12");
  const delay = resumed ? CLIENT_RESUME_NS : CLIENT_VERIFY_NS;
  tls.sim.after(delay, tls.events.clientAnswers, end.socket);
}

/** The server's flight is checked: Finished, or an alert. */
export function clientAnswers(tls: Tls, socket: SocketId): void {
  const end = endOf(tls, socket);
  const pair = end === undefined ? undefined : pairOf(tls, end);
  if (end === undefined || pair === undefined || pair.agreed === null) return;
  const { resumed, version } = pair.agreed;
  if (!resumed && rejectsCertificate(tls, end, pair)) return;
  if (!resumed) {
    fireClient(tls, end, "receiveCertificate");
    fireClient(tls, end, version === "TLSv1.3" ? "receiveCertificateVerify" : "receiveKeyExchange");
  }
  const full12 = version === "TLSv1.2" && !resumed;
  if (!full12) fireClient(tls, end, "receiveFinished");
  sendHandshake(tls, end, "client finished");
  if (!full12) connected(tls, end, pair);
  else if (pair.client.profile === "chromium" && pair.agreed.alpn !== null) {
    fireClient(tls, end, "startEarly");
    connected(tls, end, pair);
  }
}

/** Checks the certificate of a verifying client; when it fails, alert and FIN are sent. */
function rejectsCertificate(tls: Tls, end: End, pair: Pair): boolean {
  const certificate = pair.agreed?.certificate ?? null;
  const { verify, profile, serverName } = pair.client;
  if (!verify || certificate === null) return false;
  const failed = checkCertificate(certificate, serverName, tls).find(({ passed }) => !passed);
  if (failed === undefined) return false;
  const expired = certificate.notAfterMs !== null && certificate.notAfterMs < tls.nowMs();
  const alert = alertFor(failed.error, profile, expired);
  sendAlert(tls, end, alert);
  const { open, socket } = end;
  drop(tls, end, "rejectCertificate");
  tls.transport.close(socket);
  const failure = { alert, byPeer: false, certificateError: failed.error };
  if (open) programOf(tls, end).tlsFailed?.(socket, failure);
  return true;
}

/** The program may write; False Start has told it before. */
function connected(tls: Tls, end: End, pair: Pair): void {
  if (end.info !== null || pair.agreed === null) return;
  end.info = infoFrom(pair.agreed);
  programOf(tls, end).connected?.(end.socket);
}
