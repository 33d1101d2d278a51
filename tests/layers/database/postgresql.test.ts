import { describe, expect, it } from "vitest";
import { MILLISECOND } from "../../../src/kernel/time.ts";
import { databaseHost, POSTGRES } from "./database-host.ts";

const ITEMS =
  "CREATE TABLE item (id INTEGER PRIMARY KEY, stock INTEGER);\nINSERT INTO item (stock) VALUES (5), (7);\n";
const one = "UPDATE item SET stock = stock - 1 WHERE id = 1";
const two = "UPDATE item SET stock = stock - 1 WHERE id = 2";
const stock = "SELECT stock FROM item WHERE id = 1";

describe("PostgreSQL", () => {
  it("takes some milliseconds to connect, then a fraction of one for a query", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, [
      stock,
      { sql: "SELECT COUNT(*) FROM shop_order", options: { costNs: 3 * MILLISECOND, rows: 1 } },
    ]);
    const told = at.end();
    // 6 round trips of 0.05 ms, 1.5 + 1 ms fork and TLS, 1.2 ms SCRAM, 0.8 ms caches: 4.8 ms.
    // The query: 0.05 ms round trip, 0.2 ms plan, 0.052 ms execution.
    expect(told[0].ms).toBeCloseTo(4.8 + 0.302, 3);
    expect(told[0].data).toEqual([{ stock: 5 }]);
    expect(told[1].ms - told[0].ms).toBeCloseTo(0.05 + 0.2 + 3, 3);
    expect(told[1].rows).toBe(1);
  });

  it("has 97 places for an ordinary role and three more for a superuser", () => {
    const at = databaseHost();
    for (let i = 0; i < 97; i++) at.run(0, POSTGRES, ["SELECT 1"], true);
    at.run(500, POSTGRES, ["SELECT 1"]);
    for (let i = 0; i < 4; i++)
      at.run(1000 + i, { ...POSTGRES, USER: "postgres" }, ["SELECT 1"], true);
    const told = at.end();
    const refused = told
      .filter((line) => line.error !== null)
      .map((line) => [line.slot, line.error]);
    const prefix =
      'OperationalError: connection to server at "127.0.0.1", port 5432 failed: FATAL:  ';
    expect(refused).toEqual([
      [
        97,
        `${prefix}remaining connection slots are reserved for non-replication superuser connections\n`,
      ],
      [101, `${prefix}sorry, too many clients already\n`],
    ]);
    expect(told).toHaveLength(97 + 1 + 4);
  });

  it("shows what is committed, and makes writers of one row queue in order", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, ["BEGIN", one, { wait: 100 }, "COMMIT"]);
    at.run(20, POSTGRES, [one]);
    at.run(30, POSTGRES, [one]);
    at.run(40, POSTGRES, [stock]);
    at.run(50, POSTGRES, [two]);
    at.run(300, POSTGRES, [stock]);
    at.end();
    const of = (slot: number, sql: string) =>
      at.told.find((line) => line.slot === slot && line.sql === sql);
    expect(of(3, stock)?.data).toEqual([{ stock: 5 }]);
    expect(of(3, stock)?.ms).toBeLessThan(60);
    expect(of(4, two)?.ms).toBeLessThan(70);
    expect(of(1, one)?.ms).toBeGreaterThan(100);
    expect(of(2, one)?.ms).toBeGreaterThan(of(1, one)?.ms ?? 0);
    expect(of(5, stock)?.data).toEqual([{ stock: 2 }]);
  });

  it("gives up after lock_timeout and statement_timeout, and finds deadlocks after a second", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, ["BEGIN", one, { wait: 400 }, "COMMIT"]);
    at.run(50, { ...POSTGRES, OPTIONS: { options: "-c lock_timeout=100" } }, [one]);
    at.run(50, POSTGRES, [
      "SET statement_timeout = '50ms'",
      { sql: "SELECT 1", options: { costNs: 3000 * MILLISECOND } },
    ]);
    at.run(1000, POSTGRES, ["BEGIN", one, { wait: 100 }, two, "ROLLBACK"]);
    at.run(1010, POSTGRES, ["BEGIN", two, { wait: 110 }, one, "COMMIT"]);
    at.end();
    expect(at.lines(1)).toEqual([
      `${one} -> OperationalError: canceling statement due to lock timeout\nCONTEXT:  while updating tuple (0,1) in relation "item"\n`,
    ]);
    expect(at.lines(2)[1]).toBe(
      "SELECT 1 -> OperationalError: canceling statement due to statement timeout\n",
    );
    expect(at.lines(3)[2]).toMatch(/deadlock detected\nDETAIL: {2}Process \d+ waits for ShareLock/);
    expect(at.lines(4)).toEqual(["BEGIN -> 0", `${two} -> 1`, `${one} -> 1`, "COMMIT -> 0"]);
  });

  it("queues everybody behind a waiting ALTER TABLE", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, ["BEGIN", stock, { wait: 200 }, "COMMIT"]);
    at.run(50, POSTGRES, ["ALTER TABLE item ADD COLUMN note TEXT"]);
    at.run(100, POSTGRES, [stock]);
    at.end();
    const reader = at.told.find((line) => line.slot === 2);
    expect(reader?.error).toBeNull();
    expect(reader?.ms).toBeGreaterThan(205);
  });

  it("ignores everything after an error until the transaction ends, and commits nothing then", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, ["BEGIN", one, "SELECT * FROM missing", stock, "COMMIT", stock]);
    const told = at.end();
    expect(told.map((line) => line.error)).toEqual([
      null,
      null,
      'ProgrammingError: relation "missing" does not exist\nLINE 1: SELECT * FROM missing\n                      ^\n',
      "InternalError: current transaction is aborted, commands ignored until end of transaction block\n",
      null,
      null,
    ]);
    expect(told.at(-1)?.data).toEqual([{ stock: 5 }]);
  });

  it("says no to a second row of the same key, in its own words", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, [
      "INSERT INTO item (id, stock) VALUES (1, 9)",
      'INSERT INTO "item" ("stock") VALUES (9) RETURNING "item"."id"',
    ]);
    const told = at.end();
    expect(told[0].error).toBe(
      'IntegrityError: duplicate key value violates unique constraint "item_pkey"\nDETAIL:  Key (id)=(1) already exists.\n',
    );
    expect(told[1].data).toEqual([{ id: 3 }]);
  });

  it("that is stopped breaks open connections and refuses new ones", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, [stock, { wait: 200 }, stock, stock]);
    at.run(150, POSTGRES, [stock]);
    at.run(1000, POSTGRES, [stock]);
    at.sim.runUntil(100 * MILLISECOND);
    at.database.service("stop");
    at.sim.runUntil(500 * MILLISECOND);
    at.database.service("start");
    at.end();
    expect(at.lines(0).slice(1)).toEqual([
      `${stock} -> OperationalError: terminating connection due to administrator command\nserver closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n`,
      `${stock} -> InterfaceError: connection already closed`,
    ]);
    expect(at.lines(1)).toEqual([
      'connect -> OperationalError: connection to server at "127.0.0.1", port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n',
    ]);
    expect(at.lines(2)).toEqual([`${stock} -> 1`]);
  });

  it("goes on with the statement of a client that was killed, then undoes its transaction", () => {
    const at = databaseHost(ITEMS);
    const { pid } = at.run(0, POSTGRES, [
      "BEGIN",
      { sql: one, options: { costNs: 500 * MILLISECOND } },
    ]);
    at.sim.runUntil(100 * MILLISECOND);
    at.host.processes.exit(pid, -9);
    at.run(200, POSTGRES, [one, stock]);
    const told = at.end();
    expect(told.at(-2)?.ms).toBeGreaterThan(500);
    expect(told.at(-1)?.data).toEqual([{ stock: 4 }]);
    expect(at.host.processes.living().filter((process) => process.role === "backend")).toHaveLength(
      0,
    );
  });

  it("goes the same way again from a keyframe in the middle of a transaction", () => {
    const at = databaseHost(ITEMS);
    at.run(0, POSTGRES, ["BEGIN", one, { wait: 100 }, "COMMIT"]);
    at.run(20, POSTGRES, [one]);
    at.run(300, POSTGRES, [stock]);
    at.sim.runUntil(50 * MILLISECOND);
    const keyframe = at.sim.keyframe();
    const endOf = () => {
      at.sim.runUntil(Infinity);
      return [at.sim.journal.hash, at.told.at(-1)?.data];
    };
    const first = endOf();
    expect(first[1]).toEqual([{ stock: 3 }]);
    at.sim.restore(keyframe);
    at.rewind([3, 1, 0]);
    expect(endOf()).toEqual(first);
  });
});

describe("psql in an operator's shell", () => {
  it("holds its lock until pg_sleep() is over; readers and writers wait for it", () => {
    const at = databaseHost(ITEMS);
    at.database.psql("shop", "BEGIN; LOCK TABLE item; SELECT pg_sleep(2)");
    at.run(100, POSTGRES, [stock]);
    at.run(2500, POSTGRES, [one]);
    const told = at.end();
    expect(told[0].data).toEqual([{ stock: 5 }]);
    expect(told[0].ms).toBeGreaterThan(2000);
    expect(told[0].ms).toBeLessThan(2010);
    expect(told[1].ms).toBeLessThan(2510);
  });

  it("waits for its lock as any client, and is gone with it when it is killed", () => {
    const at = databaseHost(ITEMS);
    at.database.psql("shop", "BEGIN; UPDATE item SET stock = 0; SELECT pg_sleep(9)");
    at.database.psql("shop", "UPDATE item SET stock = 9 WHERE id = 2; NONSENSE; SELECT 1");
    at.run(3000, POSTGRES, [stock]);
    const psql = at.host.processes.living().filter(({ program }) => program === "psql");
    at.sim.runUntil(1000 * MILLISECOND);
    at.host.processes.kill(psql[0].pid, "TERM");
    expect(at.end()[0].data).toEqual([{ stock: 5 }]);
    expect(at.host.processes.living().filter(({ program }) => program === "psql")).toEqual([]);
  });
});
