// `npm run bench:traffic`: the traffic screen of the built page in headless Chromium, once with 2,000 dots
// on it and once with 10,000 requests a second running. Frames a second, milliseconds of the main thread
// for each frame, pictures of the dots that were painted, and how long a click takes until the next picture,
// and until the run has answered it.
// Reported, never asserted: the machine may do other work, so its load average is printed too.
import { loadavg } from "node:os";
import { type CDPSession, chromium, type Page } from "playwright-core";
import { build, preview } from "vite";
import { NGINX_CONF, SITE } from "../src/scenarios/site.ts";
import { packText } from "../src/ui/session/link-bytes.ts";
import { browsers } from "./browsers.ts";

const MEASURED_MS = 8_000;
const CLICKS = 100;
/** So many users ask, wait, and ask again at once: nearly all of them stand in the accept queue. */
const USERS = 2_000;
const RATE = 10_000;

/** What runs while it is measured. */
interface Scene {
  readonly name: string;
  readonly scenario: string;
  readonly files: Readonly<Record<string, string>>;
  /** True, asked in the page, when there is enough to measure. */
  readonly isReady: () => boolean;
}

const manyConnections = NGINX_CONF.replace("768", "20000");

const scenes: readonly Scene[] = [
  {
    name: `${USERS} users, nearly all in the accept queue`,
    scenario: "slow-third-party",
    files: {
      "/etc/nginx/nginx.conf": manyConnections,
      traffic: JSON.stringify({
        arrivals: { users: USERS, thinkMs: 1 },
        durationS: 300,
        mix: [{ weight: 1, request: { url: `${SITE}/products/42/` } }],
      }),
    },
    isReady: () =>
      Number(document.querySelector(".queue-count")?.textContent?.replace(",", "")) > 1_800,
  },
  {
    name: `${RATE} requests a second for a static file, over kept-alive connections`,
    scenario: "static-file",
    files: {
      "/etc/nginx/nginx.conf": manyConnections,
      traffic: JSON.stringify({
        arrivals: { poisson: RATE },
        durationS: 300,
        keepAlive: true,
        clients: 1_000,
        mix: [{ weight: 1, request: { url: `${SITE}/static/css/site.css` } }],
      }),
    },
    isReady: () =>
      /[\d,]{6,} requests/.test(document.querySelector(".counters")?.textContent ?? ""),
  },
];

async function linkTo({ scenario, files }: Scene): Promise<string> {
  const stored = { s: scenario, f: files, v: { screen: "traffic" } };
  return `#v1=${await packText(JSON.stringify(stored))}`;
}

/** Seconds that the main thread has spent on tasks since the session was enabled. */
async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

function framesIn(page: Page, ms: number): Promise<number> {
  return page.evaluate(
    (duration) =>
      new Promise<number>((resolve) => {
        const end = performance.now() + duration;
        let frames = 0;
        const count = (): void => {
          frames += 1;
          if (performance.now() < end) requestAnimationFrame(count);
          else resolve(frames);
        };
        requestAnimationFrame(count);
      }),
    ms,
  );
}

/** In the page: counts the pictures of dots that a worker has painted, as it tells the page. */
function countPaintings(): void {
  const paintings = { count: 0 };
  const Counted = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (String(url).includes("dot-worker"))
        this.addEventListener("message", () => {
          paintings.count += 1;
        });
    }
  };
  Object.assign(globalThis, { Worker: Counted, paintings });
}

function paintingsOf(page: Page): Promise<number> {
  return page.evaluate(() => Reflect.get(globalThis, "paintings").count);
}

/** Milliseconds from a click on a chart's button to the picture that shows it. */
function clickMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const button = [...document.querySelectorAll<HTMLElement>(".chip-button")].find(
          ({ textContent }) => textContent === "Busy",
        );
        const begun = performance.now();
        button?.click();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
      }),
  );
}

/**
 * Milliseconds from a change of a slider to the list that says it was done: the worker has answered
 * in between. The slider waits for `REST_MS` until it writes, which is not counted.
 */
function answerMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const undo = [...document.querySelectorAll<HTMLElement>("button")].find(
          ({ textContent }) => textContent === "Undo",
        );
        const list = document.querySelector(".run-changes");
        const begun = performance.now();
        const observer = new MutationObserver(() => {
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
        });
        if (list !== null)
          observer.observe(list, { childList: true, subtree: true, characterData: true });
        undo?.click();
      }),
  );
}

/** Faults to take back, one with each click: they change nothing that is measured. */
async function breakAndMend(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < CLICKS / 4; i += 1) {
    await page.getByRole("button", { name: "Break something…" }).click();
    await page.getByRole("button", { name: "the sockets on the server: 20 ms slower" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.waitForTimeout(300);
    times.push(await answerMs(page));
    await page.waitForTimeout(200);
  }
  return times;
}

const per = (value: number): string => value.toFixed(1);

/** "median 16.1 ms, p98 40.2 ms, slowest 44.0 ms of 100" */
function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    per(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]);
  return `median ${at(0.5)} ms, p98 ${at(0.98)} ms, slowest ${at(1)} ms of ${sorted.length}`;
}

async function measure(page: Page, scene: Scene): Promise<void> {
  await page.goto(`${base}${await linkTo(scene)}`);
  await page.waitForFunction(scene.isReady, null, { timeout: 300_000 });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const [before, paintedBefore] = [await taskSeconds(session), await paintingsOf(page)];
  const frames = await framesIn(page, MEASURED_MS);
  const busyMs = ((await taskSeconds(session)) - before) * 1000;
  const painted = (await paintingsOf(page)) - paintedBefore;
  const clicks: number[] = [];
  for (let i = 0; i < CLICKS; i += 1) {
    clicks.push(await clickMs(page));
    await page.waitForTimeout(50);
  }
  const reached = await page.locator(".speed .quiet").allTextContents();
  const answers = await breakAndMend(page);
  console.log(`${scene.name}; load average ${per(loadavg()[0])}`);
  console.log(`  speed: ${reached[0] ?? "1× reached"}`);
  console.log(`  frames a second: ${per((frames * 1000) / MEASURED_MS)}, goal 55`);
  console.log(`  different pictures of the dots: ${per((painted * 1000) / MEASURED_MS)} a second`);
  console.log(`  main thread for each frame: ${per(busyMs / frames)} ms, goal 8`);
  console.log(`  a click until the next picture: ${spread(clicks)}, goal 100 at p98`);
  console.log(`  a click until the run has answered it: ${spread(answers)}`);
}

// What was built before may be another program.
if (process.env.E2E_DIST === undefined) await build({ logLevel: "warn" });
const outDir = process.env.E2E_DIST ?? "dist";
const server = await preview({
  ...{ logLevel: "warn", build: { outDir }, preview: { port: 0, strictPort: false } },
});
const base = server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({ executablePath: browsers.chromium.executable });
for (const scene of scenes) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // tsx marks functions with their names, in those that go to the page too.
  await page.addInitScript("globalThis.__name = (named) => named");
  await page.addInitScript(countPaintings);
  await measure(page, scene);
  await page.close();
}
await browser.close();
await server.close();
