// The themes, and how a test has one: as a reader's choice that was kept from an earlier visit.
import type { Page } from "@playwright/test";

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
