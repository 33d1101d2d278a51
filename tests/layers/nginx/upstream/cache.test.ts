// The life of a cache entry, told by $upstream_cache_status.
import { describe, expect, test } from "vitest";
import { answer, play } from "./play.ts";

const zone = "proxy_cache_path /var/cache/nginx levels=1:2 keys_zone=one:1m;";
const pass = "proxy_pass http://127.0.0.1:8000; proxy_cache one;";
const page = answer("page", ["Cache-Control: max-age=1"]);

const at = (ms: number, path = "/", more: Record<string, unknown> = {}) => ({
  at: ms,
  request: { url: `http://example.com${path}`, overlap: true, ...more },
});

function statuses(
  location: string,
  script: readonly (string | number)[],
  timeline: readonly Record<string, unknown>[],
): string {
  const requests = play({
    http: zone,
    location: `${pass} ${location}`,
    upstreams: { 8000: script },
    timeline,
  });
  return requests.map((request) => request.nginx?.cacheStatus ?? "-").join(" ");
}

describe("an entry with max-age=1", () => {
  test("is missed, hit while fresh, and fetched again when it has expired", () => {
    const timeline = [at(0), at(500), at(2500), at(2600)];
    expect(statuses("", [page], timeline)).toBe("MISS HIT EXPIRED HIT");
  });

  test("is served stale while a background request refreshes it", () => {
    const stale = "proxy_cache_use_stale updating; proxy_cache_background_update on;";
    const timeline = [at(0), at(2500), at(2550), at(3000)];
    expect(statuses(stale, [200, page], timeline)).toBe("MISS STALE UPDATING HIT");
  });

  test("without background update the first one waits and the others are served stale", () => {
    const timeline = [at(0), at(2500), at(2550), at(3000)];
    const stale = "proxy_cache_use_stale updating;";
    expect(statuses(stale, [200, page], timeline)).toBe("MISS EXPIRED UPDATING HIT");
  });
});

describe("several requests for a missing entry", () => {
  const slow = [250, page];

  test("all go to the upstream without proxy_cache_lock", () => {
    expect(statuses("", slow, [at(0), at(10), at(20)])).toBe("MISS MISS MISS");
  });

  test("with it one goes; the others look again after 500 ms", () => {
    const requests = play({
      http: zone,
      location: `${pass} proxy_cache_lock on;`,
      upstreams: { 8000: slow },
      timeline: [at(0), at(10), at(20)],
    });
    expect(requests.map((request) => request.nginx?.cacheStatus)).toEqual(["MISS", "HIT", "HIT"]);
    expect(requests.map((request) => Math.round((request.ms ?? 0) / 50) * 50)).toEqual([
      250, 500, 500,
    ]);
  });
});

test("the key is the request target as sent", () => {
  const timeline = [at(0, "/p"), at(100, "/p"), at(200, "/p?"), at(300, "/%70"), at(400, "//p")];
  expect(statuses("", [page], timeline)).toBe("MISS HIT MISS MISS MISS");
});

test("bypass fetches although an entry is there, and stores; no_cache does not store", () => {
  const timeline = [at(0, "/"), at(100, "/?fresh=1"), at(200, "/?fresh=1")];
  const bypass = "proxy_cache_key $uri; proxy_cache_bypass $arg_fresh;";
  expect(statuses(bypass, [page], timeline)).toBe("MISS BYPASS BYPASS");
  expect(statuses("proxy_no_cache 1;", [page], [at(0), at(100)])).toBe("MISS MISS");
});

test("POST is not for the cache; HEAD fills it as a GET", () => {
  const timeline = [at(0, "/", { method: "HEAD" }), at(100), at(200, "/", { method: "POST" })];
  expect(statuses("", [page], timeline)).toBe("MISS HIT -");
});

test("Vary makes an entry for each value, byte by byte", () => {
  const varied = answer("x", ["Cache-Control: max-age=60", "Vary: Accept-Language"]);
  const language = (ms: number, value: string) =>
    at(ms, "/", { headers: { "Accept-Language": value } });
  const timeline = [
    language(0, "en"),
    language(100, "en"),
    language(200, "EN"),
    language(300, "EN"),
    language(400, "en"),
  ];
  expect(statuses("", [varied], timeline)).toBe("MISS HIT MISS HIT HIT");
});

test("min_uses stores at the n-th request", () => {
  const timeline = [at(0), at(100), at(200)];
  expect(statuses("proxy_cache_min_uses 2;", [page], timeline)).toBe("MISS MISS HIT");
});

test("an answer without a validity is never stored; proxy_cache_valid gives one", () => {
  const plain = answer("x");
  expect(statuses("", [plain], [at(0), at(100)])).toBe("MISS MISS");
  expect(statuses("proxy_cache_valid 10m;", [plain], [at(0), at(100)])).toBe("MISS HIT");
});

test("a removed file counts as missing", () => {
  const timeline = [at(0), { at: 100, shell: "rm -rf /var/cache/nginx/*" }, at(200), at(300)];
  expect(statuses("proxy_cache_valid 10m;", [answer("x")], timeline)).toBe("MISS MISS HIT");
});
