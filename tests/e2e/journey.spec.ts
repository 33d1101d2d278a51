// The first scenario in a real browser: from the address bar to the rendered page and back again, with
// the mouse, with the keyboard alone, and on small screens.
import { expect, type Page, test } from "@playwright/test";
import { library } from "../../src/scenarios/library.ts";
import { opened, stepSlider as slider } from "./opening.ts";

const title = (page: Page) => page.locator(".step-title");

async function stepCount(page: Page): Promise<number> {
  return Number(await slider(page).getAttribute("aria-valuemax"));
}

test("steps to the rendered page and back, and shows the same again", async ({ page }) => {
  test.slow();
  await opened(page);
  const count = await stepCount(page);
  expect(count).toBeGreaterThan(40);
  const next = page.getByRole("button", { name: /^Next/ }).first();
  const there: string[] = [];
  let pages = 0;
  await page.getByRole("tab", { name: /Message/ }).click();
  for (let step = 1; step < count; step += 1) {
    there.push((await title(page).textContent()) ?? "");
    await next.click();
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(step + 1));
    if ((await page.locator("iframe.page-frame").count()) === 0) continue;
    pages += 1;
    const body = page.frameLocator("iframe.page-frame").locator("body");
    await expect(body).not.toBeEmpty();
  }
  expect(pages).toBeGreaterThan(0);

  const back = page.getByRole("button", { name: /^Back/ }).first();
  for (let step = count - 1; step >= 1; step -= 1) {
    await back.click();
    await expect(title(page)).toHaveText(there[step - 1]);
  }
});

test("is driven by the keyboard alone", async ({ page }) => {
  await opened(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "3");
  await page.keyboard.press("ArrowLeft");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
  await page.keyboard.press("]");
  await expect
    .poll(async () => Number(await slider(page).getAttribute("aria-valuenow")))
    .toBeGreaterThan(2);
  await page.keyboard.press("3");
  await expect(page.getByRole("tab", { name: "State" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("/");
  await page.getByRole("searchbox").fill("location");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("e");
  await expect(page.getByRole("region", { name: "Files" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Files" })).toHaveCount(0);
  await page.keyboard.press("End");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", String(await stepCount(page)));
  await page.keyboard.press("Home");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
});

test("letters stop being shortcuts when they are turned off", async ({ page }) => {
  await opened(page);
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /act as shortcuts/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  await expect(page.getByRole("banner")).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
});

test("the diagram is walked with the arrow keys", async ({ page }) => {
  await opened(page);
  const nodes = page.locator(".nodes [role=button]");
  await nodes.first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const focused = page.locator(".nodes [role=button]:focus");
  await expect(focused).toHaveAttribute("aria-label", /^Network/);
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Follow the request" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Follow the request" })).toHaveCount(0);
});

test("presenting leaves the picture, the sentence and the timeline", async ({ page }) => {
  await opened(page);
  await page.keyboard.press("End");
  await expect(page.locator("[data-node='act nginx']")).toBeVisible();
  await page.keyboard.press("p");
  await expect(page.locator(".presented .step-title")).toBeVisible();
  await expect(page.locator("[data-node^='act ']")).toHaveCount(0);
  await expect(page.getByRole("banner")).toHaveCount(0);
  await expect(page.getByRole("tablist")).toHaveCount(0);
  // A clicker sends the keys of a page turned.
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("banner")).toBeVisible();
});

test("plays by itself and stops at a chosen event", async ({ page }) => {
  await opened(page);
  await page.getByRole("combobox", { name: "Speed" }).selectOption("4");
  await page.keyboard.press("g");
  const dialog = page.getByRole("dialog", { name: "Stop at an event" });
  await dialog.getByLabel("What").selectOption("layer");
  await dialog.getByLabel("Layer").selectOption("dns");
  await dialog.getByRole("button", { name: "Play until then" }).click();
  await expect(page.locator(".step-layer")).toContainText("DNS");
  await expect(page.getByRole("button", { name: /^Play/ }).first()).toBeVisible();
});

test("the waterfall is a handle on time", async ({ page }) => {
  await opened(page);
  const box = await slider(page).boundingBox();
  if (box === null) throw new Error("The waterfall has no place on the screen.");
  await page.mouse.move(box.x + 4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + 40, { steps: 6 });
  await page.mouse.up();
  await expect
    .poll(async () => Number(await slider(page).getAttribute("aria-valuenow")))
    .toBeGreaterThan(0.9 * (await stepCount(page)));
});

test("says each step in at most 25 words to those who listen", async ({ page }) => {
  await opened(page);
  for (let step = 1; step <= 12; step += 1) {
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(step));
    const said = (await page.getByTestId("spoken").textContent()) ?? "";
    expect(said.length).toBeGreaterThan(0);
    expect(said.split(/\s+/).length).toBeLessThanOrEqual(25);
    await page.keyboard.press("ArrowRight");
  }
});

test("a line of a file leads to the step it decided", async ({ page }) => {
  await opened(page);
  await page.keyboard.press("/");
  await page.getByRole("searchbox").fill("nginx location");
  await page.keyboard.press("Enter");
  await page.keyboard.press("e");
  const line = page.getByRole("button", { name: /^Line \d+ decides step/ }).first();
  const label = (await line.textContent()) ?? "";
  await line.click();
  const step = /step (\d+)/.exec(label)?.[1] ?? "";
  await expect(slider(page)).toHaveAttribute("aria-valuenow", step);
  await expect(page.locator(".files .is-lit").first()).toBeVisible();
});

test("the picker lists every scenario", async ({ page }) => {
  await opened(page);
  await page.getByRole("button", { name: /^Scenario:/ }).click();
  const titles = page.locator(".scenario-title");
  await expect(titles).toHaveText(library.map(({ lesson }) => lesson.title));
});

/** What the keys of a tab or drawer show once it is loaded. */
const loadedBy: Readonly<Record<string, string>> = {
  "2": ".message-title",
  "3": ".machine-summary",
  "4": ".panel-body > :is(.logs, .empty)",
  "5": ".timings",
  e: ".cm-content",
};

/** Pairs of neighbours in the header and among the controls of time of which one lies on the other. */
function overlapping(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [".header", ".transport"].flatMap((row) => {
      const parts = [...document.querySelectorAll(`${row} :is(a, button, select, .clock)`)]
        .map((part) => ({ part, box: part.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0);
      const edge = document.querySelector(row)?.getBoundingClientRect().right ?? 0;
      const outside = parts.filter(({ box }) => box.right > edge + 0.5);
      const covered = parts.filter(({ box }, i) =>
        parts
          .slice(i + 1)
          .some(
            ({ box: other }) =>
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 0.5 &&
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 0.5,
          ),
      );
      return [...outside, ...covered].map(({ part }) => `${row}: ${part.textContent}`);
    }),
  );
}

for (const width of [320, 390, 768, 870, 1024, 1180, 1440, 1920]) {
  test(`nothing leaves the screen sideways at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: width < 500 ? 700 : 900 });
    await opened(page);
    const keys = ["ArrowRight", "]", "]", "]", "]", "]", "2", "3", "4", "5", "Escape", "e"];
    for (const key of keys) {
      await page.keyboard.press(key);
      const loaded = loadedBy[key];
      if (loaded !== undefined) await expect(page.locator(loaded).first()).toBeAttached();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `after ${key}`).toBeLessThanOrEqual(0);
      expect(await overlapping(page), `after ${key}`).toEqual([]);
    }
  });
}

test.describe("on a small screen", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("everything that is pressed is at least 44 pixels high and wide", async ({ page }) => {
    await page.goto("/");
    await expect(page.locator(".step-title")).toBeVisible();
    const small = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("button, a[href], select, [role=tab], [role=slider]")]
          .filter((element) => !element.matches(".skip-link, .is-unseen *"))
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.width < 43.5 || box.height < 43.5))
          .map(({ element }) => element.getAttribute("aria-label") ?? element.textContent),
      );
    expect(await small()).toEqual([]);
    for (const key of ["2", "s", "g", "/"]) {
      await page.keyboard.press(key);
      await expect.poll(small).toEqual([]);
      if (key !== "2") await page.keyboard.press("Escape");
    }
  });
});
