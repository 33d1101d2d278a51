// Which view the traffic is about, found from the texts alone: the path of the first request in the
// URLconfs' own patterns. Only `path()` with a literal route and a dotted name, and one level of include(), are
// read; what is not found so is the first view that takes time.
import type { Scenario } from "../scenario.ts";
import { requestOfScenario } from "../traffic/requests.ts";
import { textFiles } from "./texts.ts";

const ROUTE = /\bpath\(\s*r?(['"])(.*?)\1\s*,\s*([\w.]+)/g;
const INCLUDE = /\bpath\(\s*(['"])(.*?)\1\s*,\s*include\(\s*(['"])([\w.]+)\3/g;
const CONVERTERS: Readonly<Record<string, string>> = {
  int: "[0-9]+",
  slug: "[-a-zA-Z0-9_]+",
  uuid: "[0-9a-f-]{36}",
  path: ".+",
  str: "[^/]+",
};

/** The name of the view that answers the traffic's first request, or null without views. */
export function viewOfTraffic(scenario: Scenario): string | null {
  const spec = scenario.traffic?.mix?.[0]?.request ?? requestOfScenario(scenario);
  const view = viewOfUrl(scenario, spec?.url ?? "/");
  if (view !== null) return view;
  const views = Object.keys(scenario.views ?? {});
  return views.find((name) => scenario.views?.[name].steps.some(takesTime)) ?? views[0] ?? null;
}

/** The name of the view whose route fits a URL, or null when none is found so. */
export function viewOfUrl(scenario: Scenario, url: string): string | null {
  const views = Object.keys(scenario.views ?? {});
  const path = url.replace(/^https?:\/\/[^/]*/, "").replace(/[?#].*/, "");
  const modules = textFiles(scenario).filter(({ path: file }) => file.endsWith(".py"));
  const prefixes = modules.flatMap(({ text }) => [...text.matchAll(INCLUDE)]);
  for (const { path: file, text } of modules) {
    const included = prefixes.find((found) =>
      file.endsWith(`/${found[4].replaceAll(".", "/")}.py`),
    );
    for (const [, , route, name] of text.matchAll(ROUTE)) {
      const view = views.find((own) => own === name || own.endsWith(`.${name}`));
      const pattern = patternOf((included?.[2] ?? "") + route);
      if (view !== undefined && new RegExp(`^/${pattern}$`).test(path)) return view;
    }
  }
  return null;
}

function takesTime(step: object): boolean {
  return "work" in step || "sleep" in step || "query" in step || "ms" in step;
}

function patternOf(route: string): string {
  return route
    .split(/(<[^>]*>)/)
    .map((part) => {
      const converter = /^<(?:(\w+):)?\w+>$/.exec(part);
      return converter === null
        ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
        : (CONVERTERS[converter[1] ?? "str"] ?? "[^/]+");
    })
    .join("");
}
