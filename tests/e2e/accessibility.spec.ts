// axe on each view in each theme, reduced motion, and what goes over the network.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { chromiumOnlyUnlessLight } from "./themes.ts";

async function opened(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.locator(".step-title")).toBeVisible();
}

async function expectNoFindings(page: Page, where: string): Promise<void> {
  // The frame holds the scenario's own page, in which no script may run, axe's neither.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .exclude("iframe")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  expect(found, where).toEqual([]);
}

const views: readonly { readonly name: string; readonly keys: readonly string[] }[] = [
  { name: "the start", keys: [] },
  { name: "Why", keys: ["]", "]", "]", "]", "ArrowRight", "ArrowRight"] },
  { name: "Message", keys: ["2"] },
  { name: "State", keys: ["3"] },
  { name: "Log", keys: ["End", "4"] },
  { name: "Timing", keys: ["5"] },
  { name: "the rendered page", keys: ["2"] },
  { name: "Files", keys: ["e"] },
  { name: "the keys", keys: ["Escape", "?"] },
  { name: "the search", keys: ["Escape", "/"] },
  { name: "the stop", keys: ["Escape", "g"] },
  { name: "the transcript", keys: ["Escape", "t"] },
  { name: "the link", keys: ["Escape", "s"] },
  { name: "presenting", keys: ["Escape", "p"] },
];

for (const theme of ["light", "dark", "contrast"] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test(`axe finds nothing in ${theme} at ${width} pixels`, async ({ page, browserName }) => {
      chromiumOnlyUnlessLight(browserName, theme);
      test.slow();
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.addInitScript((value) => {
        if (origin !== "null")
          localStorage.setItem("roundtrip.settings", JSON.stringify({ theme: value }));
      }, theme);
      await page.setViewportSize({ width, height });
      await opened(page);
      for (const { name, keys } of views) {
        for (const key of keys) await page.keyboard.press(key);
        await expectNoFindings(page, name);
      }
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More" }).click();
      await expectNoFindings(page, "the menu");
      const reference = page.getByRole("button", { name: "Reference" });
      await reference.filter({ visible: true }).first().click();
      await expect(page.getByRole("heading", { name: "Reference" })).toBeVisible();
      await expectNoFindings(page, "the reference");
    });
  }
}

test("with reduced motion the message is at its place at once", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await opened(page);
  const asked = await page.evaluate(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  test.skip(!asked, "this browser's driver cannot ask for reduced motion");
  const place = () =>
    page.locator(".token").evaluate((token: SVGGElement) => token.style.transform);
  for (let i = 0; i < 5; i += 1) {
    await page.keyboard.press("ArrowRight");
    const slider = page.getByRole("slider", { name: "Step" });
    await expect(slider).toHaveAttribute("aria-valuenow", String(i + 2));
    // The step is drawn in the next frame; after that the message must not move.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const first = await place();
    await page.waitForTimeout(120);
    expect(await place()).toBe(first);
  }
});

test("asks nobody else for anything, and the console stays silent", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL ?? "") && !/^(blob|data|about):/.test(url)) foreign.push(url);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await opened(page);
  await page.keyboard.press("End");
  await page.keyboard.press("2");
  const frame = page.locator("iframe.page-frame");
  // The tab is loaded when it is first opened, so a step back waits a moment for its frame.
  const isThere = () =>
    frame.waitFor({ timeout: 700 }).then(
      () => true,
      () => false,
    );
  for (let i = 0; i < 8 && !(await isThere()); i += 1) await page.keyboard.press("ArrowLeft");
  await expect(frame).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.getByRole("region", { name: "Files" })).toBeVisible();
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});
