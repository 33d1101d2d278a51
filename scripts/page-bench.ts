// `npm run bench:page`: Lighthouse on the built page, as a telephone on a slow network would have it.
// tests/e2e/lighthouse.spec.ts holds the score for accessibility; here it is measured by the way.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { build, preview } from "vite";
import { browsers } from "./browsers.ts";

const LIGHTHOUSE = "node_modules/lighthouse/cli/index.js";
/** The times of single rounds differ by what else the machine does: the median counts. */
const ROUNDS = 5;
const PERFORMANCE_TARGET = 95;
const ACCESSIBILITY_TARGET = 100;
const REPORT = ".cache/lighthouse.json";

const METRICS = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
] as const;

interface Round {
  readonly performance: number;
  readonly accessibility: number;
  readonly metrics: readonly string[];
}

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
  readonly audits: Readonly<Record<string, { readonly displayValue?: string }>>;
}

/** One visit; the server runs in this process, so Lighthouse must not block it. */
function visit(address: string): Promise<Round> {
  const flags = ["--headless=new", "--no-sandbox", "--disable-background-networking"];
  const parameters = [
    ...[LIGHTHOUSE, address, "--quiet", "--output=json", `--output-path=${REPORT}`],
    ...["--only-categories=performance,accessibility", `--chrome-flags=${flags.join(" ")}`],
  ];
  const env = { ...process.env, CHROME_PATH: browsers.chromium.executable };
  const child = spawn(process.execPath, parameters, {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve(readReport());
      else reject(new Error(`Lighthouse ended with ${code}`));
    });
  });
}

function readReport(): Round {
  const { categories, audits } = JSON.parse(readFileSync(REPORT, "utf8")) as Report;
  const percent = (id: string): number => Math.round(100 * (categories[id]?.score ?? 0));
  return {
    performance: percent("performance"),
    accessibility: percent("accessibility"),
    metrics: METRICS.map((id) => `${id} ${audits[id]?.displayValue ?? "?"}`),
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

await build({ logLevel: "warn" });
mkdirSync(".cache", { recursive: true });
const server = await preview({ logLevel: "warn", preview: { port: 0, strictPort: false } });
const address = server.resolvedUrls?.local[0] ?? "";
const rounds: Round[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  const result = await visit(address);
  rounds.push(result);
  console.log(`round ${round}: performance ${result.performance}, ${result.metrics.join(", ")}`);
}
await server.close();
const performance = median(rounds.map((round) => round.performance));
const accessibility = Math.min(...rounds.map((round) => round.accessibility));
console.log(`performance (mobile): ${performance}, target ${PERFORMANCE_TARGET}`);
console.log(`accessibility: ${accessibility}, target ${ACCESSIBILITY_TARGET}`);
const isReached = performance >= PERFORMANCE_TARGET && accessibility >= ACCESSIBILITY_TARGET;
process.exit(isReached ? 0 : 1);
