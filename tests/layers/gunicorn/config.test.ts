// The command line, the environment and gunicorn.conf.py, and who wins.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ConfigSources,
  type GunicornConfig,
  isConfigFailure,
  loadConfig,
} from "../../../src/layers/gunicorn/config.ts";
import { splitCommandLine } from "../../../src/text/command-line.ts";

interface Given {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
}

function load(
  command: string,
  { env = {}, files = {} }: Given = {},
): ReturnType<typeof loadConfig> {
  const sources: ConfigSources = {
    words: splitCommandLine(command).slice(1),
    command: { file: "command:1", line: 1, start: 0 },
    env,
    cwd: "/srv/shop",
    cores: 2,
    readFile: (path) => files[path] ?? null,
    isDirectory: (path) => path.startsWith("/srv"),
    userExists: (name) => name === "www-data",
  };
  return loadConfig(sources);
}

function read(command: string, given?: Given): GunicornConfig {
  const config = load(command, given);
  if (isConfigFailure(config)) throw new Error(config.lines.join("\n"));
  return config;
}

const value = (config: GunicornConfig, name: string): unknown => config.settings.get(name)?.value;

test("defaults", () => {
  const config = read("gunicorn shop.wsgi");
  expect(config.bind).toEqual([
    { address: { kind: "tcp", ip: "127.0.0.1", port: 8000 }, repr: "('127.0.0.1', 8000)" },
  ]);
  expect([config.module, config.attribute, config.workerKind, config.workerText]).toEqual([
    "shop.wsgi",
    "application",
    "sync",
    "sync",
  ]);
  expect(["workers", "timeout", "keepalive", "backlog"].map((name) => value(config, name))).toEqual(
    [1, 30, 2, 2048],
  );
});

test("the command line wins over GUNICORN_CMD_ARGS, that over the file, that over WEB_CONCURRENCY", () => {
  const files = { "/srv/shop/gunicorn.conf.py": "workers = 3\ntimeout = 33\nkeepalive = 3\n" };
  const env = { WEB_CONCURRENCY: "2", GUNICORN_CMD_ARGS: "--workers 4 --timeout 44" };
  const config = read("gunicorn shop.wsgi -w 5", { env, files });
  expect(["workers", "timeout", "keepalive"].map((name) => value(config, name))).toEqual([
    5, 44, 3,
  ]);
  expect(value(read("gunicorn shop.wsgi", { env: { WEB_CONCURRENCY: "2" } }), "workers")).toBe(2);
});

test("a value knows the place that decided it", () => {
  const command = "gunicorn --workers 4 shop.wsgi";
  const cause = read(command).settings.get("workers")?.cause;
  expect(cause).toMatchObject({ file: "command:1", line: 1 });
  expect(command.slice(cause?.start, cause?.end)).toBe("--workers 4");
  const files = { "/srv/shop/gunicorn.conf.py": "# how many\n\nworkers = 3\n" };
  expect(read("gunicorn shop.wsgi", { files }).settings.get("workers")?.cause).toMatchObject({
    file: "/srv/shop/gunicorn.conf.py",
    line: 3,
  });
});

test("gunicorn.conf.py: arithmetic, cpu_count() and the environment are read", () => {
  const text = [
    "import multiprocessing, os",
    "bind = ['127.0.0.1:8000', 'unix:/run/' + 'g.sock']",
    "workers = multiprocessing.cpu_count() * 2 + 1",
    "loglevel = os.environ.get('LEVEL', 'debug')",
    "def on_exit(server):",
    "    pass",
    "accesslog = open('x')",
  ].join("\n");
  const config = read("gunicorn shop.wsgi", { files: { "/srv/shop/gunicorn.conf.py": text } });
  expect(config.bind.map(({ address }) => address.kind)).toEqual(["tcp", "unix"]);
  expect([value(config, "workers"), value(config, "loglevel")]).toEqual([5, "debug"]);
  expect(config.diagnostics.map(({ severity, line }) => [severity, line])).toEqual([
    ["not-simulated", 5],
    ["not-simulated", 7],
  ]);
});

test.each([
  ["gunicorn", ["", "Error: No application module specified."], 1],
  ["gunicorn --chdir /x shop.wsgi", ["", "Error: can't chdir to '/x'"], 1],
  [
    "gunicorn --nope shop.wsgi",
    ["usage: gunicorn [OPTIONS] [APP_MODULE]", "gunicorn: error: unrecognized arguments: --nope"],
    2,
  ],
  [
    "gunicorn --workers x shop.wsgi",
    [
      "usage: gunicorn [OPTIONS] [APP_MODULE]",
      "gunicorn: error: argument -w/--workers: invalid int value: 'x'",
    ],
    2,
  ],
  [
    "gunicorn shop.wsgi -w",
    [
      "usage: gunicorn [OPTIONS] [APP_MODULE]",
      "gunicorn: error: argument -w/--workers: expected one argument",
    ],
    2,
  ],
  ["gunicorn -w -1 shop.wsgi", ["", "Error: Value must be positive: -1"], 1],
  ["gunicorn -c none.py shop.wsgi", ["", "Error: 'none.py' doesn't exist"], 1],
  ["gunicorn -u nobody2 shop.wsgi", ["", "Error: No such user: 'nobody2'"], 1],
  [
    "gunicorn --bind 127.0.0.1:http shop.wsgi",
    ["", "Error: 'http' is not a valid port number."],
    1,
  ],
  ["gunicorn --version", ["gunicorn (version 20.1.0)"], 0],
])("%s", (command, lines, exit) => {
  expect(load(command)).toMatchObject({ lines, exit });
});

test("prefixes, joined short options and = are understood as argparse does", () => {
  const config = read("gunicorn --threa 4 -w3 --timeout=5 -DR shop.wsgi:create_app");
  expect(["threads", "workers", "timeout", "daemon"].map((name) => value(config, name))).toEqual([
    4,
    3,
    5,
    true,
  ]);
  expect([config.workerKind, config.workerText]).toEqual(["gthread", "threads"]);
  expect(load("gunicorn --log x shop.wsgi")).toMatchObject({ exit: 2 });
});

test("what is known but not simulated is said at its place", () => {
  expect(
    read("gunicorn --reload --certfile c.pem shop.wsgi").diagnostics.map(
      ({ message }) => message.split(":")[0],
    ),
  ).toEqual(["reload is not simulated", "certfile is not simulated"]);
});

test("--paste wants a module that Debian does not bring", () => {
  expect(load("gunicorn --paste site.ini")).toMatchObject({
    lines: ["", "Error: No module named 'paste'"],
    exit: 1,
  });
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (command, file) => {
      load(`gunicorn ${command}`, {
        files: { "/srv/shop/gunicorn.conf.py": file },
        env: { GUNICORN_CMD_ARGS: file },
      });
    }),
  );
});
