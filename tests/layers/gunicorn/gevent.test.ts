// What gunicorn 20.1.0 was seen doing with -k gevent (Debian's gevent 22.10.2), one run a test.
import { expect, test } from "vitest";
import type { Address } from "../../../src/host/network.ts";
import { type Behaviour, gunicornWorld } from "./server-world.ts";

const TCP: Address = { kind: "tcp", ip: "127.0.0.1", port: 8000 };
const get = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";

function gevent(options: string, behaviour: Behaviour = {}) {
  const world = gunicornWorld(() => behaviour);
  world.start(`gunicorn --bind 127.0.0.1:8000 -k gevent ${options} shop.wsgi:application`);
  return world;
}

test("a head that is not whole after keepalive seconds, 2 unless set, ends the connection", () => {
  const world = gevent("--timeout 1");
  const slow = world.send(1000, TCP, "GET / HTTP/1.1\r\n", 2500, "Host: a\r\n\r\n");
  world.run(6000);
  expect(slow).toMatchObject({ text: "", ended: true });
  expect(slow.atMs).toBeCloseTo(3000, -1);
});

test("with --keep-alive 0 nothing limits the head", () => {
  const world = gevent("--keep-alive 0");
  const slow = world.send(1000, TCP, "GET / HTTP/1.1\r\n", 2500, "Host: a\r\n\r\n");
  world.run(6000);
  expect(slow.text).toContain("200 OK");
});

test("a kept connection is closed when its seconds are over, not at a turn of the loop", () => {
  const world = gevent("--keep-alive 2");
  const kept = world.send(1300, TCP, get);
  world.run(6000);
  expect(kept.text).toContain("200 OK");
  expect(kept.atMs).toBeCloseTo(3300, -2);
});

test("INT ends requests under way after a tenth of a second, TERM lets them finish", () => {
  const interrupted = gevent("", { sleepMs: 3000 });
  const cut = interrupted.send(1000, TCP, get);
  interrupted.kill(1500, "master", "INT");
  interrupted.run(6000);
  expect(cut).toMatchObject({ text: "", ended: true });
  expect(cut.atMs).toBeLessThan(1700);
  const terminated = gevent("", { sleepMs: 3000 });
  const whole = terminated.send(1000, TCP, get);
  terminated.kill(1500, "master", "TERM");
  terminated.run(9000);
  expect(whole.text).toContain("200 OK");
});

test("greenlets that sleep stop no heartbeat: no timeout", () => {
  const world = gevent("--timeout 1", { sleepMs: 3000 });
  const answer = world.send(1000, TCP, get);
  world.run(6000);
  expect(answer.text).toContain("200 OK");
});
