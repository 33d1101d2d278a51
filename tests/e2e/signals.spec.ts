// Acting on the server while a request is under way: the run goes on from there, the list of actions is
// in the link, and every way of pointing works.
import { expect, type Page, test } from "@playwright/test";
import { expectNoFindings } from "./axe.ts";
import { linkTo } from "./links.ts";
import { expectLink, opened } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme, themes } from "./themes.ts";

/** The view of this scenario sleeps from step 60 on, while Nginx waits. */
const SLEEPING_STEP = 60;

async function openSleeping(page: Page): Promise<void> {
  await opened(page, await linkTo("slow-view"));
  const chart = page.locator(".chart");
  await chart.focus();
  for (let step = 1; step < SLEEPING_STEP - 9; step += 10) await page.keyboard.press("PageUp");
  for (let i = 0; i < SLEEPING_STEP - 51; i += 1) await page.keyboard.press("ArrowRight");
  await expect(chart).toHaveAttribute("aria-valuenow", String(SLEEPING_STEP));
}

test("a worker is killed by the keyboard alone, undone, done again, and kept by a reload", async ({
  page,
}) => {
  await openSleeping(page);
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "Act on the server" });
  await expect(dialog).toContainText("just after step 60");
  // Typed, as a reader does: Firefox's driver fills a field past React.
  const later = dialog.getByLabel("Later by");
  await later.press("Control+a");
  await later.pressSequentially("1000");
  const kill = dialog.getByRole("button", { name: /kill -KILL gunicorn worker 2/ });
  await kill.focus();
  await page.keyboard.press("Enter");

  const told = page.locator(".deed-told");
  await expect(told).toContainText("502 after 1.2");
  await expect(told).toContainText("instead of 504 after 5.2");
  await expect(page.locator(".chart")).toHaveAttribute("aria-valuenow", String(SLEEPING_STEP));
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".step-title")).toHaveText(
    "The worker ends in the middle of the request",
  );

  await page.keyboard.press("z");
  await expect(page.locator(".deeds")).toContainText("No action");
  await page.keyboard.press("y");
  await expect(page.locator(".deed")).toHaveCount(1);
  await expectLink(page, ({ spec }) => spec.actions.length === 1);
  await page.reload();
  await expect(page.locator(".deed")).toContainText("kill -KILL gunicorn worker 2");
  await page.getByRole("button", { name: /^Remove kill/ }).click();
  await expect(page.locator(".deeds")).toContainText("No action");
});

test("acting after stepping back drops what came later, and says so", async ({ page }) => {
  await openSleeping(page);
  await page.locator("[data-node='act gunicorn']").click();
  await page.getByRole("button", { name: /kill -HUP gunicorn/ }).click();
  await expect(page.locator(".deed")).toHaveCount(1);
  await page.locator(".chart").focus();
  await page.keyboard.press("Home");
  await page.locator("[data-node='act nginx']").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /kill -HUP nginx/ }).click();
  await expect(page.locator(".deed")).toHaveText(/kill -HUP nginx/);
  await expect(page.locator(".deed-told")).toContainText("kill -HUP gunicorn");
  await expect(page.locator(".deed-told")).toContainText("no longer happens");
});

test.describe("on a telephone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("everything that is touched is at least 44 pixels high", async ({ page }) => {
    await openSleeping(page);
    const sign = page.locator("[data-node='act gunicorn']");
    expect((await sign.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await sign.click();
    const reload = page.getByRole("button", { name: /kill -HUP gunicorn/ });
    expect((await reload.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await reload.click();
    const remove = page.getByRole("button", { name: /^Remove kill/ });
    expect((await remove.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  });
});

for (const theme of themes)
  stillTest(
    `axe finds nothing in the menu of commands and the actions, ${theme}`,
    async ({ page }) => {
      await keepTheme(page, theme);
      await openSleeping(page);
      await page.keyboard.press("a");
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoFindings(page, "the menu of commands");
      await page.getByRole("button", { name: /kill -HUP gunicorn/ }).click();
      await expect(page.locator(".deed-told p").first()).toBeVisible();
      await expectNoFindings(page, "the list of actions");
    },
  );
