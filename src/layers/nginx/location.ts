// Which location serves a URI. Longest prefix first; then, unless that prefix says otherwise (`=`,
// `^~`), the regular expressions in file order; nested locations inside the prefix before the regular
// expressions around it.
// Source: src/http/ngx_http_core_module.c, ngx_http_core_find_location (1.22.1).
import type { Alternative } from "../layer.ts";
import { matchFailure } from "./pattern.ts";
import type { LocationConf, LocationTree } from "./settings.ts";

export interface LocationChoice {
  /** Null: no location matches, the server's own settings hold. */
  readonly location: LocationConf | null;
  /** The request lacks the slash that ends this location's name: 301 (auto_redirect). */
  readonly redirectTo: LocationConf | null;
  /** Groups of the regular expression that matched. */
  readonly match: RegExpExecArray | null;
  /** The alert of a regular expression that was given up: no location then, but 500. */
  readonly failure: string | null;
  /** What was looked at, in order, with verdicts. Empty unless asked for. */
  readonly trail: readonly Alternative[];
}

interface Search {
  readonly uri: string;
  readonly notes: Alternative[] | null;
  location: LocationConf | null;
  redirectTo: LocationConf | null;
  match: RegExpExecArray | null;
  failure: string | null;
}

const known = new WeakMap<LocationTree, Map<string, LocationChoice>>();
/** URIs remembered for each server; beyond that the memory starts again. */
const KNOWN_MAX = 4096;

/** Searches the locations of a server for a normalised URI. The answer depends on nothing else, so it is remembered. */
export function findLocation(tree: LocationTree, uri: string, explain: boolean): LocationChoice {
  if (explain) return searchLocations(tree, uri, true);
  let choices = known.get(tree);
  if (choices === undefined || choices.size > KNOWN_MAX) {
    choices = new Map();
    known.set(tree, choices);
  }
  let choice = choices.get(uri);
  if (choice === undefined) {
    choice = searchLocations(tree, uri, false);
    choices.set(uri, choice);
  }
  return choice;
}

function searchLocations(tree: LocationTree, uri: string, explain: boolean): LocationChoice {
  const notes: Alternative[] | null = explain ? [] : null;
  const nothing = { location: null, redirectTo: null, match: null, failure: null };
  const search: Search = { uri, notes, ...nothing };
  searchLevel(search, tree);
  const { location, redirectTo, match, failure } = search;
  const winner = redirectTo ?? location;
  const trail = (notes ?? []).map((note) => ({
    ...note,
    chosen:
      winner !== null &&
      note.cause?.line === winner.span.line &&
      note.cause.start === winner.span.start,
  }));
  return { location, redirectTo, match, failure, trail };
}

/** Whether a nested search has ended the whole search: an exact or a regex match. */
function searchLevel(search: Search, tree: LocationTree): boolean {
  const found = searchPrefixes(search, tree);
  if (found.redirect !== null) {
    search.redirectTo = found.redirect;
    return true;
  }
  if (found.exact !== null) {
    search.location = found.exact;
    note(search, found.exact, "equals the URI: the search ends");
    return true;
  }
  let stopsRegexes = false;
  if (found.prefix !== null) {
    search.location = found.prefix;
    stopsRegexes = found.prefix.modifier === "^~";
    const end = stopsRegexes
      ? "longest matching prefix; ^~ skips regular expressions"
      : "longest matching prefix";
    note(search, found.prefix, end);
    if (searchLevel(search, found.prefix.inner)) return true;
  }
  if (stopsRegexes) {
    for (const regex of tree.regexes) note(search, regex, "not tried: ^~ won");
    return false;
  }
  return searchRegexes(search, tree);
}

function searchRegexes(search: Search, tree: LocationTree): boolean {
  const { uri } = search;
  for (const regex of tree.regexes) {
    search.failure = regex.pattern === null ? null : matchFailure(regex.pattern, uri);
    if (search.failure !== null) {
      note(search, regex, "the match takes too many steps: the request ends with 500");
      search.location = null;
      return true;
    }
    const match = regex.pattern?.regex.exec(uri) ?? null;
    if (match === null) {
      note(search, regex, "regular expression does not match");
      continue;
    }
    note(search, regex, "first regular expression that matches");
    search.location = regex;
    search.match = match;
    searchLevel(search, regex.inner);
    return true;
  }
  return false;
}

interface PrefixResult {
  readonly exact: LocationConf | null;
  readonly prefix: LocationConf | null;
  readonly redirect: LocationConf | null;
}

function searchPrefixes(search: Search, tree: LocationTree): PrefixResult {
  const { uri } = search;
  let exact: LocationConf | null = null;
  let prefix: LocationConf | null = null;
  for (const location of tree.prefixes) {
    const { name, modifier } = location;
    if (modifier === "=" && name === uri) exact = location;
    const isLonger = prefix === null || name.length > prefix.name.length;
    if (modifier !== "=" && isLonger && uri.startsWith(name)) prefix = location;
  }
  if (search.notes !== null) notePrefixes(search, tree, exact, prefix);
  // A location of exactly this name serves the URI itself.
  const isServed = exact !== null || prefix?.name === uri;
  const redirect = isServed ? null : lacksSlash(tree, `${uri}/`);
  if (redirect !== null) note(search, redirect, "the URI lacks only its final slash: 301");
  return { exact, prefix, redirect };
}

/** The location of this name if it redirects to itself: with a slash and a proxy. Of two, the exact one is entered. */
function lacksSlash(tree: LocationTree, name: string): LocationConf | null {
  const named = tree.prefixes.filter((location) => location.name === name);
  if (!named.some((location) => location.autoRedirect)) return null;
  return named.find((location) => location.modifier === "=") ?? named[0];
}

function notePrefixes(
  search: Search,
  tree: LocationTree,
  exact: LocationConf | null,
  prefix: LocationConf | null,
): void {
  for (const location of tree.prefixes) {
    if (location === exact || location === prefix) continue;
    const isPrefix = location.modifier !== "=" && search.uri.startsWith(location.name);
    if (isPrefix) note(search, location, "prefix matches, but a longer one does too");
    else if (location.modifier === "=") note(search, location, "not equal to the URI");
    else note(search, location, "prefix does not match");
  }
  if (exact !== null && prefix !== null) note(search, prefix, "prefix matches, but = is exact");
}

function note(search: Search, location: LocationConf, verdict: string): void {
  const { span, label } = location;
  const cause = {
    file: span.file,
    line: span.line,
    start: span.start,
    end: span.end,
    note: verdict,
  };
  search.notes?.push({ text: `location ${label}`, verdict, chosen: false, cause });
}
