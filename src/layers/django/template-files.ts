// Finding templates: DIRS first, then the templates folder of each installed app.
// Source: django/template/loaders/filesystem.py and app_directories.py, 3.2.
import { isDiskError } from "../../host/disk.ts";
import { appOf, type Django } from "./django.ts";
import type { Run } from "./run.ts";

export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

export function findTemplate(django: Django, run: Run, name: string): TemplateFile | null {
  const { settings, searchPath } = appOf(django, run).project;
  const folders = [...settings.templateDirs];
  if (settings.appDirs) {
    for (const app of settings.installedApps)
      for (const base of searchPath)
        folders.push(`${base}/${app.path.replaceAll(".", "/")}/templates`);
  }
  for (const folder of folders) {
    const path = `${folder.replace(/\/$/, "")}/${name}`;
    const node = django.host.disk.open(path);
    if (!isDiskError(node) && node.kind === "file" && node.text !== null)
      return { path, text: node.text };
  }
  return null;
}
