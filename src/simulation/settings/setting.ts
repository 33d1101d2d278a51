// A setting that can be changed by a slider, a form or an option of the command line: a number or a
// word that stands somewhere in the scenario's own text, which stays the truth.

export type SettingId =
  | "arrivals"
  | "rate"
  | "burstMs"
  | "users"
  | "thinkMs"
  | "thinking"
  | "mix1"
  | "mix2"
  | "mix3"
  | "mix4"
  | "giveUpMs"
  | "retries"
  | "retryAfterMs"
  | "retryFactor"
  | "retryJitter"
  | "clientKeepAlive"
  | "clients"
  | "rttMs"
  | "cores"
  | "workerProcesses"
  | "workerConnections"
  | "keepaliveTimeout"
  | "clientMaxBodySize"
  | "proxyConnectTimeout"
  | "proxySendTimeout"
  | "proxyReadTimeout"
  | "limitRate"
  | "limitBurst"
  | "cache"
  | "workers"
  | "workerClass"
  | "threads"
  | "bind"
  | "timeout"
  | "gracefulTimeout"
  | "backlog"
  | "keepalive"
  | "maxRequests"
  | "maxRequestsJitter"
  | "debug"
  | "allowedHosts"
  | "appendSlash"
  | "connMaxAge"
  | "maxConnections"
  | "viewMs"
  | "spread"
  | "variation"
  | "computeMs"
  | "queryMs";

export type SettingValue = number | string | boolean;

/** How a value is asked for. Sliders of scale "log" step by ratios. */
export type SettingInput =
  | {
      readonly kind: "number";
      /** "s", "ms", "per second", or the things counted: "workers". */
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly scale: "linear" | "log";
    }
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "text" };

/**
 * Where the value stands. `path` is a file's, `command:N` (from 1), or one of the parts of a scenario
 * that are no files: `traffic`, `views`, `host`, `links`; their text is the part as JSON.
 */
export interface SettingPlace {
  readonly path: string;
  /** From 1. For a value that is not written it is the line that a new value is written after. */
  readonly line: number;
  /** That line as it stands, without its indentation. */
  readonly text: string;
  /** False when the text says nothing and the program's own default holds. */
  readonly written: boolean;
}

/** What an operator does after changing the text, so that the running programs obey it. */
export type TakesEffect =
  | "at once"
  | "nginx reload"
  | "gunicorn signal"
  | "gunicorn reload"
  | "gunicorn restart"
  | "postgresql restart";

export interface Setting {
  readonly id: SettingId;
  /** Plain words: "Gunicorn workers". */
  readonly title: string;
  readonly value: SettingValue;
  readonly input: SettingInput;
  readonly place: SettingPlace;
  readonly takesEffect: TakesEffect;
}

/** The new text of the one file, command or part that a change of a setting rewrites. */
export interface SettingEdit {
  readonly path: string;
  readonly text: string;
  /** The line that now holds the value, from 1. */
  readonly line: number;
}

/** Why a setting cannot be changed so: what is wrong and what can be done. */
export interface SettingProblem {
  readonly problem: string;
}
