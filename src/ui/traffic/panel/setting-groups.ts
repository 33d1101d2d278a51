// Which settings stand where in the panel: those that matter most for a crowd at once, all others behind the
// name of what they belong to.
import type { Setting, SettingId } from "../../../simulation/settings/setting.ts";

/** Shown at once, in this order. */
const FIRST: readonly SettingId[] = [
  ...(["arrivals", "rate", "burstMs", "users", "thinkMs", "workers", "threads"] as const),
  ...(["viewMs", "queryMs", "giveUpMs"] as const),
];

const groups: readonly (readonly [string, readonly SettingId[]])[] = [
  [
    "Requests and their clients",
    [
      ...(["thinking", "mix1", "mix2", "mix3", "mix4", "retries", "retryAfterMs"] as const),
      ...(["retryFactor", "retryJitter", "clientKeepAlive", "clients"] as const),
    ],
  ],
  [
    "Nginx",
    [
      ...(["limitRate", "limitBurst", "cache", "proxyConnectTimeout", "proxyReadTimeout"] as const),
      ...(["proxySendTimeout", "keepaliveTimeout", "workerProcesses"] as const),
      "workerConnections",
    ],
  ],
  [
    "Gunicorn",
    [
      ...(["workerClass", "backlog", "timeout", "gracefulTimeout", "keepalive"] as const),
      ...(["maxRequests", "maxRequestsJitter"] as const),
    ],
  ],
  [
    "The view, Django and the database",
    [
      ...(["spread", "variation", "computeMs", "connMaxAge", "maxConnections", "debug"] as const),
      "appendSlash",
    ],
  ],
  ["Machine and network", ["cores", "rttMs"]],
];

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** The settings that a panel shows, in order; what is a text is edited as a text. */
export function groupedSettings(settings: readonly Setting[]): {
  readonly first: readonly Setting[];
  readonly groups: readonly SettingGroup[];
} {
  const named = (ids: readonly SettingId[]): readonly Setting[] =>
    ids.flatMap((id) => settings.filter((each) => each.id === id && each.input.kind !== "text"));
  return {
    first: named(FIRST),
    groups: groups
      .map(([title, ids]) => ({ title, settings: named(ids) }))
      .filter((group) => group.settings.length > 0),
  };
}
