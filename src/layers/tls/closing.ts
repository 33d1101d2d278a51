// The end of a TLS connection: close_notify before FIN, fatal alerts, and connections that break
// under it. Source: RFC 8446, section 6.1; recorded: nginx and curl send close_notify and FIN together.
import type { TlsFailure } from "../../host/network.ts";
import type { Pid } from "../../host/processes.ts";
import { sendAlert } from "./channel.ts";
import {
  clientFires,
  endOf,
  pairOf,
  programOf,
  recentEnds,
  recentPairs,
  serverFires,
  type Tls,
} from "./context.ts";
import { note } from "./facts.ts";
import { type End, worldOf } from "./state.ts";

/** The transitions of both machines that end a handshake or a connection. */
export type Ending = "close" | "loseConnection" | "receiveAlert" | "meetPlainText";

/** Takes a last transition and forgets the end; its socket is the caller's to close. */
export function drop(tls: Tls, end: End, ending: Ending | "reject" | "rejectCertificate"): void {
  const { ends, pairs } = worldOf(tls.sim);
  if (!recentEnds.drop(ends, end.socket)) return;
  const fires: Readonly<Record<string, number>> = end.role === "client" ? clientFires : serverFires;
  const handle = end.role === "client" ? tls.client : tls.server;
  const row = tls.sim.fire(handle, end.entity, fires[ending], end.socket);
  if (tls.sim.recording(end.entity)) note(tls, row, end, ending);
  tls.sim.retire(end.entity);
  end.open = false;
  const pair = pairOf(tls, end);
  if (pair === undefined) return;
  pair.ends--;
  const neverJoins = ending === "meetPlainText" && end.role === "client";
  if (pair.ends === 0 && (pair.joined || neverJoins)) recentPairs.drop(pairs, end.pair);
}

/** The handshake is over without success: the socket closes and the program hears why. */
export function fail(
  tls: Tls,
  end: End,
  ending: Parameters<typeof drop>[2],
  failure: TlsFailure,
): void {
  const { open, socket } = end;
  drop(tls, end, ending);
  tls.transport.close(socket);
  if (open) programOf(tls, end).tlsFailed?.(socket, failure);
}

/** close() and shutdown() by the program. */
export function close(tls: Tls, end: End, how: "end" | "close"): void {
  if (!end.open) return;
  if (how === "close") end.open = false;
  if (end.info === null) {
    drop(tls, end, "loseConnection");
    tls.transport.close(end.socket);
    return;
  }
  end.afterSealing = how;
  if (!end.sealing) finishClosing(tls, end);
}

/** Everything written is sealed: close_notify, then FIN; RST when plaintext was left unread. */
export function finishClosing(tls: Tls, end: End): void {
  const how = end.afterSealing;
  if (!end.notified && !staysSilent(end)) sendAlert(tls, end, "close_notify");
  end.notified = true;
  if (how === "end") {
    tls.transport.end(end.socket);
    return;
  }
  const unread = end.arrived.length > 0;
  drop(tls, end, "close");
  if (unread) tls.transport.abort(end.socket);
  else tls.transport.close(end.socket);
}

/**
 * A server whose client has said close_notify closes without its own, the client answers the server's.
 * Source: nginx ngx_ssl_handle_recv (no_send_shutdown); recorded (net/tls12-full-client-max.json).
 */
function staysSilent(end: End): boolean {
  return end.role === "server" && end.peerNotified;
}

/** RST at once. */
export function abort(tls: Tls, end: End): void {
  end.open = false;
  drop(tls, end, end.info === null ? "loseConnection" : "close");
  tls.transport.abort(end.socket);
}

/** FIN from the peer: the end of the data, or of the handshake. */
export function transportEnded(tls: Tls, socket: number): void {
  const end = endOf(tls, socket);
  if (end === undefined) return;
  if (end.info === null) {
    fail(tls, end, "loseConnection", { alert: "connection closed", byPeer: true });
  } else if (end.open) programOf(tls, end).ended?.(socket);
}

/** RST from the peer. */
export function transportReset(tls: Tls, socket: number): void {
  const end = endOf(tls, socket);
  if (end === undefined) return;
  if (end.info === null) {
    fail(tls, end, "loseConnection", { alert: "connection reset", byPeer: true });
    return;
  }
  const { open } = end;
  if (open) programOf(tls, end).reset?.(socket);
  drop(tls, end, "close");
}

/** The ends of a process that died go without a word; the kernel closes their sockets. */
export function dropAllOf(tls: Tls, pid: Pid): void {
  const own: End[] = [];
  const { holders, ends } = worldOf(tls.sim);
  if (!holders.delete(pid)) return;
  for (const end of ends.values()) if (end.pid === pid) own.push(end);
  for (const end of own) drop(tls, end, end.info === null ? "loseConnection" : "close");
}
