// What single settings do to answers, as the real Django (3.2.25 of Debian 12) did when it was asked.
import { describe, expect, test } from "vitest";
import { DEFAULTS } from "../../../src/layers/django/settings.ts";
import {
  NOT_SIMULATED,
  OUTSIDE_REQUESTS,
} from "../../../src/layers/django/settings-not-simulated.ts";
import { ask, DEFAULT_CHAIN, header, observe } from "./project.ts";
import { readProject } from "./reading.ts";

const cookies = (answer: { headers: readonly (readonly [string, string])[] }): readonly string[] =>
  answer.headers.filter(([name]) => name === "set-cookie").map(([, value]) => value.split("=")[0]);

describe("CSRF_USE_SESSIONS", () => {
  const settings = ["CSRF_USE_SESSIONS = True"];
  const views = { "shop.views.home": { steps: [{ csrf: true }] } };

  test("the token is in the session, and in no cookie of its own", () => {
    const [answer] = ask({ settings, views, middleware: DEFAULT_CHAIN }, ["/"]);
    expect(cookies(answer)).toEqual(["sessionid"]);
  });

  test("without SessionMiddleware every request is a 500, and the error page fails for the same reason", () => {
    const { requests, logs } = observe({ settings, views, middleware: ["Common", "Csrf"] }, ["/"]);
    expect([requests[0].status, requests[0].by]).toEqual([500, "gunicorn"]);
    expect(logs.gunicorn.join("\n")).toContain(
      "ImproperlyConfigured: CSRF_USE_SESSIONS is enabled, but request.session is not set.",
    );
  });
});

test("DEBUG_PROPAGATE_EXCEPTIONS lets out what no handler is for, and nothing else", () => {
  const options = {
    settings: ["DEBUG_PROPAGATE_EXCEPTIONS = True"],
    urls: ["path('boom/', views.boom)", "path('denied/', views.denied)"],
    views: {
      "shop.views.boom": { steps: [{ raise: "ValueError", message: "boom" }] },
      "shop.views.denied": { steps: [{ raise: "PermissionDenied" }] },
    },
  };
  const answers = ask(options, ["/boom/", "/denied/", "/nope/"]);
  expect(answers.map(({ status, by }) => [status, by])).toEqual([
    [500, "gunicorn"],
    [403, "django"],
    [404, "django"],
  ]);
});

test("a model outside INSTALLED_APPS ends the worker, and gunicorn with code 3", () => {
  const { exits, logs } = observe(
    { middleware: DEFAULT_CHAIN, settings: ["INSTALLED_APPS = ['django.contrib.sessions']"] },
    ["/"],
  );
  expect(Object.values(exits ?? {})).toEqual([3]);
  expect(logs.gunicorn.join("\n")).toMatch(
    /RuntimeError: Model class django\.contrib\.\w+\.models\.\w+ doesn't declare an explicit app_label and isn't in an application in INSTALLED_APPS/,
  );
});

test("DEBUG's page for 404 shows the URL, so a host that is not allowed has no page at all", () => {
  const request = { url: "/nope/", headers: { Host: "evil.example" } };
  const [answer] = ask({ settings: ["DEBUG = True"], middleware: [] }, [request]);
  expect([answer.status, answer.by]).toEqual([500, "gunicorn"]);
});

test("DISALLOWED_USER_AGENTS are patterns that search the header", () => {
  const settings = ["import re", "DISALLOWED_USER_AGENTS = [re.compile(r'^bot')]"];
  const as = (agent: string): object => ({ url: "/", headers: { "User-Agent": agent } });
  const answers = ask({ settings }, [as("bot/1"), as("robot/1")] as never);
  expect(answers.map(({ status }) => status)).toEqual([403, 200]);
});

test("a session that was emptied by another request is saved again under a new key", () => {
  const options = {
    settings: ["SESSION_SAVE_EVERY_REQUEST = True"],
    middleware: ["Session", "Common"],
    urls: ["path('set/', views.set)", "path('flushset/', views.flushset)"],
    views: {
      "shop.views.set": { steps: [{ session: { a: "b" } }] },
      "shop.views.flushset": { steps: [{ flush: true }, { session: { n: "1" } }] },
    },
  };
  const [first, second] = ask(options, [
    { url: "/set/", jar: "a" },
    { url: "/flushset/", jar: "a" },
  ]);
  expect([cookies(first), cookies(second)]).toEqual([["sessionid"], ["sessionid"]]);
});

describe("DEFAULT_CHARSET", () => {
  const views = {
    "shop.views.home": { steps: [{ respond: { body: "é\n" } }] },
    "shop.views.wide": { steps: [{ respond: { body: "…\n" } }] },
  };
  const urls = ["path('', views.home)", "path('wide/', views.wide)"];

  test("is named in the type and is what the bytes are in: é is one byte in latin-1", () => {
    const [answer] = ask({ settings: ["DEFAULT_CHARSET = 'latin-1'"], views, urls }, ["/"]);
    expect(header(answer, "content-type")).toBe("text/html; charset=latin-1");
    expect(answer.bodyBytes).toBe(2);
  });

  test("a character without a byte raises in the view", () => {
    const [answer] = ask({ settings: ["DEFAULT_CHARSET = 'latin-1'"], views, urls }, ["/wide/"]);
    expect(answer.status).toBe(500);
    expect(answer.django?.exception).toBe(
      "UnicodeEncodeError: 'latin-1' codec can't encode character '\\u2026' in position 0: ordinal not in range(256)",
    );
  });
});

test("LOGGING_CONFIG = None leaves Python's last resort: bare messages on standard error", () => {
  const { logs } = observe({ settings: ["LOGGING_CONFIG = None"] }, ["/nope/"]);
  expect(logs.gunicorn.at(-1)).toBe("Not Found: /nope/");
});

test("a logger makes no record below its level", () => {
  const settings = [
    "LOGGING = {'version': 1, 'disable_existing_loggers': False, 'loggers': {'django.request': {'level': 'ERROR'}}}",
  ];
  expect(observe({ settings }, ["/nope/"]).logs.django).toEqual([]);
});

test("MESSAGE_LEVEL drops what is below it", () => {
  const options = {
    middleware: DEFAULT_CHAIN,
    views: { "shop.views.home": { steps: [{ message: "hello" }] } },
  };
  const [kept] = ask(options, ["/"]);
  const [dropped] = ask({ ...options, settings: ["MESSAGE_LEVEL = 30"] }, ["/"]);
  expect([cookies(kept), cookies(dropped)]).toEqual([["messages"], []]);
});

test("with AUTOCOMMIT off nothing is kept, and an atomic block is a savepoint", () => {
  const options = {
    settings: ["DATABASES['default']['AUTOCOMMIT'] = False"],
    views: {
      "shop.views.home": { steps: [{ transaction: [{ query: "SELECT 1" }] }] },
    },
  };
  expect(ask(options, ["/"])[0].django?.sql).toEqual([
    expect.stringContaining("SAVEPOINT"),
    "SELECT 1",
    expect.stringContaining("RELEASE SAVEPOINT"),
  ]);
});

describe("what is known but not simulated is said at its line", () => {
  const said = (settings: string): readonly string[] =>
    readProject({ settings }).diagnostics.map(({ line, message }) => `${line}: ${message}`);

  test.each([
    ["USE_L10N = True", "2: USE_L10N is known, but not simulated"],
    [
      "DATABASES = {'other': {'ATOMIC_REQUESTS': True}}",
      "2: the database other is known, but not simulated, nor are its ATOMIC_REQUESTS",
    ],
    [
      "DEFAULT_CHARSET = 'koi8-r'",
      "2: the charset koi8-r is named in answers, but their bytes are UTF-8 here",
    ],
    [
      "TEMPLATES = [{'OPTIONS': {'string_if_invalid': 'x'}}]",
      "2: the option string_if_invalid of templates is known, but not simulated",
    ],
  ])("%s", (line, message) => {
    expect(said(line)).toEqual([message]);
  });

  test("a setting that is written with its default, or that no request meets, is not mentioned", () => {
    expect(said("EMAIL_PORT = 25\nWSGI_APPLICATION = 'x'\nTIME_ZONE = 'UTC'")).toEqual([]);
  });

  test("a setting is simulated, told, or outside of requests, and only one of these", () => {
    const both = [...OUTSIDE_REQUESTS].filter((name) => name in NOT_SIMULATED || name in DEFAULTS);
    expect([...both, ...Object.keys(NOT_SIMULATED).filter((name) => name in DEFAULTS)]).toEqual([]);
  });
});
