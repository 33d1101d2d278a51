// Which themes axe looks at in which browser. The colours come from the same style sheets in every
// browser, so that one of them is enough for all themes; the others look at the light one.
import { test } from "@playwright/test";

/** Leaves a theme other than the light one to Chromium. */
export function chromiumOnlyUnlessLight(browserName: string, theme: string): void {
  test.skip(
    browserName !== "chromium" && theme !== "light",
    "the colours are the same in every browser; Chromium looks at all themes",
  );
}
