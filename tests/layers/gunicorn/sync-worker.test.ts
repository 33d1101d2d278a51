// A sync worker, as the recordings of the real one show it.
import { expect, test } from "vitest";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import { type Behaviour, GET, type ServerWorld, serverWorld, TCP } from "./server-world.ts";

const COMMAND = "gunicorn --chdir /srv/shop --bind 127.0.0.1:8000 shop.wsgi:application";
const world = (behave?: (path: string) => Behaviour): ServerWorld =>
  serverWorld(
    (host, application) => installGunicorn(host, application, 1),
    (environ) => behave?.(environ.get("PATH_INFO") ?? "") ?? {},
  );

test("a GET is answered with gunicorn's head, then closed", () => {
  const w = world();
  w.start(COMMAND);
  const answer = w.send(500, TCP, GET);
  w.run(1000);
  console.log(w.log(), answer, w.environs[0]);
  expect(answer.text).toMatch(
    /^HTTP\/1\.1 200 OK\r\nServer: gunicorn\r\nDate: [^\r]+ GMT\r\nConnection: close\r\nContent-Type: text\/html\r\nContent-Length: 5\r\n\r\nhome\n$/,
  );
  expect(answer.ended).toBe(true);
  expect(w.log()).toEqual([
    "[INFO] Starting gunicorn 20.1.0",
    "[INFO] Listening at: http://127.0.0.1:8000 (N)",
    "[INFO] Using worker: sync",
    "[INFO] Booting worker with pid: N",
  ]);
});
