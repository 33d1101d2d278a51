// How a client asks for the addresses of a name. The DNS layer answers; browsers and clients ask.
// Answers come from events of the simulation, never from inside the call.
import type { RequestNumber } from "../kernel/simulation.ts";
import type { DnsMessage } from "../wire/dns-message.ts";

export type LookupError =
  /** The name does not exist: EAI_NONAME. */
  | "NXDOMAIN"
  /** It exists without an address: EAI_NODATA. */
  | "NODATA"
  /** The resolver failed: EAI_AGAIN. */
  | "SERVFAIL"
  /** Nobody answered in time: EAI_AGAIN. */
  | "TIMEOUT";

export interface LookupResult {
  /** Addresses in the order to try them; empty on an error. */
  readonly addresses: readonly string[];
  readonly error: LookupError | null;
  /** Seconds the answer may be kept; 0 when unknown. */
  readonly ttlSeconds: number;
  /** The name has an HTTPS record: Chromium then goes to https. */
  readonly httpsRecord: boolean;
}

export interface LookupClient {
  /** The answer to the lookup with this ticket. */
  resolved(ticket: number, result: LookupResult): void;
  /** The message that came back for a single question. */
  answered?(ticket: number, message: DnsMessage): void;
}
export type LookupClientId = number;

export interface LookupOptions {
  readonly name: string;
  /** "any" asks for IPv4 and IPv6 as getaddrinfo does with AF_UNSPEC. */
  readonly family: "inet" | "any";
  /** Chromium's own resolver also asks for HTTPS records and does not read /etc/hosts order rules. */
  readonly how: "glibc" | "chromium";
  /** The URL's scheme and port, for the name of the HTTPS question. */
  readonly port?: number;
  readonly request: RequestNumber;
  readonly client: LookupClientId;
  readonly ticket: number;
}

/** An address that a client remembers. */
export interface KnownAddress {
  /** Without the final dot. */
  readonly name: string;
  readonly address: string;
  readonly ttlSeconds: number;
}

/** A single question to the resolver, as dig sends it, or a program that has a resolver of its own. */
export interface NameQuestion {
  readonly name: string;
  readonly type: string;
  readonly edns?: boolean;
  readonly request: RequestNumber;
  readonly client: LookupClientId;
  readonly ticket: number;
}

export interface NameQuestions {
  /** Registers who hears answers; call at install, in a fixed order. */
  client(client: LookupClient): LookupClientId;
  /** Sends one question to the resolver; the client hears `answered`, or nothing. */
  dig(question: NameQuestion): void;
}

export interface NameLookup {
  /** Registers who hears answers; call at install, in a fixed order. */
  client(client: LookupClient): LookupClientId;
  lookup(options: LookupOptions): void;
}
