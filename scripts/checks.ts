// The steps of `npm test`, in order: what each runs and how its result becomes a count of tests.
import { readFileSync } from "node:fs";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface Check {
  readonly title: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the counts from a report; a check without one counts as a single test. */
  readonly report?: { readonly file: string; readonly read: (text: string) => Counts };
}

const UNIT_REPORT = ".cache/unit.json";
const E2E_REPORT = ".cache/e2e.json";

export const checks: readonly Check[] = [
  { title: "format and lint", command: ["npm", "run", "-s", "lint"] },
  { title: "types", command: ["npm", "run", "-s", "typecheck"] },
  { title: "dead code", command: ["npm", "run", "-s", "knip"] },
  {
    title: "unit, machines and recordings",
    command: [
      ...["npm", "run", "-s", "unit", "--", "--reporter=default", "--reporter=json"],
      `--outputFile.json=${UNIT_REPORT}`,
    ],
    report: { file: UNIT_REPORT, read: readVitest },
  },
  { title: "build", command: ["npm", "run", "-s", "build"] },
  {
    title: "end to end",
    command: ["npm", "run", "-s", "e2e", "--", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: E2E_REPORT },
    report: { file: E2E_REPORT, read: readPlaywright },
  },
];

/** Vitest's JSON report. A test file that cannot be loaded has no tests, yet is a failure. */
export function readVitest(text: string): Counts {
  const report = JSON.parse(text) as {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly testResults: readonly { status: string; assertionResults: readonly unknown[] }[];
  };
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/** Playwright's JSON report. A test that passed only on a second try is a failure. */
export function readPlaywright(text: string): Counts {
  const { stats, errors } = JSON.parse(text) as {
    readonly stats: { expected: number; unexpected: number; flaky: number };
    readonly errors: readonly unknown[];
  };
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/** What a check that has ended adds to the sum; a failure never counts as nothing. */
export function countsOf(check: Check, succeeded: boolean): Counts {
  const counts = check.report === undefined ? null : readReport(check.report);
  if (counts === null) return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return succeeded ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

function readReport(report: NonNullable<Check["report"]>): Counts | null {
  try {
    return report.read(readFileSync(report.file, "utf8"));
  } catch {
    return null;
  }
}
