// Every scenario in every browser: it opens from the picker, its worker has the journal that Node computes
// here, its tabs and its last step show, and nothing in it offends the policy or the console.
import { expect, type Page, test } from "@playwright/test";
import "../../src/simulation/all-parts.ts";
import { type LibraryScenario, library } from "../../src/scenarios/library.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";
import { linkTo } from "./links.ts";
import { opened, stepSlider } from "./opening.ts";
import { watch } from "./watch.ts";

// The console is listened to, and a browser whose service worker is held back complains there.
test.use({ serviceWorkers: "allow" });

/** As many tests share the scenarios, so that they run side by side. */
const PARTS = 4;

/** The lessons about a crowd open as traffic (traffic.spec.ts): as a journey they open by their link. */
async function open(page: Page, { id, group, lesson }: LibraryScenario): Promise<void> {
  if (group === "Traffic") {
    const link = await linkTo(id);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link);
    return;
  }
  await page.getByRole("button", { name: /^Scenario:/ }).click();
  await page.getByRole("button", { name: new RegExp(`^${escaped(lesson.title)}`) }).click();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function look(page: Page): Promise<void> {
  const steps = Number(await stepSlider(page).getAttribute("aria-valuemax"));
  expect(steps).toBeGreaterThan(5);
  await expect(page.getByRole("alert")).toHaveCount(0);
  for (const key of ["3", "5", "2", "]", "]", "End"]) await page.keyboard.press(key);
  await expect(stepSlider(page)).toHaveAttribute("aria-valuenow", String(steps));
}

for (let part = 0; part < PARTS; part += 1)
  test(`every scenario opens and runs as in Node, part ${part + 1} of ${PARTS}`, async ({
    page,
    baseURL,
  }) => {
    test.slow();
    const found = await watch(page, baseURL ?? "");
    await opened(page);
    for (const entry of library.filter((_, i) => i % PARTS === part)) {
      await open(page, entry);
      const { hash } = runJourney(entry.scenario);
      await expect(page.locator(".app"), entry.id).toHaveAttribute("data-run-hash", hash);
      await expect(page.locator(".picker-title")).toHaveText(entry.lesson.title);
      await expect(stepSlider(page)).toHaveAttribute("aria-valuenow", "1");
      await look(page);
      expect(found, entry.id).toEqual([]);
    }
  });

test("a run says its hash to whoever shares it", async ({ page }) => {
  await opened(page);
  await page.keyboard.press("s");
  await expect(page.getByRole("dialog").locator("code")).toHaveText(/^[0-9a-f]{8}$/);
});
