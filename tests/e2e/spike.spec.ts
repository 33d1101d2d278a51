// One run shared between Node and the browser, both ways: what Node forked opens in the page with the same
// hash, and what the reader forks in the page is the same run in Node (scripts/spike/plan.ts).
import { expect, type Page, test } from "@playwright/test";
import { hashOf, playSpike, sessionOfLink } from "../../scripts/spike/plan.ts";
import { sharedLink } from "./opening.ts";

const REQUESTS = 2_000;

/** Waits until the run rests at the moment that its link shows. */
async function hashShown(page: Page): Promise<string> {
  const app = page.locator(".app");
  await expect(app).toHaveAttribute("data-run-hash", /^[0-9a-f]{8}$/, { timeout: 60_000 });
  return (await app.getAttribute("data-run-hash")) ?? "";
}

test("a run of Node's is the same here, and one forked here is the same in Node", async ({
  page,
}) => {
  test.slow();
  const spike = await playSpike({ requests: REQUESTS, open: REQUESTS / 2 });
  await page.goto(`/${spike.forkLink}`);
  expect(await hashShown(page)).toBe(spike.forkHash);

  // Back to where the worker was not killed yet, and there it is stopped instead.
  await page.getByRole("slider", { name: "Simulated time" }).focus();
  await page.keyboard.press("Home");
  await expect(page.locator(".run-changes")).toContainText("killed by SIGKILL");
  for (let i = 0; i < 2; i += 1) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Break something…" }).click();
  await page.getByRole("button", { name: "gunicorn worker: stopped by SIGSTOP" }).click();
  await expect(page.locator(".run-changes")).toContainText("stopped by SIGSTOP");
  await expect(page.locator(".run-changes")).not.toContainText("SIGKILL");
  await page.getByRole("combobox", { name: "Speed" }).selectOption("60");
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible({ timeout: 60_000 });

  const hash = await hashShown(page);
  expect(hash).not.toBe(spike.forkHash);
  await page.keyboard.press("s");
  await expect(page.getByRole("dialog").locator("code")).toHaveText(hash);
  await page.keyboard.press("Escape");
  const link = await sharedLink(page);
  expect(hashOf(await sessionOfLink(new URL(link).hash))).toBe(hash);
  await page.goto("about:blank");
  await page.goto(link);
  expect(await hashShown(page)).toBe(hash);
});
