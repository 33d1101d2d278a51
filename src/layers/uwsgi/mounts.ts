// Which of several applications a request is for: the one mounted at its SCRIPT_NAME, otherwise the
// default one.
// Source: uWSGI 2.0.21 core/protocol.c uwsgi_parse_vars, core/utils.c uwsgi_get_app_id.
import type { Vars } from "./packet.ts";
import type { Master, UwsgiRequest, Worker } from "./world.ts";

/** manage-script-name: the longest mount point that the path begins with becomes SCRIPT_NAME, or none. */
function withScriptName(master: Master, vars: Vars): Vars {
  const { switches, mounts } = master.config;
  if (!switches.has("manage-script-name")) return vars;
  const path = vars.get("PATH_INFO") ?? "";
  const mount = mounts
    .filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (path.length <= 1) return vars;
  const changed = new Map(vars);
  changed.set("SCRIPT_NAME", mount?.prefix ?? vars.get("SCRIPT_NAME") ?? "");
  if (mount !== undefined) changed.set("PATH_INFO", path.slice(mount.prefix.length));
  return changed;
}

/** Chooses the application; its number, or -1. */
export function chooseApplication(master: Master, worker: Worker, request: UwsgiRequest): number {
  if (request.vars === null) return -1;
  const vars = withScriptName(master, request.vars);
  request.pairs += vars.size - request.vars.size;
  request.vars = vars;
  const known = worker.applications.indexOf(vars.get("SCRIPT_NAME") ?? "");
  return known >= 0 || worker.applications.length === 0 ? known : 0;
}
