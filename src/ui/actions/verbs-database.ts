// What another program can do to the database: stop the server, and hold a lock that requests wait for.
import type { Scene, Stage } from "../../simulation/journey.ts";
import type { Verb, VerbGroup } from "./verbs.ts";

/** Shorter and longer than the 5 s that Python's sqlite3 waits for a lock. */
const HELD_SECONDS = [2, 10] as const;
/** More tables than these would make the menu long. */
const TABLES_MAX = 2;

/** The group of the database that this stage has; none where there is no database. */
export function databaseGroups(stage: Stage, { database }: Scene): readonly VerbGroup[] {
  const { databaseName } = stage;
  if (databaseName === "SQLite") return [sqliteGroup(stage)];
  if (databaseName !== "PostgreSQL") return [];
  const { connections } = database;
  return [
    {
      ...{ target: "database", title: "PostgreSQL" },
      state: `${connections} ${connections === 1 ? "connection" : "connections"}`,
      verbs: [...SERVICE, ...stage.databaseTables.slice(0, TABLES_MAX).flatMap(tableVerbs(stage))],
    },
  ];
}

const SERVICE: readonly Verb[] = [
  {
    ...{ command: "systemctl stop postgresql", name: "Stop", isHarsh: true },
    does: "Ends every connection; queries fail until it is started again.",
  },
  {
    ...{ command: "systemctl start postgresql", name: "Start" },
    does: "Starts the server; new connections are taken when it is up.",
  },
  {
    ...{ command: "systemctl restart postgresql", name: "Restart", isHarsh: true },
    does: "Stops and starts it; connections that were kept open are gone.",
  },
];

function tableVerbs({ databasePlace }: Stage): (table: string) => readonly Verb[] {
  return (table) =>
    HELD_SECONDS.map((seconds) => ({
      command: `psql ${databasePlace} -c "BEGIN; LOCK TABLE ${table}; SELECT pg_sleep(${seconds})" &`,
      name: `Lock ${table} for ${seconds} s`,
      does: "Another client holds the whole table, as ALTER TABLE does: readers wait, too.",
    }));
}

function sqliteGroup({ databasePlace }: Stage): VerbGroup {
  const held = (mode: "IMMEDIATE" | "EXCLUSIVE", seconds: number): string =>
    `((echo 'BEGIN ${mode};'; sleep ${seconds}) | sqlite3 ${databasePlace}) &`;
  return {
    ...{ target: "database", title: "SQLite", state: databasePlace },
    verbs: HELD_SECONDS.flatMap((seconds) => [
      {
        ...{ command: held("IMMEDIATE", seconds), name: `Hold the write lock for ${seconds} s` },
        does: "Another process is about to write: who wants to write waits, readers do not.",
      },
      {
        ...{ command: held("EXCLUSIVE", seconds), name: `Lock the file for ${seconds} s` },
        does: "Another process commits: nobody reads or writes until it is done.",
      },
    ]),
  };
}
