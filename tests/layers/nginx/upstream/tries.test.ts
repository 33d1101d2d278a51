// What nginx does when an upstream fails: the next one, a status, and the line in the error log.
import { describe, expect, test } from "vitest";
import { answer, outcome, play } from "./play.ts";

const two = (extra = "") =>
  `upstream app { server 127.0.0.1:8001${extra}; server 127.0.0.1:8002; }`;
const pass = "proxy_pass http://app;";
const ok = answer("ok");

function lines(errorLog: readonly string[] | undefined): string[] {
  return (errorLog ?? [])
    .filter((line) => !line.includes("keepalive connection"))
    .map((line) => line.split(", client:")[0]);
}

describe("a server that cannot be reached", () => {
  test("is passed over, and skipped for fail_timeout", () => {
    const requests = play({
      http: two(),
      location: pass,
      upstreams: { 8002: [ok] },
      timeline: ["/", "/", "/"],
    });
    expect(requests.map(outcome)).toEqual([
      "200 127.0.0.1:8001, 127.0.0.1:8002 502, 200",
      "200 127.0.0.1:8002 200",
      "200 127.0.0.1:8002 200",
    ]);
    expect(lines(requests[0].nginx?.errorLog)).toEqual([
      "[error] connect() failed (111: Connection refused) while connecting to upstream",
      "[warn] upstream server temporarily disabled while connecting to upstream",
    ]);
  });

  test("alone is asked again and again: 502 each time", () => {
    const requests = play({
      http: "upstream app { server 127.0.0.1:8001; }",
      location: pass,
      timeline: ["/", "/"],
    });
    expect(requests.map(outcome)).toEqual(Array(2).fill("502 127.0.0.1:8001 502"));
  });

  test("behind a socket that is not there makes a critical line", () => {
    const [request] = play({
      location: "proxy_pass http://unix:/run/no.sock:/x;",
      timeline: ["/a"],
    });
    expect(lines(request.nginx?.errorLog)).toEqual([
      "[crit] connect() to unix:/run/no.sock failed (2: No such file or directory) while connecting to upstream",
    ]);
  });

  test("when none is left, the answer is 502 at once under the upstream's name", () => {
    const requests = play({ http: two(), location: pass, timeline: ["/", "/"] });
    expect(requests.map(outcome)).toEqual([
      "502 127.0.0.1:8001, 127.0.0.1:8002 502, 502",
      "502 app 502",
    ]);
    expect(lines(requests[1].nginx?.errorLog)).toEqual([
      "[error] no live upstreams while connecting to upstream",
    ]);
  });

  test("a backup is asked when the others have failed", () => {
    const [request] = play({
      http: "upstream app { server 127.0.0.1:8001; server 127.0.0.1:8002 backup; }",
      location: pass,
      upstreams: { 8002: [ok] },
      timeline: ["/"],
    });
    expect(outcome(request)).toBe("200 127.0.0.1:8001, 127.0.0.1:8002 502, 200");
  });
});

describe("an answer that never comes or breaks off", () => {
  const one = (script: readonly (string | number)[], location = pass) =>
    play({
      http: "upstream app { server 127.0.0.1:8001; }",
      location,
      upstreams: { 8001: script },
      timeline: ["/"],
    })[0];

  test("silence: 504 after proxy_read_timeout", () => {
    const request = one([5000], `${pass} proxy_read_timeout 1s;`);
    expect(outcome(request)).toBe("504 127.0.0.1:8001 504");
    expect(request.ms).toBeGreaterThan(999);
    expect(lines(request.nginx?.errorLog)).toEqual([
      "[error] upstream timed out (110: Connection timed out) while reading response header from upstream",
    ]);
  });

  // What nginx 1.22.1 took beside a backend that sends its head and two bytes after the first pause and two bytes
  // more after each other one: 1.00, 1.01, 1.02, 1.36, 1.54, 1.00, 1.42 and 1.43 s.
  test.each([
    [[0], 1000],
    [[100], 1000],
    [[250], 1000],
    [[350], 1350],
    [[500], 1500],
    [[100, 100], 1000],
    [[100, 250], 1350],
    [[400, 200], 1400],
  ])(
    "silence in the body after pauses of %j ms ends at %d ms: within 300 ms the timer stays",
    (pauses, ms) => {
      const [first, ...others] = pauses;
      const head = "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nab";
      const script = [first, head, ...others.flatMap((pause) => [pause, "cd"]), 4000];
      const request = one(script, `${pass} proxy_read_timeout 1s;`);
      expect(request).toMatchObject({ status: 200, truncated: true });
      expect(Math.round((request.ms ?? 0) / 10) * 10).toBe(ms);
    },
  );

  test("a close or a reset before the header: 502", () => {
    expect(lines(one([]).nginx?.errorLog)).toEqual([
      "[error] upstream prematurely closed connection while reading response header from upstream",
    ]);
    expect(lines(one(["RST"]).nginx?.errorLog)).toEqual([
      "[error] recv() failed (104: Connection reset by peer) while reading response header from upstream",
    ]);
  });

  test("a close inside the body: the client gets what came; the status stays 200", () => {
    const request = one(["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]);
    expect(request).toMatchObject({ status: 200, bodyBytes: 4, truncated: true });
    expect(lines(request.nginx?.errorLog)).toEqual([
      "[error] upstream prematurely closed connection while reading upstream",
    ]);
  });

  test("a header larger than proxy_buffer_size: 502", () => {
    const big = answer("", [`X-Big: ${"y".repeat(5000)}`]);
    expect(lines(one([big]).nginx?.errorLog)).toEqual([
      "[error] upstream sent too big header while reading response header from upstream",
    ]);
  });
});

describe("proxy_next_upstream", () => {
  const broken = answer("broken", [], "500 Internal Server Error");
  const statuses = (method: string, conditions: string) =>
    play({
      http: two(),
      location: `${pass} proxy_next_upstream ${conditions};`,
      upstreams: { 8001: [broken], 8002: [ok] },
      timeline: [{ at: 0, request: { url: "http://example.com/", method } }],
    }).map(outcome);

  test("passes a 500 over when it is named", () => {
    expect(statuses("GET", "error")).toEqual(["500 127.0.0.1:8001 500"]);
    expect(statuses("GET", "http_500")).toEqual(["200 127.0.0.1:8001, 127.0.0.1:8002 500, 200"]);
  });

  test("never repeats a POST that was sent, unless told to", () => {
    expect(statuses("POST", "http_500")).toEqual(["500 127.0.0.1:8001 500"]);
    expect(statuses("POST", "http_500 non_idempotent")).toEqual([
      "200 127.0.0.1:8001, 127.0.0.1:8002 500, 200",
    ]);
  });
});

test("a name that only a variable gives needs a resolver", () => {
  const location = "set $where backend; proxy_pass http://$where;";
  const [without] = play({ location, timeline: ["/"] });
  expect([without.status, lines(without.nginx?.errorLog)]).toEqual([
    502,
    ["[error] no resolver defined to resolve backend"],
  ]);
  const [late] = play({
    location: `resolver 192.0.2.53; resolver_timeout 2s; ${location}`,
    timeline: ["/"],
  });
  expect([late.status, Math.round((late.ms ?? 0) / 1000)]).toEqual([502, 2]);
});
