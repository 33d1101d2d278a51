// The CPU time of a browser's worker threads as Linux counts it. The clock of a worker also counts the time in which
// other programs had the core, this does not. Only the threads of this process's own browser count.
import { readdirSync, readFileSync } from "node:fs";

const WORKER_THREAD = "DedicatedWorker";

/** Microseconds that worker threads below this process have run; null where there is no /proc. */
export function workerThreadsUs(): number | null {
  const parents = parentsOfProcesses();
  if (parents === null) return null;
  let us = 0;
  for (const pid of parents.keys()) if (isBelow(parents, pid)) us += workerUsOf(pid);
  return us;
}

function parentsOfProcesses(): Map<string, string> | null {
  const parents = new Map<string, string>();
  for (const pid of filesIn("/proc").filter((name) => /^\d+$/.test(name))) {
    // The program's name stands in parentheses and may have spaces; state and parent follow.
    const parent = contentOf(`/proc/${pid}/stat`)?.split(") ")[1]?.split(" ")[1];
    if (parent !== undefined) parents.set(pid, parent);
  }
  return parents.size === 0 ? null : parents;
}

function isBelow(parents: ReadonlyMap<string, string>, pid: string): boolean {
  const own = String(process.pid);
  let at: string | undefined = pid;
  while (at !== undefined && at !== own) at = parents.get(at);
  return at === own;
}

function workerUsOf(pid: string): number {
  let ns = 0;
  for (const thread of filesIn(`/proc/${pid}/task`)) {
    const place = `/proc/${pid}/task/${thread}`;
    if (contentOf(`${place}/comm`)?.startsWith(WORKER_THREAD) !== true) continue;
    ns += Number(contentOf(`${place}/schedstat`)?.split(" ")[0] ?? 0);
  }
  return ns / 1000;
}

/** A process may end while it is looked at. */
function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function filesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
