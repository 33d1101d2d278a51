// Where the layers meet: whose output is whose input. No layer knows another; all of them are known
// here, and installed in one fixed order, which numbers machines and events.
import type { Disk } from "../host/disk.ts";
import type { Network } from "../host/network.ts";
import { programNamed } from "../host/process-table.ts";
import { type Host, type HostSettings, NO_PID, type Processes } from "../host/processes.ts";
import type { Link } from "../host/transport.ts";
import { deepFreeze } from "../kernel/freeze.ts";
import type { RequestNumber, Simulation } from "../kernel/simulation.ts";
import type { WsgiServer } from "../layers/application.ts";
import { installBareClient } from "../layers/browser/bare-client.ts";
import type { BareClient } from "../layers/browser/bare-context.ts";
import { installBrowser } from "../layers/browser/install.ts";
import type { BrowseSpec } from "../layers/browser/request-spec.ts";
import { type Database, installDatabase } from "../layers/database/install.ts";
import { installDjango } from "../layers/django/install.ts";
import { installDns } from "../layers/dns/install.ts";
import { installGunicorn } from "../layers/gunicorn/install.ts";
import { installHttp2 } from "../layers/http2/install.ts";
import { installNginx } from "../layers/nginx/install.ts";
import { installSupervisor } from "../layers/supervisor/install.ts";
import { installTcp } from "../layers/tcp/install.ts";
import { installTls } from "../layers/tls/install.ts";
import { warmSession } from "../layers/tls/tickets.ts";
import { splitCommandLine } from "../text/command-line.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { clientLink } from "./links.ts";
import { offeredUwsgi } from "./optional-programs.ts";
import { installPeers } from "./peers.ts";
import type { RunRequest } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import type { ShellCommands, ShellResult } from "./shell.ts";

export interface Programs {
  /** Starts one of the scenario's commands; false when it is for the shell (`systemctl start nginx`). */
  start(command: string, index: number): boolean;
  readonly client: BareClient;
  /** A visit by the browser: how many things end because of it (1). */
  browse(spec: BrowseSpec): number;
  readonly shell: ShellCommands;
  diagnostics(): readonly Diagnostic[];
  /** Has the application read what it otherwise reads at its first request. */
  readUrls(): void;
}

export interface RunHooks {
  newRequest(request: Omit<RunRequest, "number" | "startedAt">): RequestNumber;
  requestFinished(request: RequestNumber, status: number | null): void;
  visitFinished(): void;
}

export interface NetworkParts {
  readonly sim: Simulation;
  readonly disk: Disk;
  readonly settings: HostSettings;
  readonly processes: Processes;
  readonly scenario: Scenario;
  readonly nowMs: () => number;
}

/** The network of a scenario: TCP and unix sockets, TLS over them. */
export function networkOf({
  sim,
  disk,
  settings,
  processes,
  scenario,
  nowMs,
}: NetworkParts): Network {
  sim.world.clientLink = clientLink(scenario);
  const transport = installTcp({
    sim,
    disk,
    sysctl: settings.sysctl,
    addresses: settings.addresses,
    userOf: (pid) => processes.get(pid)?.user ?? "root",
    link: () => sim.world.clientLink as Link,
  });
  // The recordings' certificates are signed by themselves; the product's are taken to be in order.
  return installTls({
    sim,
    transport,
    nowMs,
    ...(scenario.format === 2 && { trusts: () => true }),
  });
}

const PROGRAMS = new Set(["nginx", "gunicorn", "uwsgi", "supervisord", "blackhole", "tcp-script"]);

/** Installs every program of the world. */
export function wirePrograms(host: Host, scenario: Scenario, hooks: RunHooks): Programs {
  installPeers(host);
  const dns =
    scenario.zones === undefined
      ? null
      : installDns(host, {
          zones: scenario.zones,
          links: scenario.links?.dns,
          warm: scenario.warm?.dns,
        });
  const database = installDatabase(host, { setupSql: scenario.database });
  const servers: WsgiServer[] = [];
  host.sim.world.views = deepFreeze(scenario.views ?? {});
  const application = installDjango(host, database, servers, {
    get views() {
      return host.sim.world.views as NonNullable<Scenario["views"]>;
    },
    middleware: scenario.middleware ?? {},
  });
  servers.push(installGunicorn(host, application, 0));
  const http2 = installHttp2(host.sim, host.network);
  const nginx = installNginx(host, http2, {
    resolveAtStart,
    ...(dns !== null && { names: dns }),
  });
  const supervision = installSupervisor(host);
  const client = installBareClient(host, http2, {
    serverIp: scenario.format === 1 ? "127.0.0.1" : (host.settings.addresses[0] ?? "127.0.0.1"),
    requests: scenario.timeline.flatMap((action) => ("request" in action ? [action.request] : [])),
    ...(dns !== null && { lookup: dns }),
    finished: hooks.requestFinished,
  });
  const browser = installBrowser(host, http2, {
    serverIp: scenario.format === 1 ? "127.0.0.1" : (host.settings.addresses[0] ?? "127.0.0.1"),
    ...(dns !== null && { lookup: dns }),
    newRequest: (meta) =>
      hooks.newRequest({
        method: meta.method,
        url: meta.url,
        client: "Chromium",
        kind: meta.kind === "favicon" ? "aside" : "main",
        action: -1,
      }),
    ...(scenario.warm?.dns === true && dns !== null && { knownAddresses: dns.knownAddresses() }),
    visitFinished: hooks.visitFinished,
  });
  // The last one, so that the numbers of all other machines are the same whether it is there or not.
  const installUwsgi = offeredUwsgi();
  if (installUwsgi !== null) servers.push(installUwsgi(host, application, 1));
  if (scenario.warm?.tls === true) warmSessions(host, scenario);
  return {
    client,
    start: (command, index) => startCommand(host, command, index),
    browse: (spec) => {
      browser.visit(spec);
      return 1;
    },
    shell: {
      systemctl: (verb, unit) =>
        unit === "postgresql"
          ? systemctlPostgres(database, verb)
          : supervision.systemctl(verb, unit),
      supervisorctl: (args) => supervision.supervisorctl(args),
      nginx: (args) => nginx.command(args),
      psql: (name, script) => {
        database.psql(name, script);
        return { exit: 0, output: [] };
      },
      sqlite3: (file, sql, hold) => database.shell(file, sql, hold),
    },
    diagnostics: () => [...(dns?.diagnostics ?? []), ...nginx.diagnostics()],
    readUrls: application.readUrls,
  };
}

/** The browser holds a ticket of an earlier visit to every https origin that it will visit. */
function warmSessions(host: Host, scenario: Scenario): void {
  for (const action of scenario.timeline) {
    if (!("browse" in action)) continue;
    const name = action.browse.url.replace(/^https?:\/\//, "").replace(/[/:?#].*$/, "");
    warmSession(host.sim, { cache: "chromium", host: name, port: 443, version: "TLSv1.3" });
  }
}

/** PostgreSQL runs unless a scenario stops it; its unit is the package's own. */
function systemctlPostgres(database: Database, verb: string): ShellResult {
  if (verb === "start" || verb === "stop" || verb === "restart") database.service(verb);
  return { exit: 0, output: [] };
}

/** What the system's resolver knows when programs start: only the machine's own names. */
function resolveAtStart(name: string): readonly string[] | null {
  return name === "localhost" || name === "server" ? ["127.0.0.1"] : null;
}

function startCommand(host: Host, command: string, index: number): boolean {
  // A script's JSON is taken as it stands, quotes and all.
  const script = /^tcp-script\s+(\S+)\s*(.*)$/s.exec(command);
  const words =
    script === null
      ? splitCommandLine(command).map((word) => word.text)
      : ["tcp-script", script[1], script[2]];
  const env: Record<string, string> = {};
  if (words[0] === "env") {
    words.shift();
    while (/^[A-Za-z_]\w*=/.test(words[0] ?? "")) {
      const word = words.shift() as string;
      env[word.slice(0, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
    }
  }
  if (!PROGRAMS.has(programNamed(words[0] ?? ""))) return false;
  host.processes.start({
    parent: NO_PID,
    argv: words,
    env,
    command: index,
    commandLine: command,
    commandAt: { file: `command:${index + 1}`, line: 1, start: 0 },
  });
  return true;
}
