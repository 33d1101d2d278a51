// Puts nginx on a host: the program with its modules, machines, events and sockets.
import type { Host } from "../../host/processes.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { Http2 } from "../http2-session.ts";
import { createCore } from "./context.ts";
import { nginxModules } from "./modules.ts";
import { type CommandResult, type NginxOptions, nginxProgram, runNginxCommand } from "./program.ts";

/** nginx on a host: the shell's way to it, and what its configurations had to say. */
export interface InstalledNginx {
  /** `nginx -t`, `nginx -s reload`: the arguments after the program's name. */
  command(args: readonly string[]): CommandResult;
  /** Of every configuration read so far, without repeats. */
  diagnostics(): readonly Diagnostic[];
}

/** Registers the program "nginx" with its machines, events and sockets. */
export function installNginx(host: Host, http2: Http2, options: NginxOptions): InstalledNginx {
  const seen = new Map<string, Diagnostic>();
  const keep = (diagnostics: readonly Diagnostic[]): void => {
    for (const diagnostic of diagnostics) {
      const { message, file, line } = diagnostic;
      seen.set(`${file}:${line}: ${message}`, diagnostic);
    }
  };
  const core = createCore(host, http2, nginxModules, options.names ?? null);
  host.processes.register(nginxProgram(core, options, keep));
  return {
    command: (args) => runNginxCommand(core, options, args),
    diagnostics: () => [...seen.values()],
  };
}
