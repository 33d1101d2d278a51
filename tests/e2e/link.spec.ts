// Links: reload and share restore the screen exactly, and a bad link says what it lost.
import { expect, type Page, test } from "@playwright/test";
import { opened, sharedLink, stepSlider as slider } from "./opening.ts";

test("reload and a shared link restore scenario, step, tab and file", async ({ page, context }) => {
  await opened(page);
  const app = page.locator(".app");
  const firstRun = (await app.getAttribute("data-run-hash")) ?? "";
  await page.getByRole("button", { name: /^Scenario:/ }).click();
  await page.locator(".scenario").nth(3).click();
  await expect(page.locator(".scenario")).toHaveCount(0);
  // Steps are taken in the new run, not in the old one while it still stands.
  await expect(app).not.toHaveAttribute("data-run-hash", firstRun);
  const scenario = await page.locator(".picker-title").textContent();
  for (let i = 0; i < 7; i += 1) await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "State" }).click();
  await page.keyboard.press("e");
  await expect(page.getByRole("region", { name: "Files" })).toBeVisible();
  const title = (await page.locator(".step-title").textContent()) ?? "";
  const link = await sharedLink(page);

  const check = async (shown: Page): Promise<void> => {
    await expect(shown.locator(".picker-title")).toHaveText(scenario ?? "");
    await expect(shown.locator(".step-title")).toHaveText(title);
    await expect(slider(shown)).toHaveAttribute("aria-valuenow", "8");
    await expect(shown.getByRole("tab", { name: "State" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await expect(shown.getByRole("region", { name: "Files" })).toBeVisible();
  };
  await expect(page).toHaveURL(link);
  await page.reload();
  await check(page);
  const other = await context.newPage();
  await other.goto(link);
  await check(other);
});

for (const [name, fragment, said] of [
  ["damaged", "#v1=abcdefgh", "damaged"],
  ["of a later format", "#v9=abc", "format 9"],
  ["of no kind", "#hello", "not one of ours"],
  ["too long", `#v1=${"A".repeat(64_001)}`, "longer than the limit"],
] as const) {
  test(`a link that is ${name} says so and shows the first scenario`, async ({ page }) => {
    await opened(page, fragment);
    await expect(page.getByRole("status").filter({ hasText: said })).toBeVisible();
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.getByText(said)).toHaveCount(0);
  });
}

test("a link pasted into the address bar is followed", async ({ page }) => {
  await opened(page);
  await expect(page).toHaveURL(/#v1=/);
  const start = page.url();
  await page.keyboard.press("End");
  await expect(page).not.toHaveURL(start);
  const end = page.url();
  const last = await slider(page).getAttribute("aria-valuenow");
  await page.keyboard.press("Home");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
  await expect(page).not.toHaveURL(end);
  await page.evaluate((address) => {
    location.href = address;
  }, end);
  await expect(slider(page)).toHaveAttribute("aria-valuenow", last ?? "");
});
