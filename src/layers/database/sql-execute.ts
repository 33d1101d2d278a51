// Carries out statements on the row store for one owner (a connection's transaction): SELECT here,
// changes in sql-change.ts. A row that another transaction has changed blocks who wants to change it.
import type { SqlRow, SqlValue } from "../database-client.ts";
import {
  candidates,
  columnIndex,
  makeTable,
  NO_OWNER,
  type Owner,
  type RowSlot,
  type Store,
  type Table,
  tableNamed,
  type Undo,
  visible,
} from "./row-store.ts";
import { type Dialect, type DriverError, noSuchTable, StatementFailure } from "./sql-errors.ts";
import {
  compareValues,
  evaluate,
  hasAggregate,
  holds,
  type RowInScope,
  type Scope,
} from "./sql-evaluate.ts";
import type { Expression, SelectItem, SelectStatement, TableReference } from "./sql-statement.ts";

/** Who executes, where, and what is written down for its rollback. */
export interface Execution {
  readonly store: Store;
  readonly dialect: Dialect;
  readonly owner: Owner;
  readonly undo: Undo[];
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export type Outcome =
  | { readonly kind: "rows"; readonly rows: number; readonly data: readonly SqlRow[] }
  /** Another transaction holds a row that this statement wants to change. */
  | { readonly kind: "blocked"; readonly by: Owner; readonly table: string; readonly row: number }
  | { readonly kind: "error"; readonly error: DriverError };

const column = (name: string) => ({
  name,
  type: "TEXT",
  primaryKey: false,
  unique: false,
  notNull: false,
  defaultValue: null,
});
const MASTER_COLUMNS = ["type", "name", "tbl_name", "rootpage", "sql"].map(column);

/** The table, or a failure in the program's words. `sqlite_master` lists the tables. */
export function requireTable(execution: Execution, reference: TableReference): Table {
  const table = tableNamed(execution.store, reference.table);
  if (table !== null) return table;
  if (execution.dialect === "sqlite" && /^sqlite_(master|schema)$/i.test(reference.table))
    return masterTable(execution.store);
  throw new StatementFailure(noSuchTable(reference, execution.sql, execution.dialect));
}

function masterTable(store: Store): Table {
  const table = makeTable("sqlite_master", MASTER_COLUMNS, []);
  for (const { name } of store.tables.values()) {
    const committed = Object.freeze(["table", name, name, table.nextId + 1, null]);
    table.rows.push({ id: table.nextId++, committed, pending: null, owner: NO_OWNER });
  }
  return table;
}

export function scopeOf(execution: Execution, rows: readonly RowInScope[]): Scope {
  return {
    sql: execution.sql,
    dialect: execution.dialect,
    params: execution.params,
    rows,
    group: null,
  };
}

/** The rows of one table that a condition picks, in the table's order. */
export function matching(
  execution: Execution,
  reference: TableReference,
  where: Expression | null,
): { table: Table; slots: RowSlot[] } {
  const table = requireTable(execution, reference);
  const slots: RowSlot[] = [];
  for (const slot of rowsToLookAt(execution, table, reference.alias, where)) {
    const values = visible(slot, execution.owner);
    if (
      values !== null &&
      holds(where, scopeOf(execution, [{ alias: reference.alias, table, values }]))
    )
      slots.push(slot);
  }
  // What no row is there to show is shown by an empty one: a column that does not exist.
  if (table.rows.length === 0)
    holds(where, scopeOf(execution, [{ alias: reference.alias, table, values: null }]));
  return { table, slots };
}

/** Uses the index of a unique column when the condition demands one value of it. */
function rowsToLookAt(
  execution: Execution,
  table: Table,
  alias: string,
  where: Expression | null,
): readonly RowSlot[] {
  const wanted = where === null ? null : demandedValue(execution, table, alias, where);
  return wanted === null ? table.rows : candidates(table, wanted.column, wanted.value);
}

function demandedValue(
  execution: Execution,
  table: Table,
  alias: string,
  where: Expression,
): { column: number; value: SqlValue } | null {
  if (where.kind !== "binary") return null;
  if (where.operator === "AND")
    return (
      demandedValue(execution, table, alias, where.left) ??
      demandedValue(execution, table, alias, where.right)
    );
  const { left, right } = where;
  if (
    where.operator !== "=" ||
    left.kind !== "column" ||
    (right.kind !== "literal" && right.kind !== "parameter")
  )
    return null;
  if (left.table !== null && left.table.toLowerCase() !== alias.toLowerCase()) return null;
  const place = columnIndex(table, left.name);
  if (place < 0 || !table.indexes.has(place)) return null;
  return { column: place, value: evaluate(right, scopeOf(execution, [])) };
}

/** Carries out a SELECT; with FOR UPDATE it may be blocked, and takes the rows it returns. */
export function executeSelect(
  statement: SelectStatement,
  execution: Execution,
  lock: (table: Table, slots: readonly RowSlot[]) => Outcome | null,
): Outcome {
  if (statement.forUpdate !== "" && statement.from.length === 1) {
    const { table, slots } = matching(execution, statement.from[0], statement.where);
    const blocked = lock(table, slots);
    if (blocked !== null) return blocked;
  }
  const rows = ordered(statement, execution, combinations(statement, execution));
  const limited = limit(statement, execution, project(statement, execution, rows));
  return { kind: "rows", rows: limited.length, data: limited };
}

type Combination = readonly RowInScope[];

/** Rows that a join may try together; three tables of a hundred rows come to as many. */
const COMBINATIONS_MAX = 1_000_000;

/** Ends a statement that joins more rows than are worth trying. Never leaves the layer. */
export class TooManyCombinations extends Error {}

/** Every combination of rows that the joins and the condition let through: nested loops. */
function combinations(statement: SelectStatement, execution: Execution): Combination[] {
  let found: Combination[] = [[]];
  const only = statement.from.length === 1;
  for (const reference of statement.from) {
    if (only) {
      const { table, slots } = matching(execution, reference, statement.where);
      return slots.map((slot) => [
        { alias: reference.alias, table, values: visible(slot, execution.owner) },
      ]);
    }
    found = joined(execution, found, reference);
  }
  return found.filter((rows) => holds(statement.where, scopeOf(execution, rows)));
}

function joined(
  execution: Execution,
  outer: readonly Combination[],
  reference: TableReference,
): Combination[] {
  const table = requireTable(execution, reference);
  const { alias } = reference;
  if (outer.length * table.rows.length > COMBINATIONS_MAX) throw new TooManyCombinations();
  return outer.flatMap((rows) => {
    const pairs: Combination[] = [];
    for (const slot of table.rows) {
      const values = visible(slot, execution.owner);
      if (values === null) continue;
      const pair = [...rows, { alias, table, values }];
      if (holds(reference.on, scopeOf(execution, pair))) pairs.push(pair);
    }
    return pairs.length === 0 && reference.left
      ? [[...rows, { alias, table, values: null }]]
      : pairs;
  });
}

function ordered(
  statement: SelectStatement,
  execution: Execution,
  rows: Combination[],
): Combination[] {
  if (statement.orderBy.length === 0) return rows;
  const keys = statement.orderBy.map(({ expression, descending }) => ({
    expression: byPosition(statement, expression),
    sign: descending ? -1 : 1,
  }));
  const keyed = rows.map((row) => ({
    row,
    key: keys.map(({ expression }) => evaluate(expression, scopeOf(execution, row))),
  }));
  keyed.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareValues(a.key[i], b.key[i]) * keys[i].sign;
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** `ORDER BY 2` means the second column, and a name may be a column's alias. */
function byPosition(statement: SelectStatement, expression: Expression): Expression {
  if (expression.kind === "literal" && typeof expression.value === "number")
    return statement.items[expression.value - 1]?.expression ?? expression;
  if (expression.kind !== "column" || expression.table !== null) return expression;
  return (
    statement.items.find(
      (item) => item.name === expression.name && item.expression?.kind !== "column",
    )?.expression ?? expression
  );
}

function project(
  statement: SelectStatement,
  execution: Execution,
  rows: readonly Combination[],
): SqlRow[] {
  if (statement.items.some((item) => hasAggregate(item.expression))) {
    return [itemsOf(statement.items, { ...scopeOf(execution, rows[0] ?? []), group: rows })];
  }
  const found = rows.map((row) => itemsOf(statement.items, scopeOf(execution, row)));
  if (!statement.distinct) return found;
  const seen = new Set<string>();
  return found.filter((row) => {
    const text = JSON.stringify(row);
    return seen.has(text) ? false : Boolean(seen.add(text));
  });
}

/** One row of a result; two columns of one name keep the later value, as a dict of it would. */
export function itemsOf(items: readonly SelectItem[], scope: Scope): SqlRow {
  const row: Record<string, SqlValue> = {};
  for (const item of items) {
    if (item.expression !== null) row[item.name] = evaluate(item.expression, scope);
    else
      for (const one of scope.rows)
        if (item.table === null || item.table === one.alias) addAll(row, one);
  }
  return Object.freeze(row);
}

function addAll(row: Record<string, SqlValue>, { table, values }: RowInScope): void {
  table.columns.forEach((one, i) => {
    row[one.name] = values === null ? null : (values[i] ?? one.defaultValue);
  });
}

function limit(
  statement: SelectStatement,
  execution: Execution,
  rows: readonly SqlRow[],
): readonly SqlRow[] {
  const number = (expression: Expression | null, otherwise: number): number =>
    expression === null
      ? otherwise
      : Number(evaluate(expression, scopeOf(execution, [])) ?? otherwise);
  const start = number(statement.offset, 0);
  const length = number(statement.limit, -1);
  return start === 0 && (length < 0 || length >= rows.length)
    ? rows
    : rows.slice(start, length < 0 ? undefined : start + length);
}
