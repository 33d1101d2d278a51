// The URLconf: urlpatterns of urls.py as a tree of patterns and includes, in the order they are tried.
// Source: django/urls/conf.py, django/conf/urls/i18n.py and static.py, 3.2.
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { type Importer, importModule, type Module } from "./python-modules.ts";
import { itemsOf, type Py, type PyException, plain, reprText, textOf } from "./python-values.ts";
import { type Settings, setting } from "./settings.ts";
import { STOCK_URLS, type StockUrl } from "./stock-urls.ts";
import {
  type Argument,
  compilePath,
  compileRegex,
  localeRoute,
  type Route,
  textArgument,
} from "./url-pattern.ts";
import { isKnownDecorator } from "./view-names.ts";
import type { Decorator } from "./view-spec.ts";

export interface UrlPattern {
  readonly kind: "pattern";
  readonly route: Route;
  /** Dotted path of the view. */
  readonly view: string;
  /** What `as_view(…)` was given. */
  readonly viewOptions: Readonly<Record<string, unknown>>;
  readonly decorators: readonly Decorator[];
  readonly name: string | null;
  readonly defaults: ReadonlyMap<string, Argument>;
  readonly written: string;
}

export interface UrlResolver {
  readonly kind: "resolver";
  readonly route: Route;
  readonly namespace: string | null;
  readonly appName: string | null;
  readonly children: readonly UrlNode[];
  readonly defaults: ReadonlyMap<string, Argument>;
  readonly written: string;
}

export type UrlNode = UrlPattern | UrlResolver;

export interface Urlconf {
  readonly root: UrlResolver;
  /** handler404 and its like: status to the view's dotted path. */
  readonly handlers: ReadonlyMap<number, string>;
  readonly hasLanguagePrefix: boolean;
  readonly prefixDefaultLanguage: boolean;
}

interface Reading {
  readonly importer: Importer;
  readonly settings: Settings;
  readonly diagnostics: Diagnostic[];
  exception: PyException | null;
}

const INCLUDES_MAX = 20;

/** Imports ROOT_URLCONF and what it includes; the exception when that fails. */
export function readUrlconf(importer: Importer, settings: Settings): Urlconf | PyException {
  const module = importModule(importer, settings.rootUrlconf);
  if (!("names" in module)) return module;
  const reading: Reading = {
    importer,
    settings,
    diagnostics: importer.diagnostics,
    exception: null,
  };
  const children = patternsOf(reading, module, 0);
  if (reading.exception !== null) return reading.exception;
  const handlers = new Map<number, string>();
  for (const status of [400, 403, 404, 500]) {
    const value = module.names.get(`handler${status}`);
    const path = textOf(value) ?? (value?.type === "name" ? value.path : null);
    if (path !== null) handlers.set(status, path);
  }
  const root: UrlResolver = {
    kind: "resolver",
    route: compileRegex("^/", false, NOWHERE),
    namespace: null,
    appName: null,
    children,
    defaults: NO_DEFAULTS,
    written: settings.rootUrlconf,
  };
  const locale = children.find((node) => node.route.kind === "locale");
  return Object.freeze({
    root,
    handlers,
    hasLanguagePrefix: locale !== undefined,
    prefixDefaultLanguage: locale?.route.prefixDefaultLanguage ?? true,
  });
}

const NOWHERE: Span = { file: "", start: 0, end: 0, line: 0 };
const NO_DEFAULTS: ReadonlyMap<string, Argument> = new Map();

function patternsOf(reading: Reading, module: Module, depth: number): readonly UrlNode[] {
  const value = module.names.get("urlpatterns");
  if (
    value === undefined ||
    (value.type !== "list" && value.type !== "tuple" && value.type !== "call")
  ) {
    fail(
      reading,
      "ImproperlyConfigured",
      `The included URLconf '${module.name}' does not appear to have any patterns in it. If you see valid patterns in the file then the issue is probably caused by a circular import.`,
    );
    return [];
  }
  return nodesOf(reading, value, depth);
}

function fail(reading: Reading, name: string, message: string): void {
  reading.exception ??= { name, message };
}

function nodesOf(reading: Reading, value: Py, depth: number): readonly UrlNode[] {
  const items = value.type === "call" ? [value] : itemsOf(value);
  return items.flatMap((item) => nodeOf(reading, item, depth));
}

function nodeOf(reading: Reading, item: Py, depth: number): readonly UrlNode[] {
  if (item.type !== "call") {
    warn(reading, item, "this entry of urlpatterns is not read");
    return [];
  }
  switch (item.callee) {
    case "django.urls.path":
    case "django.urls.conf.path":
      return route(reading, item, "path", depth);
    case "django.urls.re_path":
    case "django.urls.conf.re_path":
    case "django.conf.urls.url":
      return route(reading, item, "re_path", depth);
    case "django.conf.urls.i18n.i18n_patterns":
      return languagePrefix(reading, item, depth);
    case "django.conf.urls.static.static":
      return staticPatterns(reading, item);
    case "django.contrib.staticfiles.urls.staticfiles_urlpatterns":
      return staticPatterns(reading, {
        ...item,
        args: [
          {
            type: "str",
            text: setting<string | null>(reading.settings, "STATIC_URL") ?? "",
            span: item.span,
          },
        ],
      });
    default:
      warn(reading, item, `${item.callee} in urlpatterns is not read`);
      return [];
  }
}

function warn(reading: Reading, value: Py, message: string): void {
  const { file, line, start, end } = value.span;
  reading.diagnostics.push({ severity: "not-simulated", message, file, line, start, end });
}

type Call = Py & { type: "call" };

function route(
  reading: Reading,
  call: Call,
  kind: "path" | "re_path",
  depth: number,
): readonly UrlNode[] {
  const text = textOf(call.args[0] ?? call.kwargs.get("route"));
  const target = call.args[1] ?? call.kwargs.get("view");
  if (text === null || target === undefined) {
    warn(reading, call, "the route is not known here");
    return [];
  }
  const included = includeOf(target);
  const compiled =
    kind === "path"
      ? compilePath(text, included === null, call.span)
      : compileRegex(text, included === null, call.span);
  if ("problem" in compiled) {
    fail(reading, "ImproperlyConfigured", compiled.problem);
    return [];
  }
  if (compiled.regex === null)
    warn(reading, call, "this regular expression is not understood; it matches nothing here");
  const defaults = defaultsOf(call.args[2] ?? call.kwargs.get("kwargs"));
  const name = textOf(call.args[3] ?? call.kwargs.get("name"));
  const written = `${kind}(${reprText(text)}, …)`;
  if (included !== null)
    return [
      {
        kind: "resolver",
        route: compiled,
        ...include(reading, included, depth),
        defaults,
        written,
      },
    ];
  const view = viewOf(reading, target);
  return view === null
    ? []
    : [{ kind: "pattern", route: compiled, ...view, name, defaults, written }];
}

function includeOf(target: Py): Call | null {
  if (
    target.type === "call" &&
    (target.callee === "django.urls.include" || target.callee === "django.conf.urls.include")
  )
    return target;
  if (target.type === "name" && target.path.endsWith("admin.site.urls"))
    return { type: "call", callee: "admin", args: [], kwargs: new Map(), span: target.span };
  return target.type === "tuple"
    ? { type: "call", callee: "tuple", args: [target], kwargs: new Map(), span: target.span }
    : null;
}

interface Included {
  readonly namespace: string | null;
  readonly appName: string | null;
  readonly children: readonly UrlNode[];
}

function include(reading: Reading, call: Call, depth: number): Included {
  const nothing: Included = { namespace: null, appName: null, children: [] };
  if (call.callee === "admin") {
    warn(reading, call, "the admin site is not simulated; nothing below it matches");
    return { namespace: "admin", appName: "admin", children: [] };
  }
  const first = call.args[0];
  const pair = first?.type === "tuple" ? first.items : null;
  const target = pair === null ? first : pair[0];
  const module = targetModule(reading, target);
  if (module === undefined || depth > INCLUDES_MAX) return nothing;
  const appName = pair === null ? textOf(module?.names.get("app_name")) : textOf(pair[1]);
  const namespace = textOf(call.args[1] ?? call.kwargs.get("namespace") ?? pair?.[2]);
  if (namespace !== null && appName === null) {
    fail(
      reading,
      "ImproperlyConfigured",
      "Specifying a namespace in include() without providing an app_name is not supported. Set the app_name attribute in the included module, or pass a 2-tuple containing the list of patterns and app_name instead.",
    );
  }
  const children =
    module === null
      ? nodesOf(reading, target as Py, depth + 1)
      : STOCK_URLS.has(module.name)
        ? stockPatterns(STOCK_URLS.get(module.name) ?? [], call.span)
        : patternsOf(reading, module, depth + 1);
  return { namespace: namespace ?? appName, appName, children };
}

/** The module that an include names, null for a list of patterns, undefined when it cannot be had. */
function targetModule(reading: Reading, target: Py | undefined): Module | null | undefined {
  const name = target?.type === "name" ? target.path : textOf(target);
  if (name === null) return target === undefined ? undefined : null;
  const module = importModule(reading.importer, name);
  if ("names" in module) return module;
  reading.exception ??= module;
  return undefined;
}

function stockPatterns(rows: readonly StockUrl[], span: Span): readonly UrlNode[] {
  return rows.map(([text, view, name]) => ({
    kind: "pattern",
    route: compilePath(text, true, span) as Route,
    view,
    viewOptions: {},
    decorators: [],
    name,
    defaults: NO_DEFAULTS,
    written: `path(${reprText(text)}, …)`,
  }));
}

function defaultsOf(value: Py | undefined): ReadonlyMap<string, Argument> {
  if (value?.type !== "dict") return NO_DEFAULTS;
  return new Map(value.entries.map(([key, item]) => [textOf(key) ?? "", pythonArgument(item)]));
}

function pythonArgument(item: Py): Argument {
  const value = plain(item);
  if (typeof value === "string") return textArgument(value);
  const text =
    value === true ? "True" : value === false ? "False" : value === null ? "None" : String(value);
  return { text, repr: text };
}

type ViewReference = Pick<UrlPattern, "view" | "viewOptions" | "decorators">;

/** A view as urls.py names it: a function, a class's as_view(), or one of these in a decorator. */
function viewOf(reading: Reading, target: Py): ViewReference | null {
  if (target.type === "name") return { view: target.path, viewOptions: {}, decorators: [] };
  if (target.type === "call" && target.callee.endsWith(".as_view")) {
    const viewOptions = Object.fromEntries(
      [...target.kwargs].map(([key, value]) => [key, plain(value)]),
    );
    const view = target.callee.slice(0, -".as_view".length);
    return { view: definedAs(view), viewOptions, decorators: [] };
  }
  if (target.type === "call") {
    const decorator = decoratorOf(target);
    const inner = target.args.at(-1);
    const view = inner === undefined ? null : viewOf(reading, inner);
    if (typeof decorator === "string" && !isKnownDecorator(decorator))
      warn(reading, target, `the decorator ${decorator} is not simulated: it passes everything on`);
    if (decorator !== null && view !== null)
      return { ...view, decorators: [decorator, ...view.decorators] };
  }
  warn(reading, target, "this view is not read");
  return null;
}

/** A class by the module that defines it: django.views.generic only passes these two on. */
function definedAs(view: string): string {
  return view.replace(/^django\.views\.generic\.(?=(?:TemplateView|RedirectView)$)/, "$&base.");
}

function decoratorOf(call: Call): Decorator | null {
  const name = call.callee.slice(call.callee.lastIndexOf(".") + 1);
  if (name === "cache_page") return { cache_page: plain(call.args[0]) };
  if (name === "permission_required") return { permission_required: { perm: plain(call.args[0]) } };
  return call.callee.startsWith("django.") && call.args.length === 1 ? name : null;
}

function languagePrefix(reading: Reading, call: Call, depth: number): readonly UrlNode[] {
  const prefixDefault = call.kwargs.get("prefix_default_language");
  const prefixDefaultLanguage = prefixDefault === undefined || plain(prefixDefault) !== false;
  const children = call.args.flatMap((item) => nodeOf(reading, item, depth));
  if (setting<boolean>(reading.settings, "USE_I18N") === false) return children;
  return [
    {
      kind: "resolver",
      route: localeRoute(prefixDefaultLanguage, call.span),
      namespace: null,
      appName: null,
      children,
      defaults: NO_DEFAULTS,
      written: "i18n_patterns(…)",
    },
  ];
}

/** static(): a pattern when DEBUG, nothing otherwise. */
function staticPatterns(reading: Reading, call: Call): readonly UrlNode[] {
  const prefix = textOf(call.args[0]);
  if (!reading.settings.debug || prefix === null || /^https?:\/\//.test(prefix)) return [];
  if (prefix === "") fail(reading, "ImproperlyConfigured", "Empty static prefix not permitted");
  const route = compileRegex(`^${prefix.replace(/^\//, "")}(?P<path>.*)$`, true, call.span);
  const root = call.kwargs.get("document_root");
  const viewOptions = {
    document_root: root === undefined ? reading.settings.staticRoot : plain(root),
  };
  return [
    {
      kind: "pattern",
      route,
      view: "django.views.static.serve",
      viewOptions,
      decorators: [],
      name: null,
      defaults: NO_DEFAULTS,
      written: `static(${reprText(prefix)})`,
    },
  ];
}
