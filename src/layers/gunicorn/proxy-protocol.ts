// The first line of HAProxy's PROXY protocol (version 1), which names the client behind a TCP proxy.
// Source: gunicorn/http/message.py proxy_protocol 20.1.0.
import { type RequestError, requestError } from "./request-error.ts";

export interface ProxyProtocolInfo {
  readonly protocol: "TCP4" | "TCP6";
  readonly clientIp: string;
  readonly clientPort: number;
  readonly proxyIp: string;
  readonly proxyPort: number;
}

/** Reads the line, or says why it is refused. `peerIp` is null on a unix socket, which may always. */
export function readProxyLine(
  line: string,
  allowed: readonly string[],
  peerIp: string | null,
): { info: ProxyProtocolInfo } | { error: RequestError } {
  if (peerIp !== null && !allowed.includes("*") && !allowed.includes(peerIp))
    return { error: requestError("ForbiddenProxyRequest", { text: peerIp }) };
  const bits = line.split(/\s+/).filter((bit) => bit !== "");
  if (bits.length !== 6) return invalid(line);
  const [, protocol, clientIp, proxyIp, clientPort, proxyPort] = bits;
  if (protocol !== "TCP4" && protocol !== "TCP6")
    return invalid(`protocol '${protocol}' not supported`);
  const isIp = protocol === "TCP4" ? isIpv4 : isIpv6;
  if (!isIp(clientIp) || !isIp(proxyIp)) return invalid(line);
  const ports = [Number(clientPort), Number(proxyPort)];
  if (
    ![clientPort, proxyPort].every((port) => /^\d+$/.test(port)) ||
    ports.some((port) => port > 65535)
  )
    return invalid(`invalid port ${line}`);
  return { info: { protocol, clientIp, clientPort: ports[0], proxyIp, proxyPort: ports[1] } };
}

function invalid(text: string): { error: RequestError } {
  return { error: requestError("InvalidProxyLine", { text }) };
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (!/^[\da-fA-F:.]+$/.test(text) || (text.match(/::/g)?.length ?? 0) > 1) return false;
  const groups = text.split(":");
  return (
    groups.length >= 3 &&
    groups.length <= 8 &&
    groups.every((group) => group.length <= 4 || isIpv4(group))
  );
}
