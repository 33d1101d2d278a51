// `npm run spike`: the riskiest part of the program as one run of a million requests (scripts/spike/plan.ts),
// with the seconds and the memory of each stage. With `--browsers` the page is built and opens the shared link in
// Chromium and in Firefox as well and its hash is compared. The tests do the same with 2,000 requests.
import { parseArgs } from "node:util";
import { browsers } from "./browsers.ts";
import { playSpike } from "./spike/plan.ts";

const MEGABYTE = 2 ** 20;
/** A browser runs the whole crowd again, on a machine that may do other work. */
const BROWSER_MAX_MS = 3_600_000;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "1000000" },
    open: { type: "string" },
    browsers: { type: "boolean", default: false },
  },
});
const requests = Number(values.requests);
const open = values.open === undefined ? Math.floor(requests / 2) : Number(values.open);

let stage: string | null = null;
let before = process.cpuUsage();

/** Prints what the stage that ends took, and begins the next. */
function onStage(next: string | null): void {
  const { user, system } = process.cpuUsage(before);
  const { rss } = process.memoryUsage();
  if (stage !== null)
    console.log(
      `${stage.padEnd(28)} ${((user + system) / 1e6).toFixed(1)} CPU s, ${Math.round(rss / MEGABYTE)} MB`,
    );
  stage = next;
  before = process.cpuUsage();
}

const spike = await playSpike({ requests, open, onStage });
onStage(null);
console.log(`\n${spike.journey}`);
console.log(
  `arrived: ${spike.arrived}, ${JSON.stringify(spike.statuses)}, events: ${spike.events}`,
);
console.log(`with HUP:        ${spike.hupHash}`);
console.log(`another signal:  ${spike.forkHash}`);
console.log(`from its link:   ${spike.againHash}`);
console.log(`link: ${spike.forkLink}`);
const hashes = [spike.againHash];
if (values.browsers) hashes.push(...(await browserHashes(spike.forkLink)));
process.exit(hashes.every((hash) => hash === spike.forkHash) ? 0 : 1);

/** What the built page says of the run that `link` holds, in each browser. */
async function browserHashes(link: string): Promise<readonly string[]> {
  // They come only now, so that the memory of the stages before is the run's own.
  const { build, preview } = await import("vite");
  const { chromium, firefox } = await import("playwright-core");
  await build({ logLevel: "warn" });
  const server = await preview({ logLevel: "warn", preview: { port: 0, strictPort: false } });
  const address = server.resolvedUrls?.local[0] ?? "";
  const found: string[] = [];
  for (const [name, start] of [
    ["Chromium", () => chromium.launch({ executablePath: browsers.chromium.executable })],
    [
      "Firefox",
      () => firefox.launch({ channel: "moz-firefox", executablePath: browsers.firefox.executable }),
    ],
  ] as const) {
    const begun = performance.now();
    const browser = await start();
    const page = await browser.newPage();
    await page.goto(`${address}${link}`);
    await page.locator(".app[data-run-hash]").waitFor({ timeout: BROWSER_MAX_MS });
    const hash = (await page.locator(".app").getAttribute("data-run-hash")) ?? "";
    await browser.close();
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${name.padEnd(16)} ${hash}, after ${seconds} s`);
    found.push(hash);
  }
  await server.close();
  return found;
}
