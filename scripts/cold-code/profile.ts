// What of the built worker runs during the first visit, measured by V8 while Node plays it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Range } from "./edits.ts";
import type { Idle } from "./idle.ts";

interface CoveredRange {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly CoveredRange[];
    }[];
  }[];
}

/**
 * What is idle in each module that the first visit evaluates, by file. `modules` are the texts of
 * the built worker by file, `entry` is the one to begin with.
 */
export function idleParts(
  modules: ReadonlyMap<string, string>,
  entry: string,
  driver: string,
): ReadonlyMap<string, Idle> {
  const folder = mkdtempSync(join(tmpdir(), "roundtrip-"));
  try {
    const built = join(folder, "built");
    for (const [file, code] of modules) {
      mkdirSync(dirname(join(built, file)), { recursive: true });
      writeFileSync(join(built, file), code);
    }
    writeFileSync(join(built, "package.json"), '{"type":"module"}');
    const coverage = join(folder, "coverage");
    const { status, stderr } = spawnSync(process.execPath, [driver, join(built, entry)], {
      env: { ...process.env, NODE_V8_COVERAGE: coverage },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`The first visit could not be played.\n${stderr}`);
    return readCoverage(coverage, new Set([...modules.keys()].map((file) => basename(file))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readCoverage(folder: string, files: ReadonlySet<string>): ReadonlyMap<string, Idle> {
  const idle = new Map<string, Idle>();
  for (const name of readdirSync(folder)) {
    const coverage = JSON.parse(readFileSync(join(folder, name), "utf8")) as Coverage;
    for (const { url, functions } of coverage.result)
      if (files.has(basename(url)))
        idle.set(basename(url), {
          functions: functions.filter(({ ranges }) => ranges[0].count === 0).map(wholeOf),
          parts: functions.flatMap(({ ranges }) =>
            ranges.filter(({ count }) => count === 0).map(rangeOf),
          ),
        });
  }
  return idle;
}

const rangeOf = ({ startOffset, endOffset }: CoveredRange): Range => ({
  start: startOffset,
  end: endOffset,
});

const wholeOf = ({ ranges }: { readonly ranges: readonly CoveredRange[] }): Range =>
  rangeOf(ranges[0]);
