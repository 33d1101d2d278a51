// The reference: every entry opens the step that shows it.
import { expect, test } from "@playwright/test";

test("every entry of the reference opens a scenario at a step", async ({ page }) => {
  test.slow();
  await page.goto("/");
  await expect(page.locator(".step-title")).toBeVisible();
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("button", { name: "Reference" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Reference" })).toBeVisible();
  const entries = page.locator(
    ".reference-sections .link-button, .command-foot .button:not(.is-primary)",
  );
  const count = await entries.count();
  expect(count).toBeGreaterThan(45);
  for (let i = 0; i < count; i += 1) {
    const entry = entries.nth(i);
    const name = await entry.textContent();
    await entry.click();
    await expect(page.locator(".step-title"), name ?? "").toBeVisible();
    await pages.getByRole("button", { name: "Reference" }).click();
  }
});
