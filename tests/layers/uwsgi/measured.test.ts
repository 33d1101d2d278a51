// What Debian's uWSGI 2.0.21 was seen doing when it was asked beside the simulator: each test is one of
// those runs, with the lines and exit codes of the real program.
import { expect, test } from "vitest";
import type { ServerWorld } from "../gunicorn/server-world.ts";
import { masked, packet, SOCKET, started, VARS } from "./uwsgi-world.ts";

const slow = packet({ ...VARS, PATH_INFO: "/slow" });
const sleeps = (sleepMs: number) => (environ: ReadonlyMap<string, string>) => ({
  sleepMs: environ.get("PATH_INFO") === "/slow" ? sleepMs : 1,
});
/** The lines that tell of processes, without requests and dates. */
const news = (world: ServerWorld): string[] =>
  masked(world)
    .filter((line) => !/^\[pid|^WSGI app|^spawned| WARNING/.test(line))
    .map((line) => line.replace(/^.* 2026 - /, "").replace(/\b\d{3,}\b/g, "N"));

test("a killed worker is missed at the master's next turn, up to a second later", () => {
  const world = started();
  world.kill(1100, "worker", "KILL", "uwsgi");
  world.run(1500);
  expect(news(world)).toEqual([]);
  world.run(3000);
  expect(news(world)).toEqual([
    "DAMN ! worker 1 (pid: N) died, killed by signal 9 :( trying respawn ...",
    "Respawned uWSGI worker 1 (new pid: N)",
  ]);
});

test("a worker that is sent HUP ends without being missed, one that is sent TERM is", () => {
  const world = started(["processes = 1"]);
  world.kill(1100, "worker", "HUP", "uwsgi");
  world.kill(3100, "worker", "TERM", "uwsgi");
  world.run(5000);
  expect(news(world)).toEqual([
    "Gracefully killing worker 1 (pid: N)...",
    "Respawned uWSGI worker 1 (new pid: N)",
    "DAMN ! worker 1 (pid: N) died :( trying respawn ...",
    "Respawned uWSGI worker 1 (new pid: N)",
  ]);
});

test("a view that raises SystemExit ends the worker's process", () => {
  const world = started([], () => ({ raise: "SystemExit" }));
  const answer = world.send(1100, SOCKET, packet(VARS));
  world.run(3000);
  expect(answer).toMatchObject({ text: "", ended: true });
  expect(news(world)[0]).toBe("DAMN ! worker 1 (pid: N) died :( trying respawn ...");
});

test("harakiri: the end of any request of a worker takes the deadline from all its threads", () => {
  const world = started(["harakiri = 1", "threads = 2"], sleeps(3000));
  const long = world.send(1100, SOCKET, slow);
  world.send(1200, SOCKET, packet(VARS));
  world.run(6000);
  expect(long.text).toContain("200 OK");
  const alone = started(["harakiri = 1", "threads = 2"], sleeps(3000));
  const killed = alone.send(1100, SOCKET, slow);
  alone.run(6000);
  expect(killed.text).toBe("");
});

test("harakiri without a master is an alarm, and the end of the program", () => {
  const world = started(["master = false", "harakiri = 1"], sleeps(3000));
  const answer = world.send(1100, SOCKET, slow);
  world.run(3000);
  expect(answer.text).toBe("");
  expect(answer.atMs - 1100).toBeCloseTo(1000, -1);
  expect(news(world)).toEqual([
    "",
    "F*CK !!! i must kill myself (pid: N app_id: 0)...",
    "*** if you want your workers to be automatically respawned consider enabling the uWSGI master process ***",
  ]);
  expect(world.exits()).toEqual([0]);
});

test("without a master INT ends with 30 and HUP with 17, and no word but HUP's", () => {
  const ended = started(["master = false"]);
  ended.kill(500, "master", "INT", "uwsgi");
  ended.run(1000);
  expect([ended.exits(), news(ended)]).toEqual([[30], []]);
  const reloaded = started(["master = false"]);
  reloaded.kill(500, "master", "HUP", "uwsgi");
  reloaded.run(1000);
  expect([reloaded.exits(), news(reloaded)]).toEqual([
    [17],
    ["Gracefully killing worker 1 (pid: N)..."],
  ]);
});

test("lazy-apps: each worker imports after the fork, and a new one counts from one", () => {
  const world = started(["lazy-apps = true"]);
  world.send(500, SOCKET, packet(VARS));
  world.kill(1100, "worker", "KILL", "uwsgi");
  world.send(3000, SOCKET, packet(VARS));
  world.run(4000);
  expect(masked(world).slice(0, 3)).toEqual([
    "spawned uWSGI master process (pid: N)",
    "spawned uWSGI worker 1 (pid: N, cores: 1)",
    "WSGI app 0 (mountpoint='') ready in 0 seconds on interpreter N pid: N (default app)",
  ]);
  expect(world.lines.at(-1)).toContain("|req: 1/2]");
});

test("lazy-apps with need-app: the worker that cannot import takes the instance with it", () => {
  const traceback = ["ModuleNotFoundError: No module named 'x'"];
  const world = started(["lazy-apps = true", "need-app = true"], undefined, (before) => {
    before.loads = [{ ok: false, reason: "import-error", traceback, exception: traceback[0] }];
  });
  world.run(3000);
  expect(news(world).slice(2)).toEqual([
    "*** no app loaded. GAME OVER ***",
    "SIGINT/SIGTERM received...killing workers...",
    "OOPS ! failed loading app in worker 1 (pid N)",
    "need-app requested, destroying the instance...",
    "goodbye to uWSGI.",
  ]);
  expect(world.exits()).toEqual([22]);
});

test("max-requests ends no worker that is younger than min-worker-lifetime, 60 s", () => {
  const young = started(["max-requests = 1"]);
  young.send(1100, SOCKET, packet(VARS));
  young.send(2100, SOCKET, packet(VARS));
  young.run(5000);
  expect(news(young)).toEqual([]);
  const old = started(["max-requests = 1", "min-worker-lifetime = 1"]);
  old.send(2500, SOCKET, packet(VARS));
  old.run(5000);
  expect(news(old)).toEqual([
    "...The work of process N is done. Seeya!",
    "worker 1 killed successfully (pid: N)",
    "Respawned uWSGI worker 1 (new pid: N)",
  ]);
});

test("a reload counts how long each worker took, and shows no mercy after worker-reload-mercy", () => {
  const world = started([], sleeps(3000));
  world.send(1100, SOCKET, slow);
  world.kill(1500, "master", "HUP", "uwsgi");
  world.run(8000);
  expect(news(world).slice(0, 4)).toEqual([
    "...gracefully killing workers...",
    "Gracefully killing worker 1 (pid: N)...",
    "worker 1 buried after 3 seconds",
    "binary reloading uWSGI...",
  ]);
  const merciless = started(["worker-reload-mercy = 1"], sleeps(9000));
  merciless.send(1100, SOCKET, slow);
  merciless.kill(1500, "master", "HUP", "uwsgi");
  merciless.run(8000);
  expect(news(merciless)[2]).toBe(
    "worker 1 (pid: N) is taking too much time to die...NO MERCY !!!",
  );
  expect(news(merciless)[3]).toBe("worker 1 buried after 1 seconds");
});

test("touch-reload looks at the file's time once a second", () => {
  const world = started(["touch-reload = /srv/shop/touch"], undefined, ({ host }) => {
    host.disk.write("/srv/shop/touch", "");
  });
  world.at(3300, () => world.host.disk.write("/srv/shop/touch", ""));
  world.run(7000);
  expect(news(world).slice(0, 2)).toEqual([
    "*** /srv/shop/touch has been touched... grace them all !!! ***",
    "...gracefully killing workers...",
  ]);
});

test("a front server that went away: the headers are counted, their bytes are not", () => {
  const world = started([], sleeps(1000));
  world.send(500, SOCKET, slow, 100, null);
  world.run(3000);
  expect(world.lines.at(-1)).toContain("generated 0 bytes");
  expect(world.lines.at(-1)).toContain("2 headers in 0 bytes");
});

test("disable-logging with log-4xx and log-5xx leaves the lines of failures", () => {
  const world = started(["disable-logging = true", "log-4xx = true"], (environ) => ({
    status: environ.get("PATH_INFO") === "/slow" ? "404 Not Found" : "200 OK",
  }));
  world.send(500, SOCKET, packet(VARS));
  world.send(600, SOCKET, slow);
  world.run(1000);
  expect(world.lines.filter((line) => line.startsWith("[pid"))).toEqual([
    expect.stringContaining("(HTTP/1.1 404)"),
  ]);
});

test("a body that does not come within socket-timeout is an error in the application", () => {
  const world = started(["http-socket = 127.0.0.1:8000"], () => ({ read: null }));
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345";
  world.send(500, { kind: "tcp", ip: "127.0.0.1", port: 8000 }, head, 9000, "67890");
  world.run(6000);
  expect(world.lines).toContain(
    "[uwsgi-body-read] Timeout reading 5 bytes. Content-Length: 10 consumed: 5 left: 5",
  );
  expect(world.bodies).toEqual([null]);
});

test("strict = true ends uWSGI at an option that it does not know", () => {
  const world = started(["strict = true", "nonsense = 1"]);
  world.run(1000);
  expect(world.lines).toEqual(["[strict-mode] unknown config directive: nonsense"]);
  expect(world.exits()).toEqual([1]);
});

const routed = (extra: readonly string[], sleepMs: number) =>
  started(["http = 127.0.0.1:8000", ...extra], sleeps(sleepMs));
const ROUTER = { kind: "tcp", ip: "127.0.0.1", port: 8000 } as const;
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

test("--http: a process of its own, 24 vars for a bare request, a large block refused by the worker", () => {
  const world = routed([], 1);
  const large = world.send(500, ROUTER, `GET /?${"q".repeat(5000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
  world.send(600, ROUTER, get("/"));
  world.kill(1100, "master", "INT", "uwsgi");
  world.run(4000);
  expect(large).toMatchObject({ text: "", ended: true, reset: false });
  expect(masked(world).filter((line) => /http|gateway|vars/.test(line))).toEqual([
    "uWSGI http bound on 127.0.0.1:8000 fd 3",
    "spawned uWSGI http 1 (pid: N)",
    expect.stringMatching(/^\[uwsgi-http key: a client_addr: .*Connection reset by peer/),
    expect.stringContaining("{24 vars in"),
    'gateway "uWSGI http 1" has been buried (pid: N)',
  ]);
});

test("--http: http-timeout closes the client, and the worker knows nothing of it", () => {
  const world = routed(["http-timeout = 1"], 3000);
  const client = world.send(500, ROUTER, get("/slow"));
  world.run(5000);
  expect(client).toMatchObject({ text: "", ended: true });
  expect(client.atMs - 500).toBeCloseTo(1000, -1);
  expect(world.lines.at(-1)).toContain("GET /slow => generated 5 bytes");
});

test("a reload reads the ini file anew", () => {
  const world = started();
  world.at(1000, () => {
    const path = "/srv/shop/uwsgi.ini";
    const node = world.host.disk.open(path, "root");
    if ("error" in node) throw new Error(path);
    world.host.disk.write(path, `${node.text}processes = 2\n`);
  });
  world.kill(1500, "master", "HUP", "uwsgi");
  world.run(4000);
  expect(masked(world).slice(-2)).toEqual([
    "spawned uWSGI worker 1 (pid: N, cores: 1)",
    "spawned uWSGI worker 2 (pid: N, cores: 1)",
  ]);
});
