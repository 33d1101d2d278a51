// How many scenarios a test opens that looks at all of them: in Chromium every one, in the other browsers
// every fourth, so that the whole run stays within its time. What differs between browsers is not the scenario.
import { type LibraryScenario, library } from "../../src/scenarios/library.ts";

const STRIDE = 4;

/** The scenarios to open in `browserName`; the first visit is always among them. */
export function scenariosFor(browserName: string): readonly LibraryScenario[] {
  return sampleFor(browserName, library);
}

/** Every item in Chromium, every fourth elsewhere. */
export function sampleFor<T>(browserName: string, items: readonly T[]): readonly T[] {
  return browserName === "chromium" ? items : items.filter((_, i) => i % STRIDE === 0);
}
