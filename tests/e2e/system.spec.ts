// What the reader asked of the system: reduced motion and dark colours. Firefox is told by preferences
// when it starts, since its driver cannot change them later.
import { expect, type Page } from "@playwright/test";
import { picturesOf } from "./dots.ts";
import { linkTo } from "./links.ts";
import { opened, stepSlider } from "./opening.ts";
import { firefoxAsksFor, stillTest } from "./still.ts";

stillTest.use({
  colorScheme: "dark",
  launchOptions: [
    async ({ launchOptions }, use) => {
      const firefoxUserPrefs = { ...firefoxAsksFor.reducedMotion, ...firefoxAsksFor.dark };
      await use({ ...launchOptions, firefoxUserPrefs });
    },
    { scope: "worker" },
  ],
});

/** Two pictures later, everything that the last key asked for is drawn. */
function drawn(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

function matches(page: Page, query: string): Promise<boolean> {
  return page.evaluate((asked) => matchMedia(asked).matches, query);
}

stillTest("dark is what the system asks for, until the reader chooses", async ({ page }) => {
  await opened(page);
  expect(await matches(page, "(prefers-color-scheme: dark)")).toBe(true);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("radio", { name: "Light" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

stillTest("with reduced motion the message is at its place at once", async ({ page }) => {
  await opened(page);
  expect(await matches(page, "(prefers-reduced-motion: reduce)")).toBe(true);
  const place = () =>
    page.locator(".token").evaluate((token: SVGGElement) => token.style.transform);
  for (let i = 0; i < 5; i += 1) {
    await page.keyboard.press("ArrowRight");
    await expect(stepSlider(page)).toHaveAttribute("aria-valuenow", String(i + 2));
    await drawn(page);
    const first = await place();
    await page.waitForTimeout(120);
    expect(await place()).toBe(first);
  }
});

stillTest("with reduced motion the dots of a crowd stand at their places", async ({ page }) => {
  await opened(page, await linkTo("first-visit"));
  await page.getByRole("button", { name: "Traffic", exact: true }).first().click();
  await expect(page.locator(".counters")).toContainText("× 200", { timeout: 60_000 });
  expect(await matches(page, "(prefers-reduced-motion: reduce)")).toBe(true);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  // The worker's last answer may still be on its way: one more picture. A dot that glides makes many.
  const pictures = await page.locator(".dot-canvas").evaluate(picturesOf, 30);
  expect(pictures).toBeLessThanOrEqual(2);
});
