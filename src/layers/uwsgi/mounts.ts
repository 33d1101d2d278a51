// Which of several applications a request is for: the one mounted at its SCRIPT_NAME, loaded into the
// worker at the first request for it, otherwise the default one.
// Source: uWSGI 2.0.21 core/protocol.c uwsgi_manage_script_name, plugins/python/wsgi_handlers.c
// uwsgi_python_dynamic_load; recorded log lines.
import { log } from "./log-lines.ts";
import type { Vars } from "./packet.ts";
import type { Master, Runtime, UwsgiRequest, Worker } from "./world.ts";

/** manage-script-name: the longest mount point that the path begins with becomes SCRIPT_NAME. */
function withScriptName(master: Master, vars: Vars): Vars {
  const { switches, mounts } = master.config;
  if (!switches.has("manage-script-name")) return vars;
  const path = vars.get("PATH_INFO") ?? "";
  const mount = mounts
    .filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (mount === undefined) return vars;
  const changed = new Map(vars);
  changed.set("SCRIPT_NAME", mount.prefix);
  changed.set("PATH_INFO", path.slice(mount.prefix.length));
  return changed;
}

/** Chooses the application and loads it when it is not there yet; its number, or -1. */
export function chooseApplication(
  runtime: Runtime,
  master: Master,
  worker: Worker,
  request: UwsgiRequest,
): number {
  if (request.vars === null) return -1;
  request.vars = withScriptName(master, request.vars);
  const name = request.vars.get("SCRIPT_NAME") ?? "";
  const mount = master.config.mounts.find(({ prefix }) => prefix === name);
  if (mount === undefined) return worker.applications.indexOf("");
  const known = worker.applications.indexOf(name);
  if (known >= 0) return known;
  return load(runtime, master, worker, mount);
}

function load(
  { host, application }: Runtime,
  master: Master,
  worker: Worker,
  mount: Master["config"]["mounts"][number],
): number {
  const { module, attribute, prefix } = mount;
  const { chdir, env } = master.config;
  // Python has the module already when it is the default application's too.
  const imported = worker.applications.length > 0 && module === master.config.module;
  const ok = imported || application.load(worker.pid, { module, attribute, chdir, env }).result.ok;
  if (!ok) return -1;
  const number = worker.applications.push(prefix) - 1;
  const where = `interpreter 0x55d0c8a6f2b0 pid: ${worker.pid}`;
  log(host, master, `WSGI app ${number} (mountpoint='${prefix}') ready in 0 seconds on ${where}`);
  return number;
}
