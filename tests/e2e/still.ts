// A reader whose system asks for reduced motion, in both browsers. Firefox is driven by WebDriver BiDi,
// which cannot emulate a media feature, so there the browser starts with the preference that its own
// widget layer would read from the system.
import { test } from "@playwright/test";

/** Source: Firefox, widget/nsXPLookAndFeel.cpp, the names of integer look-and-feel preferences. */
export const firefoxAsksFor = {
  reducedMotion: { "ui.prefersReducedMotion": 1 },
  dark: { "ui.systemUsesDarkTheme": 1 },
} as const;

export const stillTest = test.extend({
  contextOptions: async ({ contextOptions }, use) => {
    await use({ ...contextOptions, reducedMotion: "reduce" });
  },
  launchOptions: [
    async ({ launchOptions }, use) => {
      await use({ ...launchOptions, firefoxUserPrefs: firefoxAsksFor.reducedMotion });
    },
    { scope: "worker" },
  ],
});
