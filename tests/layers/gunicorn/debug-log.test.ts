// What gunicorn says at --log-level debug, at a boot that fails for a certificate, and of a body that
// breaks its framing behind the application's back: seen at Debian's gunicorn 20.1.0.
import { expect, test } from "vitest";
import { GET, gunicornWorld, type ServerWorld, TCP } from "./server-world.ts";

const COMMAND = "gunicorn --bind 127.0.0.1:8000 shop.wsgi:application";
const POST = "POST /a%20b?q=1 HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n";

function started(options: string): ServerWorld {
  const world = gunicornWorld();
  world.start(`${COMMAND} ${options}`);
  return world;
}

test("at debug the whole configuration comes first, then a line for each request", () => {
  const world = started("--log-level debug --threads 2 --env A=b --user www-data");
  world.send(500, TCP, GET.replace("/", "/a%20b?q=1"));
  world.send(700, TCP, GET.replace("Host", "Connection: close\r\nHost"));
  world.run(5000);
  const log = world.log();
  const dump = log.slice(1, log.indexOf("[INFO] Starting gunicorn 20.1.0"));
  expect(log[0]).toBe("[DEBUG] Current configuration:");
  expect(dump).toHaveLength(86);
  expect(dump).toEqual(
    expect.arrayContaining([
      "  config: ./gunicorn.conf.py",
      "  bind: ['127.0.0.1:8000']",
      "  threads: 2",
      "  raw_env: ['A=b']",
      "  user: 33",
      "  group: 0",
      "  sendfile: None",
      "  pre_fork: <function Prefork.pre_fork at 0x7f5b35122160>",
      "  nworkers_changed: <function NumWorkersChanged.nworkers_changed at 0x7f5b35122de0>",
    ]),
  );
  expect(log.slice(dump.length + 1)).toEqual([
    "[INFO] Starting gunicorn 20.1.0",
    "[DEBUG] Arbiter booted",
    "[INFO] Listening at: http://127.0.0.1:8000 (N)",
    "[INFO] Using worker: threads",
    "[INFO] Booting worker with pid: N",
    "[DEBUG] 1 workers",
    "[DEBUG] GET /a%20b",
    "[DEBUG] GET /",
    "[DEBUG] Closing connection.",
  ]);
});

test("a certificate that is not there ends the boot before a socket is opened", () => {
  const world = started("--certfile /etc/ssl/none.pem --pid /run/g.pid");
  const refused = world.send(500, TCP, GET);
  world.run(1000);
  expect(world.log()).toEqual([
    "[INFO] Starting gunicorn 20.1.0",
    "Traceback (most recent call last):",
    "  <frames>",
    'ValueError: certfile "/etc/ssl/none.pem" does not exist',
  ]);
  expect(world.exits()).toEqual([1]);
  expect(refused.refused).toBe(111);
  expect(world.host.disk.lstat("/run/g.pid")).not.toBeNull();
});

test.each([
  [
    "--access-logfile /nope/a.log",
    [
      "",
      "Error: Error: '/nope/a.log' isn't writable [FileNotFoundError(2, 'No such file or directory')]",
      "",
    ],
  ],
  [
    "--pid /nope/g.pid",
    [
      "[INFO] Starting gunicorn 20.1.0",
      "",
      "Error: /nope doesn't exist. Can't create pidfile.",
      "",
    ],
  ],
])("%s: a directory that is not there ends the boot", (options, lines) => {
  const world = started(options);
  world.run(1000);
  expect(world.log()).toEqual(lines);
  expect(world.exits()).toEqual([1]);
});

test.each([
  ["zz\r\nabc\r\n0\r\n\r\n", "gunicorn.http.errors.InvalidChunkSize: Invalid chunk size: b'zz'"],
  [
    "3\r\nabcd\r\n0\r\n\r\n",
    "gunicorn.http.errors.ChunkMissingTerminator: Invalid chunk terminator is not '\\r\\n': b'd\\r'",
  ],
])("a bad chunk that the view left unread breaks the kept connection: %j", (body, exception) => {
  const world = started("--threads 2");
  const answer = world.send(500, TCP, POST + body, 300, GET);
  world.run(2000);
  expect(answer.text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
  expect(answer.ended || answer.reset).toBe(true);
  expect(world.log().slice(4)).toEqual([
    "[ERROR] Socket error processing request.",
    "Traceback (most recent call last):",
    "  <frames>",
    exception,
  ]);
});

test("the client's end is read behind the broken leftover, which is logged all the same", () => {
  const world = started("--threads 2");
  world.send(500, TCP, `${POST}zz\r\n\r\n`, 300, null);
  world.run(2000);
  expect(world.log()[4]).toBe("[ERROR] Socket error processing request.");
});

test.each([
  ["\r\n3\r\nabc\r\n0\r\n\r\n", "HTTP/1.1 500"],
  ["3\r\nabc\r\n0\r\nX: 1\r\nbad header\r\n\r\n", "HTTP/1.1 400"],
])("a size of no digits and a bad trailer get a page instead: %j", (body, status) => {
  const world = started("--threads 2");
  const answer = world.send(500, TCP, POST + body, 300, GET);
  world.run(2000);
  expect(answer.text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", status]);
  expect(world.log().slice(4)).toEqual([]);
});

test("HUP leaves the logs as they were: level, files and format are those of the start", () => {
  const world = gunicornWorld();
  const conf = (text: string): void =>
    world.host.disk.write("/srv/shop/gunicorn.conf.py", `bind = "127.0.0.1:8000"\n${text}\n`);
  conf('accesslog = "-"\naccess_log_format = "old %(r)s"');
  world.start("gunicorn shop.wsgi:application");
  world.at(600, () => conf('accesslog = "/run/a.log"\nloglevel = "debug"\nworkers = 2'));
  world.kill(700, "master", "HUP");
  world.send(2000, TCP, GET);
  world.run(3000);
  expect(world.log().filter((line) => line.includes("DEBUG"))).toEqual([]);
  expect(world.log().at(-1)).toBe("old GET / HTTP/1.1");
  expect(world.log().filter((line) => line.includes("Booting"))).toHaveLength(3);
});
