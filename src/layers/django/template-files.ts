// Finding templates: DIRS first, then the templates folder of each installed app.
// Source: django/template/loaders/filesystem.py and app_directories.py, 3.2.
import { isDiskError } from "../../host/disk.ts";
import { memoByIdentity } from "../../kernel/memo.ts";
import { appOf, type Django } from "./django.ts";
import type { Project } from "./project.ts";
import type { Run } from "./run.ts";

export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

/** The folders of a project's templates, in the order of the search, without a slash at the end. */
const foldersOf = memoByIdentity(({ settings, searchPath }: Project): readonly string[] => {
  const folders = [...settings.templateDirs];
  if (settings.appDirs) {
    for (const app of settings.installedApps)
      for (const base of searchPath)
        folders.push(`${base}/${app.path.replaceAll(".", "/")}/templates`);
  }
  return folders.map((folder) => folder.replace(/\/$/, ""));
});

export function findTemplate(django: Django, run: Run, name: string): TemplateFile | null {
  for (const folder of foldersOf(appOf(django, run).project)) {
    const path = `${folder}/${name}`;
    const node = django.host.disk.open(path);
    if (!isDiskError(node) && node.kind === "file" && node.text !== null)
      return { path, text: node.text };
  }
  return null;
}
