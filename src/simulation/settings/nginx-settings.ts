// Settings that stand in nginx.conf. A directive that is written is changed where it is first written;
// one that is not goes beside the directive that it belongs to.
import { DEFAULT_CORES, type Scenario } from "../scenario.ts";
import { cacheRow } from "./cache-setting.ts";
import { limitBurstRow, limitRateRow } from "./limit-settings.ts";
import { directiveNamed, type Placed, withArgument, withLineAfter } from "./nginx-edit.ts";
import { type Found, linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingEdit, SettingInput, SettingValue } from "./setting.ts";
import { lineOf, lineText } from "./texts.ts";

interface DirectiveRow {
  readonly id: SettingRow["id"];
  readonly title: string;
  readonly input: SettingInput;
  readonly directive: string;
  /** The directives beside which a new one is written: the first that is there. */
  readonly beside: readonly string[];
  readonly otherwise: SettingValue;
  read(text: string, scenario: Scenario): SettingValue;
  format(value: SettingValue): string;
}

/** Seconds of a time such as 60s, 1m 30s or 500ms. Source: ngx_parse_time(). */
export function secondsOf(text: string): number {
  const units: Readonly<Record<string, number>> = {
    ms: 0.001,
    s: 1,
    m: 60,
    h: 3600,
    d: 86_400,
    w: 604_800,
    "": 1,
  };
  let seconds = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)\s*(ms|[smhdw])?/g))
    seconds += Number(digits) * (units[unit ?? ""] ?? 1);
  return seconds;
}

const seconds = (value: SettingValue): string => {
  const number = Number(value);
  return Number.isInteger(number) ? `${number}s` : `${Math.round(number * 1000)}ms`;
};

function directiveRow(row: DirectiveRow): SettingRow {
  const { id, title, input, directive, beside, otherwise, read, format } = row;
  const anchor = (scenario: Scenario): Placed | null => {
    for (const name of beside) {
      const found = directiveNamed(scenario, name);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    id,
    title,
    input,
    takesEffect: "nginx reload",
    needs: `one of these in nginx's files: ${[directive, ...beside].join(", ")}`,
    find(scenario): Found | null {
      const written = directiveNamed(scenario, directive);
      const at = written ?? anchor(scenario);
      if (at === null) return null;
      const line = lineOf(at.text, at.directive.span.start);
      return {
        value:
          written === null
            ? otherwise
            : read(written.directive.args.map((argument) => argument.text).join(" "), scenario),
        place: { path: at.path, line, text: lineText(at.text, line), written: written !== null },
      };
    },
    write(scenario, value): SettingEdit {
      const written = directiveNamed(scenario, directive);
      if (written !== null) return withArgument(written, 0, format(value));
      return withLineAfter(anchor(scenario) as Placed, `${directive} ${format(value)};`);
    },
  };
}

/** A block is no line to write after, so its first directive stands for it. */
const IN_HTTP = ["types_hash_max_size", "sendfile", "default_type", "include"];

function proxyTimeRow(
  id: "proxyConnectTimeout" | "proxySendTimeout" | "proxyReadTimeout",
  what: string,
): SettingRow {
  return directiveRow({
    id,
    title: `Nginx: ${what}`,
    input: logarithmic("s", 0.1, 3600, 0.1),
    directive: id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    beside: ["proxy_pass"],
    // Source: ngx_http_proxy_module.c: 60000 ms for all three.
    otherwise: 60,
    read: secondsOf,
    format: seconds,
  });
}

const whole = (text: string): SettingValue => Number(text) || 0;

export const nginxRows: readonly SettingRow[] = [
  directiveRow({
    id: "workerProcesses",
    title: "Nginx worker processes",
    input: linear("processes", 1, 64),
    directive: "worker_processes",
    beside: ["user", "pid", "error_log"],
    otherwise: 1,
    // Source: ngx_set_worker_processes(): auto is as many as there are cores.
    read: (text, scenario) =>
      text === "auto" ? (scenario.host?.cores ?? DEFAULT_CORES) : whole(text),
    format: String,
  }),
  directiveRow({
    id: "workerConnections",
    title: "Connections of an Nginx worker",
    input: logarithmic("connections", 4, 65_536),
    directive: "worker_connections",
    beside: ["multi_accept", "use"],
    otherwise: 512,
    read: whole,
    format: String,
  }),
  directiveRow({
    id: "keepaliveTimeout",
    title: "Nginx keeps idle connections",
    input: logarithmic("s", 0, 3600),
    directive: "keepalive_timeout",
    beside: IN_HTTP,
    otherwise: 75,
    read: secondsOf,
    format: seconds,
  }),
  directiveRow({
    id: "clientMaxBodySize",
    title: "Largest request body",
    input: { kind: "text" },
    directive: "client_max_body_size",
    beside: ["server_name", ...IN_HTTP],
    otherwise: "1m",
    read: (text) => text,
    format: String,
  }),
  proxyTimeRow("proxyConnectTimeout", "time to connect to the application"),
  proxyTimeRow("proxySendTimeout", "time between two writes to the application"),
  proxyTimeRow("proxyReadTimeout", "time between two reads from the application"),
  limitRateRow,
  limitBurstRow,
  cacheRow,
];
