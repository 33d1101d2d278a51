// Reads a project from texts, without running anything.
import type { Disk, DiskNode } from "../../../src/host/disk.ts";
import { loadProject, newImporter } from "../../../src/layers/django/project.ts";
import { importModule } from "../../../src/layers/django/python-modules.ts";
import type { Settings } from "../../../src/layers/django/settings.ts";
import { readUrlconf, type Urlconf } from "../../../src/layers/django/urlconf.ts";
import type { Diagnostic } from "../../../src/text/diagnostic.ts";

export interface ReadOptions {
  readonly settings?: string;
  readonly urls?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A disk of nothing but texts. */
export function textDisk(files: Readonly<Record<string, string>>): Disk {
  const node = (text: string | null): DiskNode => ({
    kind: text === null ? "directory" : "file",
    text,
    bytes: text?.length ?? 0,
    target: null,
    mode: 0o644,
    owner: "root",
    group: "root",
    mtime: 0,
    version: 1,
  });
  const open = (path: string): DiskNode | { readonly error: "ENOENT" } => {
    if (path in files) return node(files[path]);
    return Object.keys(files).some((name) => name.startsWith(`${path}/`))
      ? node(null)
      : { error: "ENOENT" };
  };
  return { open, stat: open, lstat: () => null } as unknown as Disk;
}

const WSGI =
  "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n";

export function projectFiles(options: ReadOptions): Readonly<Record<string, string>> {
  const urls = [
    "from django.urls import include, path, re_path",
    "from shop import views",
    "urlpatterns = [",
    ...(options.urls ?? []).map((line) => `    ${line},`),
    "]",
    "",
  ].join("\n");
  return {
    "/srv/shop/shop/settings.py": `ROOT_URLCONF = 'shop.urls'\n${options.settings ?? ""}`,
    "/srv/shop/shop/urls.py": urls,
    "/srv/shop/shop/wsgi.py": WSGI,
    ...options.files,
  };
}

export function load(options: ReadOptions): ReturnType<typeof loadProject> {
  return loadProject({
    disk: textDisk(projectFiles(options)),
    module: "shop.wsgi",
    attribute: "application",
    chdir: "/srv/shop",
    env: {},
    parts: { views: {}, middleware: {} },
  });
}

/** Settings and URLconf of a project; throws when it cannot be read, which is a mistake in the test. */
export function readProject(options: ReadOptions): {
  readonly settings: Settings;
  readonly urlconf: Urlconf;
  readonly diagnostics: readonly Diagnostic[];
} {
  const loaded = load(options);
  if (loaded.project === null) throw new Error(loaded.failed.reason);
  const importer = newImporter(
    textDisk(projectFiles(options)),
    ["/srv/shop"],
    new Map(),
    new Set(),
  );
  const urlconf = readUrlconf(importer, loaded.project.settings);
  if ("message" in urlconf) throw new Error(urlconf.message);
  return {
    settings: loaded.project.settings,
    urlconf,
    diagnostics: [...loaded.project.diagnostics, ...importer.diagnostics],
  };
}

/** Imports one text as a module. */
export function importText(text: string): ReturnType<typeof importModule> {
  return importModule(
    newImporter(
      textDisk({ "/srv/shop/m.py": text }),
      ["/srv/shop"],
      new Map([["HOME", "/root-of-tests"]]),
      new Set(),
    ),
    "m",
  );
}
