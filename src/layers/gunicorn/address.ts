// The addresses gunicorn binds, as text and as socket addresses.
// Source: gunicorn/util.py parse_address 20.1.0; gunicorn/sock.py, __str__ of the socket classes.
import type { Address } from "../../host/network.ts";

export interface BindAddress {
  readonly address: Address;
  /** As Python prints it in `Connection in use: …`. */
  readonly repr: string;
}

const DEFAULT_PORT = "8000";

/**
 * Reads `127.0.0.1:8000`, `:8000`, `[::1]:8000`, `unix:/run/x.sock`, `tcp://host:port`. A relative
 * socket path is taken below `chdir`. Returns the words of the error for a port that is no number.
 */
export function parseBindAddress(text: string, chdir: string): BindAddress | { error: string } {
  const unix = /^unix:(?:\/\/)?(.*)$/s.exec(text);
  if (unix !== null) {
    const path = unix[1].startsWith("/") ? unix[1] : `${chdir.replace(/\/$/, "")}/${unix[1]}`;
    return { address: Object.freeze({ kind: "unix", path }), repr: unix[1] };
  }
  const [host, port] = splitHostPort(text.replace(/^tcp:\/\//, ""));
  if (!/^\s*\d+\s*$/.test(port)) return { error: `'${port}' is not a valid port number.` };
  const number = Number(port);
  const lower = host.toLowerCase();
  const address = Object.freeze({ kind: "tcp" as const, ip: resolveHost(lower), port: number });
  return { address, repr: `('${lower}', ${number})` };
}

function splitHostPort(netloc: string): [host: string, port: string] {
  if (netloc.includes("[") && netloc.includes("]")) {
    const host = netloc.split("]")[0].slice(1);
    return [host, netloc.split("]:")[1] ?? DEFAULT_PORT];
  }
  if (netloc === "") return ["0.0.0.0", DEFAULT_PORT];
  if (!netloc.includes(":")) return [netloc, DEFAULT_PORT];
  const parts = netloc.split(":");
  return [parts[0], parts[1]];
}

/** Simplification: `localhost` is the only host name that resolves when gunicorn binds. */
function resolveHost(host: string): string {
  if (host === "localhost") return "127.0.0.1";
  return host === "" ? "0.0.0.0" : host;
}

/** `http://127.0.0.1:8000`, `http://[::1]:8000`, `unix:/run/gunicorn.sock`. */
export function listenerText(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.ip.includes(":") ? `[${address.ip}]` : address.ip;
  return `http://${host}:${address.port}`;
}
