import { describe, expect, it } from "vitest";
import { databaseHost, SQLITE } from "./database-host.ts";

const ITEMS =
  "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO item (name) VALUES ('a'), ('b'), ('c');\n";
const names = "SELECT name FROM item ORDER BY id";

describe("SQLite", () => {
  it("keeps rows, and undoes what a transaction did not commit", () => {
    const at = databaseHost(ITEMS);
    at.run(0, SQLITE, [
      "INSERT INTO item (name) VALUES ('d')",
      "BEGIN",
      "INSERT INTO item (name) VALUES ('lost')",
      "ROLLBACK",
      "BEGIN",
      "INSERT INTO item (name) VALUES ('e')",
      'SAVEPOINT "s1"',
      "INSERT INTO item (name) VALUES ('undone')",
      'ROLLBACK TO SAVEPOINT "s1"',
      'RELEASE SAVEPOINT "s1"',
      "COMMIT",
      "SELECT COUNT(*) AS n FROM item",
    ]);
    const told = at.end();
    expect(told.at(-1)?.data).toEqual([{ n: 5 }]);
    expect(at.database.shell(SQLITE.NAME, names, 0)).toEqual({
      exit: 0,
      output: ["a", "b", "c", "d", "e"],
    });
  });

  it("answers text that is no SQL in its own words", () => {
    const at = databaseHost(ITEMS);
    at.run(0, SQLITE, [
      "SELEC",
      "SELECT * FROM nothing",
      "SELECT * FROM",
      "SELECT # FROM item",
      "SELECT 1",
      "SELECT x FROM item",
    ]);
    at.end();
    expect(at.lines(0)).toEqual([
      'SELEC -> OperationalError: near "SELEC": syntax error',
      'SELECT * FROM nothing -> OperationalError: near "nothing": syntax error',
      "SELECT * FROM -> OperationalError: incomplete input",
      'SELECT # FROM item -> OperationalError: unrecognized token: "#"',
      "SELECT 1 -> 1",
      "SELECT x FROM item -> OperationalError: no such column: x",
    ]);
  });

  it("makes an empty file in place of one that was removed", () => {
    const at = databaseHost(ITEMS);
    at.run(0, SQLITE, [names]);
    at.end();
    at.host.disk.remove(SQLITE.NAME);
    at.run(1000, SQLITE, [{ sql: "SELECT name FROM item", options: { rows: 3 } }, "SELECT 1"]);
    at.end();
    expect(at.lines(1)).toEqual([
      "SELECT name FROM item -> OperationalError: no such table: item",
      "SELECT 1 -> 1",
    ]);
    expect(at.host.disk.lstat(SQLITE.NAME)?.bytes).toBe(0);
  });

  it("is locked for readers and writers while a shell holds it, for as long as `timeout` says", () => {
    const at = databaseHost(ITEMS);
    at.database.layOut(SQLITE.NAME);
    at.database.shell(SQLITE.NAME, "BEGIN EXCLUSIVE;", 2);
    const short = { ...SQLITE, OPTIONS: { timeout: 0.3 } };
    at.run(100, short, ["INSERT INTO item (name) VALUES ('d')"]);
    at.run(600, short, [names]);
    at.run(600, short, ["SELECT 1"]);
    at.run(1500, SQLITE, [names]);
    const told = at.end();
    expect(told.map(({ slot, error }) => [slot, error])).toEqual([
      [0, "OperationalError: database is locked"],
      [2, null],
      [1, "OperationalError: database is locked"],
      [3, null],
    ]);
    expect(told[0].ms).toBeGreaterThan(400);
    expect(told[0].ms).toBeLessThan(401);
    // The lock is free at 2000 ms; SQLite looks 1, 3, 8, 18 … 478 ms after its first try, then every 100 ms.
    expect(told[3].ms).toBeGreaterThan(2000);
    expect(told[3].ms).toBeLessThan(2100);
  });

  it("has one writer: another waits for its commit, and fails at once when it has read already", () => {
    const at = databaseHost(ITEMS);
    const insert = "INSERT INTO item (name) VALUES ('x')";
    at.run(0, SQLITE, ["BEGIN", insert, { wait: 200 }, "COMMIT"]);
    at.run(50, SQLITE, [insert]);
    at.run(50, SQLITE, ["BEGIN", names, insert, "ROLLBACK"]);
    at.end();
    const ends = new Map(at.told.map((one) => [`${one.slot} ${one.sql}`, one]));
    expect(ends.get(`1 ${insert}`)).toMatchObject({ error: null });
    expect(ends.get(`1 ${insert}`)?.ms).toBeGreaterThan(201);
    expect(ends.get(`2 ${insert}`)).toMatchObject({
      error: "OperationalError: database is locked",
    });
    expect(ends.get(`2 ${insert}`)?.ms).toBeLessThan(52);
  });

  it("undoes the transaction of a process that is killed", () => {
    const at = databaseHost(ITEMS);
    const { pid } = at.run(0, SQLITE, ["BEGIN", "DELETE FROM item", { wait: 10_000 }], true);
    at.sim.runUntil(100e6);
    at.host.processes.exit(pid, -9);
    at.run(200, SQLITE, ["INSERT INTO item (name) VALUES ('d')"]);
    at.end();
    expect(at.database.shell(SQLITE.NAME, names, 0).output).toEqual(["a", "b", "c", "d"]);
  });

  it("keeps the contrib apps' tables, asked in Django's words", () => {
    const at = databaseHost();
    const key =
      'SELECT (1) AS "a" FROM "django_session" WHERE "django_session"."session_key" = %s LIMIT 1';
    at.run(0, SQLITE, [
      { sql: key, options: { params: ["k"] } },
      {
        sql: 'INSERT INTO "django_session" ("session_key", "session_data", "expire_date") SELECT %s, %s, %s',
        options: { params: ["k", "d", "2026-12-01"] },
      },
      { sql: key, options: { params: ["k"] } },
      {
        sql: 'SELECT "django_session"."session_data" FROM "django_session" WHERE ("django_session"."expire_date" > %s AND "django_session"."session_key" = %s) LIMIT 21',
        options: { params: ["2026-11-01", "k"] },
      },
      {
        sql: 'DELETE FROM "django_session" WHERE "django_session"."session_key" IN (%s)',
        options: { params: ["k"] },
      },
      { sql: key, options: { params: ["k"] } },
      {
        sql: 'SELECT "auth_user"."id", "auth_user"."is_superuser" FROM "auth_user" WHERE "auth_user"."username" = %s LIMIT 21',
        options: { params: ["alice"] },
      },
      {
        sql: 'SELECT "django_content_type"."app_label", "auth_permission"."codename" FROM "auth_permission" INNER JOIN "auth_user_user_permissions" ON ("auth_permission"."id" = "auth_user_user_permissions"."permission_id") INNER JOIN "django_content_type" ON ("auth_permission"."content_type_id" = "django_content_type"."id") WHERE "auth_user_user_permissions"."user_id" = %s',
        options: { params: [1] },
      },
      "SELECT name FROM sqlite_master",
    ]);
    const told = at.end();
    expect(told.map(({ rows, error }) => error ?? rows)).toEqual([0, 1, 1, 1, 1, 0, 1, 0, 10]);
    expect(told[3].data).toEqual([{ session_data: "d" }]);
    expect(told[6].data).toEqual([{ id: 1, is_superuser: 0 }]);
  });
});
