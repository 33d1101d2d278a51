// The files that tell a stub resolver what to do: /etc/hosts and /etc/resolv.conf (resolv.conf(5)).
// Options that are not simulated are reported.
import { memoByText } from "../../kernel/memo.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { STUB_ATTEMPTS, STUB_NAMESERVERS_MAX, STUB_NDOTS, STUB_TIMEOUT_SECONDS } from "./costs.ts";

export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  readonly timeoutSeconds: number;
  readonly attempts: number;
  readonly singleRequest: boolean;
  readonly edns0: boolean;
  readonly trustAd: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const FILE = "/etc/resolv.conf";
const NOT_SIMULATED = new Set([
  "rotate",
  "use-vc",
  "inet6",
  "debug",
  "no-check-names",
  "no-tld-query",
  "no-reload",
  "no-aaaa",
]);

/** Reads resolv.conf; the last `search` or `domain` wins, more than three servers are ignored. */
export function readResolvConf(text: string): ResolvConf {
  const diagnostics: Diagnostic[] = [];
  const nameservers: string[] = [];
  let search: readonly string[] = [];
  const options = new Map<string, number>();
  text.split("\n").forEach((raw, index) => {
    if (/^\s*[;#]/.test(raw)) return;
    const [keyword, ...words] = raw.trim().split(/\s+/);
    if (keyword === "nameserver" && words.length > 0) nameservers.push(words[0]);
    else if (keyword === "search" || keyword === "domain") search = words;
    else if (keyword === "options") {
      for (const word of words) readOption(word, options);
      diagnostics.push(...notSimulated(words, index + 1));
    }
  });
  const value = (name: string, fallback: number) => options.get(name) ?? fallback;
  return Object.freeze({
    nameservers:
      nameservers.length === 0 ? ["127.0.0.1"] : nameservers.slice(0, STUB_NAMESERVERS_MAX),
    search,
    ndots: Math.min(15, value("ndots", STUB_NDOTS)),
    timeoutSeconds: Math.min(30, value("timeout", STUB_TIMEOUT_SECONDS)),
    attempts: Math.min(5, value("attempts", STUB_ATTEMPTS)),
    singleRequest: options.has("single-request") || options.has("single-request-reopen"),
    edns0: options.has("edns0"),
    trustAd: options.has("trust-ad"),
    diagnostics,
  });
}

function notSimulated(words: readonly string[], line: number): Diagnostic[] {
  return words
    .filter((word) => NOT_SIMULATED.has(word.split(":")[0]))
    .map((word) => ({
      severity: "not-simulated",
      message: `options ${word} is not simulated`,
      file: FILE,
      line,
    }));
}

function readOption(word: string, options: Map<string, number>): void {
  const [name, value] = word.split(":");
  options.set(name, /^\d+$/.test(value ?? "") ? Number(value) : 1);
}

/** The addresses of a name in /etc/hosts, in file order. */
export function addressesInHosts(text: string, name: string): readonly string[] {
  const wanted = name.replace(/\.$/, "").toLowerCase();
  return hostsTable(text).get(wanted) ?? NO_ADDRESSES;
}

const NO_ADDRESSES: readonly string[] = [];

/** The addresses of every name, in file order. */
const hostsTable = memoByText((text): ReadonlyMap<string, readonly string[]> => {
  const table = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    for (const name of new Set(names.map((candidate) => candidate.toLowerCase()))) {
      table.set(name, [...(table.get(name) ?? []), address]);
    }
  }
  return table;
});

/** The names to ask in turn (resolv.conf(5): ndots and search), absolute. */
export function candidateNames(name: string, conf: ResolvConf): readonly string[] {
  if (name.endsWith(".")) return [name];
  const dots = name.split(".").length - 1;
  const searched = conf.search.map((domain) => `${name}.${domain.replace(/\.$/, "")}.`);
  return dots >= conf.ndots ? [`${name}.`, ...searched] : [...searched, `${name}.`];
}

/**
 * How long a stub waits for the i-th of n servers, in seconds: `timeout << i`, shared among the servers
 * after the first, at least one second. Source: glibc res_send.c, recorded in dns.md section 3.
 */
export function waitSeconds(conf: ResolvConf, server: number): number {
  const shifted = conf.timeoutSeconds * 2 ** server;
  if (server === 0) return shifted;
  return Math.max(1, Math.floor(shifted / conf.nameservers.length));
}
