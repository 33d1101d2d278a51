// Listings of directories without an index file.
// Source: src/http/modules/ngx_http_autoindex_module.c (1.22.1).

import { textChunk } from "../../host/network.ts";
import { showByteText, toByteText } from "../../text/utf8.ts";
import { callbackOf, type Entry, jsonListing, xmlListing } from "./autoindex-formats.ts";
import { discardBody } from "./client-body.ts";
import type { Core } from "./core.ts";
import { AUTOINDEX, AUTOINDEX_EXACT_SIZE, AUTOINDEX_FORMAT } from "./core-directives.ts";
import { diskErrorText } from "./error-text.ts";
import { aliasIsLost, diskPath, openFile, testFile } from "./paths.ts";
import type { PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { sendBody } from "./response-body.ts";
import { sendHeader } from "./response-header.ts";
import { valueAt } from "./settings.ts";
import { escapeHtml, escapeUriComponent } from "./uri.ts";

/** Columns that a name takes. Source: NGX_HTTP_AUTOINDEX_NAME_LEN. */
const NAME_COLUMNS = 50;
/** Columns of an exact size, and of a rounded one with its unit. */
const SIZE_COLUMNS = 19;
const ROUNDED_COLUMNS = 7;

const TYPES = {
  html: "text/html",
  json: "application/json",
  jsonp: "application/javascript",
  xml: "text/xml",
} as const;

/** Answers with a listing when autoindex is on and the URI ends in a slash. */
export function autoindexHandler(core: Core, request: NginxRequest): PhaseResult {
  if (!request.uri.endsWith("/")) return "next";
  if (request.method !== "GET" && request.method !== "HEAD") return "next";
  if (!valueAt(request.location, AUTOINDEX)) return "next";
  if (aliasIsLost(core, request)) return 500;
  const path = diskPath(core, request, request.uri).path.replace(/\/$/, "") || "/";
  const opened = openFile(core, request, path);
  if (opened.error !== null) return failed(core, request, path, opened.error);
  const refused = discardBody(core, request);
  if (refused !== null) return refused;
  const { out } = request;
  out.status = 200;
  const format = valueAt(request.location, AUTOINDEX_FORMAT);
  const written = format === "jsonp" ? core.variable("arg_callback", request) : null;
  const callback = callbackOf(written);
  if (callback === null) {
    core.logError(request, "info", `client sent invalid callback name: "${written}"`);
    return 400;
  }
  out.contentType = TYPES[format === "jsonp" && callback === "" ? "json" : format];
  if (format === "xml") out.charset = "utf-8";
  request.madeBy ??= "nginx";
  const entries = entriesOf(core, request, path);
  // The header filters come first: their charset decides whether names are measured in characters.
  sendHeader(core, request);
  const page =
    format === "html"
      ? listing(core, request, entries)
      : dataListing(core, { format, entries, callback });
  sendBody(core, request, [textChunk(page)], true);
  core.finalize(request, "ok");
  return "done";
}

interface Data {
  readonly format: "json" | "jsonp" | "xml";
  readonly entries: readonly Entry[];
  readonly callback: string;
}

const dataListing = (core: Core, { format, entries, callback }: Data): string =>
  format === "xml" ? xmlListing(entries) : jsonListing(core, entries, callback);

function failed(
  core: Core,
  request: NginxRequest,
  path: string,
  error: keyof typeof STATUS,
): number {
  const status = STATUS[error];
  core.logError(request, "error", `opendir() "${path}" failed ${diskErrorText(error)}`);
  return status;
}

const STATUS = {
  ENOENT: 404,
  ENOTDIR: 404,
  ENAMETOOLONG: 404,
  EACCES: 403,
  EISDIR: 500,
  ELOOP: 500,
} as const;

function entriesOf(core: Core, request: NginxRequest, path: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (const name of core.host.disk.list(showByteText(path))) {
    if (name.startsWith(".")) continue;
    const bytes = toByteText(name);
    const found = testFile(core, request, `${path === "/" ? "" : path}/${bytes}`);
    // A link that leads nowhere is shown as itself.
    const node = found.node ?? core.host.disk.lstat(`${core.shown(path)}/${name}`);
    if (node !== null && found.error !== "EACCES") entries.push({ name: bytes, node });
  }
  const rank = (entry: Entry): number => (entry.node.kind === "directory" ? 0 : 1);
  return entries.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function listing(core: Core, request: NginxRequest, entries: readonly Entry[]): string {
  const title = escapeHtml(request.uri);
  const head =
    `<html>\r\n<head><title>Index of ${title}</title></head>\r\n<body>\r\n` +
    `<h1>Index of ${title}</h1><hr><pre><a href="../">../</a>\r\n`;
  const lines = entries.map((entry) => line(core, request, entry));
  return `${head}${lines.join("")}</pre><hr></body>\r\n</html>\r\n`;
}

function line(core: Core, request: NginxRequest, { name, node }: Entry): string {
  const isDirectory = node.kind === "directory";
  const mark = isDirectory ? "/" : "";
  const isUtf8 = request.out.charset?.toLowerCase() === "utf-8";
  const shown = shortened(name, isDirectory, isUtf8);
  const link = `<a href="${escapeUriComponent(name)}${mark}">${shown.html}</a>`;
  const padding = " ".repeat(Math.max(0, shown.padding));
  const isExact = valueAt(request.location, AUTOINDEX_EXACT_SIZE);
  const size = isDirectory ? "-" : sizeText(node.bytes, isExact);
  const columns = isExact ? SIZE_COLUMNS : ROUNDED_COLUMNS;
  return `${link}${padding} ${date(core, node.mtime)} ${size.padStart(columns)}\r\n`;
}

/** Long names are cut to 47 characters (or bytes, unless the page is UTF-8) and `..>`. */
function shortened(
  name: string,
  isDirectory: boolean,
  isUtf8: boolean,
): { html: string; padding: number } {
  const characters = isUtf8 ? [...showByteText(name)] : [...name];
  if (characters.length + (isDirectory ? 1 : 0) > NAME_COLUMNS) {
    const cut = characters.slice(0, NAME_COLUMNS - 3).join("");
    return { html: `${escapeHtml(isUtf8 ? toByteText(cut) : cut)}..&gt;`, padding: 0 };
  }
  const mark = isDirectory ? "/" : "";
  const padding = NAME_COLUMNS - characters.length - mark.length;
  return { html: `${escapeHtml(name)}${mark}`, padding };
}

function sizeText(bytes: number, exact: boolean): string {
  if (exact) return `${bytes}`;
  const scaled = (unit: number): number =>
    Math.floor(bytes / unit) + (bytes % unit >= unit / 2 ? 1 : 0);
  if (bytes > 1024 ** 3 - 1) return `${scaled(1024 ** 3)}G`;
  if (bytes > 1024 ** 2 - 1) return `${scaled(1024 ** 2)}M`;
  return bytes > 9999 ? `${scaled(1024)}K` : `${bytes}`;
}

/** `01-Jan-2024 00:00` */
function date(core: Core, seconds: number): string {
  const [, day, month, year, hour, minute] =
    /^\w+, (\d\d) (\w+) (\d+) (\d\d):(\d\d)/.exec(core.host.clock.httpDate(seconds * 1000)) ?? [];
  return `${day}-${month}-${year} ${hour}:${minute}`;
}
