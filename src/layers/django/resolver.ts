// Which view a path belongs to: the patterns are tried in order, depth first through includes, and
// the first that matches to the end wins. Source: django/urls/resolvers.py, URLResolver.resolve, 3.2.
import { memoByIdentity, memoByText } from "../../kernel/memo.ts";
import { type Argument, matchRoute } from "./url-pattern.ts";
import type { Urlconf, UrlNode, UrlPattern, UrlResolver } from "./urlconf.ts";

export interface ResolverMatch {
  readonly pattern: UrlPattern;
  readonly args: readonly Argument[];
  readonly kwargs: ReadonlyMap<string, Argument>;
  readonly namespaces: readonly string[];
  readonly appNames: readonly string[];
  /** `blog:post`, or null for a pattern without a name. */
  readonly urlName: string | null;
}

/** One pattern that was tried, and how that went. */
export interface Tried {
  readonly node: UrlNode;
  readonly depth: number;
  readonly rest: string;
  readonly matched: boolean;
}

interface Search {
  readonly languagePrefix: string;
  readonly tried: Tried[] | null;
  depth: number;
}

/** The match of a path (with its leading slash), or null: Resolver404. `tried` collects what was tried. */
export function resolvePath(
  urlconf: Urlconf,
  path: string,
  languagePrefix: string,
  tried: Tried[] | null = null,
): ResolverMatch | null {
  if (tried === null) return matchesOf(urlconf)(languagePrefix)(path);
  return resolveIn(urlconf.root, path, { languagePrefix, tried, depth: 0 });
}

/** The matches of an imported URLconf by language and path, for those who want nothing but the match. */
const matchesOf = memoByIdentity((urlconf: Urlconf) =>
  memoByText((languagePrefix) =>
    memoByText((path): ResolverMatch | null => {
      const match = resolveIn(urlconf.root, path, { languagePrefix, tried: null, depth: 0 });
      return match === null ? null : Object.freeze(match);
    }),
  ),
);

function resolveIn(resolver: UrlResolver, path: string, search: Search): ResolverMatch | null {
  const own = matchRoute(resolver.route, path, search.languagePrefix);
  if (search.depth > 0)
    search.tried?.push({ node: resolver, depth: search.depth, rest: path, matched: own !== null });
  if (own === null) return null;
  search.depth++;
  const found = resolveChildren(resolver, own.rest, search);
  search.depth--;
  if (found === null) return null;
  const above = new Map([...own.kwargs, ...resolver.defaults]);
  const kwargs = new Map([...above, ...found.kwargs]);
  return {
    pattern: found.pattern,
    args: kwargs.size === 0 ? [...own.args, ...found.args] : found.args,
    kwargs,
    namespaces:
      resolver.namespace === null ? found.namespaces : [resolver.namespace, ...found.namespaces],
    appNames: resolver.appName === null ? found.appNames : [resolver.appName, ...found.appNames],
    urlName:
      found.urlName === null || resolver.namespace === null
        ? found.urlName
        : `${resolver.namespace}:${found.urlName}`,
  };
}

function resolveChildren(
  resolver: UrlResolver,
  rest: string,
  search: Search,
): ResolverMatch | null {
  for (const node of resolver.children) {
    const found =
      node.kind === "resolver" ? resolveIn(node, rest, search) : resolvePattern(node, rest, search);
    if (found !== null) return found;
  }
  return null;
}

function resolvePattern(pattern: UrlPattern, path: string, search: Search): ResolverMatch | null {
  const match = matchRoute(pattern.route, path, search.languagePrefix);
  search.tried?.push({ node: pattern, depth: search.depth, rest: path, matched: match !== null });
  if (match === null) return null;
  const kwargs = new Map([...match.kwargs, ...pattern.defaults]);
  return { pattern, args: match.args, kwargs, namespaces: [], appNames: [], urlName: pattern.name };
}

/** The language prefix that i18n_patterns expects: `fr/`, or nothing for the default one. Source: LocalePrefixPattern. */
export function languagePrefixOf(
  urlconf: Urlconf,
  language: string,
  defaultLanguage: string,
): string {
  return language === defaultLanguage && !urlconf.prefixDefaultLanguage ? "" : `${language}/`;
}
