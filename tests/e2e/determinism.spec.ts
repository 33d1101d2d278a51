// The same run is the same everywhere: the journal's hash of scenarios, from the worker of each
// browser, next to the one that Node computes here.
import { expect, test } from "@playwright/test";
import "../../src/simulation/all-parts.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import { scenariosFor } from "./breadth.ts";
import { linkTo } from "./links.ts";

test("a scenario has the journal that it has in Node", async ({ page, browserName }) => {
  test.setTimeout(300_000);
  const here: Record<string, string> = {};
  const there: Record<string, string | null> = {};
  for (const { id, scenario, lesson } of scenariosFor(browserName)) {
    here[id] = runJourney(scenario).hash;
    await page.goto("about:blank");
    await page.goto(`/${await linkTo(id)}`);
    await expect(page.locator(".picker-title")).toHaveText(lesson.title);
    await expect(page.locator(".step-title")).toBeVisible();
    there[id] = await page.locator(".app").getAttribute("data-run-hash");
  }
  expect(Object.keys(here).length).toBeGreaterThanOrEqual(8);
  expect(there).toEqual(here);
});

test("a run says its hash to whoever shares it", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator(".step-title")).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByRole("dialog").locator("code")).toHaveText(/^[0-9a-f]{8}$/);
});
