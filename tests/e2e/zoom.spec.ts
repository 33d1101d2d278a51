// The stage can be zoomed and moved, by keys, buttons and wheel, and a link brings the same part back.
import { expect, type Page } from "@playwright/test";
import { stillTest as test } from "./still.ts";

interface Transform {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

/** What is done to the picture now, read from the drawing itself. */
async function transform(page: Page): Promise<Transform> {
  const text = await page.locator(".stage-content").evaluate((g) => getComputedStyle(g).transform);
  const [k, , , , x, y] =
    text === "none" ? [1, 0, 0, 1, 0, 0] : (text.match(/-?[\d.]+/g) ?? []).map(Number);
  return { k, x, y };
}

test("keys, buttons and the wheel zoom and move the picture, and a link restores it", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.locator(".step-title")).toBeVisible();
  // The zoom comes when the first picture has been painted.
  await expect(async () => {
    await page.keyboard.press("+");
    expect((await transform(page)).k).toBeGreaterThan(1.3);
  }).toPass();
  const zoomed = await transform(page);

  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(async () => (await transform(page)).x).toBeCloseTo(zoomed.x - 120, 0);
  await page.keyboard.press("Shift+ArrowUp");
  await expect.poll(async () => (await transform(page)).y).toBeCloseTo(zoomed.y + 120, 0);
  await expect(page.locator(".step-count")).toContainText("step 1 of");

  await page.locator(".stage-svg").hover();
  const before = await transform(page);
  await page.mouse.wheel(0, -400);
  await expect.poll(async () => (await transform(page)).k).toBeGreaterThan(before.k);

  const shown = await transform(page);
  await expect(async () => {
    const link = page.url();
    const other = await page.context().newPage();
    await other.goto(link);
    await expect(other.locator(".step-title")).toBeVisible();
    const restored = await transform(other);
    await other.close();
    expect(restored.k).toBeCloseTo(shown.k, 2);
    expect(restored.x).toBeCloseTo(shown.x, -1);
  }).toPass();

  await page.getByRole("button", { name: "Show the whole picture" }).click();
  await expect.poll(() => transform(page)).toEqual({ k: 1, x: 0, y: 0 });
});

test("on a small screen the buttons stand above the picture and cover none of it", async ({
  page,
}) => {
  for (const [width, height] of [
    [390, 844],
    [320, 640],
  ]) {
    await page.setViewportSize({ width, height });
    await page.goto("/");
    await expect(page.locator(".step-title")).toBeVisible();
    const buttons = await page.getByRole("group", { name: "Zoom" }).boundingBox();
    const picture = await page.locator(".stage-svg").boundingBox();
    expect(buttons?.height).toBeGreaterThanOrEqual(44);
    expect((buttons?.y ?? 0) + (buttons?.height ?? 0)).toBeLessThanOrEqual(picture?.y ?? 0);
  }
});
