// A machine with a database and one client that runs scripts: each slot connects and then runs its
// statements one after the other, and everything that it was told is written down.
import { createClock } from "../../../src/host/clock.ts";
import { createCores } from "../../../src/host/cores.ts";
import { createDisk, directoryNode } from "../../../src/host/file-system.ts";
import { createProcesses } from "../../../src/host/process-table.ts";
import { type Host, NO_PID, type Pid } from "../../../src/host/processes.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { MILLISECOND } from "../../../src/kernel/time.ts";
import { type Database, installDatabase } from "../../../src/layers/database/install.ts";
import type { StatementOptions, StatementResult } from "../../../src/layers/database-client.ts";

export interface Told {
  readonly slot: number;
  readonly ms: number;
  readonly sql: string;
  readonly rows: number;
  readonly data: StatementResult["data"];
  readonly error: string | null;
}

export type Step =
  | string
  | { readonly sql: string; readonly options?: StatementOptions }
  | { readonly wait: number };

export interface DatabaseHost {
  readonly sim: Simulation;
  readonly host: Host;
  readonly database: Database;
  readonly told: Told[];
  /** Connects a slot at a time and runs its steps; it closes at the end unless told to stay. */
  run(
    atMs: number,
    settings: Readonly<Record<string, unknown>>,
    steps: readonly Step[],
    stay?: boolean,
  ): { slot: number; pid: Pid };
  end(): readonly Told[];
  /** Puts the scripts back to where they stood at a keyframe: the next step of each slot. */
  rewind(next: readonly number[]): void;
  lines(slot: number): string[];
}

interface Script {
  readonly slot: number;
  readonly pid: Pid;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  readonly stay: boolean;
  next: number;
  connection: number;
  startedAt: number;
}

export const SQLITE = { ENGINE: "django.db.backends.sqlite3", NAME: "/srv/shop/db.sqlite3" };
export const POSTGRES = {
  ENGINE: "django.db.backends.postgresql",
  NAME: "shop",
  USER: "shop",
  HOST: "127.0.0.1",
  PORT: "5432",
};

export function databaseHost(setupSql = "", cores = 4): DatabaseHost {
  const sim = new Simulation({ seed: 1 });
  const cpu = createCores(sim, cores);
  const processes = createProcesses(sim, { processEnded: (pid) => cpu.processEnded(pid) });
  const host = {
    sim,
    disk: createDisk(sim, () => 0),
    processes,
    cpu,
    clock: createClock(sim, 0),
    sink: {
      wants: () => false,
      log: () => undefined,
      observe: () => undefined,
      observed: () => ({}),
    },
    settings: {
      cores,
      memoryBytes: 2 ** 31,
      sysctl: {},
      hostname: "server",
      addresses: ["192.0.2.10"],
    },
  } as unknown as Host;
  host.disk.put("/srv/shop", directoryNode(0));
  const database = installDatabase(host, { setupSql });
  processes.register({
    name: "python",
    start: () => undefined,
    signal: () => undefined,
    childExited: () => undefined,
    ended: (pid) => database.processEnded(pid),
  });
  const scripts: Script[] = [];
  const told: Told[] = [];
  const say = (script: Script, sql: string, result: StatementResult) => {
    const ms = Math.round(sim.now / 1000) / 1000;
    told.push({
      slot: script.slot,
      ms,
      sql,
      rows: result.rows,
      data: result.data,
      error: result.error === null ? null : `${result.error.name}: ${result.error.message}`,
    });
  };
  const step = (script: Script) => {
    const current = script.steps[script.next++];
    if (current === undefined) {
      if (!script.stay) database.close(script.connection);
    } else if (typeof current === "object" && "wait" in current)
      sim.after(current.wait * MILLISECOND, resume, script.slot);
    else
      database.execute(
        script.slot,
        script.connection,
        sqlOf(current),
        typeof current === "string" ? {} : (current.options ?? {}),
        script.slot,
      );
  };
  const resume = sim.event("test: go on", (slot) => step(scripts[slot]));
  const start = sim.event("test: connect", (slot) => {
    const { pid, settings } = scripts[slot];
    database.connect(slot, pid, settings, slot);
  });
  database.client({
    connected: (slot, connection, error) => {
      const script = scripts[slot];
      script.connection = connection ?? -1;
      if (connection === null) say(script, "connect", { rows: 0, error });
      else step(script);
    },
    result: (slot, result) => {
      const script = scripts[slot];
      say(script, sqlOf(script.steps[script.next - 1]), result);
      step(script);
    },
  });
  return {
    sim,
    host,
    database,
    told,
    run: (atMs, settings, steps, stay = false) => {
      const pid = processes.start({ parent: NO_PID, argv: ["python"] });
      const slot =
        scripts.push({
          slot: scripts.length,
          pid,
          settings,
          steps,
          stay,
          next: 0,
          connection: -1,
          startedAt: atMs,
        }) - 1;
      sim.at(atMs * MILLISECOND, start, slot);
      return { slot, pid };
    },
    end: () => {
      sim.runUntil(Infinity, 1_000_000);
      return told;
    },
    rewind: (next) => {
      for (const script of scripts) script.next = next[script.slot];
    },
    lines: (slot) =>
      told
        .filter((one) => one.slot === slot)
        .map((one) => `${one.sql} -> ${one.error ?? one.rows}`),
  };
}

function sqlOf(step: Step): string {
  return typeof step === "string" ? step : "sql" in step ? step.sql : "";
}
