// max_connections of PostgreSQL: in postgresql.conf, which is written when the scenario has none.
import type { Scenario } from "../scenario.ts";
import { type Found, linear, type SettingRow } from "./row.ts";
import type { SettingEdit } from "./setting.ts";
import { lineOf, lineText, spliced, textAt, textFiles } from "./texts.ts";

const PATH = "/etc/postgresql/15/main/postgresql.conf";
const LINE = /^[ \t]*max_connections\s*=?\s*(\d+)/m;
/** Source: postgresql.conf of PostgreSQL 15. */
const DEFAULT_CONNECTIONS = 100;

function usesPostgres(scenario: Scenario): boolean {
  return textFiles(scenario).some(
    ({ path, text }) => path.endsWith(".py") && text.includes("django.db.backends.postgresql"),
  );
}

export const postgresRows: readonly SettingRow[] = [
  {
    id: "maxConnections",
    title: "PostgreSQL connections",
    input: linear("connections", 4, 1000),
    takesEffect: "postgresql restart",
    needs: "a project whose settings name PostgreSQL",
    find(scenario): Found | null {
      if (!usesPostgres(scenario)) return null;
      const text = textAt(scenario, PATH) ?? "";
      const written = LINE.exec(text);
      const line = written === null ? 1 : lineOf(text, written.index + written[0].search(/\S/));
      return {
        value: written === null ? DEFAULT_CONNECTIONS : Number(written[1]),
        place: { path: PATH, line, text: lineText(text, line), written: written !== null },
      };
    },
    write(scenario, value): SettingEdit {
      const text = textAt(scenario, PATH) ?? "";
      const written = LINE.exec(text);
      if (written === null) {
        const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
        const line = before.split("\n").length;
        return { path: PATH, text: `${before}max_connections = ${value}\n`, line };
      }
      const end = written.index + written[0].length;
      const start = end - written[1].length;
      return {
        path: PATH,
        text: spliced(text, start, end, String(value)),
        line: lineOf(text, start),
      };
    },
  },
];
