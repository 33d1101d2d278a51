// How much JavaScript comes before the first step of the first scenario: what the browser asks for,
// weighed as it lies in dist, compressed as a static host would (gzip, level 6).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, type Page, type Request, test } from "@playwright/test";
import { library } from "../../src/scenarios/library.ts";
import { linkTo } from "./links.ts";

const KB = 1000;
const MAIN_MAX_KB = 130;
/** The hot half of engine and words: what the first scenario runs on. */
const WORKER_MAX_KB = 200;
const ASSETS = join(process.env.E2E_DIST ?? "dist", "assets");

interface Weight {
  readonly file: string;
  readonly kb: number;
}

/** The scripts that the page and its worker ask for until `page` shows the first step. */
async function scriptsUntilFirstStep(page: Page, fragment: string): Promise<readonly string[]> {
  const requests: Request[] = [];
  const note = (request: Request): number => requests.push(request);
  page.on("request", note);
  await page.addInitScript(noteFirstStep);
  await page.goto(`/${fragment}`);
  await expect(page.locator(".step-title")).toBeVisible();
  const shownAt = await page.evaluate(() => Number(document.documentElement.dataset.firstStepAt));
  expect(shownAt).toBeGreaterThan(0);
  page.off("request", note);
  const before = requests.filter((request) => request.timing().startTime <= shownAt);
  const files = before.map((request) => /\/assets\/([^/?]+\.js)$/.exec(request.url())?.[1]);
  return [...new Set(files.filter((file) => file !== undefined))];
}

/** In the page: writes down when the first step came into the document, in milliseconds since 1970. */
function noteFirstStep(): void {
  new MutationObserver((_, observer) => {
    if (document.querySelector(".step-title") === null) return;
    observer.disconnect();
    document.documentElement.dataset.firstStepAt = String(Date.now());
  }).observe(document, { childList: true, subtree: true });
}

function scriptText(file: string): string {
  return readFileSync(join(ASSETS, file), "utf8");
}

/** The worker's entry and every script that can be reached from it. */
function workerScripts(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set(files.filter((file) => file.startsWith("entry-")));
  for (const file of reached)
    for (const [, imported] of scriptText(file).matchAll(/["'`]\.\/([\w.-]+\.js)["'`]/g))
      reached.add(imported);
  return reached;
}

function weigh(files: readonly string[]): readonly Weight[] {
  return files.map((file) => ({ file, kb: gzipSync(scriptText(file)).length / KB }));
}

function sum(weights: readonly Weight[]): number {
  return weights.reduce((total, { kb }) => total + kb, 0);
}

test("the page and its worker keep their weight", async ({ page }) => {
  const asked = await scriptsUntilFirstStep(page, "");
  const ofWorker = workerScripts(asked);
  const main = weigh(asked.filter((file) => !ofWorker.has(file)));
  const worker = weigh(asked.filter((file) => ofWorker.has(file)));
  expect(main.length).toBeGreaterThan(1);
  expect(worker.length).toBeGreaterThan(1);
  test.info().annotations.push({
    type: "weight",
    description: `main ${sum(main).toFixed(1)} KB, worker ${sum(worker).toFixed(1)} KB`,
  });
  expect(sum(main)).toBeLessThanOrEqual(MAIN_MAX_KB);
  expect(sum(worker)).toBeLessThanOrEqual(WORKER_MAX_KB);
});

test("what the first visit does not run comes after its first step", async ({ page }) => {
  const coming = page.waitForResponse((response) => response.url().endsWith("-cold.js"));
  const asked = await scriptsUntilFirstStep(page, "");
  const cold = [...workerScripts(asked)].filter((file) => file.endsWith("-cold.js"));
  expect(cold).not.toEqual([]);
  expect(asked.filter((file) => cold.includes(file))).toEqual([]);
  await coming;
});

test("a program that the scenario does not start is not loaded", async ({ page }) => {
  const asked = await scriptsUntilFirstStep(page, "");
  const uwsgi = library.find(({ scenario }) => JSON.stringify(scenario).includes("uwsgi"));
  const file = [...workerScripts(asked)].find((name) => name.startsWith("install-"));
  expect(file).toBeDefined();
  expect(asked).not.toContain(file);
  if (uwsgi === undefined) return;
  expect(await scriptsUntilFirstStep(page, await linkTo(uwsgi.id))).toContain(file);
});
