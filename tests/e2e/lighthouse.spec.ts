// Lighthouse's accessibility score of what a link opens: 100, on every page and in mid-run. Lighthouse
// speaks to the browser that Playwright drives, so that a page is scored when it is known to be there.
import { createServer } from "node:net";
import { test as base, expect } from "@playwright/test";
import { type Result, snapshot } from "lighthouse";
import { connect } from "puppeteer-core";
import { journeyOf, linkTo, type Place, pageStep } from "./links.ts";
import { opened } from "./opening.ts";

/** A port of this machine that nobody listens on. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

const test = base.extend<object, { readonly debuggingPort: number }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here.
  debuggingPort: [async ({}, use) => use(await freePort()), { scope: "worker" }],
  launchOptions: [
    async ({ launchOptions, debuggingPort }, use) => {
      const args = [...(launchOptions.args ?? []), `--remote-debugging-port=${debuggingPort}`];
      await use({ ...launchOptions, args });
    },
    { scope: "worker" },
  ],
});

test.skip(({ browserName }) => browserName !== "chromium", "Lighthouse drives Chromium only");

type Audited = Result["audits"][string];

/** The score, of 100, of the one page of ours that is open, and what Lighthouse has to say against it. */
async function accessibilityOf(port: number, origin: string) {
  const browser = await connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  try {
    const page = (await browser.pages()).find((each) => each.url().startsWith(origin));
    if (page === undefined) throw new Error(`No page of ${origin} is open.`);
    const { lhr } = (await snapshot(page, {
      flags: {
        onlyCategories: ["accessibility"],
        formFactor: "desktop",
        screenEmulation: { disabled: true },
      },
    }))!;
    const { score, auditRefs } = lhr.categories.accessibility;
    const audits = auditRefs.map(({ id }) => lhr.audits[id]);
    return {
      score: Math.round(100 * (score ?? 0)),
      passed: audits.filter((audit) => audit.score === 1).length,
      failed: audits.filter((audit) => audit.score === 0).map(complaint),
    };
  } finally {
    await browser.disconnect();
  }
}

/** The rule and the elements that break it. */
function complaint({ id, details }: Audited): string {
  const items = details?.type === "table" ? details.items : [];
  const nodes = items.map((item) => (item.node as { readonly snippet?: string })?.snippet ?? "?");
  return `${id}: ${nodes.join(" ")}`;
}

interface Scored {
  readonly name: string;
  readonly scenario: string;
  readonly place: Place;
  /** What stands there when the page is complete. */
  readonly holds: string;
}

const first = journeyOf("first-visit");
const location = first.steps.find(({ cause }) => cause?.file.startsWith("/etc/nginx/"));

const scored: readonly Scored[] = [
  { name: "the first page", scenario: "first-visit", place: {}, holds: ".step-title" },
  {
    ...{ name: "a journey in mid-run", scenario: "first-visit", holds: ".excerpt .is-lit" },
    place: { step: location?.id },
  },
  {
    ...{ name: "the rendered page", scenario: "first-visit", holds: "iframe.page-frame" },
    place: { step: pageStep(first).id, view: { tab: "message" } },
  },
  {
    ...{ name: "the files", scenario: "first-visit", holds: ".files .cm-content" },
    place: { step: location?.id, view: { file: location?.cause?.file ?? null } },
  },
  {
    ...{ name: "the reference", scenario: "first-visit", holds: ".reference-sections" },
    place: { view: { screen: "reference" } },
  },
  {
    ...{ name: "traffic", scenario: "too-few-workers", holds: ".counters" },
    place: { view: { screen: "traffic" } },
  },
];

for (const { name, scenario, place, holds } of scored)
  test(`Lighthouse gives ${name} 100 for accessibility`, async ({
    page,
    debuggingPort,
    baseURL,
  }) => {
    await page.goto(`/${await linkTo(scenario, {}, place)}`);
    await expect(page.locator(holds).first()).toBeVisible();
    await expect(page.locator(".loading")).toHaveCount(0);
    const { score, failed, passed } = await accessibilityOf(debuggingPort, baseURL ?? "");
    expect(failed).toEqual([]);
    expect(score).toBe(100);
    expect(passed, "audits that Lighthouse could apply").toBeGreaterThan(10);
  });

test("a page with a fault gets less than 100", async ({ page, debuggingPort, baseURL }) => {
  await opened(page);
  await page.evaluate(() => document.body.append(document.createElement("button")));
  const { score, failed } = await accessibilityOf(debuggingPort, baseURL ?? "");
  expect(score).toBeLessThan(100);
  expect(failed.join()).toContain("button-name");
});
