// What programs see of the network: listening sockets, connections and the bytes on them. The layers
// tcp and tls implement it; programs (nginx, gunicorn, a browser) only call it. All callbacks are
// made from events of the simulation, never from inside the call that causes them.
import type { RequestNumber } from "../kernel/simulation.ts";
import type { Span } from "../kernel/time.ts";
import type { Pid } from "./processes.ts";

export type Address =
  | { readonly kind: "tcp"; readonly ip: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** One end of a connection, as a program holds it (a file descriptor). */
export type SocketId = number;
export type ListenerId = number;
export const NO_SOCKET: SocketId = -1;

/** Linux error numbers that programs see, with the names used in their messages. */
export const ERRNO = {
  ENOENT: 2,
  EAGAIN: 11,
  EACCES: 13,
  EPIPE: 32,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
} as const;
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

/**
 * Bytes on a connection. `text` is what they say, one UTF-16 unit a byte (latin-1); null for filler
 * bodies that are counted and never allocated. Chunks are frozen and may be sent many times: whoever
 * parses one may memoise by identity.
 */
export interface Chunk {
  readonly bytes: number;
  readonly text: string | null;
  /** For filler: the 16 bytes 0123456789abcdef repeated; where in that cycle these bytes start. */
  readonly fillerOffset?: number;
  /** For filler that stands for a compressed body: what it unpacks to, kept by its first slice. */
  readonly unpacked?: string;
}

/** A frozen chunk of text (latin-1, one unit a byte). */
export function textChunk(text: string): Chunk {
  return Object.freeze({ bytes: text.length, text });
}

/** A frozen chunk of counted bytes. */
export function fillerChunk(bytes: number, fillerOffset = 0): Chunk {
  return Object.freeze({ bytes, text: null, fillerOffset });
}

/** A frozen chunk of compressed bytes: counted, with the text that whoever decodes them gets. */
export function packedChunk(bytes: number, unpacked: string): Chunk {
  return Object.freeze({ bytes, text: null, fillerOffset: 0, unpacked });
}

/** What a program hears of its sockets. Register once at install; sockets name it by number. */
export interface SocketHandlers {
  /** A connection waits in the accept queue. Called for each process that holds the listener and asked (`watch`). */
  acceptable?(listener: ListenerId, pid: Pid): void;
  /** `acceptable` asks all of the program's processes itself: it need be called for one of those that watch only. */
  readonly wakesAll?: true;
  /** connect() is done (and the TLS handshake, when one was asked for). */
  connected?(socket: SocketId): void;
  /** connect() failed. */
  connectFailed?(socket: SocketId, errno: Errno): void;
  /** Bytes can be read. */
  readable?(socket: SocketId): void;
  /** The peer sent FIN (all bytes before it were announced by `readable`). */
  ended?(socket: SocketId): void;
  /** The peer reset the connection (ECONNRESET). */
  reset?(socket: SocketId): void;
  /** Everything sent so far has been received by the peer's kernel. */
  drained?(socket: SocketId): void;
  /** Whether the program waits to hear that; it hears of it all the same unless this says no. */
  waitsForDrain?(socket: SocketId): boolean;
  /** A server's TLS handshake is done; `readable` follows. */
  secured?(socket: SocketId): void;
  /** The TLS handshake failed; the socket is closed. */
  tlsFailed?(socket: SocketId, failure: TlsFailure): void;
}
export type HandlersId = number;

export interface TlsFailure {
  /** The alert's name: "handshake_failure", or "plain HTTP" when the peer did not speak TLS. */
  readonly alert: string;
  readonly byPeer: boolean;
  /** What a verifying client found wrong with the certificate. */
  readonly certificateError?: "authority" | "name" | "date";
}

/** A certificate as the simulator needs it. */
export interface Certificate {
  /** Subject alternative names. */
  readonly names: readonly string[];
  readonly selfSigned: boolean;
  /** Milliseconds since 1970, or null for "always valid". */
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
  readonly file: string;
}

/** How a server speaks TLS on a listener, decided per handshake from the name the client sent. */
export interface TlsServerConfig {
  readonly certificate: Certificate | null;
  /** ssl_reject_handshake. */
  readonly reject: boolean;
  readonly protocols: readonly ("TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3")[];
  readonly alpn: readonly ("h2" | "http/1.1")[];
  readonly sessionTickets: boolean;
  readonly sessionTimeoutNs: Span;
  /** Names the key that seals tickets (a new one at each reload); tickets of another are not taken. */
  readonly ticketKey?: string;
  /** ssl_ecdh_curve, when given: without X25519 clients need a HelloRetryRequest. */
  readonly groups?: readonly string[];
  /** Where the certificate and the choice of its server stand, for a recorder. */
  readonly cause?: TlsCause;
}

/** The lines of the configuration behind a TLS answer: a Cause and Alternatives of layers/layer.ts. */
export interface TlsCause {
  readonly cause?: { readonly file: string; readonly line: number; readonly note: string };
  readonly alternatives?: readonly {
    readonly text: string;
    readonly verdict: string;
    readonly chosen: boolean;
  }[];
}

export interface TlsClientOptions {
  readonly serverName: string | null;
  readonly alpn: readonly ("h2" | "http/1.1")[];
  /** Chromium verifies chain, dates and names; the bare client and nginx's upstream do not. */
  readonly verify: boolean;
  readonly profile: "chromium" | "openssl";
  /** Name of the client's session cache; without one only a Chromium resumes sessions, by its address. */
  readonly sessionCache?: string;
}

export interface TlsInfo {
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly cipher: string;
  readonly serverName: string | null;
  readonly alpn: "h2" | "http/1.1" | null;
  readonly resumed: boolean;
  readonly certificate: Certificate | null;
}

export interface ListenOptions {
  readonly backlog: number;
  readonly handlers: HandlersId;
  /**
   * Called when a client starts TLS here, with the process that accepted it; null answers like a
   * server without a certificate.
   */
  readonly tls?: (serverName: string | null, pid: Pid) => TlsServerConfig | null;
  /** Unix sockets: mode of the socket file. */
  readonly mode?: string;
  readonly owner?: string;
  /** A queue that never has room: every SYN is dropped, every unix connect() turned away. */
  readonly full?: true;
  /** An IPv6 wildcard that takes IPv4 connections too (ipv6only=off). */
  readonly dualStack?: true;
}

export interface ConnectOptions {
  readonly pid: Pid;
  readonly handlers: HandlersId;
  readonly to: Address;
  /** The client's own address, for machines beyond the server. Absent: the server itself. */
  readonly fromIp?: string;
  readonly request: RequestNumber;
  readonly tls?: TlsClientOptions;
}

export interface SocketInfo {
  readonly local: Address;
  readonly peer: Address;
  readonly tls: TlsInfo | null;
  /** The request that the bytes read last (or, for a client, sent last) belong to. */
  readonly request: RequestNumber;
  readonly ended: boolean;
}

export interface Network {
  /** Registers a program's callbacks; call at install, in a fixed order. */
  handlers(handlers: SocketHandlers): HandlersId;

  /** bind() and listen(). An errno when the address is taken or not there. */
  listen(
    pid: Pid,
    address: Address,
    options: ListenOptions,
  ): ListenerId | { readonly errno: Errno };
  /** fork(): another process holds the same listening socket. */
  share(listener: ListenerId, pid: Pid): void;
  /** This process closes its copy; the last one to do so ends the listening (queued connections get RST). */
  unlisten(listener: ListenerId, pid: Pid): void;
  /**
   * Whether this process is told of waiting connections (`acceptable`); told at once when some wait. Who
   * asked last is told first, as epoll does; who asks with `isExclusive` comes after all others.
   * Source: epoll_ctl(2), EPOLLEXCLUSIVE; Linux fs/eventpoll.c, ep_ptable_queue_proc.
   */
  watch(listener: ListenerId, pid: Pid, on: boolean, isExclusive?: boolean): void;
  /** Whose handlers are told from now on: systemd passes its listener to a service, and takes it back. */
  handOver(listener: ListenerId, handlers: HandlersId): void;
  /** Connections waiting in the accept queue. */
  waiting(listener: ListenerId): number;
  addressOf(listener: ListenerId): Address;
  /** The listener bound to an address, or null. */
  listenerAt(address: Address): ListenerId | null;
  /** accept(): takes the head of the accept queue for a process, or NO_SOCKET. */
  accept(listener: ListenerId, pid: Pid, handlers: HandlersId): SocketId;

  /** connect(): answers by `connected` or `connectFailed`. */
  connect(options: ConnectOptions): SocketId;
  /** write(): queues a chunk for the peer. The request tags the bytes for recorders only. */
  send(socket: SocketId, chunk: Chunk, request: RequestNumber): void;
  /** read(): the next chunk that has arrived, or null. */
  read(socket: SocketId): Chunk | null;
  /** shutdown(SHUT_WR): FIN after what was sent. */
  end(socket: SocketId): void;
  /** close(): FIN after what was sent, or RST when bytes were left unread. No callback follows. */
  close(socket: SocketId): void;
  /** RST (SO_LINGER 0). No callback follows. */
  abort(socket: SocketId): void;
  info(socket: SocketId): SocketInfo;
  /** Bytes sent that the peer's kernel has not received. */
  unsentBytes(socket: SocketId): number;
  /** Whether the socket is open at this end. */
  isOpen(socket: SocketId): boolean;
  /** Closes everything a process held, as the kernel does when it dies. */
  processEnded(pid: Pid): void;
}
