// Users: request.user, login, logout, permissions, with their queries.
// Source: django/contrib/auth/__init__.py, middleware.py and backends.py, 3.2.
import { formatHash, HASH_START, hashText } from "../../kernel/hash.ts";
import type { SqlRow } from "../database-client.ts";
import { rotateToken } from "./csrf.ts";
import { type Django, fire, isIn, note, settingsOf } from "./django.ts";
import { needSession, needUser, sessionData } from "./needs.ts";
import {
  SELECT_GROUP_PERMISSIONS,
  SELECT_USER_BY_ID,
  SELECT_USER_BY_NAME,
  SELECT_USER_PERMISSIONS,
  UPDATE_LAST_LOGIN,
} from "./orm-sql.ts";
import { pushQuery } from "./queries.ts";
import { type FrameOf, finish, push, type Run, raise, type Session, type User } from "./run.ts";
import { setting } from "./settings.ts";

const USER_ID = "_auth_user_id";
const BACKEND = "_auth_user_backend";
const HASH = "_auth_user_hash";

export function processAuthRequest(run: Run): void {
  if (run.session === null) {
    raise(
      run,
      "AssertionError",
      "The Django authentication middleware requires session middleware to be installed. Edit your MIDDLEWARE setting to insert 'django.contrib.sessions.middleware.SessionMiddleware' before 'django.contrib.auth.middleware.AuthenticationMiddleware'.",
    );
    return;
  }
  run.hasUser = true;
  run.user = undefined;
}

export function userOf(row: SqlRow): User {
  return Object.freeze({
    id: Number(row.id),
    username: String(row.username),
    isSuperuser: row.is_superuser === 1,
    password: String(row.password),
  });
}

/** get_session_auth_hash(): ends a session when the password changes. */
function authHash(secret: string, user: User): string {
  let text = "";
  for (let i = 0; i < 8; i++)
    text += formatHash(hashText(hashText(HASH_START, `${i}${secret}`), user.password));
  return text;
}

/** get_user(): the session is loaded already. */
export function loadUserFrame(django: Django, run: Run, frame: FrameOf<"loadUser">): void {
  const data = sessionData(run);
  const id = data[USER_ID];
  if (id === undefined) {
    run.user = null;
    finish(run, null);
    return;
  }
  if (frame.pc === 0) {
    frame.pc = 1;
    pushQuery(run, SELECT_USER_BY_ID, [Number(id)]);
    return;
  }
  if (frame.pc === 1) {
    const row = (run.value as readonly SqlRow[] | null)?.[0];
    run.user = row === undefined ? null : userOf(row);
    frame.pc = 2;
    const secret = setting<string>(settingsOf(django, run), "SECRET_KEY");
    if (run.user !== null && data[HASH] !== authHash(secret, run.user)) {
      run.user = null;
      push(run, {
        kind: "deleteSession",
        pc: 0,
        costNs: 0,
        key: (run.session as Session).key,
        flush: true,
      });
      return;
    }
    return;
  }
  finish(run, null);
}

/** has_perm() of somebody who is no superuser: the user's own permissions, then the groups'. */
export function loadPermissionsFrame(
  _django: Django,
  run: Run,
  frame: FrameOf<"loadPermissions">,
): void {
  const id = run.user?.id ?? 0;
  frame.pc++;
  if (frame.pc === 1) {
    pushQuery(run, SELECT_USER_PERMISSIONS, [id]);
    return;
  }
  if (frame.pc === 2) {
    pushQuery(run, SELECT_GROUP_PERMISSIONS, [id]);
    return;
  }
  run.permissionsLoaded = true;
  finish(run, null);
}

const USER_FOUND = 1;
const CYCLED = 2;
const LAST_LOGIN = 3;

/** login(): the session gets a new key, so that one set by an attacker is worth nothing. */
export function loginFrame(django: Django, run: Run, frame: FrameOf<"login">): void {
  switch (frame.pc) {
    case 0: {
      frame.pc = USER_FOUND;
      if (frame.user === null) pushQuery(run, SELECT_USER_BY_NAME, [frame.username]);
      return;
    }
    case USER_FOUND: {
      const row = (run.value as readonly SqlRow[] | null)?.[0];
      if (frame.user === null && row === undefined) {
        raise(run, "DoesNotExist", "User matching query does not exist.");
        return;
      }
      frame.user ??= userOf(row as SqlRow);
      if (!needSession(django, run)) return;
      frame.pc = CYCLED;
      renewSession(run, frame.user);
      return;
    }
    case CYCLED:
      frame.pc = LAST_LOGIN;
      signIn(django, run, frame.user as User);
      return;
    default:
      finish(run, null);
  }
}

function renewSession(run: Run, user: User): void {
  const known = sessionData(run)[USER_ID];
  if (known === String(user.id)) return;
  const session = run.session as Session;
  if (known !== undefined)
    push(run, { kind: "deleteSession", pc: 0, costNs: 0, key: session.key, flush: true });
  else push(run, { kind: "cycleSession", pc: 0, costNs: 0, oldKey: null });
}

function signIn(django: Django, run: Run, user: User): void {
  const session = run.session as Session;
  const data = sessionData(run);
  data[USER_ID] = String(user.id);
  data[BACKEND] = "django.contrib.auth.backends.ModelBackend";
  data[HASH] = authHash(setting<string>(settingsOf(django, run), "SECRET_KEY"), user);
  session.modified = true;
  if (run.hasUser) run.user = user;
  rotateToken(django, run);
  if (isIn(django, run, "view")) {
    const row = fire(django, run, "authenticate", user.id);
    note(django, run, row, () => ({ values: { user: user.username } }));
  }
  pushQuery(run, UPDATE_LAST_LOGIN, [django.host.clock.isoDate(), user.id]);
}

/** logout(): the user is looked up for the signal, then the session is flushed. */
export function logoutFrame(django: Django, run: Run, frame: FrameOf<"logout">): void {
  if (frame.pc === 0) {
    if (run.hasUser && !needUser(django, run)) return;
    if (run.session === null) {
      raise(run, "AttributeError", "'WSGIRequest' object has no attribute 'session'");
      return;
    }
    frame.pc = 1;
    push(run, {
      kind: "deleteSession",
      pc: 0,
      costNs: 0,
      key: run.session.key,
      flush: true,
    });
    return;
  }
  if (run.hasUser) run.user = null;
  finish(run, null);
}

/** The only password of the simulated users. Simplification: password hashes are not computed; the hash of `secret` is the text `plain$secret`. */
export function passwordIsRight(user: User, password: string): boolean {
  return user.password === `plain$${password}`;
}
