// The dots of a crowd as they are to be seen, read from screenshots: painted by a worker, by the page where
// there is none, again when theme or size change, and each the way to its request.
import { expect, type Page } from "@playwright/test";
import { seenDots } from "./dots.ts";
import { linkTo } from "./links.ts";
import { opened } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme } from "./themes.ts";

/** What a token of the theme is, as "#rrggbb". */
function tokenOf(page: Page, name: string): Promise<string> {
  return page.evaluate(
    (token) => getComputedStyle(document.documentElement).getPropertyValue(token).toLowerCase(),
    name,
  );
}

/** A run with some hundred requests in the accept queue, paused. */
async function openQueue(page: Page): Promise<void> {
  await opened(page, await linkTo("too-few-workers"));
  await page.getByRole("button", { name: "Traffic", exact: true }).first().click();
  await expect(page.locator(".counters")).toContainText("× 200", { timeout: 60_000 });
  const time = page.getByRole("slider", { name: "Simulated time" });
  await expect
    .poll(async () => Number(await time.inputValue()), { timeout: 60_000 })
    .toBeGreaterThan(2);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
}

/** Some thirty dots of 40 pixels. */
const SOME_DOTS = 1_200;

async function expectDots(page: Page): Promise<void> {
  await expect.poll(async () => (await seenDots(page)).pixels).toBeGreaterThan(SOME_DOTS);
  const { colours } = await seenDots(page);
  expect(colours).toContain(await tokenOf(page, "--browser"));
  expect(colours).toContain(await tokenOf(page, "--gunicorn"));
}

/** Counts the workers that paint, from now on. */
async function paintersOf(page: Page): Promise<() => number> {
  let painters = 0;
  page.on("worker", (worker) => {
    if (worker.url().includes("dot-worker")) painters += 1;
  });
  return () => painters;
}

stillTest(
  "a worker paints the dots, in the theme's colours and in those of the next",
  async ({ page }) => {
    const painters = await paintersOf(page);
    await keepTheme(page, "light");
    await openQueue(page);
    await expectDots(page);
    expect(painters()).toBe(1);
    const light = await seenDots(page);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("radio", { name: "Dark" }).check();
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await seenDots(page)).colours).not.toEqual(light.colours);
    await expectDots(page);
  },
);

stillTest("the dots are painted anew when the stage has another size", async ({ page }) => {
  await openQueue(page);
  await expectDots(page);
  for (const [width, height] of [
    [900, 1_000],
    [1_600, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expectDots(page);
  }
});

stillTest("the page paints the dots where no canvas can be handed over", async ({ page }) => {
  const painters = await paintersOf(page);
  await page.addInitScript(() => {
    // @ts-expect-error A browser that is older than this method.
    delete HTMLCanvasElement.prototype.transferControlToOffscreen;
  });
  await openQueue(page);
  await expectDots(page);
  expect(painters()).toBe(0);
});

stillTest("without the worker's file the page paints the dots", async ({ page }) => {
  await page.route(/dot-worker/, (route) => route.abort());
  await openQueue(page);
  await expectDots(page);
});

stillTest("a dot is the way to its request", async ({ page }) => {
  await openQueue(page);
  await expectDots(page);
  const { place } = await seenDots(page);
  await page.mouse.move(place!.x, place!.y);
  await expect(page.locator(".dot-layer")).toHaveAttribute("title", /^Open request [\d,]+$/);
  const title = await page.locator(".dot-layer").getAttribute("title");
  await page.mouse.down();
  await page.mouse.up();
  const request = /[\d,]+/.exec(title ?? "")?.[0];
  await expect(page.locator(".crowd-banner")).toContainText(`Request ${request} of the run`);
});
