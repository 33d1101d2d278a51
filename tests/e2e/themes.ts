// The themes, and how a test has one: as a reader's choice that was kept from an earlier visit.
import { type Page, test } from "@playwright/test";

export const themes = ["light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

/** Every page that `page` opens from now on has this theme. */
export async function keepTheme(page: Page, theme: Theme): Promise<void> {
  await page.addInitScript((value) => {
    // A sandboxed frame has no storage.
    if (origin !== "null")
      localStorage.setItem("roundtrip.settings", JSON.stringify({ theme: value }));
  }, theme);
}

/**
 * A theme that axe is to look at. The colours come from the same style sheets in every browser, and a look
 * takes axe three times as long in Firefox: it sees the light one, Chromium all of them.
 */
export async function keepAudited(page: Page, theme: Theme): Promise<void> {
  const browser = page.context().browser()?.browserType().name();
  test.skip(browser !== "chromium" && theme !== "light", "Chromium looks at this theme");
  await keepTheme(page, theme);
}
