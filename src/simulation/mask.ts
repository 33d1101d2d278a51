// Masks stand in observations for what no two runs of the real programs share: dates, process
// numbers, tokens. Source: design of the scenario format, "The observation".
import { parseHttpDate } from "../host/calendar.ts";

const HTTP_DATE = /[A-Z][a-z]{2}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{4} \d{2}:\d{2}:\d{2} GMT/g;
/** Dates before the run (the mtime of a file, 1970) are the same in every run and stay. */
const SLACK_MS = 86_400_000;

/** Dates of a header value, relative to the response's Date and rounded to 5 s. */
function maskDates(value: string, dateMs: number): string {
  return value.replace(HTTP_DATE, (text) => {
    const ms = parseHttpDate(text);
    if (ms === null || ms < dateMs - SLACK_MS || ms > dateMs + 800 * SLACK_MS) return text;
    const seconds = Math.round((ms - dateMs) / 5000) * 5;
    return seconds === 0 ? "<date>" : seconds > 0 ? `<date+${seconds}>` : `<date${seconds}>`;
  });
}

/** Session keys that servers made up in a run: what their cookies hold, known once seen in a Set-Cookie. */
export type SessionKeys = ReadonlySet<string>;

const NO_KEYS: SessionKeys = new Set();
const CSRF_TOKEN = /(=|name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?![A-Za-z0-9])/g;
/** A key under the usual name is masked even when the scenario made it up. */
const SESSION_KEY = /(\bsessionid=)[a-z0-9]{32}(?![a-z0-9])/g;
const MESSAGES = /(\bmessages=)(?!<)[^;\s]+/g;
const SESSION_COOKIE = /^([^=;]+)=([^;]*)/;

/** The session keys among Set-Cookie values; what the scenario wrote itself is no secret. */
export function sessionKeys(setCookies: readonly string[], scenarioText: string): SessionKeys {
  const keys = new Set<string>();
  for (const text of setCookies) {
    const match = SESSION_COOKIE.exec(text);
    const value = match?.[2].replace(/^"(.*)"$/, "$1") ?? "";
    const random =
      /^[a-z0-9]{32}$/.test(value) || (match?.[1] === "sessionid" && value.length >= 8);
    if (random && !scenarioText.includes(value)) keys.add(value);
  }
  return keys;
}

/** Tokens that Django draws at random, whatever their cookies are called. */
export function maskTokens(text: string, keys: SessionKeys): string {
  let masked = text
    .replace(CSRF_TOKEN, "$1<csrftoken>")
    .replace(SESSION_KEY, "$1<sessionid>")
    .replace(MESSAGES, "$1<messages>");
  for (const key of keys) if (masked.includes(key)) masked = masked.replaceAll(key, "<sessionid>");
  return masked;
}

/** Headers as the observation shows them: names in lower case, values masked. */
export function maskHeaders(
  headers: readonly (readonly [string, string])[],
  nowMs: number,
  keys: SessionKeys = NO_KEYS,
): [string, string][] {
  const date = headers.find(([name]) => name.toLowerCase() === "date");
  const dateMs = (date && parseHttpDate(date[1])) ?? nowMs;
  return headers.map(([name, value]) => [
    name.toLowerCase(),
    maskTokens(maskDates(value, dateMs), keys).replace(/(; boundary=)\d{20}$/, "$1<n>"),
  ]);
}

/** Values of a WSGI environ. */
export function maskEnviron(
  environ: Readonly<Record<string, string>>,
  keys: SessionKeys,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environ).map(([name, value]) => {
      if (name === "HTTP_X_CSRFTOKEN" && /^[A-Za-z0-9]{64}$/.test(value))
        return [name, "<csrftoken>"];
      return [name, maskTokens(value, keys)];
    }),
  );
}

/** A line of any program's log. */
export function maskLogLine(line: string, keys: SessionKeys = NO_KEYS): string {
  return maskTokens(line, keys)
    .replace(/\[\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\]/g, "[<time>]")
    .replace(/"\\x16\\x03[^"]*"/, '"<tls>"')
    .replace(/^\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [+-]\d{4}\] \[\d+\]/, "[<time>] [<pid>]")
    .replace(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3}/, "<time>")
    .replace(/^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}( \[\w+\]) \d+#\d+:( \*\d+)?/, "<time>$1")
    .replace(/\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d{2}:\d{2}:\d{2} \d{4}\]/g, "[<time>]")
    .replace(/^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d{2}:\d{2}:\d{2} \d{4}/, "<time>")
    .replace(/(pid: ?|[Pp]id |PID )\d+/g, "$1<pid>")
    .replace(/(\(unix:\S+ |Listening at: .*)\((\d+)\)$/, "$1(<pid>)")
    .replace(/( - (?:pid|try): )\d+/g, "$1<n>")
    .replace(
      /ready in \d+ seconds on interpreter 0x[\da-f]+/,
      "ready in <n> seconds on interpreter <n>",
    )
    .replace(/( since )\d+$/, "$1<n>")
    .replace(/( vars in )\d+( bytes)/, "$1<n>$2")
    .replace(/( in )\d+( msecs )/, "$1<ms>$2")
    .replace(/\(\d+( switches on core)/, "(<n>$1");
}

/** A line of nginx's error log that belongs to a request, as `nginx.errorLog` shows it. */
export function maskErrorLine(line: string, keys: SessionKeys = NO_KEYS): string {
  return maskTokens(line, keys).replace(/(excess: )\d+\.\d{3}/, "$1<n>");
}

/** SQL text: savepoint names hold the thread's number. */
export function maskSql(sql: string): string {
  return sql.replace(/"s\d+_x(\d+)"/g, '"s<n>_x$1"');
}
