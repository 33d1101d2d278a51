// From a view's name back to a URL. Source: django/urls/base.py and resolvers.py, _reverse_with_prefix, 3.2.
// Simplification: reverse() does not know regular expressions with alternatives.
import { reprText } from "./python-values.ts";
import type { Argument } from "./url-pattern.ts";
import type { Urlconf, UrlNode, UrlPattern, UrlResolver } from "./urlconf.ts";

interface Possibility {
  /** Literal text and parameters in turn. */
  readonly parts: readonly (string | { readonly name: string })[];
  readonly params: readonly string[];
  readonly defaults: ReadonlyMap<string, Argument>;
  readonly pattern: string;
}

export type Reversed = { readonly url: string } | { readonly problem: string };

export interface ReverseOptions {
  readonly args: readonly Argument[];
  readonly kwargs: ReadonlyMap<string, Argument>;
  readonly languagePrefix: string;
  readonly scriptPrefix: string;
}

/** reverse(): the URL, or the text of NoReverseMatch. */
export function reverseUrl(urlconf: Urlconf, viewName: string, options: ReverseOptions): Reversed {
  const parts = viewName.split(":");
  const name = parts.pop() as string;
  let resolver = urlconf.root;
  let above: readonly UrlResolver[] = [];
  for (const namespace of parts) {
    const found = findNamespace(resolver, namespace, []);
    if (found === null) return { problem: `${reprText(namespace)} is not a registered namespace` };
    above = [...above, ...found];
    resolver = found.at(-1) as UrlResolver;
  }
  const possibilities = named(resolver.children, name, options.languagePrefix).map((entry) =>
    under(above, entry, options.languagePrefix),
  );
  for (const possibility of possibilities.toReversed()) {
    const url = fill(possibility, options);
    if (url !== null) return { url: quotePath(options.scriptPrefix + url) };
  }
  return { problem: noMatch(name, possibilities, options) };
}

function findNamespace(
  resolver: UrlResolver,
  namespace: string,
  above: readonly UrlResolver[],
): readonly UrlResolver[] | null {
  const includes = resolver.children.filter((node) => node.kind === "resolver");
  for (const key of ["namespace", "appName"] as const) {
    for (const node of includes) {
      if (node[key] === namespace) return [...above, node];
      const below =
        node.namespace === null ? findNamespace(node, namespace, [...above, node]) : null;
      if (below !== null) return below;
    }
  }
  return null;
}

/** Patterns of a name, through includes that have no namespace. */
function named(nodes: readonly UrlNode[], name: string, languagePrefix: string): Possibility[] {
  return nodes.flatMap((node) => {
    if (node.kind === "pattern")
      return node.name === name || node.view === name ? [ofPattern(node)] : [];
    return node.namespace === null
      ? named(node.children, name, languagePrefix).map((entry) =>
          under([node], entry, languagePrefix),
        )
      : [];
  });
}

function ofPattern(pattern: UrlPattern): Possibility {
  const parts = partsOf(pattern.route.kind, pattern.route.text);
  return {
    parts,
    params: paramsOf(parts),
    defaults: pattern.defaults,
    pattern: pattern.route.pythonRegex,
  };
}

function under(
  resolvers: readonly UrlResolver[],
  entry: Possibility,
  languagePrefix: string,
): Possibility {
  return resolvers.reduceRight((below, resolver) => {
    const isLocale = resolver.route.kind === "locale";
    const parts = [
      ...(isLocale ? [languagePrefix] : partsOf(resolver.route.kind, resolver.route.text)),
      ...below.parts,
    ];
    const regex = isLocale ? languagePrefix : resolver.route.pythonRegex;
    const pattern =
      regex + (below.pattern.startsWith("^") ? below.pattern.slice(1) : below.pattern);
    return {
      parts,
      params: paramsOf(parts),
      defaults: new Map([...below.defaults, ...resolver.defaults]),
      pattern,
    };
  }, entry);
}

function paramsOf(parts: Possibility["parts"]): readonly string[] {
  return parts.filter((part) => typeof part !== "string").map((part) => part.name);
}

function partsOf(kind: string, text: string): (string | { name: string })[] {
  return kind === "path" ? pathParts(text) : regexParts(text);
}

function pathParts(text: string): (string | { name: string })[] {
  return text
    .split(/(<[^>]+>)/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("<") ? { name: part.slice(1, -1).split(":").at(-1) as string } : part,
    );
}

function regexParts(text: string): (string | { name: string })[] {
  const parts: (string | { name: string })[] = [];
  let literal = "";
  let unnamed = 0;
  const body = text
    .replace(/^\^/, "")
    .replace(/\$$/, "")
    .replace(/\(\?:[^()]*(?:\([^()]*\)[^()]*)*\)\?/g, "");
  for (let i = 0; i < body.length; i++) {
    if (body[i] === "(") {
      const end = closing(body, i);
      const name = /^\(\?P<(\w+)>/.exec(body.slice(i))?.[1];
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push({ name: name ?? `_${unnamed++}` });
      i = end;
    } else if (body[i] === "\\") {
      literal += body[++i] ?? "";
    } else if (!"?*+".includes(body[i])) {
      literal += body[i];
    }
  }
  return literal === "" ? parts : [...parts, literal];
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")" && --depth === 0) return i;
  }
  return text.length;
}

function fill(possibility: Possibility, options: ReverseOptions): string | null {
  const values = valuesFor(possibility, options);
  if (values === null) return null;
  return possibility.parts
    .map((part) => (typeof part === "string" ? part : values.get(part.name)))
    .join("");
}

/** The value of each parameter; null when the arguments do not suit. */
function valuesFor(
  { params, defaults }: Possibility,
  { args, kwargs }: ReverseOptions,
): ReadonlyMap<string, string> | null {
  if (args.length > 0) {
    if (args.length !== params.length) return null;
    return new Map(params.map((name, i) => [name, args[i].text]));
  }
  const isKnown = (name: string): boolean => params.includes(name) || defaults.has(name);
  const isGiven = (name: string): boolean => kwargs.has(name) || defaults.has(name);
  if (![...kwargs.keys()].every(isKnown) || !params.every(isGiven)) return null;
  const differs = [...defaults].some(
    ([name, value]) => kwargs.has(name) && kwargs.get(name)?.repr !== value.repr,
  );
  if (differs) return null;
  return new Map(
    params.map((name) => [name, (kwargs.get(name) ?? defaults.get(name))?.text ?? ""]),
  );
}

/** quote() with the characters that RFC 3986 leaves in a path. */
function quotePath(url: string): string {
  const escaped = encodeURIComponent(url).replace(
    /%(2F|7E|3A|40|21|24|26|27|28|29|2A|2B|2C|3B|3D)/g,
    (code) => decodeURIComponent(code),
  );
  return escaped.startsWith("//") ? `/%2F${escaped.slice(2)}` : escaped;
}

function noMatch(
  name: string,
  possibilities: readonly Possibility[],
  { args, kwargs }: ReverseOptions,
): string {
  const given =
    kwargs.size > 0
      ? ` with keyword arguments '{${[...kwargs].map(([key, value]) => `${reprText(key)}: ${value.repr}`).join(", ")}}'`
      : args.length > 0
        ? ` with arguments '(${args.map((arg) => arg.repr).join(", ")}${args.length === 1 ? "," : ""})'`
        : " with no arguments";
  if (possibilities.length === 0)
    return `Reverse for ${reprText(name)} not found. ${reprText(name)} is not a valid view function or pattern name.`;
  const tried = possibilities.map((possibility) => reprText(possibility.pattern)).join(", ");
  return `Reverse for ${reprText(name)}${given} not found. ${possibilities.length} pattern(s) tried: [${tried}]`;
}
