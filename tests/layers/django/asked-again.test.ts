// Rules that random projects showed when the real Django (3.2.25 of Debian 12) was asked about them.
import { describe, expect, test } from "vitest";
import { unknownNames } from "../../../src/layers/django/view-names.ts";
import { ask, DEFAULT_CHAIN, header, observe } from "./project.ts";

test("a middleware of the project that answers returns at once: its own response code does not run", () => {
  const [answer] = ask(
    {
      middleware: ["shop.middleware.A", "shop.middleware.B"],
      own: {
        "shop.middleware.A": { response: [{ header: ["X-A", "1"] }] },
        "shop.middleware.B": {
          request: [{ respond: { body: "b\n" } }],
          response: [{ header: ["X-B", "1"] }],
        },
      },
    },
    ["/"],
  );
  expect([header(answer, "x-a"), header(answer, "x-b")]).toEqual(["1", undefined]);
  expect(answer.django?.middleware).toEqual(["A request", "B request", "B response", "A response"]);
});

test("of several exceptions the first is what happened to the request", () => {
  const [answer] = ask(
    {
      middleware: ["shop.middleware.R", "Common"],
      own: { "shop.middleware.R": { response: [{ raise: "KeyError", message: "late" }] } },
      views: { "shop.views.home": { steps: [{ raise: "ValueError", message: "early" }] } },
    },
    ["/"],
  );
  expect(answer.django?.exception).toBe("ValueError: early");
  expect(answer.django?.exceptions).toEqual(["ValueError: early", "KeyError: 'late'"]);
});

test("a handler that raises is told with the exception that it was to handle", () => {
  const { logs } = observe(
    {
      files: {
        "/srv/shop/shop/urls.py":
          "from django.urls import path\nfrom shop import views\nurlpatterns = [path('', views.home)]\nhandler500 = 'shop.views.h500'\n",
      },
      views: {
        "shop.views.home": { steps: [{ raise: "ValueError", message: "first" }] },
        "shop.views.h500": { steps: [{ raise: "KeyError", message: "second" }] },
      },
    },
    ["/"],
  );
  const text = logs.gunicorn.join("\n");
  expect(text).toMatch(/ValueError: first\n\nDuring handling of [\s\S]*KeyError: 'second'/);
});

test("a cookie's lifetime is told as Max-Age and as a date, and a letter beyond ASCII in octal", () => {
  const cookie = { value: "ü", max_age: 60 };
  const [answer] = ask(
    { views: { "shop.views.home": { steps: [{ respond: { cookies: { c: cookie } } }] } } },
    ["/"],
  );
  expect(header(answer, "set-cookie")).toBe('c="\\374"; expires=<date+60>; Max-Age=60; Path=/');
});

test("a message in a template has its level's name", () => {
  const [answer] = ask(
    {
      middleware: DEFAULT_CHAIN,
      settings: [
        "TEMPLATES[0]['OPTIONS'] = {'context_processors': ['django.contrib.messages.context_processors.messages']}",
      ],
      files: {
        "/srv/shop/templates/m.html": "{% for m in messages %}{{ m.tags }}: {{ m }}{% endfor %}",
      },
      views: { "shop.views.home": { steps: [{ message: "hi" }, { render: "m.html" }] } },
    },
    ["/"],
  );
  expect(answer.body).toBe("info: hi");
});

test("logout happens whatever the method, and then the method is refused", () => {
  const [answer] = ask(
    {
      middleware: DEFAULT_CHAIN.filter((name) => name !== "Csrf"),
      urls: ["path('accounts/', include('django.contrib.auth.urls'))"],
    },
    [{ url: "/accounts/logout/", method: "DELETE" }],
  );
  expect([answer.status, header(answer, "allow")]).toEqual([405, "GET, POST, HEAD, OPTIONS"]);
});

describe("the mail about an error shows the form", () => {
  test("so a form beyond the limit raises there, and the middleware outside answers for it", () => {
    const [answer] = ask(
      { middleware: ["Security", "Common"], settings: ["DATA_UPLOAD_MAX_MEMORY_SIZE = 20"] },
      [{ url: "/", method: "POST", body: "a".repeat(30), headers: { Host: "evil.example" } }],
    );
    expect(answer.status).toBe(400);
    expect(answer.django?.exceptions?.map((text) => text.split(":")[0])).toEqual([
      "DisallowedHost",
      "RequestDataTooBig",
    ]);
  });
});

test("an error page looks for the token in the form, and so reads it: too large a form is no 404", () => {
  const token = "a".repeat(64);
  const [answer] = ask({ middleware: ["Csrf"], settings: ["DATA_UPLOAD_MAX_MEMORY_SIZE = 20"] }, [
    {
      url: "/nope/",
      method: "POST",
      body: "a".repeat(30),
      headers: { Cookie: `csrftoken=${token}` },
    },
  ]);
  expect(answer.status).toBe(400);
});

test("500.html is rendered without the request: it has no token to show", () => {
  const [answer] = ask(
    {
      files: { "/srv/shop/templates/500.html": "[{% csrf_token %}]" },
      views: { "shop.views.home": { steps: [{ raise: "ValueError" }] } },
    },
    ["/"],
  );
  expect([answer.body, header(answer, "set-cookie")]).toEqual(["[]", undefined]);
});

describe("templates", () => {
  const page = (text: string, files = {}): ReturnType<typeof ask>[number] =>
    ask(
      {
        files: { "/srv/shop/templates/t.html": text, ...files },
        views: { "shop.views.home": { steps: [{ render: "t.html", context: { n: null } }] } },
      },
      ["/"],
    )[0];

  test("{{ block.super }} is what the parent has in the block; None is printed, what is missing is not", () => {
    const base = { "/srv/shop/templates/b.html": "<{% block t %}base{% endblock %}>" };
    const text =
      "{% extends 'b.html' %}{% block t %}{{ block.super }}+{{ n }}{{ m }}{% endblock %}";
    expect(page(text, base).body).toBe("<base+None>");
  });

  test("a filter that Django does not know is an error of the template", () => {
    expect(page("{{ n|nope }}").django?.exception).toBe(
      "TemplateSyntaxError: Invalid filter: 'nope'",
    );
  });

  test("a tag of Django's that is not simulated shows nothing; with a library, unknown ones too", () => {
    expect(page("[{% widthratio 1 2 3 %}]").body).toBe("[]");
    expect(page("{% load x %}[{% own %}in{% endown %}{{ n|own }}]").body).toBe("[inNone]");
  });
});

test("names without a meaning in a scenario's views are said with their place", () => {
  const views = {
    "shop.views.a": {
      decorators: ["login_required", "superuser_only"],
      steps: [{ raise: "NopeError" }, { echo: ["user", "nothing"] }, { raise: "Http404" }],
    },
  };
  expect(unknownNames(views, {}).map(({ place }) => place)).toEqual([
    "shop.views.a.decorators[1]",
    "shop.views.a.steps[0]",
    "shop.views.a.steps[1]",
  ]);
});
