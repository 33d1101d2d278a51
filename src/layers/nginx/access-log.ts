// The access log: one line for each request, in the format the configuration names.
// Source: src/http/modules/ngx_http_log_module.c (1.22.1).
import { showByteText } from "../../text/utf8.ts";
import type { Core } from "./core.ts";
import { LOG_SUBREQUEST } from "./core-directives.ts";
import { ACCESS_LOG, type AccessLogTarget, type LogFormat } from "./log-directives.ts";
import type { NginxRequest } from "./request.ts";
import { valueAt } from "./settings.ts";
import { evaluateTemplate, variableOf } from "./variables.ts";

/** Writes the request's line to every access log of its location, if anybody reads them. */
export function writeAccessLog(core: Core, request: NginxRequest): void {
  const { sink } = core.host;
  if (!sink.wants(request.number)) return;
  if (request.parent !== null && !valueAt(request.location, LOG_SUBREQUEST)) return;
  const targets = valueAt(request.location, ACCESS_LOG);
  // `access_log off` on a level turns off all others of that level.
  if (targets.some((target) => target.path === null)) return;
  for (const target of targets) writeTo(core, request, target);
}

function writeTo(core: Core, request: NginxRequest, target: AccessLogTarget): void {
  if (target.path === null) return;
  if (target.condition !== null) {
    const value = evaluateTemplate(core, target.condition, request);
    if (value === "" || value === "0") return;
  }
  const path = evaluateTemplate(core, target.path, request);
  const line =
    target.format === null ? combined(core, request) : format(core, request, target.format);
  core.host.sink.log(path, showByteText(line), request.number);
}

function combined(core: Core, request: NginxRequest): string {
  const value = (name: string) => logged(variableOf(core, name, request), "default");
  const time = core.host.clock.logDate();
  const who = `${value("remote_addr")} - ${value("remote_user")} [${time}]`;
  const what = `"${value("request")}" ${value("status")} ${value("body_bytes_sent")}`;
  return `${who} ${what} "${value("http_referer")}" "${value("http_user_agent")}"`;
}

function format(
  core: Core,
  request: NginxRequest,
  { template, escape: escaping }: LogFormat,
): string {
  if (template.constant !== null) return template.constant;
  let line = "";
  for (const part of template.parts) {
    if (part.kind === "text") line += part.text;
    else if (part.kind === "capture")
      line += logged(request.captures[part.group] ?? null, escaping);
    else line += logged(variableOf(core, part.name, request), escaping);
  }
  return line;
}

/** A value as the log shows it: `-` for a variable that is not found, nothing for an empty one, `\xHH` for what would break the line. */
function logged(value: string | null, escaping: LogFormat["escape"]): string {
  if (escaping === "none") return value ?? "";
  if (escaping === "json") return escapeJson(value ?? "");
  if (value === null) return "-";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return value.replace(/["\\\x00-\x1f\x7f-\xff]/g, (ch) => {
    const hex = ch.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    return `\\x${hex}`;
  });
}

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

function escapeJson(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return value.replace(/["\\\x00-\x1f]/g, (ch) => {
    const hex = ch.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return JSON_ESCAPES[ch] ?? `\\u${hex}`;
  });
}
