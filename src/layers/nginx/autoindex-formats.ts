// The listings of autoindex for programs: JSON, JSON in a call of a function, XML.
// Source: src/http/modules/ngx_http_autoindex_module.c (1.22.1), ngx_http_autoindex_json and _xml.
import { formatIsoDate } from "../../host/calendar.ts";
import type { DiskNode } from "../../host/disk.ts";
import type { Core } from "./core.ts";
import { escapeHtml } from "./uri.ts";

export interface Entry {
  /** Bytes, not characters. */
  readonly name: string;
  readonly node: DiskNode;
}

/** `autoindex_format json`, or jsonp with the name of the function. */
export function jsonListing(core: Core, entries: readonly Entry[], callback: string): string {
  const lines = entries.map(({ name, node }) => {
    const isDirectory = node.kind === "directory";
    const mtime = core.host.clock.httpDate(node.mtime * 1000);
    const size = isDirectory ? "" : `, "size":${node.bytes}`;
    const type = isDirectory ? "directory" : "file";
    return `{ "name":"${escapeJson(name)}", "type":"${type}", "mtime":"${mtime}"${size} }`;
  });
  const list = `[\r\n${lines.join(",\r\n")}\r\n]`;
  return callback === "" ? list : `/* callback */\r\n${callback}(${list});`;
}

/** `autoindex_format xml`. */
export function xmlListing(entries: readonly Entry[]): string {
  const lines = entries.map(({ name, node }) => {
    const isDirectory = node.kind === "directory";
    const kind = isDirectory ? "directory" : "file";
    const size = isDirectory ? "" : ` size="${node.bytes}"`;
    const mtime = `${formatIsoDate(node.mtime * 1000).replace(" ", "T")}Z`;
    return `<${kind} mtime="${mtime}"${size}>${escapeHtml(name)}</${kind}>\r\n`;
  });
  return `<?xml version="1.0"?>\r\n<list>\r\n${lines.join("")}</list>\r\n`;
}

/** The function that jsonp calls: empty for none, null for a name that nginx refuses with 400. */
export function callbackOf(written: string | null): string | null {
  if (written === null || written === "") return "";
  const name = written.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return /^[\w$.[\]'"]{1,128}$/.test(name) ? name : null;
}

const escapeJson = (text: string): string => text.replace(/["\\]/g, (ch) => `\\${ch}`);
