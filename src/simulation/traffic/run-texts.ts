// The texts of a run of traffic as they stand now: files, commands, and the parts that a slider writes. Each
// says whether a change of it holds in the running simulation or from the next beginning on.
import type { Diagnostic } from "../../text/diagnostic.ts";
import type { JourneyFile } from "../journey.ts";
import { scenarioTexts } from "../journey-files.ts";
import type { Scenario } from "../scenario.ts";
import { WORLD } from "../scenario-parts.ts";
import { textAt } from "../settings/texts.ts";

export interface RunText extends JourneyFile {
  /** A change holds at once or after a reload; else only in a new run. */
  readonly isLive: boolean;
}

/** What is said before the run begins and never again. */
const ONLY_AT_THE_START = /^(?:zone:|timeline$|middleware$|database$)/;

const parts = [
  ["traffic", "who comes and how often"],
  ["host", "the machine"],
  ["links", "the network"],
] as const;

/** Whether the running programs can be made to obey another text at this path. */
export function isLiveText(path: string): boolean {
  return !ONLY_AT_THE_START.test(path);
}

/** Every text of a run, the parts that sliders write last. */
export function runTexts(scenario: Scenario, diagnostics: readonly Diagnostic[]): RunText[] {
  const files = scenarioTexts(scenario, diagnostics)
    .filter(({ path }) => path !== WORLD)
    // Laid out as the settings write it, so that the lines they speak of are these.
    .map((file) =>
      file.path === "views" ? { ...file, text: textAt(scenario, "views") ?? "{}" } : file,
    );
  const written = parts.map(
    ([path, title]): JourneyFile => ({
      ...{ path, title, language: "json", text: textAt(scenario, path) ?? "{}" },
      diagnostics: diagnostics.filter(({ file }) => file === path),
    }),
  );
  return [...files, ...written].map((text) => ({ ...text, isLive: isLiveText(text.path) }));
}
