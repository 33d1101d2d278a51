// Tasks worked through by several processes of Node, each of which takes the next one when it has done one.
// The program of a process answers every message, which is a task, with one message, its result.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { positiveNumber } from "./arguments.ts";

export interface Work<Task, Result> {
  readonly program: URL;
  readonly tasks: readonly Task[];
  /** At most so many processes at once. */
  readonly jobs: number;
  nameOf(task: Task): string;
  take(task: Task, result: Result): void;
}

/** How many processes `--jobs` asks for; as many as there are cores where it is not given. */
export function jobsOf(text: string | undefined, usage: string): number {
  return text === undefined
    ? availableParallelism()
    : Math.ceil(positiveNumber(text, "--jobs", usage));
}

/** Does all tasks. Fails when a process ends before its task is done. */
export async function workThrough<Task, Result>(work: Work<Task, Result>): Promise<void> {
  const left = work.tasks[Symbol.iterator]();
  const count = Math.min(work.jobs, work.tasks.length);
  await Promise.all(Array.from({ length: count }, () => runProcess(work, left)));
}

function runProcess<Task, Result>(
  { program, nameOf, take }: Work<Task, Result>,
  left: Iterator<Task>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(program));
    let current = left.next();
    const give = (): void => {
      if (current.done === true) child.disconnect();
      else child.send(current.value as object);
    };
    child.on("message", (result) => {
      if (current.done !== true) take(current.value, result as Result);
      current = left.next();
      give();
    });
    child.on("exit", (code) => {
      if (current.done === true) resolve();
      else reject(new Error(`the process of ${nameOf(current.value)} ended with ${code}`));
    });
    give();
  });
}
