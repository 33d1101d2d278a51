import { defineConfig, devices } from "@playwright/test";
import { browsers } from "./scripts/browsers.ts";

/** A port of its own, so that the tests do not meet a running `npm start`. */
const port = Number(process.env.E2E_PORT ?? 4174);
/** A build of its own, so that one can be tested while another is made. */
const outDir = process.env.E2E_DIST ?? "dist";
const origin = `http://127.0.0.1:${port}`;

/** Chromium asks its maker for updates and field trials; a test should talk to nobody else. */
const quietChromium = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--disable-features=OptimizationHints,MediaRouter,Translate",
  "--metrics-recording-only",
  "--no-first-run",
  "--no-pings",
];

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  snapshotPathTemplate: "{testDir}/screenshots/{arg}-{projectName}{ext}",
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  // A test that passes only on its second try tells of a fault in itself or in the program.
  retries: 0,
  // Most tests take seconds; the few that look at every scenario or view say that they are slow.
  timeout: 60_000,
  expect: { timeout: 10_000, toHaveScreenshot: { maxDiffPixelRatio: 0.01 } },
  reporter: [["list"]],
  use: {
    baseURL: origin,
    locale: "en-US",
    timezoneId: "UTC",
    // Keeping 5 MB of files for later is a third of what a short test costs; protection.spec.ts lets it.
    serviceWorkers: "block",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "chromium",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: { executablePath: browsers.chromium.executable, args: quietChromium },
      },
    },
    {
      name: "firefox",
      use: {
        ...devices["Desktop Firefox"],
        channel: "moz-firefox",
        launchOptions: { executablePath: browsers.firefox.executable },
      },
    },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --outDir ${outDir} --port ${port} --strictPort`,
    url: origin,
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
