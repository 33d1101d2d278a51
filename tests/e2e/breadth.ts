// How many scenarios a browser's test opens that looks at many: in Chromium every second, in the other browsers
// every sixth, so that the whole run stays within its time. Node's tests play every scenario.
import { type LibraryScenario, library } from "../../src/scenarios/library.ts";

const CHROMIUM_STRIDE = 2;
const OTHER_STRIDE = 6;

/** The scenarios to open in `browserName`; the first visit is always among them. */
export function scenariosFor(browserName: string): readonly LibraryScenario[] {
  return sampleFor(browserName, library);
}

/** Every second item in Chromium, every sixth elsewhere, beginning with the first. */
export function sampleFor<T>(browserName: string, items: readonly T[]): readonly T[] {
  const stride = browserName === "chromium" ? CHROMIUM_STRIDE : OTHER_STRIDE;
  return items.filter((_, i) => i % stride === 0);
}
