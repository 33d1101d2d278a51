// Nginx's cache as a switch: on writes what is missing of proxy_cache_path, proxy_cache and
// proxy_cache_valid; off says `proxy_cache off`, which keeps the rest for the next time.
import type { Scenario } from "../scenario.ts";
import {
  directiveNamed,
  type Placed,
  withArgument,
  withLineAfter,
  withLineBefore,
} from "./nginx-edit.ts";
import type { SettingRow } from "./row.ts";
import type { SettingEdit, SettingProblem } from "./setting.ts";
import { applyEdit, lineOf, lineText } from "./texts.ts";

const ZONE = "pages";
const PATH = `proxy_cache_path /var/cache/nginx/${ZONE} keys_zone=${ZONE}:10m;`;

function zoneOf(scenario: Scenario): string | null {
  const path = directiveNamed(scenario, "proxy_cache_path");
  const words = path?.directive.args.map((argument) => argument.text) ?? [];
  return words.map((word) => /^keys_zone=([^:]+)/.exec(word)?.[1]).find(Boolean) ?? null;
}

function turnOn(scenario: Scenario): SettingEdit | SettingProblem {
  const written = directiveNamed(scenario, "proxy_cache");
  const zone = zoneOf(scenario);
  if (written !== null && zone !== null) return withArgument(written, 0, zone);
  const pass = directiveNamed(scenario, "proxy_pass") as Placed;
  const server = pass.within.find(({ name }) => name === "server");
  if (server === undefined) return { problem: "proxy_pass stands in no server block" };
  const first =
    zone === null ? withLineBefore({ ...pass, directive: server, within: [] }, PATH) : null;
  const between = first === null ? scenario : applyEdit(scenario, first);
  if (written !== null) {
    const again = directiveNamed(between, "proxy_cache") as Placed;
    if (again.path !== pass.path) return { problem: `write ${PATH} into the http block first` };
    return withArgument(again, 0, ZONE);
  }
  const lines = `proxy_cache ${zone ?? ZONE};`;
  const edit = withLineAfter(directiveNamed(between, "proxy_pass") as Placed, lines);
  if (directiveNamed(between, "proxy_cache_valid") !== null) return edit;
  const cache = directiveNamed(applyEdit(between, edit), "proxy_cache") as Placed;
  return { ...withLineAfter(cache, "proxy_cache_valid 200 1m;"), line: edit.line };
}

export const cacheRow: SettingRow = {
  id: "cache",
  title: "Nginx caches pages",
  input: { kind: "switch" },
  takesEffect: "nginx reload",
  needs: "a proxy_pass in one of nginx's files",
  find(scenario) {
    const written = directiveNamed(scenario, "proxy_cache");
    const at = written ?? directiveNamed(scenario, "proxy_pass");
    if (at === null) return null;
    const line = lineOf(at.text, at.directive.span.start);
    const value = written !== null && written.directive.args[0]?.text !== "off";
    return {
      value,
      place: { path: at.path, line, text: lineText(at.text, line), written: written !== null },
    };
  },
  write(scenario, value) {
    if (value === true) return turnOn(scenario);
    const written = directiveNamed(scenario, "proxy_cache");
    if (written !== null) return withArgument(written, 0, "off");
    const pass = directiveNamed(scenario, "proxy_pass") as Placed;
    return { path: pass.path, text: pass.text, line: lineOf(pass.text, pass.directive.span.start) };
  },
};
