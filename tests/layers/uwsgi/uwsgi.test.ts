// uWSGI, as the recordings of the real one show it.
import { expect, test } from "vitest";
import { parsePacket } from "../../../src/layers/uwsgi/packet.ts";
import type { ServerWorld } from "../gunicorn/server-world.ts";
import { masked, packet, SOCKET, started, VARS } from "./uwsgi-world.ts";

test("a packet is parsed into vars; too large ones are measured", () => {
  expect(parsePacket(packet({ A: "b", CC: "" }), 4096)).toMatchObject({
    kind: "vars",
    pairs: 2,
    vars: new Map([
      ["A", "b"],
      ["CC", ""],
    ]),
  });
  expect(parsePacket("GET / HTTP/1.1\r\n", 4096)).toEqual({ kind: "too large", bytes: 21573 });
  expect(parsePacket("\0\x09", 4096)).toEqual({ kind: "more" });
});

test("the application's own headers only, close at the end, one line in the log", () => {
  const world = started();
  const answer = world.send(500, SOCKET, packet(VARS));
  world.run(1000);
  expect(answer.text).toBe(
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhome\n",
  );
  expect(answer.ended).toBe(true);
  expect(masked(world)).toEqual([
    "WSGI app 0 (mountpoint='') ready in 0 seconds on interpreter N pid: N (default app)",
    "spawned uWSGI master process (pid: N)",
    "spawned uWSGI worker 1 (pid: N, cores: 1)",
    "[pid: N|app: 0|req: 1/1] 203.0.113.10 () {12 vars in N bytes} [T] GET /x?1 => generated 5 bytes in N msecs (HTTP/1.1 200) 2 headers in N bytes (1 switches on core 0)",
  ]);
});

test("a block beyond buffer-size is dropped with a reset", () => {
  const world = started();
  const answer = world.send(500, SOCKET, packet({ ...VARS, HTTP_COOKIE: "b".repeat(5000) }));
  world.run(1000);
  expect(answer).toMatchObject({ text: "", reset: true });
  expect(world.lines.at(-1)).toMatch(/^invalid request block size: \d{4} \(max 4096\)\.\.\.skip$/);
});

test("an import error: 500 for everything, unless need-app ends it with 22", () => {
  const traceback = [
    "Traceback (most recent call last):",
    "  <frames>",
    "ModuleNotFoundError: No module named 'x'",
  ];
  const broken = (world: ServerWorld): void => {
    world.loads = [{ ok: false, reason: "import-error", traceback, exception: traceback[2] }];
  };
  const dynamic = started([], undefined, broken);
  const answer = dynamic.send(500, SOCKET, packet(VARS));
  dynamic.run(1000);
  expect(answer.text).toBe(
    "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nInternal Server Error",
  );
  expect(dynamic.lines.at(-2)).toBe(
    "--- no python application found, check your startup logs for errors ---",
  );
  expect(dynamic.lines.at(-1)).toContain("|app: -1|req: -1/1]");
  const over = started(["need-app = true"], undefined, broken);
  over.run(1000);
  expect(over.exits()).toEqual([22]);
});

test("harakiri 1 kills the worker at the master's next turn after a second", () => {
  const world = started(["harakiri = 1"], () => ({ sleepMs: 5000 }));
  const answer = world.send(500, SOCKET, packet(VARS));
  world.run(4000);
  expect(answer).toMatchObject({ text: "", ended: true });
  expect(answer.atMs - 500).toBeGreaterThan(1000);
  expect(answer.atMs - 500).toBeLessThan(2100);
  expect(
    masked(world)
      .slice(4)
      .map((line) => line.replace(/^.* 2026 - /, "")),
  ).toEqual([
    "*** HARAKIRI ON WORKER 1 (pid: N, try: 1) ***",
    "HARAKIRI !!! worker 1 status !!!",
    expect.stringMatching(/^HARAKIRI \[core 0\] 203\.0\.113\.10 - GET \/x\?1 since \d+$/),
    "HARAKIRI !!! end of worker 1 status !!!",
    "DAMN ! worker 1 (pid: N) died, killed by signal 9 :( trying respawn ...",
    expect.stringMatching(/^Respawned uWSGI worker 1 \(new pid: N\)$/),
  ]);
});

test("the first count of a request line keeps killed requests: 3/2 after one kill", () => {
  const world = started([], (environ) => ({
    sleepMs: environ.get("PATH_INFO") === "/slow" ? 1000 : 1,
  }));
  world.send(500, SOCKET, packet(VARS));
  world.send(600, SOCKET, packet({ ...VARS, PATH_INFO: "/slow" }));
  world.kill(700, "worker", "KILL", "uwsgi");
  world.send(900, SOCKET, packet(VARS));
  world.run(2000);
  expect(world.lines.at(-1)).toContain("|req: 3/2]");
});

test("TERM reloads brutally, HUP gracefully, INT stops; die-on-term changes the first", () => {
  const world = started();
  world.kill(500, "master", "TERM", "uwsgi");
  world.kill(3000, "master", "HUP", "uwsgi");
  const between = world.send(5000, SOCKET, packet(VARS));
  world.kill(6000, "master", "INT", "uwsgi");
  world.run(9000);
  expect(between.text).toContain("200 OK");
  expect(world.lines).toContain("...brutally killing workers...");
  expect(world.lines).toContain("...gracefully killing workers...");
  expect(world.lines.at(-1)).toBe("goodbye to uWSGI.");
  expect(world.exits()).toEqual([0]);
  const other = started(["die-on-term = true"]);
  other.kill(500, "master", "TERM", "uwsgi");
  other.run(3000);
  expect(other.exits()).toEqual([0]);
});

test("a mount: the application is loaded beside the default one, and has counts of its own", () => {
  const world = started(["mount = /app=shop.wsgi:application", "manage-script-name = true"]);
  world.send(500, SOCKET, packet({ ...VARS, PATH_INFO: "/app/x" }));
  world.send(600, SOCKET, packet(VARS));
  world.run(1000);
  expect(masked(world)[1]).toBe("mounting shop.wsgi:application on /app");
  expect(masked(world)[2]).toBe(
    "WSGI app 1 (mountpoint='/app') ready in 0 seconds on interpreter N pid: N",
  );
  expect(
    world.environs.map((environ) => [environ.get("SCRIPT_NAME"), environ.get("PATH_INFO")]),
  ).toEqual([
    ["/app", "/x"],
    ["", "/x"],
  ]);
  expect(world.lines[5]).toContain("|app: 1|req: 1/1]");
  expect(world.lines[6]).toContain("|app: 0|req: 1/2]");
});
