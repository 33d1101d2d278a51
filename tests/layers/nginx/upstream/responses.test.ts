// What the client gets of an upstream's answer, and what nginx puts in its place.
import { describe, expect, test } from "vitest";
import { answer, play } from "./play.ts";

const pass = "proxy_pass http://127.0.0.1:8000;";

function headers(script: string, location = pass, server = ""): string[] {
  const [request] = play({ location, server, upstreams: { 8000: [script] }, timeline: ["/a"] });
  const own = new Set(["server", "date", "connection", "content-length"]);
  return request.headers
    .filter(([name]) => !own.has(name))
    .map(([name, value]) => `${name}: ${value}`);
}

test("hop-by-hop headers are dropped, Server and Date hidden, the rest passes in order", () => {
  const script = answer("", [
    "X-B: 2",
    "Server: mine",
    "Keep-Alive: 5",
    "X-A: 1",
    "X-Accel-Expires: 9",
  ]);
  expect(headers(script)).toEqual(["x-b: 2", "x-a: 1"]);
  expect(
    headers(script, `${pass} proxy_hide_header X-B; proxy_pass_header X-Accel-Expires;`),
  ).toEqual(["x-a: 1", "x-accel-expires: 9"]);
});

describe("Location", () => {
  const moved = (to: string) => answer("", [`Location: ${to}`], "302 Found");

  test("that names the upstream is rewritten to the location's prefix", () => {
    const location = "proxy_pass http://127.0.0.1:8000/app/;";
    expect(headers(moved("http://127.0.0.1:8000/app/next"), location)).toEqual([
      "location: http://example.com/next",
    ]);
    expect(headers(moved("http://other/app/next"), location)).toEqual([
      "location: http://other/app/next",
    ]);
    expect(headers(moved("/relative"), location)).toEqual(["location: /relative"]);
  });

  test("follows proxy_redirect's own rules, regular expressions included", () => {
    const own = `${pass} proxy_redirect ~^http://old(/.*)$ https://new$1;`;
    expect(headers(moved("http://old/x"), own)).toEqual(["location: https://new/x"]);
    expect(headers(moved("http://127.0.0.1:8000/x"), `${pass} proxy_redirect off;`)).toEqual([
      "location: http://127.0.0.1:8000/x",
    ]);
  });
});

test("cookies get another path, domain and flags", () => {
  const script = answer("", ["Set-Cookie: a=1; Path=/app; Domain=backend.local"]);
  const location = `${pass} proxy_cookie_path /app /; proxy_cookie_domain backend.local example.com;
    proxy_cookie_flags ~. secure samesite=lax;`;
  expect(headers(script, location)).toEqual([
    "set-cookie: a=1; Path=/; Domain=example.com; Secure; SameSite=Lax",
  ]);
});

test("X-Accel-Redirect hands over to a location that only nginx may enter", () => {
  const [request] = play({
    location: pass,
    server: "location /files/ { internal; root /srv; }",
    upstreams: {
      8000: [answer("hidden", ["X-Accel-Redirect: /files/a.txt", "Content-Type: text/x-own"])],
    },
    files: { "/srv/files/a.txt": "shown" },
    timeline: ["/get"],
  });
  expect([request.status, request.body]).toEqual([200, "shown"]);
  expect(request.headers).toContainEqual(["content-type", "text/x-own"]);
});

test("proxy_intercept_errors leaves an error to error_page", () => {
  const [request] = play({
    location: `${pass} proxy_intercept_errors on; error_page 503 =200 /sorry;`,
    server: 'location = /sorry { return 200 "sorry"; }',
    upstreams: { 8000: [answer("down", [], "503 Service Unavailable")] },
    timeline: ["/"],
  });
  expect([request.status, request.body]).toEqual([200, "sorry"]);
});

test("a body without a length goes out in chunks; one in chunks is taken apart first", () => {
  const open = "HTTP/1.0 200 OK\r\n\r\nall of it";
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const [script, body] of [
    [open, "all of it"],
    [chunked, "abc"],
  ]) {
    const [request] = play({ location: pass, upstreams: { 8000: [script] }, timeline: ["/"] });
    expect(request.body).toBe(body);
    expect(request.headers).toContainEqual(["transfer-encoding", "chunked"]);
  }
});

describe("access", () => {
  const files = { "/etc/nginx/users": "ann:{PLAIN}secret\n" };
  const basic = 'auth_basic "R"; auth_basic_user_file users; return_ok;'.replace(
    "return_ok;",
    pass,
  );
  const ask = (authorization?: string) =>
    play({
      location: basic,
      files,
      upstreams: { 8000: [answer("in")] },
      timeline: [
        {
          at: 0,
          request: {
            url: "http://example.com/",
            headers: { Authorization: authorization ?? null },
          },
        },
      ],
    })[0].status;

  test("auth_basic asks for a password and checks it", () => {
    expect([ask(), ask("Basic YW5uOnNlY3JldA=="), ask("Basic YW5uOndyb25n")]).toEqual([
      401, 200, 401,
    ]);
  });

  test("limit_req delays what is over the rate and refuses what is over the burst", () => {
    const at = (ms: number) => ({ at: ms, request: { url: "http://example.com/", overlap: true } });
    const requests = play({
      http: "limit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;",
      location: `limit_req zone=z burst=1; ${pass}`,
      upstreams: { 8000: [answer("in")] },
      timeline: [at(0), at(10), at(20)],
    });
    expect(requests.map((request) => request.nginx?.limitReqStatus)).toEqual([
      "PASSED",
      "DELAYED",
      "REJECTED",
    ]);
    expect(requests.map((request) => request.status)).toEqual([200, 200, 503]);
    expect(Math.round(requests[1].ms ?? 0)).toBe(990);
  });
});
