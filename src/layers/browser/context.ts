// What Chromium's model keeps in the simulation's world: visits, requests, connections by origin, and
// the caches that outlive a visit. Plain data, looked up each time.
import type { HandlersId, SocketId, TlsInfo } from "../../host/network.ts";
import type { Host } from "../../host/processes.ts";
import type { EventHandle } from "../../kernel/event-queue.ts";
import type { StateOf, TransitionOf } from "../../kernel/machine.ts";
import type { Entity, MachineHandle, RequestNumber } from "../../kernel/simulation.ts";
import type { Instant } from "../../kernel/time.ts";
import type { Http2, Http2HandlersId, StreamId } from "../http2-session.ts";
import type { KnownAddress, LookupClientId, NameLookup } from "../name-lookup.ts";
import type { BrowserUrl, SiteRelation } from "./browser-url.ts";
import type { FetchKind, Upgrade } from "./chromium-request.ts";
import type { Cookie } from "./cookies.ts";
import type { CacheEntry } from "./http-cache.ts";
import type { Urgency } from "./http2-client.ts";
import type { browserRequest, navigation } from "./machine.ts";
import type { NetError } from "./net-errors.ts";
import type { BrowseSpec } from "./request-spec.ts";
import type { ResponseReader } from "./response-reader.ts";

/**
 * Stands for connections that a browser opens ahead: they belong to no request yet, and a recorder may
 * leave them out.
 */
export const SPARE_CONNECTION: RequestNumber = -2;

/** What is known of a request that the browser makes. */
export interface RequestMeta {
  readonly method: string;
  readonly url: string;
  readonly kind: FetchKind;
}

export interface BrowserOptions {
  /** Gives every request of the browser its number. */
  readonly newRequest: (meta: RequestMeta) => RequestNumber;
  readonly requestFinished?: (request: RequestNumber, status: number | null) => void;
  /** A visit has ended: the page is loaded, or an error page stands. */
  readonly visitFinished?: (visit: number) => void;
  /** Looks names up; without it every name is the server's. */
  readonly lookup?: NameLookup;
  readonly serverIp: string;
  readonly clientIp?: string;
  /** What the host cache holds when the run begins. */
  readonly knownAddresses?: readonly KnownAddress[];
}

export interface BrowserContext {
  readonly host: Host;
  readonly options: BrowserOptions;
  readonly navigation: MachineHandle<StateOf<typeof navigation>, TransitionOf<typeof navigation>>;
  readonly request: MachineHandle<
    StateOf<typeof browserRequest>,
    TransitionOf<typeof browserRequest>
  >;
  readonly handlers: HandlersId;
  readonly http2: Http2;
  readonly http2Handlers: Http2HandlersId;
  readonly lookupClient: LookupClientId;
  readonly events: BrowserEvents;
  /** What a fetch's end leads to: the visit's code, which the fetch does not know. */
  readonly fetchEnded: (context: BrowserContext, end: FetchEnd) => void;
}

export interface BrowserEvents {
  /** The visit's next decision: its number. */
  decide: number;
  /** A fetch begins: its number. */
  begin: number;
  /** An upgrade to https has taken too long: the visit's and the fetch's number. */
  upgradeTimer: number;
  /** The page has been scanned: the visit's number. */
  scan: number;
  favicon: number;
}

export interface Visit {
  readonly id: number;
  readonly entity: Entity;
  readonly spec: BrowseSpec;
  /** The address it is at now; null before it is read. */
  url: BrowserUrl | null;
  method: string;
  body: string | null;
  /** The page it comes from, for Referer and Sec-Fetch-Site. */
  readonly from: PageState | null;
  relation: SiteRelation;
  redirects: number;
  upgrade: Upgrade;
  /** Where to go when https fails; null when there is no way back. */
  plainUrl: BrowserUrl | null;
  triedPlain: boolean;
  fetch: number;
  /** Requests of the page that have not ended. */
  outstanding: number;
  finished: boolean;
}

export interface Fetch {
  readonly id: number;
  readonly entity: Entity;
  readonly request: RequestNumber;
  readonly visit: number;
  readonly kind: FetchKind;
  readonly url: BrowserUrl;
  readonly method: string;
  readonly body: string | null;
  readonly startedAt: Instant;
  readonly startedMs: number;
  reader: ResponseReader;
  socket: SocketId;
  /** Its stream on a connection of HTTP/2; 0 with HTTP/1. */
  stream: StreamId;
  /** How often it was sent again after its connection of HTTP/2 refused or lost it. */
  retries: number;
  readonly urgency: Urgency;
  stored: CacheEntry | null;
  sentHead: string;
  tls: TlsInfo | null;
  timer: EventHandle;
}

export interface PoolSocket {
  readonly id: SocketId;
  readonly origin: string;
  state: "connecting" | "idle" | "busy";
  /** It has carried a request. */
  used: boolean;
  /** Requests it carried before the one it carries now; one opened ahead counts as having served. */
  served: number;
  fetch: number;
  /** With HTTP/2: the fetch of each stream; null with HTTP/1. */
  streams: Map<StreamId, number> | null;
}

export interface OriginPool {
  /** Fetches that wait for a connection, in order. */
  readonly waiting: number[];
  addresses: readonly string[] | null;
  resolving: boolean;
}

export interface PageState {
  readonly url: BrowserUrl;
  readonly status: number;
  readonly html: string;
  readonly referrerPolicy: string;
}

export interface BrowserWorld {
  nextId: number;
  readonly visits: Map<number, Visit>;
  readonly fetches: Map<number, Fetch>;
  readonly sockets: Map<SocketId, PoolSocket>;
  readonly pools: Map<string, OriginPool>;
  /** Lookups under way: the fetch that asked, by ticket. */
  readonly lookups: Map<number, number>;
  readonly hostCache: Map<
    string,
    { readonly addresses: readonly string[]; readonly expiresAt: Instant }
  >;
  readonly hsts: Map<string, { readonly untilMs: number; readonly subdomains: boolean }>;
  readonly cookies: Cookie[];
  readonly cache: Map<string, CacheEntry>;
  /** Sites whose missing favicon is remembered. */
  readonly noFavicon: Set<string>;
  readonly history: PageState[];
}

export function emptyBrowserWorld(): BrowserWorld {
  return {
    nextId: 1,
    visits: new Map(),
    fetches: new Map(),
    sockets: new Map(),
    pools: new Map(),
    lookups: new Map(),
    hostCache: new Map(),
    hsts: new Map(),
    cookies: [],
    cache: new Map(),
    noFavicon: new Set(),
    history: [],
  };
}

export function browserWorld(context: BrowserContext): BrowserWorld {
  return context.host.sim.world.browser as BrowserWorld;
}

/** How a fetch ended, for the visit that it belongs to. */
export interface FetchEnd {
  readonly fetch: Fetch;
  readonly error: NetError | null;
  readonly fromCache: boolean;
  /** The host has an HTTPS record, so the same is asked over https. */
  readonly httpsRecord?: true;
}
