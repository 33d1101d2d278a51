// A sync worker, as the recordings of the real one show it.
import { expect, test } from "vitest";
import { type Behaviour, GET, gunicornWorld, type ServerWorld, TCP, UNIX } from "./server-world.ts";

const COMMAND = "gunicorn --chdir /srv/shop --bind 127.0.0.1:8000 shop.wsgi:application";
const START = [
  "[INFO] Starting gunicorn 20.1.0",
  "[INFO] Listening at: http://127.0.0.1:8000 (N)",
  "[INFO] Using worker: sync",
  "[INFO] Booting worker with pid: N",
];

function started(options = "", behave?: (path: string) => Behaviour): ServerWorld {
  const world = gunicornWorld((environ) => behave?.(environ.get("PATH_INFO") ?? "") ?? {});
  world.start(COMMAND.replace("--chdir", `${options} --chdir`));
  return world;
}

test("a GET is answered with gunicorn's head, then closed", () => {
  const world = started();
  const answer = world.send(500, TCP, GET);
  world.run(1000);
  expect(answer.text).toMatch(
    /^HTTP\/1\.1 200 OK\r\nServer: gunicorn\r\nDate: [^\r]+ GMT\r\nConnection: close\r\nContent-Type: text\/html\r\nContent-Length: 5\r\n\r\nhome\n$/,
  );
  expect(answer.ended).toBe(true);
  expect(world.log()).toEqual(START);
  expect(world.observations.get(0)?.wsgi).toEqual({
    REQUEST_METHOD: "GET",
    SCRIPT_NAME: "",
    PATH_INFO: "/",
    QUERY_STRING: "",
    RAW_URI: "/",
    SERVER_NAME: "127.0.0.1",
    SERVER_PORT: "8000",
    SERVER_PROTOCOL: "HTTP/1.1",
    REMOTE_ADDR: "127.0.0.1",
    "wsgi.url_scheme": "http",
    HTTP_HOST: "example.com",
    HTTP_USER_AGENT: "client/1.0",
  });
});

test("with one worker the second request waits in the accept queue for the first", () => {
  const world = started("", () => ({ sleepMs: 400 }));
  const first = world.send(500, TCP, GET);
  const second = world.send(530, TCP, GET);
  world.run(2000);
  expect(first.atMs).toBeCloseTo(900.7, 0);
  expect(second.atMs).toBeCloseTo(1301.2, 0);
});

test("with two workers they run side by side", () => {
  const world = started("--workers 2", () => ({ sleepMs: 400 }));
  const answers = [world.send(700, TCP, GET), world.send(730, TCP, GET)];
  world.run(2000);
  expect(answers.map((answer) => Math.round(answer.atMs))).toEqual([1100, 1130]);
});

test("a slow client holds a sync worker: the head comes in two parts, 600 ms apart", () => {
  const world = started();
  const slow = world.send(500, TCP, "GET / HTTP/1.1\r\n", 600, "Host: a\r\n\r\n");
  const quick = world.send(650, TCP, GET);
  world.run(2000);
  expect(slow.text).toContain("200 OK");
  expect(quick.atMs - 650).toBeGreaterThan(440);
});

test("the body is read only when the application asks, and the worker waits for it", () => {
  const world = started("", () => ({ read: 100 }));
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
  const answer = world.send(500, TCP, head, 500, "x".repeat(100));
  world.run(2000);
  expect(answer.atMs).toBeGreaterThan(1000);
  expect(world.bodies[0]?.reduce((sum, chunk) => sum + chunk.bytes, 0)).toBe(100);
});

test("half a body and a FIN: the application gets what there is", () => {
  const world = started("", () => ({ read: 10 }));
  world.send(500, TCP, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", null);
  world.run(1000);
  expect(world.bodies[0]?.map((chunk) => chunk.text)).toEqual(["abc"]);
});

test("no Content-Length and HTTP/1.1: chunks with their size in upper-case hex", () => {
  const world = started("", () => ({ headers: [], body: ["0123456789", "", "x".repeat(26)] }));
  const answer = world.send(500, TCP, GET);
  world.run(1000);
  expect(answer.text.split("\r\n\r\n").slice(1).join("\r\n\r\n")).toBe(
    `A\r\n0123456789\r\n1A\r\n${"x".repeat(26)}\r\n0\r\n\r\n`,
  );
});

test("more than Content-Length is cut; Server and Connection of the application are dropped", () => {
  const headers = [
    ["Content-Length", "3"],
    ["Server", "mine"],
    ["Connection", "keep-alive"],
    ["X-A", " b "],
  ] as const;
  const world = started("", () => ({ headers, body: ["abcdef"] }));
  const answer = world.send(500, TCP, GET);
  world.run(1000);
  expect(answer.text).toMatch(/Connection: close\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc$/);
  expect(answer.text).not.toContain("mine");
});

test("an exception before the head: gunicorn's own page, a traceback, an access line with 0 bytes", () => {
  const world = started("--access-logfile -", () => ({ raise: "ValueError: boom" }));
  const answer = world.send(500, TCP, "GET /x HTTP/1.1\r\n\r\n");
  world.run(1000);
  expect(answer.text).toContain(
    "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 141\r\n\r\n",
  );
  expect(world.log().slice(4, 8)).toEqual([
    "[ERROR] Error handling request /x",
    "Traceback (most recent call last):",
    "  <frames>",
    "ValueError: boom",
  ]);
  expect(world.log().at(-1)).toMatch(
    /^127\.0\.0\.1 - - \[.*\] "GET \/x HTTP\/1\.1" 500 0 "-" "-"$/,
  );
});

test("an exception after the head: the connection ends, no access line", () => {
  const world = started("--access-logfile -", () => ({
    headers: [],
    body: ["a", "b"],
    raise: "ValueError: x",
    raiseAt: 1,
  }));
  const answer = world.send(500, TCP, GET);
  world.run(1000);
  expect(answer.text).toMatch(/1\r\na\r\n$/);
  expect(world.log().at(-1)).toBe("ValueError: x");
});

test("SystemExit in the application: EOF, and the worker is replaced without another word", () => {
  const world = started("", (path) => (path === "/exit" ? { raise: "SystemExit" } : {}));
  const answer = world.send(500, TCP, "GET /exit HTTP/1.1\r\n\r\n");
  const after = world.send(1000, TCP, GET);
  world.run(2000);
  expect(answer).toMatchObject({ text: "", ended: true });
  expect(after.text).toContain("200 OK");
  expect(world.log().slice(4)).toEqual([
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Booting worker with pid: N",
  ]);
});

test("timeout 1: abort at the arbiter's first turn after a second of silence, 502 for whoever waits", () => {
  const world = started("--timeout 1", () => ({ sleepMs: 3000 }));
  const answer = world.send(500, TCP, GET);
  world.run(4000);
  expect(answer).toMatchObject({ text: "", ended: true });
  expect(answer.atMs - 500).toBeGreaterThan(1000);
  expect(answer.atMs - 500).toBeLessThan(2050);
  expect(world.log().slice(4)).toEqual([
    "[CRITICAL] WORKER TIMEOUT (pid:N)",
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Booting worker with pid: N",
  ]);
});

test("max_requests 2: the worker serves the second request and is replaced", () => {
  const world = started("--max-requests 2");
  const answers = [500, 600, 900].map((at) => world.send(at, TCP, GET));
  world.run(2000);
  expect(answers.every((answer) => answer.text.includes("200 OK"))).toBe(true);
  expect(world.log().slice(4)).toEqual([
    "[INFO] Autorestarting worker after current request.",
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Booting worker with pid: N",
  ]);
});

test("on a unix socket REMOTE_ADDR is empty and the Host header stands in for the server's name", () => {
  const world = gunicornWorld();
  world.start("gunicorn --bind unix:/run/gunicorn.sock --access-logfile - shop.wsgi");
  world.send(500, UNIX, "GET / HTTP/1.0\r\nHost: shop.example\r\nX-Forwarded-Proto: https\r\n\r\n");
  world.run(1000);
  expect(world.observations.get(0)?.wsgi).toMatchObject({
    REMOTE_ADDR: "",
    SERVER_NAME: "shop.example",
    SERVER_PORT: "443",
    "wsgi.url_scheme": "https",
  });
  expect(world.log().at(-1)).toMatch(/^ - - \[/);
});
