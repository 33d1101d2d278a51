// Loading a project as a worker process does: wsgi.py, the settings it names, the apps, the
// middleware. The result is immutable; a failure is the exception that ends the worker.
// Source: django/core/wsgi.py, django/conf/__init__.py, django/apps/registry.py, 3.2.
import { type Disk, isDiskError } from "../../host/disk.ts";
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import type { LoadResult } from "../application.ts";
import { isKnownLibrary } from "./python-libraries.ts";
import { type Importer, importModule, type Module } from "./python-modules.ts";
import { type PyException, reprText } from "./python-values.ts";
import { type Listed, readSettings, type Settings } from "./settings.ts";
import {
  NOT_SIMULATED_MIDDLEWARE,
  STOCK_MIDDLEWARE,
  type StockMiddleware,
} from "./stock-middleware.ts";
import { tracebackOf } from "./traceback.ts";
import type { MiddlewareSpec, ViewSpec } from "./view-spec.ts";

/** What the scenario says of the project's own code. */
export interface ProjectParts {
  readonly views: Readonly<Record<string, ViewSpec>>;
  readonly middleware: Readonly<Record<string, MiddlewareSpec>>;
}

export interface ChainLink {
  /** Class name, as traces show it. */
  readonly name: string;
  readonly path: string;
  readonly span: Span;
  readonly stock: StockMiddleware | null;
  readonly own: MiddlewareSpec | null;
}

export interface Project {
  readonly settings: Settings;
  readonly chain: readonly ChainLink[];
  readonly searchPath: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly described: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

export type Loaded =
  | { readonly project: Project; readonly failed: null; readonly stage: number }
  | {
      readonly project: null;
      readonly failed: Exclude<LoadResult, { ok: true }>;
      readonly stage: number;
      readonly file: string;
      readonly line: number;
    };

export interface LoadOptions {
  readonly disk: Disk;
  readonly module: string;
  readonly attribute: string;
  readonly chdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly parts: ProjectParts;
}

export function newImporter(
  disk: Disk,
  searchPath: readonly string[],
  environment: ReadonlyMap<string, string>,
  described: ReadonlySet<string>,
): Importer {
  return {
    disk,
    searchPath,
    environment: new Map(environment),
    described,
    modules: new Map(),
    diagnostics: [],
  };
}

/** Modules that exist because the scenario lists what is in them. */
export function describedModules(parts: ProjectParts): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const path of [...Object.keys(parts.views), ...Object.keys(parts.middleware)]) {
    const names = path.split(".");
    for (let i = 1; i < names.length; i++) modules.add(names.slice(0, i).join("."));
  }
  return modules;
}

/** Imports `module:attribute` and, when it is Django's WSGI handler, sets Django up. */
export function loadProject(
  options: LoadOptions,
): Loaded & { readonly diagnostics: readonly Diagnostic[] } {
  const searchPath = [
    options.chdir,
    ...(options.env.PYTHONPATH ?? "").split(":").filter((path) => path !== ""),
  ];
  const importer = newImporter(
    options.disk,
    searchPath,
    new Map(Object.entries(options.env)),
    describedModules(options.parts),
  );
  return { ...load(importer, searchPath, options), diagnostics: importer.diagnostics };
}

function load(importer: Importer, searchPath: readonly string[], options: LoadOptions): Loaded {
  const wsgi = importModule(importer, options.module);
  if (!("names" in wsgi)) return importFailed(importer, wsgi, 0);
  const application = wsgi.names.get(options.attribute);
  const settings = usesDjango(wsgi) ? setUp(importer) : null;
  if (settings !== null && !("settings" in settings))
    return importFailed(importer, settings.exception, settings.stage);
  if (application === undefined)
    return {
      project: null,
      failed: {
        ok: false,
        reason: "no-attribute",
        attribute: options.attribute,
        module: options.module,
      },
      stage: 3,
      file: wsgi.file ?? "",
      line: 0,
    };
  if (settings === null)
    return importFailed(
      importer,
      { name: "ImproperlyConfigured", message: `${options.module} makes no Django application` },
      0,
    );
  const chain = loadChain(importer, settings.settings, options.parts);
  if (!Array.isArray(chain)) return importFailed(importer, chain as PyException, 2);
  const project: Project = Object.freeze({
    settings: settings.settings,
    chain,
    searchPath,
    environment: importer.environment,
    described: importer.described,
    diagnostics: importer.diagnostics,
  });
  const known = projects.get(options.parts.middleware) ?? new Map<string, Project>();
  projects.set(options.parts.middleware, known);
  return { project: alike(known, importer, project), failed: null, stage: 3 };
}

/** By the middleware of the scenario that their chains may name. */
const projects = new WeakMap<ProjectParts["middleware"], Map<string, Project>>();
const KNOWN_MAX = 32;

/** What was made before of the very same texts, in place of what was made of them now: workers share it. */
export function alike<T>(known: Map<string, T>, importer: Importer, made: T): T {
  const { searchPath, environment, described } = importer;
  const key = JSON.stringify([searchPath, [...environment], [...described], textsOf(importer)]);
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, made);
  return made;
}

/** Each module that was imported, its file and the text in it. */
function textsOf({ modules, disk }: Importer): readonly (readonly (string | null)[])[] {
  return [...modules.values()].map(({ name, file }) => {
    const node = file === null ? null : disk.open(file);
    return [name, file, node === null || isDiskError(node) ? null : node.text];
  });
}

function importFailed(importer: Importer, exception: PyException, stage: number): Loaded {
  const at = importer.diagnostics.findLast((diagnostic) => diagnostic.severity === "error");
  const failed = {
    ok: false,
    reason: "import-error",
    traceback: tracebackOf(exception),
    exception: exception.name,
  } as const;
  return { project: null, failed, stage, file: at?.file ?? "", line: at?.line ?? 0 };
}

function usesDjango(wsgi: Module): boolean {
  return [...wsgi.names.values()].some(
    (value) =>
      value.type === "call" && /(^|\.)(get_wsgi_application|WSGIHandler)$/.test(value.callee),
  );
}

type SetUp =
  | { readonly settings: Settings }
  | { readonly exception: PyException; readonly stage: number };

/** django.setup(): settings, then every entry of INSTALLED_APPS. */
function setUp(importer: Importer): SetUp {
  const name = importer.environment.get("DJANGO_SETTINGS_MODULE") ?? "";
  if (name === "") {
    const message =
      "Requested setting INSTALLED_APPS, but settings are not configured. You must either define the environment variable DJANGO_SETTINGS_MODULE or call settings.configure() before accessing settings.";
    return { exception: { name: "ImproperlyConfigured", message }, stage: 0 };
  }
  const module = importModule(importer, name);
  if (!("names" in module)) return { exception: module, stage: 0 };
  const settings = readSettings(module, importer.diagnostics);
  if (!("allowedHosts" in settings)) return { exception: settings, stage: 0 };
  importer.modules.set("django.conf.settings", {
    name: "django.conf.settings",
    file: null,
    names: module.names,
    exception: null,
    exceptionLine: 0,
  });
  const broken = populateApps(importer, settings);
  return broken === null ? { settings } : { exception: broken, stage: 1 };
}

function populateApps(importer: Importer, settings: Settings): PyException | null {
  const labels = new Set<string>();
  for (const app of settings.installedApps) {
    const module = appModule(app);
    const imported = importModule(importer, module);
    if (!("names" in imported)) {
      importer.diagnostics.push({
        severity: "error",
        message: `${imported.name}: ${imported.message}`,
        file: app.span.file,
        line: app.span.line,
        start: app.span.start,
        end: app.span.end,
      });
      return imported;
    }
    const label = module.slice(module.lastIndexOf(".") + 1);
    if (labels.has(label))
      return {
        name: "ImproperlyConfigured",
        message: `Application labels aren't unique, duplicates: ${label}`,
      };
    labels.add(label);
  }
  if (hasApp(settings, AUTH)) {
    const missing = missingAuthModel(settings);
    if (missing !== null) return missing;
  }
  const engine = settings.database.ENGINE;
  if (typeof engine === "string" && !KNOWN_ENGINES.has(engine) && !isKnownLibrary(engine)) {
    return {
      name: "ImproperlyConfigured",
      message: `${reprText(engine)} isn't an available database backend.\nTry using 'django.db.backends.XXX', where XXX is one of:\n    'mysql', 'oracle', 'postgresql', 'sqlite3'`,
    };
  }
  return null;
}

const AUTH = "django.contrib.auth";
const CONTENT_TYPES = "django.contrib.contenttypes";

function hasApp(settings: Settings, module: string): boolean {
  return settings.installedApps.some((app) => appModule(app) === module);
}

/**
 * What importing the models of contrib.auth raises when they belong to no installed app. Its models
 * import those of contenttypes first. Source: django/db/models/base.py, ModelBase.__new__.
 */
function missingAuthModel(settings: Settings): PyException | null {
  const model = !hasApp(settings, CONTENT_TYPES)
    ? `${CONTENT_TYPES}.models.ContentType`
    : !hasApp(settings, AUTH)
      ? `${AUTH}.models.Permission`
      : null;
  if (model === null) return null;
  const message = `Model class ${model} doesn't declare an explicit app_label and isn't in an application in INSTALLED_APPS.`;
  return { name: "RuntimeError", message };
}

const KNOWN_ENGINES = new Set([
  "django.db.backends.sqlite3",
  "django.db.backends.postgresql",
  "django.db.backends.dummy",
  "",
]);

/** `shop.apps.ShopConfig` names a class in a module; `shop` the app's package. */
function appModule(app: Listed): string {
  const last = app.path.slice(app.path.lastIndexOf(".") + 1);
  return /^[A-Z]/.test(last) && app.path.includes(".apps.")
    ? app.path.slice(0, app.path.indexOf(".apps."))
    : app.path;
}

/** load_middleware(): classes are imported from the last to the first; MiddlewareNotUsed leaves one out. */
function loadChain(
  importer: Importer,
  settings: Settings,
  parts: ProjectParts,
): readonly ChainLink[] | PyException {
  const chain: ChainLink[] = [];
  for (const entry of settings.middleware.toReversed()) {
    const link = chainLink(importer, entry, parts, settings);
    if ("message" in link) {
      importer.diagnostics.push({
        severity: "error",
        message: `${link.name}: ${link.message}`,
        file: entry.span.file,
        line: entry.span.line,
        start: entry.span.start,
        end: entry.span.end,
      });
      return link;
    }
    if (link.own?.unused !== true) chain.unshift(link);
  }
  return chain;
}

function chainLink(
  importer: Importer,
  entry: Listed,
  parts: ProjectParts,
  settings: Settings,
): ChainLink | PyException {
  const { path, span } = entry;
  const cut = path.lastIndexOf(".");
  if (cut < 0) return { name: "ImportError", message: `${path} doesn't look like a module path` };
  const name = path.slice(cut + 1);
  const own = parts.middleware[path] ?? null;
  const stock = STOCK_MIDDLEWARE[path] ?? null;
  const missing = stock === "auth" ? missingAuthModel(settings) : null;
  if (missing !== null) return missing;
  if (own !== null || stock !== null) return { name, path, span, stock, own };
  if (NOT_SIMULATED_MIDDLEWARE.has(path)) {
    importer.diagnostics.push({
      severity: "not-simulated",
      message: `${name} is known, but not simulated: it passes everything on`,
      file: span.file,
      line: span.line,
      start: span.start,
      end: span.end,
    });
    return { name, path, span, stock: null, own: {} };
  }
  const module = importModule(importer, path.slice(0, cut));
  if (!("names" in module)) return module;
  if (module.file !== null && module.names.has(name))
    return { name, path, span, stock: null, own: {} };
  return {
    name: "ImportError",
    message: `Module "${path.slice(0, cut)}" does not define a "${name}" attribute/class`,
  };
}
