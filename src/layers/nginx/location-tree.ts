// Locations of a level in the shape that the search wants, with inheritance resolved.
// Source: src/http/ngx_http.c, ngx_http_init_locations, ngx_http_merge_locations (1.22.1).
import { argumentTexts } from "./config-tree.ts";
import type { Draft } from "./configuration-reader.ts";
import { inherit, type RowOf, type SettingsMap } from "./inheritance.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import type { LocationConf, LocationTree, ScriptStep } from "./settings.ts";

/** The locations directly inside a draft. */
export function locationTree(draft: Draft, settings: SettingsMap, rowOf: RowOf): LocationTree {
  const locations = draft.inner
    .filter((inner) => inner.kind === "location")
    .map((inner) => toLocation(inner, settings, rowOf));
  const named = new Map<string, LocationConf>();
  for (const location of locations)
    if (location.modifier === "@" && !named.has(location.name)) named.set(location.name, location);
  return {
    prefixes: locations.filter(({ modifier }) => ["", "=", "^~"].includes(modifier)),
    regexes: locations.filter(({ modifier }) => modifier.startsWith("~")),
    named,
  };
}

const KINDS: Readonly<Record<string, LocationConf["kind"]>> = {
  server: "server",
  location: "location",
  limit_except: "limit_except",
  "if in server": "if",
  "if in location": "if",
};

/** A location, if or limit_except block (or a server seen as one) from its draft. */
export function toLocation(draft: Draft, outer: SettingsMap, rowOf: RowOf): LocationConf {
  const settings = inherit(outer, draft, rowOf);
  const kind = KINDS[draft.kind];
  const { modifier, name } = draft;
  const isServer = kind === "server";
  const limit = draft.inner.find((inner) => inner.kind === "limit_except");
  const handler =
    draft.handler ?? (kind === "limit_except" ? (draft.parent?.handler ?? null) : null);
  return Object.freeze({
    kind,
    modifier,
    name,
    label: modifier === "" || modifier === "@" ? name : `${modifier} ${name}`,
    pattern: kind === "location" && modifier.startsWith("~") ? regexOf(draft) : null,
    inner: isServer ? NO_LOCATIONS : locationTree(draft, settings, rowOf),
    script: scriptOf(draft, settings, rowOf),
    handler,
    limitExcept:
      limit === undefined
        ? null
        : { methods: allowedMethods(limit), conf: toLocation(limit, settings, rowOf) },
    autoRedirect: isProxying(handler) && name.endsWith("/"),
    settings,
    span: draft.directive.span,
    line: draft.directive.line,
  });
}

const NO_LOCATIONS: LocationTree = { prefixes: [], regexes: [], named: new Map() };

/** Handlers that pass the request on want the slash; the status page and the pixel do not. */
function isProxying(handler: string | null): boolean {
  return handler !== null && handler !== "stub_status" && handler !== "empty_gif";
}

function regexOf(draft: Draft): Pattern | null {
  const pattern = compilePattern(draft.name, draft.modifier === "~*");
  return "emerg" in pattern ? null : pattern;
}

function allowedMethods(limit: Draft): readonly string[] {
  const methods = argumentTexts(limit.directive).map((method) => method.toUpperCase());
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}

/** A draft's script names its if blocks by their number among the inner drafts. */
function scriptOf(draft: Draft, settings: SettingsMap, rowOf: RowOf): readonly ScriptStep[] {
  const steps = (draft.own.get("rewrite script")?.value ?? []) as readonly ScriptStep[];
  return steps.map((step) => {
    if (step.kind !== "if") return step;
    const inner = draft.inner[step.inner as unknown as number];
    return { ...step, inner: toLocation(inner, settings, rowOf) };
  });
}

/** The second of two locations of one name on one level, or null. */
export function duplicateLocation(tree: LocationTree): LocationConf | null {
  const seen = new Set<string>();
  for (const location of tree.prefixes) {
    const key = `${location.modifier === "=" ? "=" : ""}${location.name}`;
    if (seen.has(key)) return location;
    seen.add(key);
  }
  for (const location of [...tree.prefixes, ...tree.regexes]) {
    const nested = duplicateLocation(location.inner);
    if (nested !== null) return nested;
  }
  return null;
}
