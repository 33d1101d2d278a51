// What clients remember to resume sessions: one ticket for each host and port, the newest.
// Source: RFC 8446 section 4.6.1; RFC 5077.
import type { Simulation } from "../../kernel/simulation.ts";
import type { TlsProfile, TlsVersion } from "../../wire/tls.ts";
import type { Tls } from "./context.ts";
import { type End, type Pair, type Ticket, worldOf } from "./state.ts";

/** A browser resumes sessions by itself; the other clients only where they name a cache. */
export function defaultCache(profile: TlsProfile, clientIp: string | undefined): string | null {
  return profile === "chromium" ? `chromium ${clientIp ?? "here"}` : null;
}

/** The ticket a client would offer, if it is still fresh. */
export function recallTicket(tls: Tls, cache: string): Ticket | null {
  const ticket = worldOf(tls.sim).tickets.get(cache);
  return ticket === undefined || ticket.expiresAt < tls.sim.now ? null : ticket;
}

/** The server's ticket has arrived: the client keeps it, when it keeps any. */
export function rememberTicket(tls: Tls, end: End, pair: Pair): void {
  const { agreed } = pair;
  if (end.cache === null || agreed === null || !agreed.tickets) return;
  worldOf(tls.sim).tickets.set(
    end.cache,
    Object.freeze({
      version: agreed.version,
      cipher: agreed.cipher,
      expiresAt: tls.sim.now + agreed.ticketLifetimeNs,
      ticketKey: agreed.ticketKey,
      certificateFile: agreed.certificate?.file ?? null,
      certificate: agreed.certificate,
    }),
  );
}

export interface WarmSession {
  /** The client's sessionCache; absent: the browser's own at `clientIp`. */
  readonly cache?: string;
  readonly clientIp?: string;
  readonly host: string;
  readonly port: number;
  readonly version: TlsVersion;
}

/** Gives a client a ticket from before the run began, which the server will take. */
export function warmSession(sim: Simulation, session: WarmSession): void {
  const { host, port, version } = session;
  const cache = session.cache ?? defaultCache("chromium", session.clientIp);
  worldOf(sim).tickets.set(
    `${cache} ${host}:${port}`,
    Object.freeze({
      version,
      cipher: "",
      expiresAt: Infinity,
      ticketKey: null,
      certificateFile: null,
      certificate: null,
    }),
  );
}
