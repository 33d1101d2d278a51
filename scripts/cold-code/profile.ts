// What of the built worker runs during the first visit, measured by V8 while Node plays it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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

/** The texts of a built worker by file, and the file to begin with. */
export interface BuiltWorker {
  readonly modules: ReadonlyMap<string, string>;
  readonly entry: string;
}

const DRIVER = fileURLToPath(new URL("./play-first-visit.mjs", import.meta.url));

/** What is idle in each module that the first visit evaluates, by file. */
export function idleParts({ modules, entry }: BuiltWorker): ReadonlyMap<string, Idle> {
  return played({ modules, entry }, "whole", (coverage) =>
    readCoverage(coverage, new Set([...modules.keys()].map((file) => basename(file)))),
  );
}

/** Throws unless the first visit needs the hot halves alone, and is told when it meets what is not there. */
export function checkHalves(worker: BuiltWorker): void {
  played(worker, "halves", () => undefined);
  played(worker, "missed", () => undefined);
}

/** Plays the first visit on a worker that is `cut` so, and returns what `read` makes of the coverage. */
function played<T>(
  { modules, entry }: BuiltWorker,
  cut: "whole" | "halves" | "missed",
  read: (coverage: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "roundtrip-"));
  try {
    const built = join(folder, "built");
    for (const [file, code] of modules) {
      mkdirSync(dirname(join(built, file)), { recursive: true });
      writeFileSync(join(built, file), code);
    }
    writeFileSync(join(built, "package.json"), '{"type":"module"}');
    const coverage = join(folder, "coverage");
    const env = cut === "whole" ? { ...process.env, NODE_V8_COVERAGE: coverage } : process.env;
    const args = [DRIVER, join(built, entry), cut];
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`The first visit could not be played (${cut}).\n${stderr}`);
    return read(coverage);
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
