// `npm test`: everything that can be checked, in order, and one line that sums it up. A failing step
// does not hide the later ones. Exit codes: 0 all passed, 1 something failed, 2 a browser is missing.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { installBrowsers, installLine, missingBrowsers } from "./browsers.ts";
import { type Check, type Counts, checks, countsOf } from "./checks.ts";

function ensureBrowsers(): void {
  const missing = missingBrowsers();
  if (missing.length === 0 || installBrowsers(missing)) return;
  console.error("The end-to-end tests need Chromium and Firefox. As root on Debian, run:");
  console.error(`  ${installLine(missingBrowsers())}`);
  console.error("Elsewhere, set CHROMIUM_PATH and FIREFOX_PATH to the browsers' programs.");
  process.exit(2);
}

function runCheck(check: Check): Counts {
  console.log(`\n== ${check.title}`);
  if (check.report !== undefined) rmSync(check.report.file, { force: true });
  const started = performance.now();
  const [program, ...parameters] = check.command;
  const env = { ...process.env, ...check.env };
  const { status } = spawnSync(program, parameters, { stdio: "inherit", env });
  const counts = countsOf(check, status === 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${check.title}: ${status === 0 ? "ok" : "FAILED"} in ${seconds} s`);
  return counts;
}

ensureBrowsers();
mkdirSync(".cache", { recursive: true });
let passed = 0;
let failed = 0;
for (const check of checks) {
  const counts = runCheck(check);
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
