// A uWSGI with its ini file, and packets of its protocol, for the tests beside this file.
import type { Address } from "../../../src/host/network.ts";
import type { Environ } from "../../../src/layers/application.ts";
import { installUwsgi } from "../../../src/layers/uwsgi/install.ts";
import { type Behaviour, type ServerWorld, serverWorld } from "../gunicorn/server-world.ts";

export const SOCKET: Address = { kind: "unix", path: "/run/uwsgi.sock" };
const INI = [
  "[uwsgi]",
  "plugin = python3",
  "chdir = /srv/shop",
  "module = shop.wsgi:application",
  "socket = /run/uwsgi.sock",
  "master = true",
  "processes = 1",
];

/** The world a moment before uWSGI starts with these lines after the usual ones. */
export function started(
  extra: readonly string[] = [],
  behave?: (environ: Environ) => Behaviour,
  before?: (world: ServerWorld) => void,
): ServerWorld {
  const world = serverWorld((host, application) => installUwsgi(host, application, 2), behave);
  world.host.disk.write("/srv/shop/uwsgi.ini", [...INI, ...extra, ""].join("\n"));
  before?.(world);
  world.start("uwsgi --ini /srv/shop/uwsgi.ini");
  return world;
}

/** The vars as a front server sends them. */
export function packet(vars: Record<string, string>): string {
  const counted = (text: string): string =>
    String.fromCharCode(text.length & 255, text.length >> 8) + text;
  const block = Object.entries(vars)
    .map(([key, value]) => counted(key) + counted(value))
    .join("");
  return `\0${String.fromCharCode(block.length & 255, block.length >> 8)}\0${block}`;
}

export const VARS = {
  REQUEST_METHOD: "GET",
  REQUEST_URI: "/x?1",
  PATH_INFO: "/x",
  QUERY_STRING: "1",
  SERVER_PROTOCOL: "HTTP/1.1",
  REMOTE_ADDR: "203.0.113.10",
};
/** The lines of the log without what no two runs share. */
export const masked = (world: ServerWorld): string[] =>
  world.lines.map((line) =>
    line
      .replace(/0x[\da-f]+|(pid: )\d+/g, "$1N")
      .replace(/in \d+ (bytes|msecs)/g, "in N $1")
      .replace(/\[\w{3} \w{3}[^\]]*\]/, "[T]"),
  );
