// Lines of outer levels that do not hold, because an inner level has one of the same directive: nginx
// replaces such lists and never joins them. For the panel alone.
// Simplification: of the levels around a nested location only server and http are looked at.
import type { NginxRequest } from "./request.ts";
import { type DirectiveRow, settingOf } from "./settings.ts";

/** What the server and http levels say with this directive, when the location says something else. */
export function lostToInner<T>(
  { location, server, configuration }: NginxRequest,
  row: DirectiveRow<readonly T[]>,
): readonly T[] {
  const held = settingOf(location, row).value;
  const { http } = configuration;
  const outer = http === null ? [server] : [server, http];
  const levels = new Set(outer.map((level) => settingOf(level, row).value));
  return [...levels].filter((lines) => lines !== held).flat();
}
