// What most specs begin with: the page at its first step, and the link that it keeps in the address bar.
import { expect, type Locator, type Page } from "@playwright/test";
import { type LinkState, readLink } from "../../src/ui/session/link.ts";

/** Opens the page with `fragment` and waits for a step. */
export async function opened(page: Page, fragment = ""): Promise<void> {
  await page.goto(`/${fragment}`);
  await expect(page.locator(".step-title")).toBeVisible();
}

/** The handle on time of a journey: its value is the step shown, from 1. */
export function stepSlider(page: Page): Locator {
  return page.getByRole("slider", { name: "Step" });
}

/** Waits until the address bar, which is written a moment after each change, has a link that `holds`. */
export async function expectLink(page: Page, holds: (link: LinkState) => boolean): Promise<void> {
  await expect
    .poll(async () => {
      const { state } = await readLink(await page.evaluate(() => location.hash));
      return state !== null && holds(state);
    })
    .toBe(true);
}

/** The link that the dialog offers. */
export async function sharedLink(page: Page): Promise<string> {
  await page.keyboard.press("s");
  const field = page.getByRole("dialog").getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(/#v1=/);
  const link = await field.inputValue();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  return link;
}
