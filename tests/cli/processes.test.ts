import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { workThrough } from "../../src/cli/processes.ts";

const folder = mkdtempSync(join(tmpdir(), "processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

function programOf(text: string): URL {
  const path = join(folder, "program.mjs");
  writeFileSync(path, text);
  return pathToFileURL(path);
}

const nameOf = ({ number }: { number: number }): string => `number ${number}`;
const tasks = [1, 2, 3, 4, 5].map((number) => ({ number }));

describe("tasks for several processes", () => {
  it("are each done once", async () => {
    const squares = new Map<number, number>();
    await workThrough<{ number: number }, number>({
      program: programOf('process.on("message", ({ number }) => process.send(number ** 2));'),
      tasks,
      jobs: 2,
      nameOf,
      take: ({ number }, square) => void squares.set(number, square),
    });
    expect([...squares].sort()).toEqual([1, 2, 3, 4, 5].map((number) => [number, number ** 2]));
  });

  it("say which of them a process died of", async () => {
    const work = workThrough<{ number: number }, number>({
      program: programOf(
        'process.on("message", ({ number }) => (number === 3 ? process.exit(7) : process.send(0)));',
      ),
      tasks,
      jobs: 1,
      nameOf,
      take: () => {},
    });
    await expect(work).rejects.toThrow("the process of number 3 ended with 7");
  });
});
