// Tables and rows as both databases need them: of each row the committed version and, while a
// transaction has changed it, the pending one with its owner. So a reader sees what is committed, the
// owner what is pending, and the owner of a row is at the same time the holder of its lock.
// Simplification: one pending version a row; no history for REPEATABLE READ.
import type { SqlValue } from "../database-client.ts";
import type { ColumnDefinition } from "./sql-statement.ts";

/** Who has changed a row: a connection's number; NO_OWNER when nobody has. */
export type Owner = number;
export const NO_OWNER: Owner = 0;

/** A row's values by the order of the table's columns. Frozen. */
export type Values = readonly SqlValue[];

export interface RowSlot {
  readonly id: number;
  committed: Values | null;
  pending: Values | null;
  owner: Owner;
}

export interface Table {
  readonly name: string;
  columns: readonly ColumnDefinition[];
  /** Sets of columns that must differ from row to row; the primary key is the first. */
  unique: readonly (readonly string[])[];
  rows: RowSlot[];
  nextId: number;
  /** Of the columns that are unique by themselves: the rows that have or had a value. */
  readonly indexes: Map<number, Map<SqlValue, RowSlot[]>>;
}

export interface Store {
  readonly tables: Map<string, Table>;
  /** Made with the server, with its tables; not a file that came into being by a connect. */
  readonly laidOut: boolean;
}

/** What it takes to undo a change, newest last. */
export type Undo =
  | {
      readonly kind: "row";
      readonly table: Table;
      readonly slot: RowSlot;
      readonly pending: Values | null;
      readonly owner: Owner;
    }
  | { readonly kind: "table"; readonly name: string; readonly before: Table | null }
  | {
      readonly kind: "columns";
      readonly table: Table;
      readonly columns: readonly ColumnDefinition[];
    };

export function emptyStore(laidOut: boolean): Store {
  return { tables: new Map(), laidOut };
}

/** Names of tables compare without case, as unquoted names do. */
export function tableNamed(store: Store, name: string): Table | null {
  return store.tables.get(name.toLowerCase()) ?? null;
}

export function makeTable(
  name: string,
  columns: readonly ColumnDefinition[],
  unique: readonly (readonly string[])[],
): Table {
  const keys = [
    ...columns.filter((column) => column.primaryKey),
    ...columns.filter((column) => column.unique),
  ].map((column) => [column.name]);
  const table: Table = {
    name,
    columns: Object.freeze([...columns]),
    unique: [...keys, ...unique],
    rows: [],
    nextId: 1,
    indexes: new Map(),
  };
  for (const key of table.unique)
    if (key.length === 1) table.indexes.set(columnIndex(table, key[0]), new Map());
  return table;
}

/** The place of a column among a table's, or -1. */
export function columnIndex(table: Table, name: string): number {
  const lower = name.toLowerCase();
  return table.columns.findIndex((column) => column.name.toLowerCase() === lower);
}

/** The version of a row that `owner` sees, or null. */
export function visible(slot: RowSlot, owner: Owner): Values | null {
  return slot.owner === owner && owner !== NO_OWNER ? slot.pending : slot.committed;
}

/** A row's value in a column; rows from before the column was added have its default. */
export function valueAt(table: Table, values: Values, column: number): SqlValue {
  return column < values.length ? values[column] : (table.columns[column]?.defaultValue ?? null);
}

/** Puts a version into a row as `owner`'s, and writes down how to undo it. */
export function writeVersion(
  table: Table,
  slot: RowSlot,
  change: { values: Values | null; owner: Owner; undo: Undo[] },
): void {
  change.undo.push({ kind: "row", table, slot, pending: slot.pending, owner: slot.owner });
  slot.pending = change.values;
  slot.owner = change.owner;
  if (change.values !== null) index(table, slot, change.values);
}

export function insertRow(table: Table, values: Values, owner: Owner, undo: Undo[]): RowSlot {
  const slot: RowSlot = { id: table.nextId++, committed: null, pending: null, owner: NO_OWNER };
  table.rows.push(slot);
  writeVersion(table, slot, { values, owner, undo });
  return slot;
}

function index(table: Table, slot: RowSlot, values: Values): void {
  for (const [column, rows] of table.indexes) {
    const value = values[column] ?? null;
    const found = rows.get(value);
    if (found === undefined) rows.set(value, [slot]);
    else if (!found.includes(slot)) found.push(slot);
  }
}

/** The rows to look at for `column = value`: from the index when there is one. */
export function candidates(table: Table, column: number, value: SqlValue): readonly RowSlot[] {
  const rows = table.indexes.get(column);
  return rows === undefined ? table.rows : (rows.get(value) ?? []);
}

/** Undoes changes, newest first, until `length` of them are left. */
export function rollBackTo(store: Store, undo: Undo[], length: number): void {
  while (undo.length > length) {
    const change = undo.pop() as Undo;
    if (change.kind === "row") {
      const last = change.slot.pending;
      change.slot.pending = change.pending;
      change.slot.owner = change.owner;
      dropIfGone(change.table, change.slot, last);
    } else if (change.kind === "columns") change.table.columns = change.columns;
    else if (change.before === null) store.tables.delete(change.name);
    else store.tables.set(change.name, change.before);
  }
}

/** Makes a transaction's changes everybody's and frees its rows. */
export function commitChanges(undo: Undo[]): void {
  for (const change of undo) {
    if (change.kind !== "row" || change.slot.owner === NO_OWNER) continue;
    const { slot, table } = change;
    const before = slot.committed;
    slot.committed = slot.pending;
    slot.pending = null;
    slot.owner = NO_OWNER;
    if (before !== null && slot.committed !== null) unindexOld(table, slot, before);
    dropIfGone(table, slot, before);
  }
  undo.length = 0;
}

function unindexOld(table: Table, slot: RowSlot, before: Values): void {
  for (const column of table.indexes.keys()) {
    if (slot.committed?.[column] !== before[column])
      unindex(table, slot, column, before[column] ?? null);
  }
}

function unindex(table: Table, slot: RowSlot, column: number, value: SqlValue): void {
  const found = table.indexes.get(column)?.get(value);
  const at = found?.indexOf(slot) ?? -1;
  if (found === undefined || at < 0) return;
  found.splice(at, 1);
  if (found.length === 0) table.indexes.get(column)?.delete(value);
}

/** Takes a row of which no version is left out of its table; `last` is the last one that was. */
function dropIfGone(table: Table, slot: RowSlot, last: Values | null): void {
  if (slot.owner !== NO_OWNER || slot.committed !== null) return;
  const at = table.rows.lastIndexOf(slot);
  if (at >= 0) table.rows.splice(at, 1);
  if (last !== null) unindexOld(table, slot, last);
}
