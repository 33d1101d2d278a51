// How long an answer may be kept: in nginx 1.22 the headers act in the order they come.
import { describe, expect, test } from "vitest";
import { configuredValidity, headerVerdict } from "../../../../src/layers/nginx/cache-validity.ts";

const NOW = 1_700_000_000;
const PAST = "Thu, 01 Jan 1970 00:00:00 GMT";

function verdict(...lines: (readonly [string, string])[]): number | string {
  const headers = lines.map(([name, value]) => ({ name, key: name.toLowerCase(), value }));
  const found = headerVerdict(headers, new Set(), NOW);
  return found.cacheable ? found.validSec && found.validSec - NOW : `not: ${found.forbiddenBy}`;
}

describe("one header", () => {
  test("gives a validity, forbids, or says nothing", () => {
    expect(verdict(["Cache-Control", "max-age=600"])).toBe(600);
    expect(verdict(["Cache-Control", "max-age=0, s-maxage=600"])).toBe(600);
    expect(verdict(["Cache-Control", "max-age=0"])).toBe("not: Cache-Control: max-age=0");
    expect(verdict(["Cache-Control", "no-store"])).toBe("not: Cache-Control: no-store");
    expect(verdict(["Set-Cookie", "a=b"])).toBe("not: Set-Cookie: a=b");
    expect(verdict(["Vary", "*"])).toBe("not: Vary: *");
    expect(verdict(["X-Accel-Expires", "10"])).toBe(10);
    expect(verdict(["Pragma", "no-cache"])).toBe(0);
  });
});

describe("two headers", () => {
  test("a past Expires before max-age forbids; after it, it does not matter", () => {
    expect(verdict(["Expires", PAST], ["Cache-Control", "max-age=60"])).toBe(
      `not: Expires: ${PAST}`,
    );
    expect(verdict(["Cache-Control", "max-age=60"], ["Expires", PAST])).toBe(60);
  });

  test("X-Accel-Expires before no-store wins; after it, it is too late", () => {
    expect(verdict(["X-Accel-Expires", "10"], ["Cache-Control", "no-store"])).toBe(10);
    expect(verdict(["Cache-Control", "no-store"], ["X-Accel-Expires", "10"])).toBe(
      "not: Cache-Control: no-store",
    );
  });
});

test("proxy_cache_valid: the first entry that fits the status", () => {
  const valid = [
    { status: 200, seconds: 600 },
    { status: null, seconds: 60 },
  ];
  expect([200, 404].map((status) => configuredValidity(valid, status))).toEqual([600, 60]);
});
