// What Django brings and real projects lean on, as the real program (3.2.25 of Debian 12) answered
// when it was asked the same: class-based views, set_language, error templates, storage in sessions.
import { describe, expect, test } from "vitest";
import { ask, DEFAULT_CHAIN, header, observe, type ProjectOptions } from "./project.ts";

const TEMPLATE_SETTINGS =
  "TEMPLATES[0]['OPTIONS'] = {'context_processors': ['django.template.context_processors.request', 'django.contrib.auth.context_processors.auth', 'django.contrib.messages.context_processors.messages']}";

describe("class-based views", () => {
  const urls = [
    "path('t/', TemplateView.as_view(template_name='t.html'))",
    "path('r/<int:pk>/', RedirectView.as_view(url='/a/%(pk)s/', query_string=True))",
    "path('gone/', RedirectView.as_view())",
  ];
  const options: ProjectOptions = {
    urls: [],
    files: {
      "/srv/shop/shop/urls.py": `from django.urls import path\nfrom django.views.generic import RedirectView, TemplateView\nurlpatterns = [${urls.join(", ")}]\n`,
      "/srv/shop/templates/t.html": "page\n",
    },
  };

  test("a page has GET, HEAD and OPTIONS; other methods are 405, and are logged once", () => {
    const { requests, logs } = observe(options, [
      "/t/",
      { url: "/t/", method: "POST", body: "a=1" },
      { url: "/t/", method: "OPTIONS" },
    ]);
    expect(requests.map(({ status }) => status)).toEqual([200, 405, 200]);
    expect(header(requests[1], "allow")).toBe("GET, HEAD, OPTIONS");
    expect(header(requests[2], "allow")).toBe("GET, HEAD, OPTIONS");
    expect(logs.django).toEqual(["WARNING django.request: Method Not Allowed (POST): /t/"]);
  });

  test("a redirect fills the captured arguments in and keeps the query when asked to", () => {
    const [answer, gone] = ask(options, ["/r/5/?q=1", "/gone/"]);
    expect([answer.status, header(answer, "location")]).toEqual([302, "/a/5/?q=1"]);
    expect(gone.status).toBe(410);
  });

  test("the pages for a new password are for those who are logged in", () => {
    const [answer] = ask(
      {
        middleware: DEFAULT_CHAIN,
        urls: ["path('accounts/', include('django.contrib.auth.urls'))"],
      },
      ["/accounts/password_change/"],
    );
    expect(header(answer, "location")).toBe("/accounts/login/?next=/accounts/password_change/");
  });
});

describe("logging out", () => {
  const options: ProjectOptions = {
    middleware: DEFAULT_CHAIN.filter((name) => name !== "Csrf"),
    settings: ["LOGOUT_REDIRECT_URL = '/bye/'"],
    urls: [],
    files: {
      "/srv/shop/shop/urls.py": `from django.contrib.auth.views import LogoutView
from django.urls import path
urlpatterns = [path("out/", LogoutView.as_view()), path("home/", LogoutView.as_view(next_page="/home/")), path("to/", LogoutView.as_view(redirect_field_name="to"))]
`,
    },
  };
  const location = (
    ...asked: readonly (string | Readonly<Record<string, unknown>>)[]
  ): readonly (string | undefined)[] =>
    ask(options, asked).map((answer) => header(answer, "location"));

  test("leads where the client asks, when that is on this host", () => {
    const here = "//example.com/b";
    expect(location("/out/", "/out/?next=/a/", `/out/?next=${here}`)).toEqual([
      ...["/bye/", "/a/", here],
    ]);
    expect(location("/out/?next=https://evil.example/", "/out/?next=")).toEqual(["/out/", "/out/"]);
  });

  test("asks the form before the URL, and both before the view's own page", () => {
    const both = { url: "/out/?next=/a/", method: "POST", body: "next=/c/" };
    expect(location(both, "/home/", "/home/?next=/a/")).toEqual(["/c/", "/home/", "/a/"]);
    expect(location("/to/?to=/z/", "/to/?next=/z/")).toEqual(["/z/", "/bye/"]);
  });
});

describe("set_language", () => {
  const options: ProjectOptions = {
    middleware: ["Locale", "Common"],
    files: {
      "/srv/shop/shop/urls.py":
        "from django.conf.urls.i18n import i18n_patterns\nfrom django.urls import include, path\nfrom shop import views\nurlpatterns = [path('i18n/', include('django.conf.urls.i18n'))]\nurlpatterns += i18n_patterns(path('shop/', views.shop, name='shop'))\n",
    },
  };
  const post = (body: string): Record<string, unknown> => ({
    url: "/i18n/setlang/",
    method: "POST",
    body,
  });

  test("keeps the language in a cookie and goes to the page in that language", () => {
    const [answer] = ask(options, [post("language=de&next=/en/shop/")]);
    expect(answer.status).toBe(302);
    expect(header(answer, "location")).toBe("/de/shop/");
    expect(header(answer, "set-cookie")).toBe("django_language=de; Path=/");
  });

  test("never sends anybody to another host", () => {
    const [answer] = ask(options, [post("language=de&next=http://evil.test/")]);
    expect(header(answer, "location")).toBe("/");
  });

  test("an unknown language changes nothing", () => {
    const [answer] = ask(options, [post("language=xx&next=/x/")]);
    expect([header(answer, "location"), header(answer, "set-cookie")]).toEqual(["/x/", undefined]);
  });
});

test("a language stays active in its thread until LocaleMiddleware sets another", () => {
  const options: ProjectOptions = {
    middleware: ["Common", "Locale"],
    files: {
      "/srv/shop/shop/urls.py":
        "from django.conf.urls.i18n import i18n_patterns\nfrom django.urls import path\nfrom shop import views\nurlpatterns = i18n_patterns(path('shop/', views.shop))\n",
    },
  };
  // CommonMiddleware is outside: it looks for /de/shop/ in the language of the request before.
  const [first, , third] = ask(options, ["/de/shop", "/de/shop/", "/de/shop"]);
  expect(first.django?.middleware).toContain("LocaleMiddleware request");
  expect(third.django?.middleware).toEqual([
    "CommonMiddleware request",
    "CommonMiddleware response",
  ]);
});

test("without USE_I18N there is one language, whatever the browser prefers", () => {
  const [answer] = ask({ middleware: ["Locale"], settings: ["USE_I18N = False"] }, [
    { url: "/", headers: { "Accept-Language": "de" } },
  ]);
  expect(header(answer, "content-language")).toBe("en-us");
});

describe("error pages", () => {
  const views = {
    "shop.views.boom": { steps: [{ raise: "ValueError", message: "x" }] },
    "shop.views.gone": { steps: [{ raise: "Http404", message: "<gone>" }] },
    "shop.views.denied": { steps: [{ raise: "PermissionDenied", message: "why" }] },
    "shop.views.token": { steps: [{ csrf: true }, { raise: "Http404" }] },
    "shop.views.broken": { steps: [{ raise: "ValueError" }] },
    "shop.views.odd": { steps: [{ raise: "SuspiciousOperation", message: "odd" }] },
  };
  const urls = Object.keys(views).map((view) => {
    const name = view.split(".")[2];
    return `path('${name}/', views.${name})`;
  });

  test("404.html and 403.html see the request and the exception, 500.html nothing", () => {
    const files = {
      "/srv/shop/templates/404.html": "{{ request_path }} {{ exception }} {{ user }}\n",
      "/srv/shop/templates/403.html": "{{ exception }}\n",
      "/srv/shop/templates/500.html": "[{{ request_path }}{{ user }}]\n",
    };
    const options = {
      middleware: DEFAULT_CHAIN,
      settings: [TEMPLATE_SETTINGS],
      urls,
      views,
      files,
    };
    const answers = ask(options, ["/nope/", "/gone/", "/denied/", "/boom/"]);
    expect(answers.map(({ body }) => body)).toEqual([
      "/nope/ Resolver404 AnonymousUser\n",
      "/gone/ &lt;gone&gt; AnonymousUser\n",
      "why\n",
      "[]\n",
    ]);
  });

  test("a refused form may have a template of its own", () => {
    const [answer] = ask(
      {
        middleware: ["Csrf"],
        urls,
        views,
        files: { "/srv/shop/templates/403_csrf.html": "{{ reason }}\n" },
      },
      [{ url: "/boom/", method: "POST", body: "a=1" }],
    );
    expect([answer.status, answer.body]).toEqual([403, "CSRF cookie not set.\n"]);
  });

  test("a default error page sends the CSRF cookie when a token was handed out, middleware or not", () => {
    const [answer] = ask({ middleware: ["Common"], urls, views }, ["/token/"]);
    expect(header(answer, "vary")).toBe("Cookie");
    expect(header(answer, "set-cookie")).toMatch(/^csrftoken=/);
  });

  test("the mail about a suspicious operation asks who the user is, so the answer varies by cookie", () => {
    const [answer] = ask({ middleware: ["Session", "Auth"], urls, views }, ["/odd/"]);
    expect([answer.status, header(answer, "vary")]).toEqual([400, "Cookie"]);
  });

  test("a handler that fails is an error, and is mailed as one", () => {
    const files = {
      "/srv/shop/shop/urls.py": `from django.urls import path\nfrom shop import views\nurlpatterns = [${urls.join(", ")}]\nhandler403 = 'shop.views.broken'\n`,
    };
    const [answer] = ask({ middleware: ["Session", "Auth"], views, files }, ["/denied/"]);
    expect([answer.status, header(answer, "vary")]).toEqual([500, "Cookie"]);
  });
});

describe("what lies in the session", () => {
  const views = {
    "shop.views.form": { steps: [{ csrf: true }] },
    "shop.views.say": { steps: [{ message: "hi" }, { respond: { body: "said\n" } }] },
    "shop.views.show": { steps: [{ render: "m.html" }] },
  };
  const urls = [
    "path('form/', views.form)",
    "path('say/', views.say)",
    "path('show/', views.show)",
  ];
  const files = {
    "/srv/shop/templates/m.html": "{% for m in messages %}{{ m }}{% empty %}none{% endfor %}\n",
  };
  const options = (line: string): ProjectOptions => ({
    middleware: DEFAULT_CHAIN,
    settings: [TEMPLATE_SETTINGS, line],
    urls,
    views,
    files,
  });

  test("CSRF_USE_SESSIONS: no cookie of its own, three queries for the new session", () => {
    const jar = { jar: "a" };
    const [form, again, post] = ask(options("CSRF_USE_SESSIONS = True"), [
      { url: "/form/", ...jar },
      { url: "/form/", ...jar },
      { url: "/say/", method: "POST", body: "csrfmiddlewaretoken={{csrf}}", ...jar },
    ]);
    const cookies = form.headers.filter(([name]) => name === "set-cookie");
    expect(cookies.map(([, value]) => value.split("=")[0])).toEqual(["sessionid"]);
    expect(form.django?.queries).toBe(3);
    expect(again.django?.queries).toBe(1);
    expect(post.status).toBe(200);
  });

  test("SessionStorage keeps messages in the session and takes them out when they are shown", () => {
    const line = "MESSAGE_STORAGE = 'django.contrib.messages.storage.session.SessionStorage'";
    const [said, shown, later] = ask(options(line), [
      { url: "/say/", jar: "a" },
      { url: "/show/", jar: "a" },
      { url: "/show/", jar: "a" },
    ]);
    expect(header(said, "set-cookie")).toMatch(/^sessionid=/);
    expect([shown.body, later.body]).toEqual(["hi\n", "none\n"]);
  });
});

describe("the body of a request", () => {
  const BOUNDARY = "----b";
  const body = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${BOUNDARY}--\r\n`;
  const views = {
    "shop.views.home": { steps: [{ read: "POST" }, { read: "body" }, { respond: {} }] },
  };
  const post = (type: string): Record<string, unknown> => ({
    url: "/",
    method: "POST",
    body,
    headers: { "Content-Type": type },
  });

  test("a multipart body is gone once POST was read", () => {
    const [answer] = ask({ views }, [post(`multipart/form-data; boundary=${BOUNDARY}`)]);
    expect(answer.status).toBe(500);
    expect(answer.django?.exception).toBe(
      "RawPostDataException: You cannot access body after reading from request's data stream",
    );
  });

  test.each([
    ["multipart/form-data", "None"],
    ["multipart/form-data; boundary=", ""],
  ])("%s has no boundary", (type, name) => {
    const [answer] = ask({ views }, [post(type)]);
    expect(answer.django?.exception).toBe(
      `MultiPartParserError: Invalid boundary in multipart: ${name}`,
    );
  });
});

describe("templates", () => {
  test.each([
    ["{{ items|join:'-' }} {{ s|title }} {{ s|truncatechars:5 }}", "a-b Hello World hell…"],
    ["{% with n=n|add:2 %}{{ n }}{% endwith %}{{ n }}", "53"],
    ["{% for x in items %}{% cycle 'odd' 'even' %}{{ x }} {% endfor %}", "odda evenb "],
    ["{% verbatim %}{{ s }}{% endverbatim %}{% firstof none s %}", "{{ s }}hello world"],
    ["{% autoescape off %}{{ h }}{% endautoescape %}{{ h }}", "<b>&lt;b&gt;"],
    ["{% if items|length > 1 %}many{% endif %}{{ f|floatformat:2 }}{{ n|pluralize }}", "many3.15s"],
    [
      "{% filter upper %}abc{% endfilter %}{% spaceless %}<a> <b></b> </a>{% endspaceless %}",
      "ABC<a><b></b></a>",
    ],
  ])("%s", (text, rendered) => {
    const context = { items: ["a", "b"], s: "hello world", n: 3, h: "<b>", f: 3.145 };
    const [answer] = ask(
      {
        views: { "shop.views.home": { steps: [{ render: "t.html", context }] } },
        files: { "/srv/shop/templates/t.html": text },
      },
      ["/"],
    );
    expect(answer.body).toBe(rendered);
  });

  test("{% url %} of a name that is not there raises NoReverseMatch", () => {
    const [answer] = ask(
      {
        views: { "shop.views.home": { steps: [{ render: "t.html" }] } },
        files: { "/srv/shop/templates/t.html": "{% url 'nothing' %}" },
      },
      ["/"],
    );
    expect(answer.django?.exception).toBe(
      "NoReverseMatch: Reverse for 'nothing' not found. 'nothing' is not a valid view function or pattern name.",
    );
  });
});
