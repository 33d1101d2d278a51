// How an inner level of the configuration gets the values of the level around it.
// Source: the merge functions of nginx's modules (ngx_conf_merge_value and its sisters, 1.22.1).
import type { Draft } from "./configuration-reader.ts";
import type { DirectiveRow, Setting } from "./settings.ts";

export type SettingsMap = ReadonlyMap<string, Setting<unknown>>;
export type RowOf = ReadonlyMap<string, DirectiveRow>;

/** The settings of a level: its own, and those of the level around it that pass inwards. */
export function inherit(outer: SettingsMap, draft: Draft, rowOf: RowOf): SettingsMap {
  const isUnnamed = draft.kind.startsWith("if ") || draft.kind === "limit_except";
  const settings = new Map<string, Setting<unknown>>();
  for (const [key, setting] of outer) {
    const mode = rowOf.get(key)?.inherit ?? "none";
    if (mode === "scalar" || mode === "array" || (mode === "unnamed" && isUnnamed))
      settings.set(key, setting);
  }
  for (const [key, setting] of draft.own) settings.set(key, setting);
  return settings;
}
