// axe on each view in each theme, what goes over the network, and what the console says.
import { expect, test } from "@playwright/test";
import { expectNoFindings } from "./axe.ts";
import { journeyOf, pageStep } from "./links.ts";
import { opened } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme, themes } from "./themes.ts";

const first = journeyOf("first-visit");
/** The keys that lead from the last step back to the one that shows the page. */
const toThePage = Array<string>(first.steps.length - 1 - pageStep(first).index).fill("ArrowLeft");

interface Shown {
  readonly name: string;
  readonly keys: readonly string[];
  /** What stands there when the view is complete. */
  readonly holds: string;
}

const views: readonly Shown[] = [
  { name: "the start", keys: [], holds: ".step-title" },
  { name: "Why", keys: ["]", "]", "]", "]", "ArrowRight", "ArrowRight"], holds: ".panel-body" },
  { name: "Message", keys: ["2"], holds: ".message-title" },
  { name: "State", keys: ["3"], holds: ".machine-summary" },
  { name: "Log", keys: ["End", "4"], holds: ".log-line" },
  { name: "Timing", keys: ["5"], holds: ".timings" },
  { name: "the rendered page", keys: ["2", ...toThePage], holds: "iframe.page-frame" },
  { name: "Files", keys: ["e"], holds: ".cm-content" },
  { name: "the keys", keys: ["Escape", "?"], holds: "dialog .keys" },
  { name: "the search", keys: ["Escape", "/"], holds: "dialog .found" },
  { name: "the stop", keys: ["Escape", "g"], holds: "dialog .stop-form" },
  { name: "the transcript", keys: ["Escape", "t"], holds: "dialog .transcript" },
  { name: "the link", keys: ["Escape", "s"], holds: "dialog .copy-row" },
  { name: "presenting", keys: ["Escape", "p"], holds: ".presented" },
];

for (const theme of themes) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    stillTest(`axe finds nothing in ${theme} at ${width} pixels`, async ({ page }) => {
      test.slow();
      await keepTheme(page, theme);
      await page.setViewportSize({ width, height });
      await opened(page);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      for (const { name, keys, holds } of views) {
        for (const key of keys) await page.keyboard.press(key);
        await expect(page.locator(holds).first(), name).toBeAttached();
        await expectNoFindings(page, name);
      }
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More" }).click();
      await expect(page.locator(".menu-panel")).toBeVisible();
      await expectNoFindings(page, "the menu");
      const reference = page.getByRole("button", { name: "Reference" });
      await reference.filter({ visible: true }).first().click();
      await expect(page.getByRole("heading", { name: "Reference" })).toBeVisible();
      await expectNoFindings(page, "the reference");
    });
  }
}

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
  for (const key of toThePage) await page.keyboard.press(key);
  await expect(page.locator("iframe.page-frame")).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.getByRole("region", { name: "Files" })).toBeVisible();
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});
