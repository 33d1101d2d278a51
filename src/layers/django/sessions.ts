// Sessions: the middleware and the backends db, cache, cached_db, file and signed_cookies, with the
// queries that each operation makes. Source: django/contrib/sessions, 3.2.

import type { SqlRow } from "../database-client.ts";
import { ORM_QUERY_NS } from "./costs.ts";
import { appOf, type Django, dateAfter, randomText, settingsOf, worldOf } from "./django.ts";
import type { HttpRequest } from "./http-request.ts";
import {
  type CookieOptions,
  deleteCookie,
  patchVary,
  type Response,
  setCookie,
} from "./http-response.ts";
import { needSession } from "./needs.ts";
import {
  DELETE_SESSION,
  INSERT_SESSION,
  INSERT_SESSION_VALUES,
  SELECT_SESSION,
  SELECT_SESSION_KEY,
  SESSION_EXISTS,
  UPDATE_SESSION,
} from "./orm-sql.ts";
import { pushQuery, queryFrameOf, usesPostgres } from "./queries.ts";
import { type FrameOf, finish, push, type Run, raise, type Session } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { readSigned, signData } from "./signing.ts";
import { atomicFrameOf } from "./transactions.ts";

export type SessionEngine = "db" | "cache" | "cached_db" | "file" | "signed_cookies";

export function sessionEngine(settings: Settings): SessionEngine {
  const path = setting<string>(settings, "SESSION_ENGINE");
  const name = path.slice(path.lastIndexOf(".") + 1);
  return ["cache", "cached_db", "file", "signed_cookies"].includes(name)
    ? (name as SessionEngine)
    : "db";
}

/** Shortest key that is taken for one. Source: SessionBase._validate_session_key. */
const KEY_LENGTH_MIN = 8;

export function sessionRequest(django: Django, run: Run): void {
  const name = setting<string>(settingsOf(django, run), "SESSION_COOKIE_NAME");
  const cookie = (run.http as HttpRequest).cookies.get(name) ?? null;
  const key = cookie !== null && cookie.length >= KEY_LENGTH_MIN ? cookie : null;
  run.session = {
    key,
    data: null,
    accessed: false,
    modified: false,
    saved: false,
    emptyAtEnd: null,
  };
}

function isEmpty(session: Session): boolean {
  return session.key === null && Object.keys(session.data ?? {}).length === 0;
}

/** process_response; false when it must be asked again, after the session has been loaded or saved. */
export function sessionResponse(django: Django, run: Run, response: Response): boolean {
  const { session } = run;
  if (session === null) return true;
  const settings = settingsOf(django, run);
  const name = setting<string>(settings, "SESSION_COOKIE_NAME");
  // Read once: loading the session below may forget its key.
  session.emptyAtEnd ??= isEmpty(session);
  const empty = session.emptyAtEnd;
  if ((run.http as HttpRequest).cookies.has(name) && empty) {
    deleteCookie(response, name, cookiePlace(settings));
    patchVary(response, "Cookie");
    return true;
  }
  if (session.accessed) patchVary(response, "Cookie");
  const wanted = session.modified || setting<boolean>(settings, "SESSION_SAVE_EVERY_REQUEST");
  if (!wanted || empty) return true;
  if (session.data === null && !loadForExpiry(django, run, session)) return false;
  if (response.status === 500) return true;
  if (!session.saved) {
    push(run, { kind: "saveSession", pc: 0, costNs: ORM_QUERY_NS, create: false });
    return false;
  }
  sendSessionCookie(django, settings, response, session.key ?? "");
  return true;
}

/** get_expire_at_browser_close() looks into the session, which may have to be loaded for that. */
function loadForExpiry(django: Django, run: Run, session: Session): boolean {
  const { accessed } = session;
  const there = needSession(django, run);
  session.accessed = accessed;
  return there;
}

function cookiePlace(settings: Settings): CookieOptions {
  return {
    path: setting<string>(settings, "SESSION_COOKIE_PATH"),
    domain: setting<string | null>(settings, "SESSION_COOKIE_DOMAIN"),
    samesite: setting<string | null>(settings, "SESSION_COOKIE_SAMESITE"),
  };
}

function sendSessionCookie(
  django: Django,
  settings: Settings,
  response: Response,
  key: string,
): void {
  const browserClose = setting<boolean>(settings, "SESSION_EXPIRE_AT_BROWSER_CLOSE");
  const age = setting<number>(settings, "SESSION_COOKIE_AGE");
  setCookie(response, setting<string>(settings, "SESSION_COOKIE_NAME"), key, {
    ...cookiePlace(settings),
    maxAge: browserClose ? null : age,
    expires: browserClose ? "" : dateAfter(django, age),
    secure: setting<boolean>(settings, "SESSION_COOKIE_SECURE"),
    httponly: setting<boolean>(settings, "SESSION_COOKIE_HTTPONLY"),
  });
}

/** Reads the session: an unknown key is forgotten. */
export function loadSessionFrame(django: Django, run: Run, frame: FrameOf<"loadSession">): void {
  const session = run.session as Session;
  const engine = sessionEngine(settingsOf(django, run));
  if (session.key === null) {
    loaded(run, session, {});
    return;
  }
  if (frame.pc === 1) {
    const row = (run.value as readonly SqlRow[] | null)?.[0];
    const data = row === undefined ? null : decodeSession(String(row.session_data));
    if (data !== null && engine === "cached_db")
      appOf(django, run).cachedSessions.set(session.key, Object.freeze({ ...data }));
    loaded(run, session, data);
    return;
  }
  const stored = storedData(django, run, engine, session.key);
  if (engine === "db" || (engine === "cached_db" && stored === null)) {
    frame.pc = 1;
    pushQuery(run, SELECT_SESSION, [sessionNow(django), session.key]);
    return;
  }
  if (stored === null && engine === "signed_cookies") {
    // A signature that is wrong: create() marks the session changed, and the key stays.
    session.modified = true;
    loaded(run, session, {});
    return;
  }
  loaded(run, session, stored);
}

function loaded(run: Run, session: Session, data: Readonly<Record<string, string>> | null): void {
  if (data === null) session.key = null;
  session.data = { ...(data ?? {}) };
  finish(run, null);
}

/** The data of engines that need no query, or null when the key is unknown. */
function storedData(
  django: Django,
  run: Run,
  engine: SessionEngine,
  key: string,
): Readonly<Record<string, string>> | null {
  if (engine === "signed_cookies")
    return readSigned(setting<string>(settingsOf(django, run), "SECRET_KEY"), key);
  const store =
    engine === "file" ? worldOf(django).sessionFiles : appOf(django, run).cachedSessions;
  return store.get(key) ?? null;
}

/** Seconds since 1970, as text that sorts. */
function sessionNow(django: Django): number {
  return Math.floor(django.host.clock.nowMs() / 1000);
}

function encodeSession(data: Readonly<Record<string, string>>): string {
  return JSON.stringify(data);
}

function decodeSession(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, string>) : null;
  } catch {
    return null;
  }
}

const INTERRUPTED =
  "The request's session was deleted before the request completed. The user may have logged out in a concurrent request, for example.";

/** save(): a new session is created, one that has a row is updated. */
export function saveSessionFrame(django: Django, run: Run, frame: FrameOf<"saveSession">): void {
  const session = run.session as Session;
  if (run.raised !== null) {
    if (frame.pc === 1 && !frame.create && run.raised.name.endsWith("Error"))
      raise(run, "SessionInterrupted", INTERRUPTED);
    run.frames.pop();
    return;
  }
  const engine = sessionEngine(settingsOf(django, run));
  if (frame.pc === 0 && engine === "signed_cookies") {
    session.key = signData(
      setting<string>(settingsOf(django, run), "SECRET_KEY"),
      session.data ?? {},
      sessionNow(django),
    );
  } else if (frame.pc === 0 && session.key === null) {
    frame.pc = 2;
    push(run, { kind: "createSession", pc: 0, costNs: 0 });
    return;
  } else if (frame.pc === 0 && (engine === "db" || engine === "cached_db")) {
    frame.pc = 1;
    writeRow(django, run, session, frame.create);
    return;
  } else if (frame.pc === 1 && !frame.create && run.affected === 0) {
    run.frames.pop();
    raise(run, "SessionInterrupted", INTERRUPTED);
    return;
  }
  store(django, run, engine, session);
  session.saved = true;
  finish(run, null);
}

function writeRow(django: Django, run: Run, session: Session, create: boolean): void {
  const data = encodeSession(session.data ?? {});
  const expires =
    sessionNow(django) + setting<number>(settingsOf(django, run), "SESSION_COOKIE_AGE");
  const insert = usesPostgres(django, run) ? INSERT_SESSION_VALUES : INSERT_SESSION;
  const body = create
    ? queryFrameOf(insert, [session.key, data, expires])
    : queryFrameOf(UPDATE_SESSION, [data, expires, session.key]);
  push(run, atomicFrameOf(body));
}

function store(django: Django, run: Run, engine: SessionEngine, session: Session): void {
  if (session.key === null || engine === "db" || engine === "signed_cookies") return;
  const kept = engine === "file" ? worldOf(django).sessionFiles : appOf(django, run).cachedSessions;
  kept.set(session.key, Object.freeze({ ...(session.data ?? {}) }));
}

/** create(): a key that nobody has, and a first save. */
export function createSessionFrame(
  django: Django,
  run: Run,
  frame: FrameOf<"createSession">,
): void {
  const session = run.session as Session;
  if (run.raised !== null) {
    run.frames.pop();
    return;
  }
  const engine = sessionEngine(settingsOf(django, run));
  switch (frame.pc) {
    case 0:
      frame.pc = 1;
      if (engine === "signed_cookies") return;
      session.key = randomText(django, run, 32, true);
      if (engine === "db" || engine === "cached_db") pushQuery(run, SESSION_EXISTS, [session.key]);
      return;
    case 1:
      frame.pc = 2;
      push(run, { kind: "saveSession", pc: 0, costNs: 0, create: true });
      return;
    default:
      session.saved = false;
      session.modified = true;
      finish(run, null);
  }
}

/** cycle_key(): the same data under a new key, as at login. */
export function cycleSessionFrame(django: Django, run: Run, frame: FrameOf<"cycleSession">): void {
  const session = run.session as Session;
  switch (frame.pc) {
    case 0:
      if (!needSession(django, run)) return;
      frame.oldKey = session.key;
      frame.pc = 1;
      push(run, { kind: "createSession", pc: 0, costNs: 0 });
      return;
    case 1:
      frame.pc = 2;
      if (frame.oldKey !== null)
        push(run, { kind: "deleteSession", pc: 0, costNs: 0, key: frame.oldKey, flush: false });
      return;
    default:
      finish(run, null);
  }
}

/** delete(): the row is fetched and deleted. flush() also forgets key and data. */
export function deleteSessionFrame(
  django: Django,
  run: Run,
  frame: FrameOf<"deleteSession">,
): void {
  const session = run.session as Session;
  if (frame.pc === 0) {
    beginDelete(django, run, frame, session);
    return;
  }
  if (frame.pc === 1) {
    frame.pc = 3;
    const found = (run.value as readonly SqlRow[] | null)?.length ?? 0;
    if (found > 0) pushQuery(run, DELETE_SESSION, [frame.key]);
    return;
  }
  if (frame.flush) session.key = null;
  finish(run, null);
}

function beginDelete(
  django: Django,
  run: Run,
  frame: FrameOf<"deleteSession">,
  session: Session,
): void {
  const engine = sessionEngine(settingsOf(django, run));
  const { key } = frame;
  frame.pc = 3;
  if (frame.flush) Object.assign(session, { data: {}, accessed: true, modified: true });
  if (key === null || engine === "signed_cookies") return;
  const kept = engine === "file" ? worldOf(django).sessionFiles : appOf(django, run).cachedSessions;
  kept.delete(key);
  if (engine !== "db" && engine !== "cached_db") return;
  frame.pc = 1;
  pushQuery(run, SELECT_SESSION_KEY, [key]);
}
