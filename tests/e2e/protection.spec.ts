// What protects the reader: nothing is asked of anybody else and the policy is never offended, in any
// dialog (every-scenario.spec.ts: in any scenario); the app works without a network after the first visit; and a link that asks
// for endless work is stopped.
import { expect, test } from "@playwright/test";
import { library } from "../../src/scenarios/library.ts";
import { linkTo } from "./links.ts";
import { opened, stepSlider } from "./opening.ts";
import { watch } from "./watch.ts";

// The page as its readers have it, with the part that keeps it for later.
test.use({ serviceWorkers: "allow" });

const dialogKeys = ["?", "/", "g", "t", "s"] as const;

test("no dialog, drawer or tab offends the policy or the console", async ({ page, baseURL }) => {
  const found = await watch(page, baseURL ?? "");
  await opened(page);
  for (const key of dialogKeys) {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog"), key).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog"), key).toHaveCount(0);
  }
  await page.keyboard.press("e");
  await expect(page.getByRole("region", { name: "Files" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Reference" }).first().click();
  await expect(page.getByRole("heading", { name: "Reference" })).toBeVisible();
  expect(found).toEqual([]);
});

test("an offence against the policy would be seen", async ({ page, baseURL }) => {
  const found = await watch(page, baseURL ?? "");
  await opened(page);
  await page.evaluate(() => {
    const image = new Image();
    image.src = "https://elsewhere.example/pixel.png";
    document.body.append(image);
  });
  await expect.poll(() => found.join("\n")).toMatch(/policy img-src https:\/\/elsewhere/);
});

test("works without a network after the first visit", async ({ page, context }) => {
  await opened(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  const isCutOff = () =>
    fetch("/never-cached").then(
      () => false,
      () => true,
    );
  expect(await page.evaluate(isCutOff)).toBe(true);
  await page.reload();
  await expect(page.locator(".step-title")).toBeVisible();
  for (const { id, lesson } of library.slice(-2)) {
    await page.goto("about:blank");
    await opened(page, await linkTo(id));
    await expect(page.locator(".picker-title")).toHaveText(lesson.title);
  }
  await page.keyboard.press("t");
  await expect(page.getByRole("dialog")).toBeVisible();
  await context.setOffline(false);
});

test("a link that asks for endless work is stopped, and the page goes on", async ({ page }) => {
  const actions = Array.from({ length: 5_000 }, (_, index) => ({
    at: index,
    request: { url: "https://www.example.com/products/42/" },
  }));
  const hostile = await linkTo("json-api", { actions });
  await page.goto(`/${hostile}`);
  const failure = page.getByRole("alert").filter({ hasText: "longer than 10 seconds" });
  // The page answers while the worker is busy.
  await page.getByRole("button", { name: "More" }).click();
  await page.keyboard.press("Escape");
  await expect(failure).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: /^Scenario:/ }).click();
  await page.locator(".scenario").first().click();
  await expect(page.locator(".step-title")).toBeVisible();
  await page.keyboard.press("End");
  await expect(stepSlider(page)).not.toHaveAttribute("aria-valuenow", "1");
});
