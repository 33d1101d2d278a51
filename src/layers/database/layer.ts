// The public face of the database: SQLite, a library that reads a file inside the application's
// process, and PostgreSQL 15, a server with one process for each connection. The layer is complete
// in itself: the application uses it through layers/database-client.ts (DatabaseServer), with the
// dict DATABASES['default'] of its settings as the address of the database, and the shell's
// `sqlite3 FILE 'SQL'` through `shell`. Django's own code has no part of it.
import type { Layer } from "../layer.ts";

export { type Database, type DatabaseOptions, installDatabase } from "./install.ts";

export const database: Layer = { id: "database", title: "Database", views: [] };
