// Patterns, converters, resolving and reversing.
import { describe, expect, test } from "vitest";
import { resolvePath } from "../../../src/layers/django/resolver.ts";
import { reverseUrl } from "../../../src/layers/django/reverse.ts";
import {
  compilePath,
  compileRegex,
  matchRoute,
  type Route,
} from "../../../src/layers/django/url-pattern.ts";
import { readProject } from "./reading.ts";

const NOWHERE = { file: "urls.py", start: 0, end: 0, line: 1 };

function matches(
  route: Route | { readonly problem: string },
  path: string,
): Record<string, string> | readonly string[] | null {
  if ("problem" in route) throw new Error(route.problem);
  const match = matchRoute(route, path, "");
  if (match === null) return null;
  return match.kwargs.size > 0
    ? Object.fromEntries([...match.kwargs].map(([name, value]) => [name, value.text]))
    : match.args.map((value) => value.text);
}

describe("path()", () => {
  test.each([
    ["int/<int:n>/", "int/05/", { n: "5" }],
    ["int/<int:n>/", "int/-5/", null],
    ["s/<s>/", "s/a b/", { s: "a b" }],
    ["s/<s>/", "s/a/b/", null],
    ["p/<path:p>", "p/a/b/", { p: "a/b/" }],
    ["slug/<slug:s>/", "slug/a.b/", null],
    ["a+b/", "a+b/", []],
    [
      "uuid/<uuid:u>/",
      "uuid/075194d3-6885-417e-a8a8-6c931e272f00/",
      { u: "075194d3-6885-417e-a8a8-6c931e272f00" },
    ],
  ])("%s on %s", (text, path, expected) => {
    expect(matches(compilePath(text, true, NOWHERE), path)).toEqual(expected);
  });

  test("an unknown converter is Django's own complaint", () => {
    expect(compilePath("<year:y>/", true, NOWHERE)).toEqual({
      problem: "URL route '<year:y>/' uses invalid converter 'year'.",
    });
  });
});

describe("re_path()", () => {
  test.each([
    ["^re/(?P<year>[0-9]{4})/$", "re/2024/", { year: "2024" }],
    ["^re/(?P<a>x)/(y)/$", "re/x/y/", { a: "x" }],
    ["^re/([0-9]{4})/([0-9]{2})/$", "re/2024/05/", ["2024", "05"]],
    ["^open", "openanything", []],
    // An endpoint that ends in $ must match the whole rest, although re.search would find it inside.
    ["nocaret/$", "a/nocaret/", null],
    ["^re/(?P<year>[0-9]{4})/$", "re/2024/\n", null],
    ["^opt/(?:page-(?P<n>[0-9]+)/)?$", "opt/", []],
  ])("%s on %s", (text, path, expected) => {
    expect(matches(compileRegex(text, true, NOWHERE), path)).toEqual(expected);
  });

  test("what this host cannot compile matches nothing, and throws nothing", () => {
    expect(compileRegex("(?P<a>x", true, NOWHERE).regex).toBeNull();
  });
});

describe("the URLconf", () => {
  const files = {
    "/srv/shop/blog/urls.py":
      "from django.urls import path\nfrom blog import views\napp_name = 'blog'\nurlpatterns = [path('', views.index, name='index'), path('<int:pk>/', views.post, name='post')]\n",
  };
  const { urlconf } = readProject({
    urls: [
      "path('same/', views.first, name='same')",
      "path('same/', views.second, name='same')",
      "path('blog/', include('blog.urls'))",
      "path('news/', include(('blog.urls', 'blog'), namespace='news'))",
      "path('x/', views.x, {'flag': True}, name='x')",
    ],
    files,
  });

  test("the first pattern that matches wins", () => {
    expect(resolvePath(urlconf, "/same/", "")?.pattern.view).toBe("shop.views.first");
  });

  test("namespaces of includes join with colons", () => {
    const match = resolvePath(urlconf, "/news/7/", "");
    expect(match?.urlName).toBe("news:post");
    expect(match?.kwargs.get("pk")?.repr).toBe("7");
  });

  test("extra arguments are given to the view", () => {
    expect(resolvePath(urlconf, "/x/", "")?.kwargs.get("flag")?.text).toBe("True");
  });

  test("tried patterns are listed with what was left of the path", () => {
    const tried: Parameters<typeof resolvePath>[3] = [];
    expect(resolvePath(urlconf, "/blog/a/", "", tried)).toBeNull();
    expect(tried?.map((entry) => [entry.depth, entry.rest, entry.matched])).toEqual([
      [1, "blog/a/", false],
      [1, "blog/a/", false],
      [1, "blog/a/", true],
      [2, "a/", false],
      [2, "a/", false],
      [1, "blog/a/", false],
      [1, "blog/a/", false],
    ]);
  });

  test("reverse goes from a name back to the path", () => {
    const options = { args: [], languagePrefix: "", scriptPrefix: "/" };
    const pk = new Map([["pk", { text: "7", repr: "7" }]]);
    expect(reverseUrl(urlconf, "news:post", { ...options, kwargs: pk })).toEqual({
      url: "/news/7/",
    });
    expect(reverseUrl(urlconf, "blog:index", { ...options, kwargs: pk })).toEqual({
      problem:
        "Reverse for 'index' with keyword arguments '{'pk': 7}' not found. 1 pattern(s) tried: ['blog/\\\\Z']",
    });
  });
});
