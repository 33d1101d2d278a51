// Traffic in a real browser: a crowd on the stage, changes while it runs, a request opened as a journey
// and back, two runs side by side, the keyboard alone, links, and small screens.
import { expect, type Page, test } from "@playwright/test";
import { expectNoFindings } from "./axe.ts";
import { picturesOf } from "./dots.ts";
import { linkTo } from "./links.ts";
import { opened, sharedLink, stepSlider } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme, themes } from "./themes.ts";

/** Opens the traffic of a scenario and waits until requests have ended. */
async function openTraffic(page: Page, id = "first-visit"): Promise<void> {
  await opened(page, await linkTo(id));
  const tab = page.getByRole("button", { name: "Traffic", exact: true });
  if (!(await tab.first().isVisible())) await page.getByRole("button", { name: "More" }).click();
  await tab.filter({ visible: true }).first().click();
  await expect(page.locator(".counters")).toContainText("× 200", { timeout: 60_000 });
}

const pause = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
};

const seconds = async (page: Page): Promise<number> =>
  Number(await page.getByRole("slider", { name: "Simulated time" }).inputValue());

test("a crowd moves over the stage, waits, and is counted", async ({ page }) => {
  await openTraffic(page, "too-few-workers");
  expect(await page.locator(".dot-canvas").evaluate(picturesOf, 30)).toBeGreaterThan(5);
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(3);
  await pause(page);
  await expect(page.locator(".chart-label").first()).toContainText(/p\d\d/);
  await page.getByRole("button", { name: "Response time: show the table" }).click();
  const table = page.getByRole("table", { name: /Response time over simulated time/ });
  await expect(table.getByRole("row").nth(2)).toContainText("ms");
  await expect(page.getByRole("region", { name: "What theory says" })).toContainText(
    "Little's law",
  );
});

test("a slow request opens as a journey, and back is the run at that moment", async ({ page }) => {
  await openTraffic(page, "too-few-workers");
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(2);
  await pause(page);
  const at = await seconds(page);
  await page.locator(".found-request").first().click();
  await expect(page.locator(".crowd-banner")).toContainText(/Request [\d,]+ of the run/);
  await expect(stepSlider(page)).toHaveAttribute("aria-valuenow", "1");
  await page.keyboard.press("2");
  const panel = page.locator(".panel-body");
  await expect(panel.locator(".message-title, .empty").first()).toBeVisible();
  const isSending = async () => /GET \/products\/42\/ HTTP/.test((await panel.textContent()) ?? "");
  for (let step = 2; step < 60 && !(await isSending()); step += 1) {
    await page.keyboard.press("ArrowRight");
    await expect(stepSlider(page)).toHaveAttribute("aria-valuenow", String(step));
  }
  expect(await isSending()).toBe(true);
  const title = await page.locator(".step-title").textContent();
  await expect(page).toHaveURL(await sharedLink(page));
  await page.reload();
  await expect(page.locator(".crowd-banner")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(".step-title")).toHaveText(title ?? "");
  await page.keyboard.press("b");
  await expect(page.locator(".counters")).toBeVisible();
  expect(Math.abs((await seconds(page)) - at)).toBeLessThan(0.2);
});

test("a slider writes the file, the run obeys, and undo takes it back", async ({ page }) => {
  await openTraffic(page);
  await pause(page);
  const workers = page.getByRole("slider", { name: "Gunicorn workers" });
  await workers.focus();
  await expect(page.locator(".dial-code")).toContainText("--workers 4");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".dial-code")).toContainText("--workers 5");
  await expect(page.locator(".run-changes")).toContainText("4 → 5");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".dial-code")).toContainText("--workers 4");
});

test("how requests arrive is chosen while the run goes on, and undone", async ({ page }) => {
  await openTraffic(page);
  await pause(page);
  const arrivals = page.getByRole("combobox", { name: "Requests arrive" });
  await arrivals.selectOption("users");
  await expect(page.locator(".dial-code")).toContainText('"users": 200');
  await expect(page.getByRole("slider", { name: "Users", exact: true })).toHaveAttribute(
    "aria-valuetext",
    "200",
  );
  await expect(page.getByRole("slider", { name: "Requests a second" })).toHaveCount(0);
  await arrivals.selectOption("bursts");
  await expect(page.getByRole("slider", { name: "A burst every" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(arrivals).toHaveValue("users");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(arrivals).toHaveValue("poisson");
});

test("what was broken stands over the stage, with the way to mend it", async ({ page }) => {
  await openTraffic(page);
  await pause(page);
  await page.getByRole("button", { name: "Break something…" }).click();
  await page.getByRole("button", { name: "kill – dns resolver: killed by SIGKILL" }).click();
  const broken = page.getByRole("list", { name: "What is broken" });
  await expect(broken).toContainText("dns resolver: killed by SIGKILL");
  await page.getByRole("button", { name: "Break something…" }).click();
  await expectNoFindings(page, "what can be broken");
  await page.keyboard.press("Escape");
  await broken.getByRole("button", { name: /^Restart/ }).click();
  await expect(broken).toHaveCount(0);
  // Undo goes back to the moment before what nothing else takes back: first the restart, then the kill.
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(broken).toContainText("dns resolver: killed by SIGKILL");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(broken).toHaveCount(0);
  await expect(page.locator(".run-changes")).toHaveCount(0);
});

test("two runs with the same seed stand in the same charts", async ({ page }) => {
  await openTraffic(page, "slow-third-party");
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(3);
  await pause(page);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await page.getByRole("slider", { name: /Threads/ }).focus();
  for (let i = 0; i < 7; i += 1) await page.keyboard.press("ArrowRight");
  await expect(page.locator(".run-changes")).toContainText("→ 8");
  await page.getByRole("button", { name: "Restart" }).click();
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(3);
  await pause(page);
  const differences = page.getByRole("region", { name: "Against the pinned run" });
  await expect(differences).toContainText("became 8");
  await expect(differences).toContainText("same arrivals");
  await expect(page.locator(".chart-line.is-pinned").first()).toBeVisible();
});

test("is driven by the keyboard alone", async ({ page }) => {
  await openTraffic(page);
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(2);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press(" ");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  const at = await seconds(page);
  await page.keyboard.press("Home");
  await expect.poll(() => seconds(page)).toBe(0);
  await page.keyboard.press("End");
  await expect.poll(() => seconds(page)).toBeGreaterThanOrEqual(at - 0.1);
  const chart = page.getByRole("slider", { name: /^Response time/ });
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuetext", /seconds: p50/);
  await page.keyboard.press("Enter");
  await expect.poll(() => seconds(page)).toBeLessThan(at);
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  for (const theme of themes) {
    stillTest(
      `axe finds nothing in ${theme} at ${width} pixels, and nothing sticks out or is cut`,
      async ({ page }) => {
        test.slow();
        await keepTheme(page, theme);
        await page.setViewportSize({ width, height });
        await openTraffic(page, "too-few-workers");
        await pause(page);
        const isCut = (text: HTMLElement) => text.scrollHeight > text.clientHeight;
        expect(await page.locator(".step-sentence").evaluate(isCut)).toBe(false);
        await page.getByRole("slider", { name: "Gunicorn workers" }).focus();
        for (const chart of ["Throughput", "Busy", "Statuses", "Spread"]) {
          const choice = page.getByRole("button", { name: chart, exact: true });
          await choice.click();
          await expect(choice).toHaveAttribute("aria-pressed", "true");
        }
        await expectNoFindings(page, "traffic");
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        await page.keyboard.press("e");
        await expect(page.locator(".files .cm-content")).toBeVisible();
        await expectNoFindings(page, "the texts of the run");
        await page.keyboard.press("Escape");
        await page.keyboard.press("p");
        await expect(page.locator(".presented")).toBeVisible();
        await expectNoFindings(page, "presenting a run");
      },
    );
  }
}

test("the text that a slider writes stands beside the stage, and what is typed there is obeyed", async ({
  page,
}) => {
  await openTraffic(page);
  await pause(page);
  await page.getByRole("slider", { name: "Gunicorn workers" }).focus();
  await page.keyboard.press("e");
  const files = page.getByRole("region", { name: "Files" });
  await expect(files.getByRole("combobox", { name: "File" })).toHaveValue(
    "/etc/systemd/system/gunicorn.service",
  );
  const line = files.locator(".cm-line", { hasText: "--workers" });
  await expect(line).toContainText("--workers 4");
  await page.keyboard.press("ArrowRight");
  await expect(line).toContainText("--workers 5");
  await line.click();
  // Once to the end of the row, once more to the end of the line.
  await page.keyboard.press("End");
  await page.keyboard.press("End");
  await page.keyboard.type(" --threads 2");
  await expect(files.getByRole("status")).toHaveText("Typed, not in the run yet");
  await files.getByRole("button", { name: "Apply now" }).click();
  await expect(files.getByRole("status")).toHaveText("As the run has it");
  await expect(page.getByRole("list", { name: "Changes in this run" })).toContainText(
    "gunicorn.service",
  );
  await expect(page.getByRole("slider", { name: "Threads of a worker" })).toHaveValue("2");
});

test("a slider has its own way back", async ({ page }) => {
  await openTraffic(page);
  await pause(page);
  await page.getByRole("slider", { name: "Gunicorn workers" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".run-changes")).toContainText("4 → 6");
  await page.getByRole("button", { name: "Back to 4 (Gunicorn workers)" }).click();
  await expect(page.locator(".dial-code")).toContainText("--workers 4");
  await expect(page.getByRole("button", { name: /^Back to 4/ })).toHaveCount(0);
});

test("a link brings both runs back, in the same charts", async ({ page }) => {
  await openTraffic(page, "slow-third-party");
  await expect.poll(() => seconds(page), { timeout: 60_000 }).toBeGreaterThan(2);
  await pause(page);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await page.getByRole("slider", { name: /Threads/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".run-changes")).toContainText("→ 2");
  await expect.poll(() => page.url()).toContain("#v1=");
  await page.waitForTimeout(600);
  await page.reload();
  await expect(page.locator(".chart-line.is-pinned").first()).toBeVisible({ timeout: 90_000 });
  await expect(page.locator(".run-changes")).toContainText("→ 2", { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Unpin" })).toBeVisible();
});

test("is presented large, with nothing but the stage, the charts and a sentence", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await openTraffic(page, "too-few-workers");
  await page.keyboard.press("p");
  await expect(page.locator(".presented")).toContainText("Four workers are not enough");
  await expect(page.locator(".header")).toHaveCount(0);
  await expect(page.locator(".traffic-panel")).toHaveCount(0);
  const small = () =>
    page
      .locator(".traffic svg text")
      .evaluateAll((texts) =>
        texts.filter((text) => text.getBoundingClientRect().height < 20).map((t) => t.textContent),
      );
  // The picture grows a frame after the screen has changed.
  await expect.poll(small).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.locator(".header")).toBeVisible();
});
