// The public face of the database: SQLite, a library that reads a file inside the application's
// process, and PostgreSQL 15, a server with one process for each connection. The layer is complete
// in itself: the application uses it through layers/database-client.ts (DatabaseServer), with the
// dict DATABASES['default'] of its settings as the address of the database, and the shell's
// `sqlite3 FILE 'SQL'` through `shell`. Django's own code has no part of it.
import { type Layer, viewOf } from "../layer.ts";
import { connectionWords, statementWords } from "./describe.ts";
import { connectionMachine, statementMachine } from "./machine.ts";
import { connectionSketch, statementSketch } from "./sketch.ts";

export { type Database, type DatabaseOptions, installDatabase } from "./install.ts";

export const database: Layer = {
  id: "database",
  title: "Database",
  views: [
    viewOf(connectionMachine, connectionWords, connectionSketch),
    viewOf(statementMachine, statementWords, statementSketch),
  ],
};
