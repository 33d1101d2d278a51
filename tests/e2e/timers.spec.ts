// The timer race in the tab Timing: it follows the playhead, and says the same in a table.
import { expect, type Page, test } from "@playwright/test";
import { expectNoFindings } from "./axe.ts";
import { linkTo } from "./links.ts";
import { opened } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme, themes } from "./themes.ts";

async function openRace(page: Page): Promise<void> {
  await opened(page, await linkTo("slow-view"));
  await page.getByRole("tab", { name: "Timing" }).click();
  await expect(page.getByRole("region", { name: "The timer race" })).toBeVisible();
}

test("Nginx's clock is over first, and the worker knows nothing of it", async ({ page }) => {
  await openRace(page);
  const race = page.getByRole("region", { name: "The timer race" });
  await expect(race).toContainText("proxy_read_timeout (Nginx) is over first, at 5.21 s");
  const clock = race.locator(".race-clock", { hasText: "proxy_read_timeout" });
  await expect(clock).toContainText("5 s, not begun");
  await race.getByRole("button", { name: /When proxy_read_timeout is over/ }).click();
  await expect(page.locator(".chart")).toHaveAttribute("aria-valuetext", /.+/);
  await expect(clock).toContainText("over after 5 s");
  const moment = race.locator(".moment").first();
  await expect(moment).toContainText("Nginx has answered 504 and logged it");
  await expect(moment).toContainText("Worker still works on it and knows of nothing else");
  await race.getByText("The clocks as a table").click();
  await expect(race.getByRole("row", { name: /Gunicorn timeout/ })).toContainText(
    "the worker's next heartbeat",
  );
});

test("on a telephone the race fits the width", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openRace(page);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});

for (const theme of themes)
  stillTest(`axe finds nothing in the race and inside Django, ${theme}`, async ({ page }) => {
    await keepTheme(page, theme);
    await openRace(page);
    await page.getByText("The clocks as a table").click();
    await expectNoFindings(page, "the race");
    await page.getByRole("tab", { name: "Why" }).click();
    await page.locator(".chart").focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press("PageUp");
    await expect(page.getByRole("region", { name: "This request inside Django" })).toBeVisible();
    await expectNoFindings(page, "the request inside Django");
  });

test("inside Django each entry leads to its step", async ({ page }) => {
  await opened(page, await linkTo("first-visit"));
  await page.locator(".chart").focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("PageUp");
  const inside = page.getByRole("region", { name: "This request inside Django" });
  await expect(inside).toContainText("request.session set, without a key");
  await expect(inside).toContainText("2 queries");
  await inside.getByRole("button", { name: /added X-Frame-Options: DENY/ }).click();
  await expect(page.locator(".step-title")).toHaveText(
    "XFrameOptionsMiddleware passes the response on",
  );
});
