// axe on what is shown: every rule of WCAG 2.2 at levels A and AA, and axe's best practices.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails with what axe finds on the page or in the part of it that `within` selects. */
export async function expectNoFindings(page: Page, where: string, within = "html"): Promise<void> {
  // A page that is not there yet has no findings either.
  await expect(page.locator(".loading")).toHaveCount(0);
  // The frame holds the scenario's own page, in which no script may run, axe's neither.
  const { violations, passes } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .include(within)
    .exclude("iframe")
    // Of what passes, the names of the rules are enough.
    .options({ resultTypes: ["violations"] })
    .withTags(RULES)
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  expect(found, where).toEqual([]);
  expect(passes.length, `rules that axe could apply to ${where}`).toBeGreaterThan(5);
}
