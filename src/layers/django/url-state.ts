// The URLconf of a process and the language of a request: what resolving depends on beside the path.
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { appOf, type Django, isException, keepDiagnostics, settingsOf } from "./django.ts";
import { applicationMachine } from "./machine.ts";
import { alike, newImporter, type Project } from "./project.ts";
import type { PyException } from "./python-values.ts";
import { languagePrefixOf, type ResolverMatch, resolvePath } from "./resolver.ts";
import type { Run } from "./run.ts";
import { readUrlconf, type Urlconf } from "./urlconf.ts";

/** Imports the URLconf on the first request that needs it; the exception when that fails. */
export function importUrlconf(django: Django, run: Run): PyException | null {
  const app = appOf(django, run);
  if (app.urlconf !== null) return null;
  const { project } = app;
  const urlconf = readProjectUrls(django, project);
  if (isException(urlconf)) {
    django.sim.fire(django.applications, app.entity, applicationMachine.transition.failUrlconf);
    return urlconf;
  }
  app.urlconf = urlconf;
  django.sim.attribute(app.entity, run.request);
  const row = django.sim.fire(
    django.applications,
    app.entity,
    applicationMachine.transition.importUrlconf,
  );
  if (django.sim.recording(app.entity)) {
    django.sim.note(row, {
      values: { urlconf: project.settings.rootUrlconf, patterns: urlconf.root.children.length },
    });
  }
  // The process belongs to no request again: its end is nobody's step.
  django.sim.attribute(app.entity, NO_REQUEST);
  return null;
}

/** Reads the project's URLconf and keeps what is wrong with it; nothing else changes. */
export function readProjectUrls(django: Django, project: Project): Urlconf | PyException {
  const importer = newImporter(
    django.host.disk,
    project.searchPath,
    project.environment,
    project.described,
  );
  importer.modules.set("django.conf.settings", {
    name: "django.conf.settings",
    file: null,
    names: new Map(project.settings.written),
    exception: null,
    exceptionLine: 0,
  });
  const urlconf = readUrlconf(importer, project.settings);
  keepDiagnostics(django, importer.diagnostics);
  if (isException(urlconf) && !importer.diagnostics.some(({ severity }) => severity === "error")) {
    // No line raised: Django itself did, about the URLconf as a whole.
    const file = importer.modules.get(project.settings.rootUrlconf)?.file ?? "";
    const message = `${urlconf.name}: ${urlconf.message}`;
    keepDiagnostics(django, [{ severity: "error", message, file, line: 0 }]);
  }
  if (isException(urlconf)) return urlconf;
  const known = urlconfs.get(project) ?? new Map<string, Urlconf>();
  urlconfs.set(project, known);
  return alike(known, importer, urlconf);
}

const urlconfs = new WeakMap<Project, Map<string, Urlconf>>();

export function currentUrlconf(django: Django, run: Run): Urlconf {
  return appOf(django, run).urlconf as Urlconf;
}

/** get_language(): what LocaleMiddleware activated last in this thread, be it for an earlier request. */
export function languageOf(django: Django, run: Run): string {
  return appOf(django, run).languages.get(run.slot) ?? settingsOf(django, run).languageCode;
}

/** Whether a path resolves; raises what importing the URLconf raises. Source: is_valid_path. */
export function findPath(
  django: Django,
  run: Run,
  path: string,
): ResolverMatch | null | PyException {
  const problem = importUrlconf(django, run);
  if (problem !== null) return problem;
  const urlconf = currentUrlconf(django, run);
  return resolvePath(
    urlconf,
    path,
    languagePrefixOf(urlconf, languageOf(django, run), settingsOf(django, run).languageCode),
  );
}
