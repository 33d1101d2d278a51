// Which server block answers: by the name in the Host header (or the absolute target), among the
// servers that share the address. Exact, then the longest leading wildcard, then the longest trailing
// one, then regular expressions in file order, then the default server.
// Source: ngx_http_find_virtual_server; src/core/ngx_hash.c, ngx_hash_find_combined (1.22.1).
import type { Alternative } from "../layer.ts";
import type { AddressConf, ServerConf, ServerName } from "./settings.ts";

export interface ServerChoice {
  readonly server: ServerConf;
  /** What decided: the kind of name that matched, or that none did. */
  readonly how: "exact" | "leading" | "trailing" | "regex" | "default";
  readonly name: string;
  /** Groups of the regular expression, for $1 and named captures. */
  readonly match: RegExpExecArray | null;
}

/** The server for a host name (lower case, without port); null when the request named none. */
export function chooseServer(address: AddressConf, host: string | null): ServerChoice {
  const fallback: ServerChoice = {
    server: address.defaultServer,
    how: "default",
    name: "",
    match: null,
  };
  if (host === null) return named(address.exact, "", "exact") ?? fallback;
  const exact = named(address.exact, host, "exact");
  if (exact !== null) return exact;
  return (
    longestLeading(address, host) ??
    longestTrailing(address, host) ??
    firstRegex(address, host) ??
    fallback
  );
}

function named(
  table: ReadonlyMap<string, ServerConf>,
  key: string,
  how: ServerChoice["how"],
): ServerChoice | null {
  const server = table.get(key);
  return server === undefined ? null : { server, how, name: key, match: null };
}

/** `*.example.com` before `*.com`: suffixes from the longest. */
function longestLeading(address: AddressConf, host: string): ServerChoice | null {
  for (let dot = host.indexOf(".", 1); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    const found = named(address.leading, host.slice(dot), "leading");
    if (found !== null) return { ...found, name: `*${found.name}` };
  }
  return null;
}

function longestTrailing(address: AddressConf, host: string): ServerChoice | null {
  for (let dot = host.lastIndexOf("."); dot > 0; dot = host.lastIndexOf(".", dot - 1)) {
    const found = named(address.trailing, host.slice(0, dot + 1), "trailing");
    if (found !== null && dot < host.length - 1) return { ...found, name: `${found.name}*` };
  }
  return null;
}

function firstRegex(address: AddressConf, host: string): ServerChoice | null {
  for (const { name, server } of address.regex) {
    const match = name.pattern?.regex.exec(host) ?? null;
    if (match !== null) return { server, how: "regex", name: name.text, match };
  }
  return null;
}

/** Every server on the address with the reason why it won or lost. */
export function serverAlternatives(
  address: AddressConf,
  host: string | null,
  choice: ServerChoice,
): readonly Alternative[] {
  return address.servers.map((server) => {
    const chosen = server === choice.server;
    const names = server.names.map((name) => name.text).join(" ");
    const { span } = server;
    const verdict = chosen ? wonBecause(choice, host) : lostBecause(server, host, choice);
    const cause = {
      file: span.file,
      line: span.line,
      start: span.start,
      end: span.end,
      note: verdict,
    };
    return { text: `server_name ${names === "" ? '""' : names}`, verdict, chosen, cause };
  });
}

function wonBecause(choice: ServerChoice, host: string | null): string {
  const asked = host === null ? "the request names no host" : `the host is ${host}`;
  switch (choice.how) {
    case "exact":
      return `${asked}: exact name`;
    case "leading":
      return `${asked}: longest leading wildcard ${choice.name}`;
    case "trailing":
      return `${asked}: longest trailing wildcard ${choice.name}`;
    case "regex":
      return `${asked}: first matching regular expression ${choice.name}`;
    case "default":
      return `${asked}, which no server_name matches: the default server of this address`;
  }
}

const RANK = { exact: 0, leading: 1, trailing: 2, regex: 3 } as const;

function lostBecause(server: ServerConf, host: string | null, choice: ServerChoice): string {
  const matching = server.names.filter((name) => host !== null && nameMatches(name, host));
  if (matching.length === 0) return "no name of it matches";
  const kind = matching[0].kind;
  if (choice.how === "default") return "its name is claimed by an earlier server";
  if (RANK[kind] > RANK[choice.how]) return `${kind} names come after ${choice.how} ones`;
  if (kind === "regex") return "an earlier regular expression matched";
  return kind === "exact" ? "an earlier server has this name" : "a longer wildcard matched";
}

function nameMatches(name: ServerName, host: string): boolean {
  switch (name.kind) {
    case "exact":
      return name.key === host;
    case "leading":
      return host.endsWith(name.key) || (name.text.startsWith(".") && host === name.key.slice(1));
    case "trailing":
      return host.startsWith(name.key);
    case "regex":
      return name.pattern?.regex.test(host) ?? false;
  }
}
