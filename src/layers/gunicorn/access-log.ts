// The access log: the atoms of a line and Python's %-formatting of them.
// Source: gunicorn/glogging.py Logger.atoms, SafeAtoms 20.1.0; docs, access_log_format.

export interface AccessLogSources {
  readonly environ: ReadonlyMap<string, string>;
  readonly requestHeaders: readonly (readonly [string, string])[];
  readonly responseHeaders: readonly (readonly [string, string])[];
  readonly status: string;
  readonly sentBytes: number;
  readonly durationNs: number;
  /** `[21/Nov/2026:00:03:25 +0000]`. */
  readonly time: string;
  readonly pid: number;
}

/** One line of the access log. A format that Python cannot apply gives the text of its error. */
export function accessLine(format: string, sources: AccessLogSources): string {
  return format.replace(
    /%(?:\(([^)]*)\))?[-+ #0]*\d*(?:\.\d+)?([a-zA-Z%])/g,
    (whole, name: string | undefined, kind: string) => {
      if (kind === "%") return "%";
      return name === undefined ? whole : safe(atom(name, sources));
    },
  );
}

/** SafeAtoms: what is missing is `-`, and quotes are escaped. */
function safe(value: string | null): string {
  return value === null ? "-" : value.replace(/"/g, '\\"');
}

const MICROSECONDS_PER_SECOND = 1_000_000;

function atom(name: string, sources: AccessLogSources): string | null {
  if (name.startsWith("{")) return variable(name.toLowerCase(), sources);
  const { environ } = sources;
  const microseconds = Math.floor(sources.durationNs / 1000);
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND);
  switch (name) {
    case "h":
      return environ.get("REMOTE_ADDR") ?? null;
    case "l":
      return "-";
    case "u":
      return basicUser(environ.get("HTTP_AUTHORIZATION"));
    case "t":
      return sources.time;
    case "r":
      return `${environ.get("REQUEST_METHOD")} ${environ.get("RAW_URI")} ${environ.get("SERVER_PROTOCOL")}`;
    case "s":
      return sources.status.split(" ")[0];
    case "m":
      return environ.get("REQUEST_METHOD") ?? "None";
    case "U":
      return environ.get("PATH_INFO") ?? "None";
    case "q":
      return environ.get("QUERY_STRING") ?? "None";
    case "H":
      return environ.get("SERVER_PROTOCOL") ?? "None";
    case "b":
    case "B":
      return String(sources.sentBytes);
    case "f":
      return environ.get("HTTP_REFERER") ?? null;
    case "a":
      return environ.get("HTTP_USER_AGENT") ?? null;
    case "T":
      return String(seconds);
    case "M":
      return String(Math.floor(microseconds / 1000));
    case "D":
      return String(microseconds);
    case "L":
      return `${seconds}.${String(microseconds % MICROSECONDS_PER_SECOND).padStart(6, "0")}`;
    case "p":
      return `<${sources.pid}>`;
    default:
      return null;
  }
}

/** `{name}i` of the request, `{name}o` of the response, `{name}e` of the environ; the last one wins. */
function variable(name: string, sources: AccessLogSources): string | null {
  const kind = name.at(-1);
  const inner = name.slice(1, -2);
  const pairs: Iterable<readonly [string, string]> =
    kind === "i"
      ? sources.requestHeaders
      : kind === "o"
        ? sources.responseHeaders
        : sources.environ;
  let found: string | null = null;
  for (const [key, value] of pairs) if (key.toLowerCase() === inner) found = value;
  return found;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The user name of Basic authentication, or null. */
function basicUser(authorization: string | undefined): string | null {
  if (authorization === undefined || !authorization.toLowerCase().startsWith("basic")) return null;
  const encoded = authorization.split(" ")[1]?.trim() ?? "";
  let bits = 0;
  let count = 0;
  let text = "";
  for (const character of encoded.replace(/=+$/, "")) {
    const value = BASE64.indexOf(character);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      text += String.fromCharCode((bits >> count) & 0xff);
    }
  }
  const colon = text.indexOf(":");
  return colon < 0 ? null : text.slice(0, colon) || null;
}
