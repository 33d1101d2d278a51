// Requests through Django: what runs in which order, and what comes out.
import { describe, expect, test } from "vitest";
import { ask, DEFAULT_CHAIN, header, observe } from "./project.ts";

const FORM = { headers: { Cookie: "" }, method: "POST", body: "a=1" };

describe("the middleware chain", () => {
  test("a GET passes MIDDLEWARE from the first to the last and back", () => {
    const [answer] = ask({ middleware: ["Security", "Common", "Csrf"] }, ["/"]);
    expect(answer.django?.middleware).toEqual([
      "SecurityMiddleware request",
      "CommonMiddleware request",
      "CsrfViewMiddleware request",
      "CsrfViewMiddleware view",
      "view",
      "CsrfViewMiddleware response",
      "CommonMiddleware response",
      "SecurityMiddleware response",
    ]);
    expect(answer.body).toBe("<p>shop.views.home</p>\n");
  });

  test("headers are in the order in which the layers set them", () => {
    const [answer] = ask({ middleware: DEFAULT_CHAIN }, ["/"]);
    const names = answer.headers.map(([name]) => name).slice(-5);
    expect(names).toEqual([
      "content-type",
      "x-frame-options",
      "content-length",
      "x-content-type-options",
      "referrer-policy",
    ]);
  });

  test("a middleware that answers keeps the request from those below it, and from the view", () => {
    const own = {
      "shop.middleware.Closed": { request: [{ respond: { status: 503, body: "closed\n" } }] },
    };
    const [answer] = ask({ middleware: ["Common", "shop.middleware.Closed", "Csrf"], own }, ["/"]);
    expect(answer.status).toBe(503);
    expect(answer.django?.middleware).toEqual([
      "CommonMiddleware request",
      "Closed request",
      "Closed response",
      "CommonMiddleware response",
    ]);
  });

  test("an exception becomes a response at the layer that raised it", () => {
    const own = { "shop.middleware.Deny": { request: [{ raise: "PermissionDenied" }] } };
    const [answer] = ask({ middleware: ["Security", "shop.middleware.Deny", "Common"], own }, [
      "/",
    ]);
    expect(answer.status).toBe(403);
    expect(answer.django?.middleware).toEqual([
      "SecurityMiddleware request",
      "Deny request",
      "Deny raised PermissionDenied",
      "SecurityMiddleware response",
    ]);
    // Common never saw the response, so nobody counted its bytes.
    expect(header(answer, "content-length")).toBeUndefined();
  });

  test("without sessions above it, AuthenticationMiddleware fails every request", () => {
    const [answer] = ask({ middleware: ["Auth", "Session", "Common"] }, ["/"]);
    expect(answer.status).toBe(500);
    expect(answer.django?.exception).toMatch(
      /^AssertionError: The Django authentication middleware requires session/,
    );
  });
});

describe("exceptions of a view", () => {
  const view = (...steps: unknown[]): Readonly<Record<string, unknown>> => ({
    "shop.views.home": { steps },
  });

  test("anything uncaught is a 500 that says nothing to the client", () => {
    const seen = observe({ views: view({ raise: "ValueError", message: "boom" }) }, ["/"]);
    expect(seen.requests[0].status).toBe(500);
    expect(seen.requests[0].bodyBytes).toBe(145);
    expect(seen.requests[0].django?.exception).toBe("ValueError: boom");
    expect(seen.logs.django).toEqual(["ERROR django.request: Internal Server Error: /"]);
  });

  test("with DEBUG the traceback goes to standard error", () => {
    const seen = observe(
      { settings: ["DEBUG = True"], views: view({ raise: "ValueError", message: "boom" }) },
      ["/"],
    );
    expect(seen.logs.gunicorn.slice(-4)).toEqual([
      "Internal Server Error: /",
      "Traceback (most recent call last):",
      "  <frames>",
      "ValueError: boom",
    ]);
  });

  test("Http404, PermissionDenied and SuspiciousOperation have statuses of their own", () => {
    const status = (name: string): number | null =>
      ask({ views: view({ raise: name }) }, ["/"])[0].status;
    expect(["Http404", "PermissionDenied", "SuspiciousOperation"].map(status)).toEqual([
      404, 403, 400,
    ]);
  });

  test("SystemExit is not caught: it reaches the server", () => {
    const [answer] = ask({ views: view({ raise: "SystemExit" }) }, ["/"]);
    expect(answer.error).toBe("closed");
    expect(answer.django).toMatchObject({ crashed: true, exception: "SystemExit" });
  });
});

describe("host and slash", () => {
  test("a Host that ALLOWED_HOSTS does not list is a 400, before the view", () => {
    const [answer] = ask({}, [{ url: "/", headers: { Host: "evil.test" } }]);
    expect(answer.status).toBe(400);
    expect(answer.django?.exception).toBe(
      "DisallowedHost: Invalid HTTP_HOST header: 'evil.test'. You may need to add 'evil.test' to ALLOWED_HOSTS.",
    );
  });

  test("APPEND_SLASH redirects only to what resolves", () => {
    const answers = ask({ urls: ["path('cart/', views.cart)"] }, ["/cart?a=1", "/none"]);
    expect(answers.map((answer) => [answer.status, header(answer, "location")])).toEqual([
      [301, "/cart/?a=1"],
      [404, undefined],
    ]);
  });
});

describe("CSRF", () => {
  const options = {
    middleware: ["Session", "Common", "Csrf"],
    urls: ["path('', views.form)", "path('post/', views.post)"],
    views: { "shop.views.form": { steps: [{ csrf: true }] } },
  };

  test("a POST without the cookie is refused before the view", () => {
    const [answer] = ask(options, [{ ...FORM, url: "/post/" }]);
    expect(answer.status).toBe(403);
    expect(answer.bodyBytes).toBe(1382);
    expect(answer.django?.view).toBeUndefined();
    expect(answer.django?.matched).toBe("shop.views.post");
  });

  test("the form's token and the cookie let it through", () => {
    const answers = ask(options, [
      { url: "/", jar: "a" },
      { url: "/post/", jar: "a", method: "POST", body: "csrfmiddlewaretoken={{csrf}}" },
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  });
});

describe("sessions and users", () => {
  const views = {
    "shop.views.set": { steps: [{ session: { a: "1" } }, { respond: {} }] },
    "shop.views.get": { steps: [{ echo: ["session"] }] },
    "shop.views.login": { steps: [{ login: "alice" }, { redirect: "/" }] },
    "shop.views.user": { decorators: ["login_required"], steps: [{ echo: ["user"] }] },
    "shop.views.home": { steps: [{ respond: {} }] },
  };
  const urls = [
    "path('', views.home)",
    "path('set/', views.set)",
    "path('get/', views.get)",
    "path('login/', views.login)",
    "path('user/', views.user)",
  ];
  const options = { middleware: DEFAULT_CHAIN, urls, views };

  test("a new session costs three queries, reading it one, not touching it none", () => {
    const answers = ask(
      options,
      ["/set/", "/get/", "/"].map((url) => ({ url, jar: "a" })),
    );
    expect(answers.map((answer) => answer.django?.queries)).toEqual([3, 1, 0]);
    expect(answers[1].body).toBe('{"session": {"a": "1"}}');
  });

  test("login takes seven queries; a page for users then two", () => {
    const answers = ask(
      options,
      ["/login/", "/user/"].map((url) => ({ url, jar: "a" })),
    );
    expect(answers.map((answer) => answer.django?.queries)).toEqual([7, 2]);
    expect(answers[1].body).toBe('{"user": "alice"}');
  });

  test("who is not logged in is sent to LOGIN_URL with the way back", () => {
    const [answer] = ask(options, ["/user/?x=1"]);
    expect(header(answer, "location")).toBe("/accounts/login/?next=/user/%3Fx%3D1");
  });

  test("a signed cookie holds the session itself: no query at all", () => {
    const signed = {
      ...options,
      settings: ["SESSION_ENGINE = 'django.contrib.sessions.backends.signed_cookies'"],
    };
    const answers = ask(
      signed,
      ["/set/", "/get/"].map((url) => ({ url, jar: "a" })),
    );
    expect(answers.map((answer) => answer.django?.queries)).toEqual([0, 0]);
    expect(answers[1].body).toBe('{"session": {"a": "1"}}');
  });
});

describe("the page cache", () => {
  const views = {
    "shop.views.home": { steps: [{ query: "SELECT 1" }, { respond: { body: "home\n" } }] },
  };

  test("a second request is answered without the view", () => {
    const answers = ask({ middleware: ["UpdateCache", "Common", "FetchCache"], views }, ["/", "/"]);
    expect(answers.map((answer) => answer.django?.queries)).toEqual([1, 0]);
    expect(answers[1].django?.view).toBeUndefined();
    expect(header(answers[0], "cache-control")).toBe("max-age=600");
  });
});

describe("transactions", () => {
  const views = {
    "shop.views.home": {
      steps: [
        {
          transaction: [{ query: "INSERT INTO item (name) VALUES ('e')" }, { raise: "ValueError" }],
        },
      ],
    },
    "shop.views.kept": {
      steps: [{ transaction: [{ query: "INSERT INTO item (name) VALUES ('f')" }] }],
    },
  };
  const database = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);";

  test("BEGIN is a statement of its own with SQLite, COMMIT and ROLLBACK are not", () => {
    const answers = ask(
      { views, database, urls: ["path('', views.home)", "path('kept/', views.kept)"] },
      ["/", "/kept/"],
    );
    expect(answers[0].django?.sql).toEqual(["BEGIN", "INSERT INTO item (name) VALUES ('e')"]);
    expect(answers.map((answer) => answer.status)).toEqual([500, 200]);
  });
});

describe("templates and languages", () => {
  test("values in templates are escaped", () => {
    const files = {
      "/srv/shop/templates/a.html":
        "{% for item in items %}<b>{{ item }}</b>{% empty %}none{% endfor %}",
    };
    const views = {
      "shop.views.home": { steps: [{ render: "a.html", context: { items: ["<script>"] } }] },
    };
    expect(ask({ files, views }, ["/"])[0].body).toBe("<b>&lt;script&gt;</b>");
  });

  test("a template that is not there is a 500", () => {
    const [answer] = ask({ views: { "shop.views.home": { steps: [{ render: "none.html" }] } } }, [
      "/",
    ]);
    expect(answer.django?.exception).toBe("TemplateDoesNotExist: none.html");
  });

  test("Accept-Language chooses among LANGUAGES", () => {
    const settings = [
      "LANGUAGES = [('en', 'English'), ('fr', 'French'), ('pt-br', 'Brazilian Portuguese')]",
      "LANGUAGE_CODE = 'en'",
    ];
    const views = { "shop.views.home": { steps: [{ echo: ["language"] }] } };
    const languages = ["fr-CA,fr;q=0.9", "pt", "de"].map((value) => ({
      url: "/",
      headers: { "Accept-Language": value },
    }));
    const answers = ask(
      { middleware: ["Session", "Locale", "Common"], settings, views },
      languages,
    );
    expect(answers.map((answer) => answer.body)).toEqual([
      '{"language": "fr"}',
      '{"language": "pt-br"}',
      '{"language": "en"}',
    ]);
  });
});

describe("imports that fail", () => {
  test("an error in urls.py is no boot failure: every request fails, the error handler too", () => {
    const seen = observe({ urls: ["path('', views.home"] }, ["/"]);
    expect(seen.requests[0].by).toBe("gunicorn");
    expect(seen.requests[0].django?.middleware).toEqual([
      "CommonMiddleware request",
      "CommonMiddleware raised SyntaxError",
    ]);
  });

  test("an app that is not installed keeps the worker from booting", () => {
    const seen = observe({ settings: ["INSTALLED_APPS += ['nothing']"] }, ["/"]);
    expect(seen.logs.gunicorn).toContain("ModuleNotFoundError: No module named 'nothing'");
    expect(seen.requests[0].error).toBe("refused");
  });
});
