// Files: changed in place, checked as typed, run again, compared, undone, kept, dropped in, and all of it
// by keyboard.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { expectNoFindings } from "./axe.ts";
import { linkTo } from "./links.ts";
import { expectLink, opened, stepSlider as slider } from "./opening.ts";
import { stillTest } from "./still.ts";
import { keepTheme, themes } from "./themes.ts";

const SITE = "/etc/nginx/sites-enabled/example";
const drawer = (page: Page) => page.getByRole("region", { name: "Files", exact: true });
const editor = (page: Page) => page.getByRole("textbox", { name: /^Text of / });
const line = (page: Page, text: string) => page.locator(".cm-line", { hasText: text });

/** Opens a scenario with the drawer at nginx's site. */
async function openedFiles(page: Page, fragment = ""): Promise<void> {
  await opened(page, fragment);
  await page.keyboard.press("e");
  await expect(editor(page)).toBeVisible();
  await drawer(page).getByRole("combobox", { name: "File" }).selectOption(SITE);
  await expect(line(page, "proxy_pass")).toBeVisible();
}

/** Puts the cursor at the end of the line that has `text`, before its last character. */
async function atEndOf(page: Page, text: string): Promise<void> {
  await line(page, text).click();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
}

/** Replaces what a field holds, key by key: Firefox's driver fills by adding to it. */
async function typeOver(field: Locator, text: string): Promise<void> {
  await expect(field).toBeVisible();
  await field.press("Control+a");
  await field.pressSequentially(text);
}

test("a change is checked as it is typed, run, compared, undone and redone", async ({ page }) => {
  await openedFiles(page);
  const hash = await page.locator(".app").getAttribute("data-run-hash");
  await atEndOf(page, "proxy_set_header Host");
  await page.keyboard.type("xx");
  await expect(drawer(page)).toContainText('[emerg] unknown "hostxx" variable');
  await expect(page.locator(".cm-content .diagnostic.is-error")).toContainText("hostxx");

  await page.keyboard.press("Control+z");
  await expect(page.locator(".cm-content .diagnostic")).toHaveCount(0);
  await expect(drawer(page)).toContainText("As in the original");

  await atEndOf(page, "proxy_set_header X-Real-IP");
  await page.keyboard.type("x");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("proxy_set_header X-Test hello;");
  await expect(drawer(page)).toContainText("1 text changed, not run yet");
  await drawer(page).getByRole("button", { name: "Run from here" }).click();
  await expect(drawer(page)).toContainText(/is the first that differs/);
  await expect(drawer(page)).toContainText("X-Test");
  await expect(drawer(page)).toContainText("Because of example:12");
  await expect(page.locator(".app")).not.toHaveAttribute("data-run-hash", hash ?? "");
  await drawer(page)
    .getByRole("button", { name: /^Go to step/ })
    .click();
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /\(changed\)$/);

  await page.getByRole("tab", { name: /^Changes/ }).click();
  await expect(page.locator(".change-line.is-new")).toContainText("X-Test hello");
  await drawer(page).getByRole("button", { name: "Undo" }).click();
  await expect(drawer(page)).toContainText("Nothing is changed");
  await drawer(page).getByRole("button", { name: "Redo" }).click();
  await expect(page.locator(".change-line.is-new")).toContainText("X-Test hello");
  await drawer(page).getByRole("button", { name: "Put back" }).click();
  await expect(drawer(page)).toContainText("Nothing is changed");
});

test("changes are kept over a reload, in the link when they were run and offered when not", async ({
  page,
}) => {
  await openedFiles(page);
  await line(page, "server_name").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("client_max_body_size 2k;");
  await expect(drawer(page)).toContainText("1 text changed, not run yet");
  await page.reload();
  await expect(editor(page)).toBeVisible();
  await expect(line(page, "client_max_body_size")).toHaveCount(0);
  await drawer(page).getByRole("button", { name: "Bring back" }).click();
  await expect(line(page, "client_max_body_size")).toHaveCount(1);

  await page.getByRole("button", { name: "From the start" }).click();
  await expect(drawer(page)).toContainText("1 text changed, as run");
  await expectLink(page, ({ spec }) => SITE in spec.files);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expect(line(page, "client_max_body_size")).toHaveCount(1);
  await expect(drawer(page)).toContainText("1 text changed, as run");
});

test("a draft that is broken or hostile changes nothing", async ({ page }) => {
  await opened(page);
  for (const draft of ["{", '{"v":1,"changes":{"__proto__":3}}', '{"v":1,"changes":7}']) {
    await page.evaluate((text) => localStorage.setItem("roundtrip.draft.first-visit", text), draft);
    await page.reload();
    await expect(page.locator(".step-title")).toBeVisible();
    await expect(page.getByText("You changed files")).toHaveCount(0);
  }
});

test("settings write into their line and nowhere else", async ({ page }) => {
  await openedFiles(page);
  await page.getByRole("tab", { name: "Settings" }).click();
  const workers = page.getByLabel("Gunicorn workers");
  await expect(workers).toHaveValue("4");
  await typeOver(workers, "2");
  await workers.press("Enter");
  const changed = page.locator(".setting.is-changed", { has: workers });
  await expect(changed.locator("code")).toContainText("--workers 2");
  await page.getByRole("tab", { name: /^Changes/ }).click();
  await expect(page.locator(".change-line.is-new")).toHaveCount(1);
  await expect(page.locator(".change-line.is-new b")).toHaveText("2");
  await expect(page.locator(".change-line.is-gone b")).toHaveText("4");
});

test("files are added, renamed and removed", async ({ page }) => {
  await openedFiles(page);
  const menu = () => drawer(page).getByRole("button", { name: "Change files" }).click();
  const choice = drawer(page).getByRole("combobox", { name: "File" });
  await menu();
  await page.getByRole("button", { name: "New file" }).click();
  const path = page.getByRole("textbox", { name: "Path of the new file" });
  await typeOver(path, "/etc/nginx/conf.d/a.conf");
  await page.keyboard.press("Enter");
  await expect(choice).toHaveValue("/etc/nginx/conf.d/a.conf");
  await editor(page).click();
  await page.keyboard.type("bogus on;");
  await expect(page.locator(".cm-content .diagnostic")).toContainText(
    '[emerg] unknown directive "bogus"',
  );
  await menu();
  await page.getByRole("button", { name: "Rename" }).click();
  await typeOver(page.getByRole("textbox", { name: "New path" }), "/etc/nginx/off/a.conf");
  await page.keyboard.press("Enter");
  // Nothing includes it there, so nobody complains.
  await expect(choice).toHaveValue("/etc/nginx/off/a.conf");
  await expect(page.locator(".cm-content .diagnostic")).toHaveCount(0);
  await menu();
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(choice.locator("option", { hasText: "a.conf" })).toHaveCount(0);
  await expect(drawer(page)).toContainText("As in the original");
});

/** Drops a file on the drawer, as a reader does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName));
      return transfer;
    },
    [name, text] as const,
  );
  await drawer(page).dispatchEvent("drop", { dataTransfer: data });
}

test("a file of one's own is dropped in, and so is a whole scenario", async ({ page }) => {
  await openedFiles(page);
  await drop(page, "settings.py", "DEBUG = = 1\n");
  await expect(drawer(page)).toContainText("replaces the text of /srv/myproject");
  await expect(page.locator(".cm-content .diagnostic")).toContainText("SyntaxError");

  await drop(page, "mine.json", '{ "format": 1, "name": "x", "timeline": [{ "at": -1 }] }');
  await expect(drawer(page)).toContainText(/This file is no scenario: .*files: missing/);

  const mine = {
    ...{ format: 1, name: "One page of my own", processes: ["nginx -g 'daemon off;'"] },
    files: {
      "/etc/nginx/nginx.conf": "events {}\nhttp { server { listen 80; return 200 mine; } }\n",
    },
    timeline: [{ at: 0, request: { url: "http://my.example/" } }],
  };
  await drop(page, "mine.json", JSON.stringify(mine));
  await expect(page.locator(".picker-title")).toHaveText("One page of my own");
  await drawer(page).getByRole("combobox", { name: "File" }).selectOption("/etc/nginx/nginx.conf");
  await expect(line(page, "return 200 mine")).toHaveCount(1);
  await expect(page).toHaveURL(/#v1=/);
  await expectLink(page, ({ spec }) => spec.own !== undefined);
  await page.reload();
  await expect(page.locator(".picker-title")).toHaveText("One page of my own");
});

test("what is no text is refused", async ({ page }) => {
  await openedFiles(page);
  await drop(page, "core", "a\0b");
  await expect(drawer(page)).toContainText("core is no text in UTF-8");
});

test("everything by keyboard: in with Tab, out with Escape and Tab", async ({ page }) => {
  await openedFiles(page);
  await editor(page).focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  await expect(drawer(page)).toContainText("1 text changed");
  await page.keyboard.press("Control+z");
  // Letters are text here and not the keys of the page; Escape does not close the drawer.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
  await expect(drawer(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
});

test("a line leads to the step that it decided", async ({ page }) => {
  await openedFiles(page);
  await line(page, "location / {").click();
  const link = drawer(page).getByRole("button", { name: /^Line 8 decides step/ });
  const step = /step (\d+)/.exec((await link.textContent()) ?? "")?.[1];
  await link.click();
  await expect(slider(page)).toHaveAttribute("aria-valuenow", step ?? "");
  await expect(page.locator(".cm-line.is-lit")).toContainText("location / {");
});

test("a change that holds the run up is stopped, and nothing is lost", async ({ page }) => {
  await openedFiles(page);
  const steps = await slider(page).getAttribute("aria-valuemax");
  const actions = Array.from({ length: 5_000 }, (_, index) => ({
    at: index,
    request: { url: "https://www.example.com/products/42/" },
  }));
  await drop(page, "timeline", JSON.stringify(actions));
  await drawer(page).getByRole("button", { name: "From the start" }).click();
  const trouble = drawer(page).getByRole("alert");
  await expect(trouble).toContainText(/was stopped at timeline:\d+/, { timeout: 60_000 });
  await expect(trouble).toContainText("timeline:1. The last run is still shown.");
  await expect(slider(page)).toHaveAttribute("aria-valuemax", steps ?? "");
  await drawer(page).getByRole("button", { name: "Undo" }).click();
  await expect(drawer(page)).toContainText("As in the original");
});

test("a pattern that never ends is no match, and the run goes on", async ({ page }) => {
  await openedFiles(page);
  await line(page, "server_name").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(
    'if ($http_user_agent ~ "^(([a-zA-Z0-9./ ();:,_-]+)+)+%$") { return 403; }',
  );
  await drawer(page).getByRole("button", { name: "From the start" }).click();
  await expect(drawer(page)).toContainText("1 text changed, as run", { timeout: 30_000 });
  await expect(page.locator(".step-title")).toBeVisible();
});

test("a link whose changes cannot be shown keeps them and opens without them", async ({ page }) => {
  const actions = Array.from({ length: 5_000 }, (_, index) => ({
    at: index,
    request: { url: "https://www.example.com/products/42/" },
  }));
  const hostile = await linkTo("json-api", { actions, files: { [SITE]: "server {}\n" } });
  await page.goto(`/${hostile}`);
  const failure = page.getByRole("alert").filter({ hasText: "longer than 10 seconds" });
  await expect(failure).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Open it without the changes" }).click();
  await expect(page.locator(".step-title")).toBeVisible();
  await page.getByRole("button", { name: "Look at them" }).click();
  await drawer(page).getByRole("button", { name: "Bring back" }).click();
  await expect(drawer(page)).toContainText("1 text changed, not run yet");
});

for (const theme of themes) {
  stillTest(`axe finds nothing in the files in ${theme}, wide and narrow`, async ({ page }) => {
    await keepTheme(page, theme);
    await openedFiles(page);
    await atEndOf(page, "proxy_set_header Host");
    await page.keyboard.type("xx");
    await expect(page.locator(".cm-content .diagnostic")).toBeVisible();
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const tab of ["Text", "Changes", "Settings"]) {
        const shown = drawer(page).getByRole("tab", { name: tab });
        await shown.click();
        await expect(shown).toHaveAttribute("aria-selected", "true");
        await expect(drawer(page).locator(".files-pane > *").first()).toBeVisible();
        await expectNoFindings(page, `${tab} at ${width}`, ".files");
      }
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
