// INSERT, UPDATE, DELETE and the statements that make and change tables. A change is pending under
// its owner until the commit. A row that another transaction has changed blocks the statement as a
// whole before it changes anything.
// Simplification: PostgreSQL takes the rows of an UPDATE one by one; here all of them at once.
import type { SqlRow, SqlValue } from "../database-client.ts";
import {
  candidates,
  columnIndex,
  insertRow,
  makeTable,
  NO_OWNER,
  type RowSlot,
  type Table,
  tableNamed,
  type Values,
  valueAt,
  visible,
  writeVersion,
} from "./row-store.ts";
import {
  noColumnInTable,
  notUnique,
  nullRefused,
  StatementFailure,
  tableExists,
  wrongCount,
} from "./sql-errors.ts";
import { evaluate } from "./sql-evaluate.ts";
import {
  type Execution,
  executeSelect,
  itemsOf,
  matching,
  type Outcome,
  requireTable,
  scopeOf,
} from "./sql-execute.ts";
import type {
  ColumnDefinition,
  Expression,
  InsertStatement,
  SelectItem,
  Statement,
  TableReference,
} from "./sql-statement.ts";

const NOTHING: Outcome = Object.freeze({
  kind: "rows",
  rows: 0,
  data: Object.freeze([]) as readonly SqlRow[],
});

/** Carries out any statement on rows or tables; those on transactions are not for here. */
export function executeStatement(statement: Statement, execution: Execution): Outcome {
  try {
    return dispatch(statement, execution);
  } catch (failure) {
    if (!(failure instanceof StatementFailure)) throw failure;
    return { kind: "error", error: failure.error };
  }
}

function dispatch(statement: Statement, execution: Execution): Outcome {
  switch (statement.kind) {
    case "select":
      return executeSelect(statement, execution, (table, slots) => take(execution, table, slots));
    case "insert":
      return insert(statement, execution);
    case "update": {
      const { table, slots } = matching(execution, statement.target, statement.where);
      const places = statement.set.map(({ column, value }) => ({
        place: requireColumn(execution, table, column),
        value,
      }));
      return change(
        execution,
        { table, slots, reference: statement.target, returning: statement.returning },
        (values) => updated(execution, table, statement.target.alias, { values, places }),
      );
    }
    case "delete": {
      const { table, slots } = matching(execution, statement.target, statement.where);
      return change(
        execution,
        { table, slots, reference: statement.target, returning: statement.returning },
        () => null,
      );
    }
    default:
      return changeTable(statement, execution);
  }
}

/** The first row that another owner has changed, as an outcome. */
function blockedBy(execution: Execution, table: Table, slots: readonly RowSlot[]): Outcome | null {
  const held = slots.find((slot) => slot.owner !== NO_OWNER && slot.owner !== execution.owner);
  return held === undefined
    ? null
    : { kind: "blocked", by: held.owner, table: table.name, row: held.id };
}

/** SELECT … FOR UPDATE: the rows become the owner's, unchanged. */
function take(execution: Execution, table: Table, slots: readonly RowSlot[]): Outcome | null {
  const blocked = blockedBy(execution, table, slots);
  if (blocked !== null) return blocked;
  for (const slot of slots)
    writeVersion(table, slot, {
      values: visible(slot, execution.owner),
      owner: execution.owner,
      undo: execution.undo,
    });
  return null;
}

interface Target {
  readonly table: Table;
  readonly slots: readonly RowSlot[];
  readonly reference: TableReference;
  readonly returning: readonly SelectItem[];
}

function change(
  execution: Execution,
  target: Target,
  next: (values: Values) => Values | null,
): Outcome {
  const { table, slots, reference, returning } = target;
  const blocked = blockedBy(execution, table, slots);
  if (blocked !== null) return blocked;
  const data: SqlRow[] = [];
  for (const slot of slots) {
    const before = visible(slot, execution.owner) as Values;
    const values = next(before);
    if (values !== null) {
      const conflict = checked(execution, table, values, slot);
      if (conflict !== null) return conflict;
    }
    writeVersion(table, slot, { values, owner: execution.owner, undo: execution.undo });
    if (returning.length > 0)
      data.push(
        itemsOf(
          returning,
          scopeOf(execution, [{ alias: reference.alias, table, values: values ?? before }]),
        ),
      );
  }
  return { kind: "rows", rows: slots.length, data };
}

interface Assignments {
  readonly values: Values;
  readonly places: readonly { readonly place: number; readonly value: Expression }[];
}

function updated(
  execution: Execution,
  table: Table,
  alias: string,
  { values, places }: Assignments,
): Values {
  const next = table.columns.map((_, i) => valueAt(table, values, i));
  const scope = scopeOf(execution, [{ alias, table, values }]);
  for (const { place, value } of places) next[place] = evaluate(value, scope);
  return Object.freeze(next);
}

function requireColumn(execution: Execution, table: Table, name: string): number {
  const place = columnIndex(table, name);
  if (place >= 0) return place;
  throw new StatementFailure(noColumnInTable(table.name, name, execution.dialect));
}

function insert(statement: InsertStatement, execution: Execution): Outcome {
  const table = requireTable(execution, statement.target);
  const named = statement.columns.map((column) => requireColumn(execution, table, column));
  const places = named.length > 0 ? named : table.columns.map((_, i) => i);
  const data: SqlRow[] = [];
  for (const expressions of statement.rows) {
    const values = newRow(execution, table, places, expressions);
    const conflict = checked(execution, table, values, null);
    if (conflict !== null) return conflict;
    insertRow(table, values, execution.owner, execution.undo);
    if (statement.returning.length > 0)
      data.push(
        itemsOf(
          statement.returning,
          scopeOf(execution, [{ alias: statement.target.alias, table, values }]),
        ),
      );
  }
  return { kind: "rows", rows: statement.rows.length, data };
}

function newRow(
  execution: Execution,
  table: Table,
  places: readonly number[],
  expressions: readonly Expression[],
): Values {
  if (expressions.length !== places.length && expressions.length > 0) {
    throw new StatementFailure(
      wrongCount(table.name, places.length, expressions.length, execution.dialect),
    );
  }
  const values: SqlValue[] = table.columns.map((column) => column.defaultValue);
  expressions.forEach((expression, i) => {
    values[places[i]] = evaluate(expression, scopeOf(execution, []));
  });
  numberKey(table, values);
  return Object.freeze(values);
}

/** An INTEGER PRIMARY KEY that is not given is the next number. Source: SQLite autoinc.html; serial columns. */
function numberKey(table: Table, values: SqlValue[]): void {
  const key = table.columns.findIndex(isNumberedKey);
  if (key < 0) return;
  const given = values[key];
  if (given === null) values[key] = table.nextId;
  else if (typeof given === "number" && given >= table.nextId) table.nextId = given;
}

function isNumberedKey(column: ColumnDefinition): boolean {
  return column.primaryKey && /INT|SERIAL/.test(column.type);
}

/** Looks at NOT NULL and at what must be unique; a pending row of somebody else blocks. */
function checked(
  execution: Execution,
  table: Table,
  values: Values,
  own: RowSlot | null,
): Outcome | null {
  const missing = table.columns.find((column, i) => column.notNull && values[i] === null);
  if (missing !== undefined)
    throw new StatementFailure(nullRefused(table.name, missing.name, values, execution.dialect));
  for (const key of table.unique) {
    const outcome = uniqueIn(execution, table, { key, values, own });
    if (outcome !== null) return outcome;
  }
  return null;
}

interface KeyCheck {
  readonly key: readonly string[];
  readonly values: Values;
  readonly own: RowSlot | null;
}

function uniqueIn(
  execution: Execution,
  table: Table,
  { key, values, own }: KeyCheck,
): Outcome | null {
  const places = key.map((name) => columnIndex(table, name));
  if (places.some((place) => place < 0 || values[place] === null)) return null;
  const same = (other: Values | null): boolean =>
    other !== null && places.every((place) => valueAt(table, other, place) === values[place]);
  const clashes = (slot: RowSlot): boolean =>
    slot !== own &&
    (same(visible(slot, execution.owner)) ||
      (slot.owner !== execution.owner && same(slot.pending)));
  const clash = candidates(table, places.length === 1 ? places[0] : -1, values[places[0]]).find(
    clashes,
  );
  if (clash === undefined) return null;
  const blocked = blockedBy(execution, table, [clash]);
  if (blocked !== null) return blocked;
  throw new StatementFailure(
    notUnique(
      table.name,
      key,
      places.map((place) => values[place]),
      execution.dialect,
    ),
  );
}

function changeTable(statement: Statement, execution: Execution): Outcome {
  if (statement.kind === "createTable") return createTable(statement, execution);
  if (statement.kind === "dropTable") {
    if (!statement.ifExists || tableNamed(execution.store, statement.target.table) !== null)
      dropTable(execution, requireTable(execution, statement.target));
  } else if (statement.kind === "addColumn") {
    const table = requireTable(execution, statement.target);
    execution.undo.push({ kind: "columns", table, columns: table.columns });
    table.columns = Object.freeze([...table.columns, statement.column]);
  } else if (statement.kind === "truncate") {
    const { table, slots } = matching(execution, statement.target, null);
    return change(
      execution,
      { table, slots, reference: statement.target, returning: [] },
      () => null,
    );
  } else if ("target" in statement) requireTable(execution, statement.target);
  return NOTHING;
}

function createTable(
  statement: Extract<Statement, { kind: "createTable" }>,
  execution: Execution,
): Outcome {
  const { target, columns, unique, ifNotExists } = statement;
  if (tableNamed(execution.store, target.table) !== null) {
    if (ifNotExists) return NOTHING;
    throw new StatementFailure(tableExists(target.table, execution.dialect));
  }
  const name = target.table.toLowerCase();
  execution.undo.push({ kind: "table", name, before: null });
  execution.store.tables.set(name, makeTable(target.table, columns, unique));
  return NOTHING;
}

function dropTable(execution: Execution, table: Table): void {
  const name = table.name.toLowerCase();
  execution.undo.push({ kind: "table", name, before: table });
  execution.store.tables.delete(name);
}
