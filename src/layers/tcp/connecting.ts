// connect(): the three-way handshake across a link or within the machine, refusals, silence and the
// SYNs that are sent again. Source: RFC 9293 section 3.5; Linux tcp_conn_request (a full accept queue
// drops the SYN), tcp_timer.c; net/unix/af_unix.c unix_stream_connect.
// Simplification: every connect() is non-blocking; no host is reachable but the server, and no ICMP
// answers for the others.
import { isDiskError } from "../../host/disk.ts";
import {
  type Address,
  type ConnectOptions,
  ERRNO,
  type Errno,
  type SocketId,
} from "../../host/network.ts";
import { isLoopback, isOwnAddress, isWildcard, listenerBehind, listenerFor } from "./addresses.ts";
import { dropHalfOpen, sendReset } from "./closing.ts";
import { clientFires, listenerFires, programOf, serverFires, type Tcp } from "./context.ts";
import {
  INITIAL_RTO_NS,
  LOCAL_PORT_FIRST,
  LOCAL_PORT_PAIRS,
  LOCAL_RTT_NS,
  LOOPBACK_CONNECT_NS,
  UNIX_CONNECT_NS,
} from "./costs.ts";
import { enqueue, errnoOf, isFull, tellWatchers, turnedAway } from "./listening.ts";
import { FIRST_PORT, LOSS_OF_SYN, LOSS_OF_SYN_ACK, loses } from "./loss.ts";
import { noteClient, noteServer } from "./segments.ts";
import {
  CLIENT,
  type Connection,
  type Listener,
  NO_ENTITY,
  NO_LISTENER,
  newSide,
  recentConnections,
  SERVER,
  socketOf,
  worldOf,
} from "./state.ts";

export function connect(tcp: Tcp, options: ConnectOptions): SocketId {
  const { sim } = tcp;
  const world = worldOf(sim);
  const { to } = options;
  const id = world.nextConnection++;
  const connection = newConnection(tcp, id, options);
  recentConnections.keep(world.connections, id, connection);
  const client = connection.sides[CLIENT];
  client.pid = options.pid;
  world.holders.add(options.pid);
  client.handlers = options.handlers;
  client.held = true;
  client.request = options.request;
  client.entity = sim.spawn(tcp.client, options.request);
  connection.sides[SERVER].request = options.request;
  fireClient(tcp, connection, clientFires.sendSyn, 1);
  if (connection.kind === "unix") sim.after(UNIX_CONNECT_NS, tcp.events.localConnect, id);
  else if (!isOwnAddress((to as Address & { kind: "tcp" }).ip, tcp.addresses))
    sendsAgain(tcp, connection);
  else if (isHeld(tcp, connection)) sendsAgain(tcp, connection);
  else if (connection.local) sim.after(LOOPBACK_CONNECT_NS, tcp.events.localConnect, id);
  else sendSyn(tcp, connection);
  return socketOf(connection.sides[CLIENT]);
}

function newConnection(tcp: Tcp, id: number, options: ConnectOptions): Connection {
  const { to, fromIp } = options;
  const link = to.kind === "tcp" && fromIp !== undefined ? tcp.link(fromIp, to.ip) : null;
  const local = link === null || link.rttNs <= LOCAL_RTT_NS;
  const connection: Connection = {
    id,
    sides: [],
    kind: to.kind,
    halfRttNs: local || link === null ? 0 : Math.round(link.rttNs / 2),
    local,
    remote: fromIp !== undefined,
    bytesPerSecond: link?.bytesPerSecond ?? Infinity,
    lossRate: local || link === null ? 0 : link.lossRate,
    openedAt: tcp.sim.now,
    established: false,
    synsSent: 1,
    synAcksSent: 0,
    queuedAt: NO_LISTENER,
  };
  connection.sides.push(newSide(connection, CLIENT, clientAddress(tcp, to, fromIp)));
  connection.sides.push(newSide(connection, SERVER, serverAddress(to)));
  return connection;
}

function serverAddress(to: Address): Address {
  return to.kind === "tcp" && isWildcard(to.ip) ? { ...to, ip: loopbackFor(to.ip) } : to;
}

function loopbackFor(ip: string): string {
  return ip.includes(":") ? "::1" : "127.0.0.1";
}

/** The kernel picks the source address by the route and an even port of the local range. */
function clientAddress(tcp: Tcp, to: Address, fromIp: string | undefined): Address {
  if (to.kind === "unix") return { kind: "unix", path: "" };
  const world = worldOf(tcp.sim);
  const first = tcp.sim.draw(0, FIRST_PORT) % LOCAL_PORT_PAIRS;
  const port = LOCAL_PORT_FIRST + 2 * ((first + world.nextPort++ * 5) % LOCAL_PORT_PAIRS);
  const own = isLoopback(to.ip) || isWildcard(to.ip) ? loopbackFor(to.ip) : to.ip;
  return { kind: "tcp", ip: fromIp ?? own, port };
}

function fireClient(tcp: Tcp, connection: Connection, transition: number, value: number): void {
  const { entity } = connection.sides[CLIENT];
  const row = tcp.sim.fire(tcp.client, entity, transition, value);
  if (tcp.sim.recording(entity)) noteClient(tcp, row, connection, transition);
}

function fireServer(tcp: Tcp, connection: Connection, transition: number, value: number): void {
  const { entity } = connection.sides[SERVER];
  const row = tcp.sim.fire(tcp.server, entity, transition, value);
  if (tcp.sim.recording(entity)) noteServer(tcp, row, connection, transition);
}

/** Whether nothing comes through between this client and the server. */
function isHeld(tcp: Tcp, connection: Connection): boolean {
  return connection.remote && worldOf(tcp.sim).held !== null;
}

/** A SYN crosses the link, unless the link loses it. */
function sendSyn(tcp: Tcp, connection: Connection): void {
  if (loses(tcp, connection, LOSS_OF_SYN + connection.synsSent * 16, 1))
    sendsAgain(tcp, connection);
  else tcp.sim.after(connection.halfRttNs, tcp.events.synArrives, connection.id);
}

/** No answer will come: the next SYN, or the end of patience, is due when the schedule says. */
function sendsAgain(tcp: Tcp, connection: Connection): void {
  const { sendsNs, giveUpNs } = tcp.schedule;
  const next = sendsNs[connection.synsSent] ?? giveUpNs;
  const at = Math.max(connection.openedAt + next, tcp.sim.now);
  const handle = tcp.sim.at(at, tcp.events.synAgain, connection.id);
  const { entity } = connection.sides[CLIENT];
  if (tcp.sim.recording(entity))
    tcp.sim.setClock({
      ...{ entity, name: "SYN retransmission", deadline: at, handle },
      facts: {
        party: "tcp",
        waitsFor: "the answer to SYN",
        otherwise: "the kernel sends SYN again, or gives up",
        setBy: "the kernel, by net.ipv4.tcp_syn_retries",
      },
    });
}

/** The retransmission timer. */
export function synAgain(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection === undefined || connection.established) return;
  if (connection.synsSent >= tcp.schedule.sendsNs.length) {
    fails(tcp, connection, ERRNO.ETIMEDOUT);
    return;
  }
  connection.synsSent++;
  fireClient(tcp, connection, clientFires.resendSyn, connection.synsSent);
  const { address } = connection.sides[SERVER];
  if (address.kind === "tcp" && !isOwnAddress(address.ip, tcp.addresses))
    sendsAgain(tcp, connection);
  else if (isHeld(tcp, connection)) sendsAgain(tcp, connection);
  else if (connection.local) localConnect(tcp, id);
  else sendSyn(tcp, connection);
}

/** connect() has failed: the socket is gone before the program hears of it. */
function fails(tcp: Tcp, connection: Connection, errno: Errno): void {
  const refused = errno !== ERRNO.ETIMEDOUT;
  const transition = refused ? clientFires.receiveRefusal : clientFires.giveUp;
  fireClient(tcp, connection, transition, errno);
  const client = connection.sides[CLIENT];
  tcp.sim.retire(client.entity);
  dropHalfOpen(tcp, connection);
  recentConnections.drop(worldOf(tcp.sim).connections, connection.id);
  programOf(tcp, client.handlers).connectFailed?.(socketOf(connection.sides[CLIENT]), errno);
}

/** Who listens at the address a connection goes to, or why nobody does. */
function findListener(tcp: Tcp, connection: Connection): Listener | Errno {
  const { address } = connection.sides[SERVER];
  const world = worldOf(tcp.sim);
  if (address.kind === "tcp") {
    return listenerFor(world, address.ip, address.port) ?? ERRNO.ECONNREFUSED;
  }
  const user = tcp.userOf(connection.sides[CLIENT].pid);
  const node = tcp.disk.stat(address.path, user);
  if (isDiskError(node)) return errnoOf(node.error);
  if (!tcp.disk.writable(address.path, user)) return ERRNO.EACCES;
  return listenerBehind(world, node.target) ?? ERRNO.ECONNREFUSED;
}

/** connect() within the machine: the whole handshake is one step of the kernel. */
export function localConnect(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection === undefined) return;
  const found = findListener(tcp, connection);
  if (typeof found === "number") fails(tcp, connection, found);
  else if (!isFull(found)) joinQueue(tcp, connection, found);
  else if (connection.kind === "unix") {
    turnedAway(tcp, found, connection.sides[CLIENT].request, listenerFires.turnAway);
    fails(tcp, connection, ERRNO.EAGAIN);
  } else {
    turnedAway(tcp, found, connection.sides[CLIENT].request, listenerFires.dropSyn);
    sendsAgain(tcp, connection);
  }
}

function joinQueue(tcp: Tcp, connection: Connection, listener: Listener): void {
  openServerSide(tcp, connection);
  connection.established = true;
  fireClient(tcp, connection, clientFires.receiveSynAck, connection.synsSent);
  fireServer(tcp, connection, serverFires.receiveAck, connection.id);
  enqueue(tcp, listener, connection);
  const client = connection.sides[CLIENT];
  programOf(tcp, client.handlers).connected?.(socketOf(client));
  tellWatchers(tcp, listener);
}

function openServerSide(tcp: Tcp, connection: Connection): void {
  const server = connection.sides[SERVER];
  server.entity = tcp.sim.spawn(tcp.server, connection.sides[CLIENT].request);
  connection.synAcksSent = 1;
  fireServer(tcp, connection, serverFires.receiveSyn, connection.id);
}

/** A SYN reaches the server: answered with SYN,ACK or RST, or dropped when the queue is full. */
export function synArrives(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection === undefined || connection.established) return;
  const found = findListener(tcp, connection);
  if (typeof found === "number") {
    tcp.sim.after(connection.halfRttNs, tcp.events.connectFails, id, found);
  } else if (isFull(found)) {
    turnedAway(tcp, found, connection.sides[CLIENT].request, listenerFires.dropSyn);
    sendsAgain(tcp, connection);
  } else sendSynAck(tcp, connection);
}

function sendSynAck(tcp: Tcp, connection: Connection): void {
  const purpose = LOSS_OF_SYN_ACK + connection.synsSent * 16;
  if (connection.sides[SERVER].entity === NO_ENTITY) openServerSide(tcp, connection);
  if (isHeld(tcp, connection) || loses(tcp, connection, purpose, 1)) sendsAgain(tcp, connection);
  else tcp.sim.after(connection.halfRttNs, tcp.events.synAnswered, connection.id);
}

export function connectFails(tcp: Tcp, id: number, errno: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection !== undefined) fails(tcp, connection, errno as Errno);
}

/** The SYN,ACK is back: connect() returns, and the ACK leaves with or before the first data. */
export function synAnswered(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection === undefined || connection.established) return;
  connection.established = true;
  fireClient(tcp, connection, clientFires.receiveSynAck, connection.synsSent);
  tcp.sim.after(connection.halfRttNs, tcp.events.ackArrives, id);
  const client = connection.sides[CLIENT];
  programOf(tcp, client.handlers).connected?.(socketOf(connection.sides[CLIENT]));
}

/** The handshake's last ACK: into the accept queue, if it still has room. */
export function ackArrives(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  if (connection === undefined || connection.sides[SERVER].entity === NO_ENTITY) return;
  const found = findListener(tcp, connection);
  if (typeof found === "number") sendReset(tcp, connection.sides[SERVER]);
  else if (isFull(found)) ackDropped(tcp, connection, found);
  else completes(tcp, connection, found);
}

function completes(tcp: Tcp, connection: Connection, listener: Listener): void {
  const server = connection.sides[SERVER];
  fireServer(tcp, connection, serverFires.receiveAck, connection.id);
  enqueue(tcp, listener, connection);
  if (server.onTheWay.length > 0 && server.onTheWay[0].at <= tcp.sim.now) {
    tcp.sim.soon(tcp.events.parcelArrives, socketOf(server));
  }
  tellWatchers(tcp, listener);
}

/** The queue filled up in between: the ACK is dropped, and SYN,ACK sent again after 1, 3, 7 … s. */
function ackDropped(tcp: Tcp, connection: Connection, listener: Listener): void {
  const { sim, settings } = tcp;
  const server = connection.sides[SERVER];
  turnedAway(tcp, listener, connection.sides[CLIENT].request, listenerFires.dropSyn);
  if (settings.abortOnOverflow) sendReset(tcp, server);
  else if (connection.synAcksSent <= settings.synAckRetries) {
    const timeout = INITIAL_RTO_NS * (1 << Math.min(connection.synAcksSent - 1, 6));
    connection.synAcksSent++;
    sim.after(timeout, tcp.events.synAckAgain, connection.id);
  } else dropHalfOpen(tcp, connection);
}

export function synAckAgain(tcp: Tcp, id: number): void {
  const connection = worldOf(tcp.sim).connections.get(id);
  const server = connection?.sides[SERVER];
  if (connection === undefined || server === undefined || server.entity === NO_ENTITY) return;
  fireServer(tcp, connection, serverFires.resendSynAck, connection.synAcksSent);
  ackArrives(tcp, id);
}
