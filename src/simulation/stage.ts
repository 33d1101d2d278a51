// The fixed facts of the stage, read from the scenario and the processes that run.
import { formatSpan, fromMs } from "../kernel/time.ts";
import type { Stage } from "./journey.ts";
import type { Run } from "./run.ts";

/** What is drawn once for a journey. */
export function stageOf(run: Run): Stage {
  const { scenario, host } = run;
  const programs = new Set(host.processes.living().map((process) => process.program));
  for (const command of scenario.processes)
    programs.add(command.replace(/^(?:sudo )?(?:systemctl start )?/, "").split(/\s/)[0]);
  const server = programs.has("uwsgi") ? "uwsgi" : programs.has("gunicorn") ? "gunicorn" : null;
  const files = Object.entries(scenario.files).map(([path, file]) => ({
    path,
    text: typeof file === "string" ? file : "text" in file ? file.text : "",
  }));
  const settings = files.find((file) => file.path.endsWith("settings.py"));
  const all = files.map((file) => file.text).join("\n");
  const rttMs = scenario.links?.client?.rttMs ?? 0;
  return {
    serverAddress: host.settings.addresses[0] ?? "127.0.0.1",
    hostName: hostNameOf(run),
    os: "Debian 12",
    upstreamLabel: upstreamLabel(all),
    linkLabel: rttMs > 0 ? `${formatSpan(fromMs(rttMs))} away` : "same host",
    zoneNames: zoneNames(run),
    applicationServer: server,
    nginx: programs.has("nginx"),
    ...databaseOf(settings?.text ?? "", settings?.path ?? ""),
    databaseTables: tablesNamed(
      `${JSON.stringify(scenario.views ?? {})} ${scenario.database ?? ""}`,
    ),
    supervisorName: programs.has("supervisord")
      ? "supervisord"
      : scenario.processes.some((command) => command.includes("systemctl"))
        ? "systemd"
        : "",
    hasSupervisorctl: CONTROL_SECTIONS.every((section) => section.test(all)),
  };
}

/** Source: supervisor 4.2.5 documentation, "Configuration File". */
const CONTROL_SECTIONS = [
  /^\[(unix|inet)_http_server\]/m,
  /^\[rpcinterface:supervisor\]/m,
  /^\[supervisorctl\]/m,
];

function databaseNameOf(settings: string): string {
  if (/backends\.postgresql/.test(settings)) return "PostgreSQL";
  return /backends\.sqlite3/.test(settings) ? "SQLite" : "";
}

/** NAME of the settings; a path is taken from the project's directory, where BASE_DIR stands. */
function databaseOf(settings: string, path: string): Pick<Stage, "databaseName" | "databasePlace"> {
  const databaseName = databaseNameOf(settings);
  const dictionary = settings.slice(Math.max(0, settings.indexOf("DATABASES")));
  const name = /['"]NAME['"]\s*:\s*[^'"\n]*['"]([^'"]+)['"]/.exec(dictionary)?.[1] ?? "";
  const isBelow = databaseName === "SQLite" && !name.startsWith("/");
  const project = path.split("/").slice(0, -2).join("/");
  return { databaseName, databasePlace: isBelow ? `${project}/${name}` : name };
}

/** The tables of SQL inside a text, in the order of their first naming. */
function tablesNamed(text: string): string[] {
  const found = text.matchAll(
    /\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:IF NOT EXISTS\s+)?\\?"?([a-z]\w*)/gi,
  );
  return [...new Set([...found].map((match) => match[1]))];
}

function hostNameOf(run: Run): string {
  for (const action of run.scenario.timeline) {
    const url =
      "request" in action ? action.request.url : "browse" in action ? action.browse.url : null;
    if (url !== null) return hostOfUrl(url);
  }
  // A crowd's requests stand in no timeline.
  return hostOfUrl(run.state().requests[0]?.url ?? "");
}

function hostOfUrl(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/[/:?#].*$/, "");
}

function upstreamLabel(text: string): string {
  const match = /(?:proxy_pass\s+http:\/\/|uwsgi_pass\s+)(unix:[^\s;]+|[\w.-]+:(\d+))/.exec(text);
  if (match === null) return "";
  return match[2] !== undefined ? `:${match[2]}` : match[1];
}

/** `www.example.com` is asked of the root, of `com` and of `example.com`. */
function zoneNames(run: Run): [string, string, string] {
  const labels = hostNameOf(run).split(".");
  const zone =
    Object.keys(run.scenario.zones ?? {})[0]?.replace(/\.$/, "") ?? labels.slice(-2).join(".");
  return ["root", labels.at(-1) ?? "", zone];
}
