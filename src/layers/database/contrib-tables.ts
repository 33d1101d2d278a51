// The tables that `migrate` makes for Django's contrib apps, and the users that a scenario's views log
// in. Source: the initial migrations of django.contrib.{auth,contenttypes,sessions,admin} 3.2.
// Simplification: all of them are there, whichever of the apps are in INSTALLED_APPS; the permissions
// and content types that migrate fills in are not; passwords are no hashes.

import { commitChanges, type Store, type Undo } from "./row-store.ts";
import { executeStatement } from "./sql-change.ts";
import type { Dialect } from "./sql-errors.ts";
import { parseScript } from "./sql-parser.ts";
import { SHELL } from "./world.ts";

const CONTRIB_TABLES = `
CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT NOT NULL, name TEXT NOT NULL, applied TEXT NOT NULL);
CREATE TABLE django_content_type (id INTEGER PRIMARY KEY, app_label TEXT NOT NULL, model TEXT NOT NULL, UNIQUE (app_label, model));
CREATE TABLE auth_permission (id INTEGER PRIMARY KEY, content_type_id INTEGER NOT NULL, codename TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (content_type_id, codename));
CREATE TABLE auth_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE auth_group_permissions (id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, permission_id INTEGER NOT NULL, UNIQUE (group_id, permission_id));
CREATE TABLE auth_user (id INTEGER PRIMARY KEY, password TEXT NOT NULL, last_login TEXT, is_superuser INTEGER NOT NULL,
  username TEXT NOT NULL UNIQUE, last_name TEXT NOT NULL, email TEXT NOT NULL, is_staff INTEGER NOT NULL, is_active INTEGER NOT NULL,
  date_joined TEXT NOT NULL, first_name TEXT NOT NULL);
CREATE TABLE auth_user_groups (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, group_id INTEGER NOT NULL, UNIQUE (user_id, group_id));
CREATE TABLE auth_user_user_permissions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, permission_id INTEGER NOT NULL, UNIQUE (user_id, permission_id));
CREATE TABLE django_admin_log (id INTEGER PRIMARY KEY, action_time TEXT NOT NULL, object_id TEXT, object_repr TEXT NOT NULL,
  action_flag INTEGER NOT NULL, change_message TEXT NOT NULL, content_type_id INTEGER, user_id INTEGER NOT NULL);
CREATE TABLE django_session (session_key TEXT PRIMARY KEY, session_data TEXT NOT NULL, expire_date TEXT NOT NULL);
INSERT INTO auth_user (password, is_superuser, username, last_name, email, is_staff, is_active, date_joined, first_name)
  VALUES ('plain$secret', 0, 'alice', '', '', 0, 1, '2024-01-01 00:00:00', '');
`;

/** Fills a store as `migrate` and then the scenario's own SQL would. Statements that fail are passed over. */
export function layOutTables(store: Store, setupSql: string, dialect: Dialect): void {
  const undo: Undo[] = [];
  for (const parsed of [...parseScript(CONTRIB_TABLES), ...parseScript(setupSql)]) {
    if (parsed.kind !== "statement") continue;
    executeStatement(parsed.statement, {
      store,
      dialect,
      owner: SHELL,
      undo,
      sql: parsed.text,
      params: [],
    });
    commitChanges(undo);
  }
}
