// The arbiter: signals, boot failures, the order of its log lines.
import { expect, test } from "vitest";
import { GET, gunicornWorld, type ServerWorld, TCP } from "./server-world.ts";

const COMMAND = "gunicorn --chdir /srv/shop --bind 127.0.0.1:8000 shop.wsgi:application";

function started(options = "", sleepMs = 1): ServerWorld {
  const world = gunicornWorld(() => ({ sleepMs }));
  world.start(`${COMMAND} ${options}`);
  return world;
}

test("TERM lets a running request end; then connections are refused", () => {
  const world = started("", 400);
  const running = world.send(500, TCP, GET);
  world.kill(600, "master", "TERM");
  const late = world.send(2000, TCP, GET);
  world.run(3000);
  expect(running.text).toContain("200 OK");
  expect(late.refused).toBe(111);
  expect(world.exits()).toEqual([0]);
  expect(world.log().slice(4)).toEqual([
    "[INFO] Handling signal: term",
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Shutting down: Master",
  ]);
});

test("graceful_timeout 1: what is still running after a second is killed without a line", () => {
  const world = started("--graceful-timeout 1", 3000);
  const running = world.send(500, TCP, GET);
  world.kill(600, "master", "TERM");
  world.run(4000);
  expect(running).toMatchObject({ text: "", ended: true });
  expect(running.atMs).toBeCloseTo(1600, -1);
  expect(world.log().slice(4)).toEqual([
    "[INFO] Handling signal: term",
    "[INFO] Shutting down: Master",
  ]);
});

test("QUIT ends a request after 0.1 s", () => {
  const world = started("", 400);
  const running = world.send(500, TCP, GET);
  world.kill(600, "master", "QUIT");
  world.run(2000);
  expect(running).toMatchObject({ text: "", ended: true });
  expect(running.atMs).toBeCloseTo(700, -1);
  expect(world.exits()).toEqual([0]);
});

test("HUP forks new workers before the old ones leave, and loses nothing", () => {
  const world = started();
  world.kill(500, "master", "HUP");
  const between = world.send(520, TCP, GET);
  world.run(2000);
  expect(between.text).toContain("200 OK");
  expect(world.log().slice(4, 6)).toEqual([
    "[INFO] Handling signal: hup",
    "[INFO] Hang up: Master",
  ]);
  expect(world.log().slice(6).sort()).toEqual([
    "[INFO] Booting worker with pid: N",
    "[INFO] Worker exiting (pid: N)",
  ]);
});

test("HUP with broken code and no preload takes the server down with exit code 3", () => {
  const world = started();
  const traceback = [
    "Traceback (most recent call last):",
    "  <frames>",
    "ModuleNotFoundError: No module named 'x'",
  ];
  world.at(450, () => {
    world.loads = [{ ok: false, reason: "import-error", traceback, exception: traceback[2] }];
  });
  world.kill(500, "master", "HUP");
  world.run(3000);
  expect(world.exits()).toEqual([3]);
  expect(world.log().slice(-2)).toEqual([
    "[INFO] Shutting down: Master",
    "[INFO] Reason: Worker failed to boot.",
  ]);
});

test("a missing attribute is one line and exit code 4", () => {
  const world = gunicornWorld();
  world.loads = [{ ok: false, reason: "no-attribute", attribute: "app", module: "shop.wsgi" }];
  world.start("gunicorn shop.wsgi:app");
  world.run(2000);
  expect(world.exits()).toEqual([4]);
  expect(world.log().slice(3)).toEqual([
    "[INFO] Booting worker with pid: N",
    "Failed to find attribute 'app' in 'shop.wsgi'.",
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Shutting down: Master",
    "[INFO] Reason: App failed to load.",
  ]);
});

test("TTIN adds a worker, TTOU takes the oldest away, and never the last", () => {
  const world = started();
  world.kill(500, "master", "TTIN");
  world.kill(1500, "master", "TTOU");
  world.kill(2500, "master", "TTOU");
  world.run(4000);
  expect(world.log().slice(4)).toEqual([
    "[INFO] Handling signal: ttin",
    "[INFO] Booting worker with pid: N",
    "[INFO] Handling signal: ttou",
    "[INFO] Worker exiting (pid: N)",
    "[INFO] Handling signal: ttou",
  ]);
});

test("a killed worker is replaced with a warning", () => {
  const world = started();
  world.kill(500, "worker", "KILL");
  world.run(2000);
  expect(world.log().slice(4)).toEqual([
    "[WARNING] Worker with pid N was terminated due to signal 9",
    "[INFO] Booting worker with pid: N",
  ]);
});

test("the worker of a killed master serves one more request and leaves", () => {
  const world = started();
  world.kill(500, "master", "KILL");
  const one = world.send(700, TCP, GET);
  const two = world.send(1000, TCP, GET);
  world.run(2000);
  expect(one.text).toContain("200 OK");
  expect(two.refused).toBe(111);
  expect(world.log().slice(4)).toEqual([
    "[INFO] Parent changed, shutting down: <Worker 802>",
    "[INFO] Worker exiting (pid: N)",
  ]);
});

test("an idle orphan leaves by itself within half the timeout", () => {
  const world = started();
  world.kill(1000, "master", "KILL");
  world.run(20_000);
  expect(world.host.processes.living()).toEqual([]);
});

test("an address in use: five tries, a second apart, then exit code 1", () => {
  const world = started();
  world.at(300, () => world.start(COMMAND));
  world.run(7000);
  const lines = world.log().filter((line) => !line.startsWith("[INFO]"));
  expect(lines).toHaveLength(11);
  expect(lines.slice(0, 2)).toEqual([
    "[ERROR] Connection in use: ('127.0.0.1', 8000)",
    "[ERROR] Retrying in 1 second.",
  ]);
  expect(lines.at(-1)).toBe("[ERROR] Can't connect to ('127.0.0.1', 8000)");
  expect(world.exits()).toEqual([1]);
});

test("USR2 starts a second master on the same socket; it is promoted when the first one leaves", () => {
  const world = started();
  world.kill(500, "master", "USR2");
  world.kill(1500, "master", "TERM");
  const after = world.send(4000, TCP, GET);
  world.run(6000);
  expect(after.text).toContain("200 OK");
  expect(world.log()).toContain("[INFO] Master has been promoted.");
});

test("the pid file is there while the master lives", () => {
  const world = started("--pid /run/gunicorn.pid");
  let text: string | null | undefined;
  world.at(500, () => {
    text = world.host.disk.lstat("/run/gunicorn.pid")?.text;
  });
  world.kill(600, "master", "TERM");
  world.run(2000);
  expect(text).toBe("801\n");
  expect(world.host.disk.lstat("/run/gunicorn.pid")).toBeNull();
});
