// supervisorctl against supervisord with gunicorn under it: what it prints, its exit codes, and what
// supervisord logs; asked of Debian's supervisor 4.2.5.
import { expect, test } from "vitest";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import { installSupervisor, type Supervision } from "../../../src/layers/supervisor/install.ts";
import { GET, type ServerWorld, serverWorld, TCP } from "../gunicorn/server-world.ts";

const FILE = "/etc/supervisor/supervisord.conf";
const MAIN = [
  "[unix_http_server]",
  "file = /run/supervisor.sock",
  "[supervisord]",
  "nodaemon = true",
  "user = root",
  "[rpcinterface:supervisor]",
  "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
  "[supervisorctl]",
  "serverurl = unix:///run/supervisor.sock",
];
const program = (name: string, ...lines: string[]): string[] => [
  `[program:${name}]`,
  "command = gunicorn --bind 127.0.0.1:8000 shop.wsgi:application",
  "directory = /srv/shop",
  ...lines,
];

interface Asked {
  readonly world: ServerWorld;
  readonly answers: [command: string, exit: number, ...output: string[]][];
  ask(ms: number, command: string): void;
  write(...programs: string[][]): void;
  log(): string[];
}

function asked(...programs: string[][]): Asked {
  let supervision: Supervision | null = null;
  const world = serverWorld((host, application) => {
    supervision = installSupervisor(host);
    return installGunicorn(host, application, 1);
  });
  const answers: Asked["answers"] = [];
  const write = (...each: string[][]): void =>
    world.host.disk.write(FILE, [...MAIN, ...each.flat()].join("\n"));
  write(...programs);
  world.start("supervisord");
  return {
    world,
    answers,
    write,
    ask: (ms, command) =>
      world.at(ms, () => {
        const result = supervision?.supervisorctl(command.split(" "));
        answers.push([command, result?.exit ?? -1, ...(result?.output ?? [])]);
      }),
    log: () =>
      world.lines
        .filter((line) => /^\d{4}-.*,\d{3} /.test(line))
        .map((line) => line.slice(24).replace(/(pid )\d+/, "$1N")),
  };
}

test("stop, start and restart, and what is refused", () => {
  const { world, ask, answers, log } = asked(program("shop"));
  ask(3000, "stop shop");
  ask(4000, "stop shop");
  const down = world.send(4500, TCP, GET);
  ask(5000, "start shop");
  ask(6500, "start shop");
  ask(7000, "restart shop");
  const up = world.send(9000, TCP, GET);
  for (const command of ["start nope", "restart nope", "signal FOO shop", "signal HUP shop", "foo"])
    ask(9500, command);
  world.run(12_000);
  expect(answers).toEqual([
    ["stop shop", 0, "shop: stopped"],
    ["stop shop", 0, "shop: ERROR (not running)"],
    ["start shop", 0, "shop: started"],
    ["start shop", 0, "shop: ERROR (already started)"],
    ["restart shop", 0, "shop: stopped", "shop: started"],
    ["start nope", 1, "nope: ERROR (no such process)"],
    ["restart nope", 1, "nope: ERROR (no such process)", "nope: ERROR (no such process)"],
    ["signal FOO shop", 1, "shop: ERROR (bad signal name)"],
    ["signal HUP shop", 0, "shop: signalled"],
    ["foo", 1, "*** Unknown syntax: foo"],
  ]);
  expect([down.refused, up.text.slice(9, 15)]).toEqual([111, "200 OK"]);
  const success =
    "INFO success: shop entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)";
  const stopped = ["INFO waiting for shop to stop", "INFO stopped: shop (exit status 0)"];
  const spawned = "INFO spawned: 'shop' with pid N";
  expect(log()).toEqual([
    "INFO Set uid to user 0 succeeded",
    "INFO RPC interface 'supervisor' initialized",
    "CRIT Server 'unix_http_server' running without any HTTP authentication checking",
    "INFO supervisord started with pid N",
    ...[spawned, success, ...stopped, spawned, success, ...stopped, spawned, success],
  ]);
  expect(world.lines.some((line) => line.endsWith("[INFO] Handling signal: hup"))).toBe(true);
});

test("status in columns, with exit code 3 unless everything runs", () => {
  const { world, ask, answers } = asked(
    program("shop"),
    program("later", "autostart = false"),
    program("gone", "command = /usr/bin/nope", "startretries = 0"),
  );
  ask(4200, "status");
  ask(4200, "start gone");
  ask(4300, "stop shop");
  ask(6000, "status shop");
  world.run(7000);
  expect(answers[0].slice(1, 4)).toEqual([
    3,
    `${"gone".padEnd(32)} FATAL     can't find command '/usr/bin/nope'`,
    `${"later".padEnd(32)} STOPPED   Not started`,
  ]);
  expect(answers[0][4]).toMatch(/^shop {29}RUNNING {3}pid \d+, uptime 0:00:0\d$/);
  expect(answers[1]).toEqual(["start gone", 1, "gone: ERROR (no such file)"]);
  expect(answers[3].at(-1)).toMatch(/^shop {29}STOPPED {3}[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M$/);
});

test("reread says what changed in the file, update does it and leaves the rest alone", () => {
  const { world, ask, answers, write, log } = asked(program("shop"), program("old", "autostart=0"));
  ask(3000, "reread");
  world.at(3100, () =>
    write(program("shop", "environment = DEBUG=1"), program("new", "autostart = false")),
  );
  ask(3200, "reread");
  ask(3300, "update");
  ask(6000, "update");
  world.run(7000);
  expect(answers.map(([, , ...output]) => output)).toEqual([
    ["No config updates to processes"],
    ["new: available", "old: disappeared", "shop: changed"],
    [
      "old: stopped",
      "old: removed process group",
      "shop: stopped",
      "shop: updated process group",
      "new: added process group",
    ],
    [],
  ]);
  expect(log().filter((line) => line.includes("spawned"))).toHaveLength(2);
});

test("a program in BACKOFF is stopped without a signal; nothing is tried again", () => {
  const { world, ask, answers, log } = asked(program("shop", "command = gunicorn --bad"));
  ask(2000, "stop shop");
  world.run(9000);
  expect(answers[0]).toEqual(["stop shop", 0, "shop: stopped"]);
  expect(log().filter((line) => line.includes("spawned"))).toHaveLength(1);
});

test("shutdown stops the last program of the file first, one after the other", () => {
  const { world, ask, log } = asked(
    program("a"),
    program("b", "command = gunicorn --bind 127.0.0.1:8001 shop.wsgi"),
  );
  ask(4000, "shutdown");
  ask(6000, "status");
  world.run(7000);
  expect(log().slice(-3)).toEqual([
    "INFO waiting for a, b to die",
    "INFO stopped: b (exit status 0)",
    "INFO stopped: a (exit status 0)",
  ]);
  expect(world.exits().at(-1)).toBe(0);
});

test("reload reads the file anew; without its section or its server supervisorctl reaches nobody", () => {
  const { world, ask, answers, write, log } = asked(program("shop"));
  world.at(3000, () => write(program("store")));
  ask(3100, "reload");
  world.at(6000, () => world.host.disk.write("/etc/bare.conf", "[supervisord]\n"));
  world.at(6000, () => world.host.disk.write("/etc/far.conf", "[supervisord]\n[supervisorctl]\n"));
  ask(6100, "-c /etc/bare.conf status");
  ask(6100, "-c /etc/far.conf status");
  world.run(8000);
  expect(log().at(-1)).toMatch(/^INFO success: store entered RUNNING/);
  expect(answers.slice(1).map(([, ...rest]) => rest)).toEqual([
    [
      2,
      "Error: .ini file does not include supervisorctl section",
      "For help, use /usr/bin/supervisorctl -h",
    ],
    [4, "http://localhost:9001 refused connection"],
  ]);
});
