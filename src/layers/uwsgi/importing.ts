// The import of the application, in the master before the fork or with lazy-apps in every worker, and
// the applications mounted at prefixes beside it.
// Source: uWSGI 2.0.21 core/uwsgi.c uwsgi_init_all_apps, plugins/python/pyloader.c; recorded log lines.

import type { Pid } from "../../host/processes.ts";
import { log } from "./log-lines.ts";
import type { Master, Runtime } from "./world.ts";

/** Imports the application in a process and logs what went wrong; `costNs` is what it takes. */
export function importApplication(
  runtime: Runtime,
  master: Master,
  pid: Pid,
): { readonly ok: boolean; readonly costNs: number } {
  const { host } = runtime;
  const { module, attribute, chdir, env: given, texts } = master.config;
  if (module === null) return { ok: false, costNs: 0 };
  const env = { ...host.processes.get(master.pid)?.env, ...given };
  const { result, costNs } = runtime.application.load(pid, { module, attribute, chdir, env });
  if (result.ok) return { ok: true, costNs };
  const traceback = result.reason === "import-error" ? result.traceback : [];
  if (texts.module === undefined && isMissing(traceback, module))
    log(host, master, `failed to open python file ${texts["wsgi-file"]}`);
  else for (const line of withoutEmptyTraceback(traceback, module)) log(host, master, line);
  log(host, master, "unable to load app 0 (mountpoint='') (callable not found or import error)");
  return { ok: false, costNs };
}

/** Whether what could not be imported is the application's own module or a package above it. */
function isMissing(traceback: readonly string[], module: string): boolean {
  const name = /^ModuleNotFoundError: No module named '([^']+)'$/.exec(traceback.at(-1) ?? "");
  return name !== null && (module === name[1] || module.startsWith(`${name[1]}.`));
}

/** C code imports the module: Python has no frame of its own to show when the module is not there. */
function withoutEmptyTraceback(traceback: readonly string[], module: string): readonly string[] {
  return isMissing(traceback, module) ? traceback.slice(-1) : traceback;
}

/** The lines that end an import; the mount points of the applications that the process has now. */
export function reportImport(runtime: Runtime, master: Master, pid: Pid, ok: boolean): string[] {
  const { host } = runtime;
  const { config } = master;
  const applications: string[] = [];
  // The first one that is there answers for every path without one of its own.
  const ready = (prefix: string): void => {
    const number = applications.push(prefix) - 1;
    const where = `on interpreter 0x55d0c8a6f2b0 pid: ${pid}${number === 0 ? " (default app)" : ""}`;
    log(host, master, `WSGI app ${number} (mountpoint='${prefix}') ready in 0 seconds ${where}`);
  };
  if (ok) ready("");
  for (const { module, attribute, prefix } of config.mounts) {
    log(host, master, `mounting ${module}:${attribute} on ${prefix}`);
    const { chdir, env } = config;
    // Python has the module already when it is the default application's too.
    const isImported = ok && module === config.module;
    const load = (): boolean =>
      runtime.application.load(pid, { module, attribute, chdir, env }).result.ok;
    if (isImported || load()) ready(prefix);
  }
  if (applications.length > 0) return applications;
  const over = config.switches.has("need-app");
  log(
    host,
    master,
    over ? "*** no app loaded. GAME OVER ***" : "*** no app loaded. going in full dynamic mode ***",
  );
  return applications;
}
