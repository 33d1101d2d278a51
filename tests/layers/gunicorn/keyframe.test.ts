// The worlds of the servers are plain data: a keyframe can be taken in the middle of everything.
import { expect, test } from "vitest";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import { installSupervisor } from "../../../src/layers/supervisor/install.ts";
import { GET, serverWorld, TCP } from "./server-world.ts";

test("a keyframe in the middle of a request, and back to it", () => {
  const world = serverWorld(
    (host, application) => {
      installSupervisor(host);
      return installGunicorn(host, application, 1);
    },
    () => ({ sleepMs: 400 }),
  );
  const conf = "[supervisord]\nnodaemon=true\n[program:shop]\ndirectory=/srv/shop\ncommand=";
  world.host.disk.write("/etc/s.conf", `${conf}gunicorn --workers 2 shop.wsgi\n`);
  world.start("supervisord -c /etc/s.conf");
  world.send(1000, TCP, GET);
  world.run(1200);
  const frame = world.sim.keyframe();
  const { gunicorn } = world.sim.world;
  world.sim.restore(frame);
  expect(world.sim.world.gunicorn).not.toBe(gunicorn);
  expect(world.sim.world.gunicorn).toEqual(gunicorn);
  world.run(3000);
  world.sim.restore(frame);
  expect(world.sim.now).toBe(1200 * 1_000_000);
  expect(world.sim.world.gunicorn).toEqual(gunicorn);
});
