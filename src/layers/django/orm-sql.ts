// The SQL that Django's ORM writes for sessions, users and permissions, word for word.
// Source: recordings of django/sessions and django/queries (connection.queries of Django 3.2).
export const SELECT_SESSION =
  'SELECT "django_session"."session_key", "django_session"."session_data", "django_session"."expire_date" FROM "django_session" WHERE ("django_session"."expire_date" > %s AND "django_session"."session_key" = %s) LIMIT 21';
export const SELECT_SESSION_KEY =
  'SELECT "django_session"."session_key", "django_session"."session_data", "django_session"."expire_date" FROM "django_session" WHERE "django_session"."session_key" = %s LIMIT 21';
export const SESSION_EXISTS =
  'SELECT (1) AS "a" FROM "django_session" WHERE "django_session"."session_key" = %s LIMIT 1';
export const INSERT_SESSION =
  'INSERT INTO "django_session" ("session_key", "session_data", "expire_date") SELECT %s, %s, %s';
export const INSERT_SESSION_VALUES =
  'INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES (%s, %s, %s)';
export const UPDATE_SESSION =
  'UPDATE "django_session" SET "session_data" = %s, "expire_date" = %s WHERE "django_session"."session_key" = %s';
export const DELETE_SESSION =
  'DELETE FROM "django_session" WHERE "django_session"."session_key" IN (%s)';

const USER_COLUMNS = [
  "id",
  "password",
  "last_login",
  "is_superuser",
  "username",
  "first_name",
  "last_name",
  "email",
  "is_staff",
  "is_active",
  "date_joined",
];
const SELECT_USER = `SELECT ${USER_COLUMNS.map((name) => `"auth_user"."${name}"`).join(", ")} FROM "auth_user"`;
export const SELECT_USER_BY_ID = `${SELECT_USER} WHERE "auth_user"."id" = %s LIMIT 21`;
export const SELECT_USER_BY_NAME = `${SELECT_USER} WHERE "auth_user"."username" = %s LIMIT 21`;
export const UPDATE_LAST_LOGIN =
  'UPDATE "auth_user" SET "last_login" = %s WHERE "auth_user"."id" = %s';

const PERMISSIONS =
  'SELECT "django_content_type"."app_label", "auth_permission"."codename" FROM "auth_permission" INNER JOIN';
const CONTENT_TYPE =
  'INNER JOIN "django_content_type" ON ("auth_permission"."content_type_id" = "django_content_type"."id")';
export const SELECT_USER_PERMISSIONS = `${PERMISSIONS} "auth_user_user_permissions" ON ("auth_permission"."id" = "auth_user_user_permissions"."permission_id") ${CONTENT_TYPE} WHERE "auth_user_user_permissions"."user_id" = %s`;
export const SELECT_GROUP_PERMISSIONS = `${PERMISSIONS} "auth_group_permissions" ON ("auth_permission"."id" = "auth_group_permissions"."permission_id") INNER JOIN "auth_group" ON ("auth_group_permissions"."group_id" = "auth_group"."id") INNER JOIN "auth_user_groups" ON ("auth_group"."id" = "auth_user_groups"."group_id") ${CONTENT_TYPE} WHERE "auth_user_groups"."user_id" = %s`;
