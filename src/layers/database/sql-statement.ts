// The statements that the row store carries out, as a tree. Everything is frozen by being shared:
// a text is parsed once and its tree used by every execution.
import type { SqlValue } from "../database-client.ts";

export type Expression =
  | { readonly kind: "literal"; readonly value: SqlValue }
  | { readonly kind: "parameter"; readonly index: number }
  | {
      readonly kind: "column";
      readonly table: string | null;
      readonly name: string;
      readonly quoted: boolean;
      readonly start: number;
    }
  | { readonly kind: "not" | "minus"; readonly argument: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "in";
      readonly argument: Expression;
      readonly list: readonly Expression[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "between";
      readonly argument: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | { readonly kind: "isNull"; readonly argument: Expression; readonly negated: boolean }
  | {
      readonly kind: "like";
      readonly argument: Expression;
      readonly pattern: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly star: boolean;
    };

export interface SelectItem {
  /** Null for `*` and `table.*`. */
  readonly expression: Expression | null;
  readonly table: string | null;
  readonly name: string;
}

export interface TableReference {
  readonly table: string;
  readonly alias: string;
  /** Where the name stands, for PostgreSQL's `LINE 1:`. */
  readonly start: number;
  /** What joins it to those before it; null for a comma or CROSS JOIN. */
  readonly on: Expression | null;
  readonly left: boolean;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface SelectStatement {
  readonly kind: "select";
  readonly items: readonly SelectItem[];
  readonly distinct: boolean;
  readonly from: readonly TableReference[];
  readonly where: Expression | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly forUpdate: "" | "wait" | "nowait" | "skip locked";
}

export interface InsertStatement {
  readonly kind: "insert";
  readonly target: TableReference;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Expression[])[];
  readonly returning: readonly SelectItem[];
}

export interface UpdateStatement {
  readonly kind: "update";
  readonly target: TableReference;
  readonly set: readonly { readonly column: string; readonly value: Expression }[];
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

export interface DeleteStatement {
  readonly kind: "delete";
  readonly target: TableReference;
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly notNull: boolean;
  readonly defaultValue: SqlValue;
}

export type TableChange =
  | {
      readonly kind: "createTable";
      readonly target: TableReference;
      readonly columns: readonly ColumnDefinition[];
      readonly unique: readonly (readonly string[])[];
      readonly ifNotExists: boolean;
    }
  | { readonly kind: "dropTable"; readonly target: TableReference; readonly ifExists: boolean }
  | {
      readonly kind: "addColumn";
      readonly target: TableReference;
      readonly column: ColumnDefinition;
    }
  | { readonly kind: "alterTable" | "createIndex" | "truncate"; readonly target: TableReference }
  | { readonly kind: "lockTable"; readonly target: TableReference; readonly mode: LockMode };

export type TransactionStatement =
  | { readonly kind: "begin"; readonly mode: "deferred" | "immediate" | "exclusive" }
  | { readonly kind: "commit" }
  | { readonly kind: "rollback"; readonly savepoint: string | null }
  | { readonly kind: "savepoint" | "release"; readonly savepoint: string };

/** `SET [LOCAL] name = value` and `PRAGMA name = value`. */
export interface SettingStatement {
  readonly kind: "set";
  readonly name: string;
  readonly value: string;
  readonly local: boolean;
}

export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | TableChange
  | TransactionStatement
  | SettingStatement;

/** Source: PostgreSQL 15 documentation, 13.3.1 Table-Level Locks; the modes that statements here take. */
export type LockMode =
  | "ACCESS SHARE"
  | "ROW SHARE"
  | "ROW EXCLUSIVE"
  | "SHARE"
  | "ACCESS EXCLUSIVE";

export type ParsedSql =
  | { readonly kind: "statement"; readonly statement: Statement; readonly text: string }
  /** It is SQL, but of a kind that the row store does not carry out. */
  | {
      readonly kind: "unsupported";
      readonly verb: string;
      readonly tables: readonly TableReference[];
      readonly text: string;
    }
  /** It is no SQL: the token that no rule of the grammar takes, or the end of the text. */
  | {
      readonly kind: "syntax";
      readonly near: string;
      readonly offset: number;
      readonly incomplete: boolean;
      readonly badToken: boolean;
      readonly text: string;
    }
  /** Nothing but white space and comments. */
  | { readonly kind: "empty"; readonly text: string };
