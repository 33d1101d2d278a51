// supervisord with gunicorn under it, as recorded: what each end of the program means.
import { expect, test } from "vitest";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import { installSupervisor, type Supervision } from "../../../src/layers/supervisor/install.ts";
import { readSupervisordConf } from "../../../src/layers/supervisor/supervisord-conf.ts";
import { parseSpan } from "../../../src/layers/supervisor/unit-file.ts";
import { GET, type ServerWorld, serverWorld, TCP } from "../gunicorn/server-world.ts";

const COMMAND = "gunicorn --bind 127.0.0.1:8000 shop.wsgi:application";

function world(): { world: ServerWorld; supervision: Supervision } {
  let supervision: Supervision | null = null;
  const made = serverWorld((host, application) => {
    supervision = installSupervisor(host);
    return installGunicorn(host, application, 1);
  });
  return { world: made, supervision: supervision as unknown as Supervision };
}

function started(...lines: string[]): ServerWorld {
  const { world: made } = world();
  const command = lines.some((line) => line.startsWith("command")) ? [] : [`command = ${COMMAND}`];
  const text = [
    "[supervisord]",
    "nodaemon = true",
    "user = root",
    "",
    "[program:shop]",
    ...command,
    "directory = /srv/shop",
    ...lines,
  ];
  made.host.disk.write("/var/log/boot.log", "");
  made.host.disk.write("/etc/supervisor/supervisord.conf", text.join("\n"));
  made.start("supervisord -c /etc/supervisor/supervisord.conf");
  return made;
}

const lines = (made: ServerWorld): string[] =>
  made.lines
    .filter((line) => /^\d{4}-.*,\d{3} /.test(line))
    .map((line) => line.slice(24).replace(/(pid )\d+/, "$1N"));

const BEGUN = [
  "INFO Set uid to user 0 succeeded",
  "INFO supervisord started with pid N",
  "INFO spawned: 'shop' with pid N",
];
const SUCCESS =
  "INFO success: shop entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)";

test("a clean exit is expected: unexpected leaves it down, true starts it again", () => {
  const unexpected = started("autorestart = unexpected");
  unexpected.kill(2000, "master", "TERM");
  unexpected.run(6000);
  expect(lines(unexpected)).toEqual([
    ...BEGUN,
    SUCCESS,
    "INFO exited: shop (exit status 0; expected)",
  ]);
  const always = started("autorestart = true");
  always.kill(2000, "master", "TERM");
  const answer = always.send(5000, TCP, GET);
  always.run(6000);
  expect(lines(always).slice(4)).toEqual([
    "INFO exited: shop (exit status 0; expected)",
    BEGUN[2],
    SUCCESS,
  ]);
  expect(answer.text).toContain("200 OK");
});

test("an exit before startsecs is never expected and backs off", () => {
  const made = started("startsecs = 10", "autorestart = unexpected");
  made.kill(600, "master", "TERM");
  made.run(5000);
  expect(lines(made)).toEqual([
    ...BEGUN,
    "WARN exited: shop (exit status 0; not expected)",
    BEGUN[2],
  ]);
});

test("a missing command: four tries, then FATAL", () => {
  const made = started("command = /nowhere/gunicorn shop.wsgi");
  made.run(20_000);
  const missing = "INFO spawnerr: can't find command '/nowhere/gunicorn'";
  expect(lines(made).slice(2)).toEqual([
    missing,
    missing,
    missing,
    missing,
    "INFO gave up: shop entered FATAL state, too many start retries too quickly",
  ]);
});

test("a killed master is restarted; its lines go to the program's log file", () => {
  const made = started(
    "autorestart = true",
    "redirect_stderr = true",
    "stdout_logfile = /var/log/shop.log",
  );
  made.kill(2000, "master", "KILL");
  made.run(2500);
  expect(made.lines.filter((line) => line.startsWith("/var/log/shop.log")).length).toBeGreaterThan(
    3,
  );
  made.send(2600, TCP, GET);
  made.run(9000);
  expect(lines(made).slice(4, 6)).toEqual([
    "WARN exited: shop (terminated by SIGKILL; not expected)",
    BEGUN[2],
  ]);
});

test("TERM to supervisord stops the program first", () => {
  const made = started();
  made.kill(2000, "master", "TERM", "supervisord");
  made.run(5000);
  expect(lines(made).slice(4)).toEqual([
    "WARN received SIGTERM indicating exit request",
    "INFO waiting for shop to die",
    "INFO stopped: shop (exit status 0)",
  ]);
  expect(made.exits()).toEqual([0]);
});

test("the configuration: unknown settings are warnings, a program without a command an error", () => {
  const conf = readSupervisordConf(
    "[supervisord]\n[program:a]\nnope = 1\numask = 022\n",
    "/etc/s.conf",
  );
  expect(conf.error).toBe(
    "program section program:a does not specify a command in section 'program:a' (file: '/etc/s.conf')",
  );
  expect(conf.diagnostics.map(({ severity, line }) => [severity, line])).toEqual([
    ["warning", 3],
    ["not-simulated", 4],
  ]);
});

test("systemctl stop and start act on the process that a command started", () => {
  const { world: made, supervision } = world();
  made.start(COMMAND);
  made.at(500, () =>
    expect(supervision.systemctl("stop", "gunicorn")).toEqual({ exit: 0, output: [] }),
  );
  const down = made.send(1500, TCP, GET);
  made.at(2000, () => void supervision.systemctl("start", "gunicorn"));
  const up = made.send(3000, TCP, GET);
  made.run(4000);
  expect(down.refused).toBe(111);
  expect(up.text).toContain("200 OK");
  expect(supervision.systemctl("start", "nope").exit).toBe(5);
});

test("Restart=on-failure with a crash at start runs into the start limit", () => {
  const { world: made, supervision } = world();
  const unit = [
    "[Unit]",
    "Description=gunicorn daemon",
    "[Service]",
    "Type=notify",
    "WorkingDirectory=/srv/shop",
    `ExecStart=/usr/bin/${COMMAND}`,
    "Restart=on-failure",
  ];
  made.host.disk.write("/etc/systemd/system/shop.service", unit.join("\n"));
  const traceback = ["ModuleNotFoundError: No module named 'x'"];
  made.loads = Array.from({ length: 9 }, () => ({
    ok: false as const,
    reason: "import-error" as const,
    traceback,
    exception: traceback[0],
  }));
  made.at(100, () => void supervision.systemctl("start", "shop"));
  made.run(15_000);
  const journal = made.lines
    .filter((line) => line.includes("systemd[1]: "))
    .map((line) => line.split("systemd[1]: ")[1]);
  expect(journal.slice(0, 5)).toEqual([
    "Starting shop.service - gunicorn daemon...",
    "Started shop.service - gunicorn daemon.",
    "shop.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED",
    "shop.service: Failed with result 'exit-code'.",
    "Scheduled restart job, restart counter is at 1.".replace(/^/, "shop.service: "),
  ]);
  expect(journal.filter((line) => line.startsWith("Starting"))).toHaveLength(5);
  expect(journal.at(-1)).toBe("Failed to start shop.service - gunicorn daemon.");
  expect(supervision.systemctl("is-active", "shop")).toEqual({ exit: 3, output: ["failed"] });
});

test("time spans of units", () => {
  expect(["5", "100ms", "1min 30s"].map(parseSpan)).toEqual([5, 0.1, 90]);
});
