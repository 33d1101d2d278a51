// `npm run bench:traffic`: the traffic screen of the built page with 2,000 dots on it, in headless
// Chromium. Frames a second, milliseconds of the main thread for each frame, and how long a click takes
// until the next picture. Reported, never asserted: the machine may do other work.
import { type CDPSession, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { NGINX_CONF, SITE } from "../src/scenarios/site.ts";
import { packText } from "../src/ui/session/link-bytes.ts";
import { browsers } from "./browsers.ts";

const MEASURED_MS = 8_000;
const CLICKS = 25;
/** So many users ask, wait, and ask again at once: nearly all of them stand in the accept queue. */
const USERS = 2_000;
const TRAFFIC = {
  arrivals: { users: USERS, thinkMs: 1 },
  durationS: 300,
  mix: [{ weight: 1, request: { url: `${SITE}/products/42/` } }],
};

async function linkToCrowd(): Promise<string> {
  const files = {
    "/etc/nginx/nginx.conf": NGINX_CONF.replace("768", "20000"),
    traffic: JSON.stringify(TRAFFIC),
  };
  const stored = { s: "slow-third-party", f: files, v: { screen: "traffic" } };
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

const outDir = process.env.E2E_DIST ?? "dist";
const server = await preview({
  ...{ logLevel: "warn", build: { outDir }, preview: { port: 0, strictPort: false } },
});
const browser = await chromium.launch({ executablePath: browsers.chromium.executable });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
// tsx marks functions with their names, in those that go to the page too.
await page.addInitScript("globalThis.__name = (named) => named");
await page.goto(`${server.resolvedUrls?.local[0] ?? ""}${await linkToCrowd()}`);
await page.waitForFunction(
  (most) => Number(document.querySelector(".queue-count")?.textContent?.replace(",", "")) > most,
  USERS * 0.9,
  { timeout: 120_000 },
);
const dots = await page.locator(".queue-count").textContent();
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
const before = await taskSeconds(session);
const frames = await framesIn(page, MEASURED_MS);
const busyMs = ((await taskSeconds(session)) - before) * 1000;
const clicks: number[] = [];
for (let i = 0; i < CLICKS; i += 1) {
  clicks.push(await clickMs(page));
  await page.waitForTimeout(100);
}
clicks.sort((a, b) => a - b);
await browser.close();
await server.close();
const per = (value: number): string => value.toFixed(1);
console.log(`dots: ${USERS}, of which ${dots} in the queue`);
console.log(`frames a second: ${per((frames * 1000) / MEASURED_MS)}, goal 55`);
console.log(`main thread for each frame: ${per(busyMs / frames)} ms, goal 8`);
console.log(
  `a click until the next picture: median ${per(clicks[CLICKS >> 1])} ms, slowest ${per(clicks[CLICKS - 1])} ms`,
);
