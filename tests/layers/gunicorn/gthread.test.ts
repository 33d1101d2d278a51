// Threaded workers: keep-alive, the pool, and what timeout does not do.
import { expect, test } from "vitest";
import { GET, gunicornWorld, TCP } from "./server-world.ts";

const COMMAND = "gunicorn --bind 127.0.0.1:8000 shop.wsgi:application --threads";

test("three slow requests on two threads: the third waits inside the process", () => {
  const world = gunicornWorld(() => ({ sleepMs: 400 }));
  world.start(`${COMMAND} 2`);
  const answers = [500, 510, 520].map((at) => world.send(at, TCP, GET));
  world.run(3000);
  expect(answers.map((answer) => Math.round(answer.atMs / 100))).toEqual([9, 9, 13]);
  expect(world.log()[2]).toBe("[INFO] Using worker: threads");
});

test("the connection is kept, serves again, and is closed when keepalive is over", () => {
  const world = gunicornWorld();
  world.start(`${COMMAND} 2`);
  const answer = world.send(500, TCP, GET, 100, GET);
  world.run(5000);
  expect(answer.text.match(/Connection: keep-alive/g)).toHaveLength(2);
  expect(answer.ended).toBe(true);
  expect(answer.atMs - 600).toBeGreaterThanOrEqual(2000);
  expect(answer.atMs - 600).toBeLessThan(3100);
});

test("two idle connections starve two threads", () => {
  const world = gunicornWorld();
  world.start(`${COMMAND} 2`);
  world.send(500, TCP, "GET");
  world.send(510, TCP, "GET");
  const third = world.send(520, TCP, GET);
  world.run(2000);
  expect(third.text).toBe("");
});

test("timeout does not limit a request in a thread", () => {
  const world = gunicornWorld(() => ({ sleepMs: 4000 }));
  world.start(`${COMMAND} 2 --timeout 1`);
  const answer = world.send(500, TCP, GET);
  world.run(6000);
  expect(answer.text).toContain("200 OK");
});

test("after TERM the poller still accepts once more, and answers with close", () => {
  const world = gunicornWorld(() => ({ sleepMs: 400 }));
  world.start(`${COMMAND} 2`);
  const first = world.send(500, TCP, GET);
  world.kill(600, "master", "TERM");
  const second = world.send(700, TCP, GET);
  world.run(3000);
  expect(first.text).toContain("Connection: keep-alive");
  expect(second.text).toContain("Connection: close");
  expect(world.exits()).toEqual([0]);
});

// Source: gunicorn 20.1.0 --threads 2 with a view that calls sys.exit(3), seen on Debian 12.
test("SystemExit ends the thread alone: its connection stays open, the worker serves on", () => {
  const world = gunicornWorld((environ) =>
    environ.get("PATH_INFO") === "/exit" ? { raise: "SystemExit: 3" } : {},
  );
  world.start(`${COMMAND} 2`);
  const lost = world.send(500, TCP, GET.replace("/", "/exit"));
  const others = [world.send(700, TCP, GET), world.send(710, TCP, GET)];
  world.run(4000);
  expect(lost).toMatchObject({ text: "", ended: false, reset: false });
  expect(others.map((answer) => answer.text.slice(0, 15))).toEqual([
    "HTTP/1.1 200 OK",
    "HTTP/1.1 200 OK",
  ]);
  expect(world.exits()).toEqual([]);
  expect(world.log().slice(4)).toEqual([
    "Exception in worker",
    "Traceback (most recent call last):",
    "  <frames>",
    "SystemExit: 3",
  ]);
});
