// How an operator restarts a program of the scenario: as it was started, by systemd, by supervisor, or by hand.
import type { Scenario } from "../scenario.ts";
import { textFiles } from "../settings/texts.ts";
import type { Order } from "./operator.ts";

/** Stops what a command has started, and starts it again when no process of it is left. */
export function restartOf(text: string, command: number): Order[] {
  const program = ["gunicorn", "uwsgi", "nginx"].find((name) => runs(text, name));
  if (program === undefined || /\bsystemctl\b/.test(text)) return [{ shell: text }];
  return [{ shell: `kill -TERM ${program}` }, { start: text, command, after: program }];
}

function runs(text: string, program: string): boolean {
  return new RegExp(`(^|[\\s/=])${program}(\\s|$)`).test(text);
}

const WORKERS = /\s+(?:--workers[=\s]|-w[=\s]?)\s*(\d+)(?=\s|$)/;
/** Source: gunicorn/config.py: workers is 1 unless it is given. */
const WORKERS_DEFAULT = 1;

/**
 * The signals that make gunicorn obey a text in which nothing but its number of workers has changed. Source:
 * gunicorn's signals: TTIN adds a worker, TTOU takes one away; no other worker is disturbed.
 */
export function workerSignals(before: string, after: string): Order[] {
  if (!runs(before, "gunicorn") || before === after) return [];
  if (before.replace(WORKERS, "") !== after.replace(WORKERS, "")) return [];
  const count = (text: string): number => Number(WORKERS.exec(text)?.[1] ?? WORKERS_DEFAULT);
  const more = count(after) - count(before);
  const shell = `kill -${more > 0 ? "TTIN" : "TTOU"} gunicorn`;
  return Array.from({ length: Math.abs(more) }, () => ({ shell }));
}

/** What restarts a program: its unit, its supervisor's program, or the command that it was started by. */
export function restartOrders(program: string, scenario: Scenario): Order[] {
  const { processes } = scenario;
  const own = processes.findIndex((text) => runs(text, program) && !/\bsystemctl\b/.test(text));
  if (own >= 0) return restartOf(processes[own], own);
  const supervised = textFiles(scenario).flatMap(({ path, text }) =>
    path.includes("supervis") ? supervisedName(text, program) : [],
  );
  if (supervised.length > 0) return [{ shell: `supervisorctl restart ${supervised[0]}` }];
  return [{ shell: `systemctl restart ${program}` }];
}

/** The name of the section whose command runs a program. */
function supervisedName(text: string, program: string): string[] {
  return text.split(/^(?=\[)/m).flatMap((section) => {
    const name = /^\[program:([^\]]+)\]/.exec(section)?.[1];
    const command = /^command\s*=\s*(.*)$/m.exec(section)?.[1];
    return name !== undefined && command !== undefined && runs(command, program) ? [name] : [];
  });
}
