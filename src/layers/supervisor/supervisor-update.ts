// supervisorctl reread and update: the file as it is now against what supervisord runs.
// Source: supervisor 4.2.5 supervisord.py diff_to_active, supervisorctl.py do_reread, do_update.

import { supervisedMachine } from "./machine.ts";
import type { ProgramConfig } from "./program-section.ts";
import type { SystemctlResult } from "./socket-units.ts";
import { cancelRetry, reportStop, stopProgram } from "./supervised.ts";
import { addProgram, readDaemonConfig, removeProgram } from "./supervisord.ts";
import { type Daemon, NOT_YET, type Runtime, type Supervised } from "./world.ts";

const { transition } = supervisedMachine;

interface Changes {
  readonly added: readonly ProgramConfig[];
  readonly changed: readonly Supervised[];
  readonly removed: readonly Supervised[];
}

/** Says what differs; `update` also stops, removes and adds programs, and leaves the others alone. */
export function updatePrograms(
  runtime: Runtime,
  daemon: Daemon,
  verb: "reread" | "update",
): SystemctlResult {
  const read = readDaemonConfig(runtime, daemon.file, "root");
  if (read.config === null) return { exit: 1, output: [`ERROR: CANT_REREAD: ${read.error}`] };
  const changes = changesTo(daemon, read.config.programs);
  if (verb === "reread") return { exit: 0, output: rereadLines(changes) };
  daemon.config = { ...daemon.config, programs: read.config.programs };
  const output: string[] = [];
  for (const program of [...changes.removed, ...changes.changed]) {
    const { name } = program.config;
    const how = changes.removed.includes(program) ? "removed" : "updated";
    if (stopForGood(runtime, daemon, program)) output.push(`${name}: stopped`);
    output.push(`${name}: ${how} process group`);
  }
  for (const config of changes.added) {
    addProgram(runtime, daemon, config);
    output.push(`${config.name}: added process group`);
  }
  return { exit: 0, output };
}

/** The real one says `stopped` of what does not run, too. */
function stopForGood(runtime: Runtime, daemon: Daemon, program: Supervised): boolean {
  cancelRetry(runtime, program, transition.forgoRetry);
  program.stopReportedAt = NOT_YET;
  stopProgram(runtime, program);
  if (!program.killing) {
    removeProgram(runtime, daemon, program);
    return true;
  }
  program.next = "remove";
  reportStop(runtime, daemon, program);
  return true;
}

function changesTo(daemon: Daemon, wanted: readonly ProgramConfig[]): Changes {
  const known = new Map(daemon.programs.map((program) => [program.config.name, program]));
  const names = new Set(wanted.map(({ name }) => name));
  return {
    added: wanted.filter(({ name }) => !known.has(name)),
    changed: wanted.flatMap((config) => {
      const program = known.get(config.name);
      return program !== undefined && valuesOf(program.config) !== valuesOf(config)
        ? [program]
        : [];
    }),
    removed: daemon.programs.filter(({ config }) => !names.has(config.name)),
  };
}

/** What two configurations are compared by: not where they stand in the file. */
function valuesOf({ causes: _, ...values }: ProgramConfig): string {
  return JSON.stringify(values);
}

function rereadLines({ added, changed, removed }: Changes): string[] {
  const lines = [
    ...added.map(({ name }) => `${name}: available`),
    ...changed.map(({ config }) => `${config.name}: changed`),
    ...removed.map(({ config }) => `${config.name}: disappeared`),
  ];
  return lines.length === 0 ? ["No config updates to processes"] : lines.sort();
}
