import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScript, parseSql } from "../../../src/layers/database/sql-parser.ts";

const kind = (sql: string): string => {
  const parsed = parseSql(sql);
  return parsed.kind === "statement" ? parsed.statement.kind : parsed.kind;
};

describe("the SQL parser", () => {
  it("tells statements, SQL that it leaves out, and text that is no SQL apart", () => {
    expect(
      kind(
        "SELECT a, COUNT(*) AS n FROM t WHERE b BETWEEN 1 AND 2 ORDER BY a DESC LIMIT 5 OFFSET 2;",
      ),
    ).toBe("select");
    expect(kind("SELECT a FROM t GROUP BY a HAVING COUNT(*) > 1")).toBe("unsupported");
    expect(kind("SELECT a FROM t WHERE b IN (SELECT c FROM u)")).toBe("unsupported");
    expect(kind("INSERT INTO t SELECT a FROM u")).toBe("unsupported");
    expect(kind("WITH x AS (SELECT 1) SELECT * FROM x")).toBe("unsupported");
    expect(kind("SELECT a b c FROM t")).toBe("syntax");
    expect(kind("UPDATE t SET a 1")).toBe("syntax");
    expect(kind("  -- nothing")).toBe("empty");
    expect(kind("BEGIN EXCLUSIVE")).toBe("begin");
    expect(kind("SELECT 1 FOR UPDATE")).toBe("select");
  });

  it("parses a text once", () => {
    expect(parseSql("SELECT 1")).toBe(parseSql("SELECT 1"));
  });

  it("cuts a script at its semicolons, not at those in strings", () => {
    expect(parseScript("SELECT ';'; -- one;\nSELECT 2;").map((one) => one.text)).toEqual([
      "SELECT ';'",
      "-- one;\nSELECT 2",
    ]);
  });

  it("never throws", () => {
    const words = fc.constantFrom(
      "SELECT",
      "FROM",
      "(",
      ")",
      ",",
      "t",
      "WHERE",
      "=",
      "'",
      "1",
      "NOT",
      "IN",
      "CREATE",
      "TABLE",
      "SET",
      ";",
      '"',
      "-",
    );
    fc.assert(fc.property(fc.array(words), (text) => void parseSql(text.join(" "))));
    fc.assert(fc.property(fc.string(), (text) => void parseSql(text)));
    expect(kind(`SELECT ${"(".repeat(10_000)}1`)).toBe("syntax");
    expect(kind(`SELECT ${"- ".repeat(10_000)}1`)).toBe("select");
  });
});
