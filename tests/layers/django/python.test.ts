// The Python of settings.py and urls.py: what is read, and how errors are told.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plain, reprText, unicodeEscape } from "../../../src/layers/django/python-values.ts";
import { importText, load, readProject } from "./reading.ts";

function value(text: string, name = "x"): unknown {
  const module = importText(text);
  if (!("names" in module)) throw new Error(`${module.name}: ${module.message}`);
  const found = module.names.get(name);
  return found === undefined ? undefined : plain(found);
}

describe("values", () => {
  test.each([
    ["x = 1_000", 1000],
    ["x = -1.5", -1.5],
    ["x = 'a' \"b\"", "ab"],
    ["x = r'\\d'", "\\d"],
    ["x = 'caf\\xe9'", "café"],
    ["x = [1, *[2, 3]]", [1, 2, 3]],
    ["x = {'a': 1, **{'b': 2}}", { a: 1, b: 2 }],
    ["x = 2 * 60 * 60", 7200],
    ["x = not []", true],
    ["y = 'b'\nx = f'a{y}c'", "abc"],
    ["x = ['a']\nx += ['b']\nx.append('c')", ["a", "b", "c"]],
    ["x = {}\nx['a'] = {'b': 1}", { a: { b: 1 } }],
    ["x = 1 if False else 2", 2],
    ["if True:\n    x = 1\nelse:\n    x = 2", 1],
    ["try:\n    import nothing\nexcept ImportError:\n    x = 3", 3],
    ["a, x = 1, 2", 2],
    ["import os\nx = os.environ.get('NONE', 'd')", "d"],
    ["import os\nx = os.environ['HOME']", "/root-of-tests"],
    ["from pathlib import Path\nx = Path(__file__).resolve().parent / 'db'", "/srv/shop/db"],
    ["import os\nx = os.path.join(os.path.dirname(__file__), 'a', 'b')", "/srv/shop/a/b"],
    ["x = 'a,b'.split(',')", ["a", "b"]],
    ["x = int('5') + 1", 6],
  ])("%s", (text, expected) => {
    expect(value(text)).toEqual(expected);
  });
});

describe("errors", () => {
  const error = (text: string): string => {
    const module = importText(text);
    return "names" in module ? "none" : `${module.name}: ${module.message}`;
  };

  test.each([
    ["import nothing_like_this", "ModuleNotFoundError: No module named 'nothing_like_this'"],
    ["from os import path, nothing", "none"],
    ["x = y", "NameError: name 'y' is not defined"],
    ["import os\nx = os.environ['NONE']", "KeyError: 'NONE'"],
    ["x = int('a')", "ValueError: invalid literal for int() with base 10: 'a'"],
    ["x = [1", "SyntaxError: '[' was never closed"],
    ["x = )", "SyntaxError: unmatched ')'"],
    ["x = 'a", "SyntaxError: unterminated string literal (detected at line 1)"],
    ["raise ValueError('no')", "ValueError: no"],
  ])("%s", (text, expected) => {
    expect(error(text)).toBe(expected);
  });

  test("whatever the text, reading it neither throws nor hangs", () => {
    const piece = fc.constantFrom(
      "x",
      "=",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "'",
      '"',
      "\n",
      "    ",
      ":",
      ",",
      "import ",
      "from ",
      "path",
      "lambda",
      "if ",
      "else",
      "**",
      "*",
      "0",
      "#",
      "\\",
      "f'",
      "{a}",
      ".",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        importText(pieces.join(""));
      }),
      { numRuns: 300 },
    );
  });
});

describe("settings", () => {
  test("defaults are Django's, and what is written has its line", () => {
    const { settings } = readProject({ settings: "SESSION_COOKIE_AGE = 60\n" });
    expect(settings.values.SESSION_COOKIE_AGE).toBe(60);
    expect(settings.values.CSRF_COOKIE_NAME).toBe("csrftoken");
    expect(settings.written.get("SESSION_COOKIE_AGE")?.span.line).toBe(2);
  });

  test("a setting that changes nothing here is said to be not simulated, at its line", () => {
    const { diagnostics } = readProject({ settings: "EMAIL_HOST = 'mail.test'\n" });
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "not-simulated",
        line: 2,
        file: "/srv/shop/shop/settings.py",
      }),
    );
  });

  test("a string for ALLOWED_HOSTS is an error of its own", () => {
    const loaded = load({ settings: "ALLOWED_HOSTS = 'example.com'\n" });
    expect(loaded.failed).toMatchObject({
      reason: "import-error",
      exception: "ImproperlyConfigured",
    });
  });

  test("a middleware that cannot be imported keeps the application from loading", () => {
    const loaded = load({ settings: "MIDDLEWARE = ['shop.nothing.Middleware']\n" });
    expect(loaded.failed).toMatchObject({
      traceback: expect.arrayContaining(["ModuleNotFoundError: No module named 'shop.nothing'"]),
    });
  });
});

describe("texts as Python writes them", () => {
  test("repr() chooses its quotes and escapes", () => {
    expect(["a", "it's", "é\n", "\\"].map(reprText)).toEqual([
      "'a'",
      '"it\'s"',
      "'é\\n'",
      "'\\\\'",
    ]);
  });

  test("log arguments are escaped to ASCII", () => {
    expect(unicodeEscape("/café/\n€")).toBe("/caf\\xe9/\\n\\u20ac");
  });
});
