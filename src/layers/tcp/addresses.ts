// Which listening socket an address reaches. Source: Linux net/ipv4/inet_hashtables.c,
// __inet_lookup_listener: the exact address wins over the wildcard.
import type { Address, ListenerId } from "../../host/network.ts";
import type { Listener, TcpWorld } from "./state.ts";

export function isWildcard(ip: string): boolean {
  return ip === "0.0.0.0" || ip === "::" || ip === "*";
}

export function isLoopback(ip: string): boolean {
  return ip.startsWith("127.") || ip === "::1";
}

function isIpv6(ip: string): boolean {
  return ip.includes(":");
}

/** Whether a packet to this address stays on the machine. */
export function isOwnAddress(ip: string, addresses: readonly string[]): boolean {
  return isLoopback(ip) || isWildcard(ip) || addresses.includes(ip);
}

/** The listener that a SYN to this address and port reaches, or null. */
export function listenerFor(world: TcpWorld, ip: string, port: number): Listener | null {
  let wildcard: Listener | null = null;
  for (const listener of world.listeners.values()) {
    const { address } = listener;
    if (address.kind !== "tcp" || address.port !== port) continue;
    if (address.ip === ip) return listener;
    if (reachesAll(listener, address.ip, ip)) wildcard ??= listener;
  }
  return wildcard;
}

function reachesAll(listener: Listener, bound: string, ip: string): boolean {
  if (isWildcard(ip)) return isIpv6(ip) === isIpv6(bound);
  if (!isWildcard(bound)) return false;
  return isIpv6(bound) === isIpv6(ip) || (bound === "::" && listener.dualStack);
}

/** Whether bind() fails with EADDRINUSE: the port is listened on at this address or a wildcard. */
export function isTaken(world: TcpWorld, ip: string, port: number): boolean {
  for (const { address } of world.listeners.values()) {
    if (address.kind !== "tcp" || address.port !== port) continue;
    if (isIpv6(address.ip) !== isIpv6(ip)) continue;
    if (address.ip === ip || isWildcard(address.ip) || isWildcard(ip)) return true;
  }
  return false;
}

/** A socket file's node carries its listener as Linux's inode carries its socket. */
export function socketFileTarget(listener: ListenerId): string {
  return `listener:${listener}`;
}

/** The listener behind a socket file's node, if it still lives. */
export function listenerBehind(world: TcpWorld, target: string | null): Listener | null {
  if (target === null || !target.startsWith("listener:")) return null;
  return world.listeners.get(Number(target.slice("listener:".length))) ?? null;
}

/** An address as programs print it. */
export function formatAddress(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  return isIpv6(address.ip) ? `[${address.ip}]:${address.port}` : `${address.ip}:${address.port}`;
}
