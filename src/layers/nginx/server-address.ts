// How addresses stand in URLs and variables.

/** An address as a URL's host: IPv6 in brackets. */
export function urlHost(ip: string): string {
  return ip.includes(":") ? `[${ip}]` : ip;
}
