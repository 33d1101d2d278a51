// What supervisord 4.2.5 says of a configuration it cannot read, as the real program did when asked.
import { expect, test } from "vitest";
import { readSupervisordConf } from "../../../src/layers/supervisor/supervisord-conf.ts";

const read = (...lines: string[]): ReturnType<typeof readSupervisordConf> =>
  readSupervisordConf(
    ["[supervisord]", "nodaemon=true", "[program:web]", "command=/bin/cat", ...lines, ""].join(
      "\n",
    ),
    "s.conf",
  );

test.each([
  ["autorestart=maybe", "invalid 'autorestart' value 'maybe'"],
  ["startsecs=abc", "invalid literal for int() with base 10: 'abc'"],
  ["killasgroup=perhaps", "not a valid boolean value: 'perhaps'"],
  ["stopsignal=FOO", "value 'FOO' is not a valid signal name"],
  ["exitcodes=0,x", "not a valid list of exit codes: '0,x'"],
  ["exitcodes=256", "not a valid list of exit codes: '256'"],
  ["numprocs=2", "%(process_num) must be present within process_name when numprocs > 1"],
  ["stopasgroup=true\nkillasgroup=false", "Cannot set stopasgroup=true and killasgroup=false"],
  [
    'environment=A="100%"',
    "Format string 'A=\"100%\"' for 'environment' is badly formatted: unsupported format character '\"' (0x22) at index 7",
  ],
  ["startsecs=x\npriority=y", "invalid literal for int() with base 10: 'y'"],
])("%s", (line, message) => {
  expect(read(line).error).toBe(`${message} in section 'program:web' (file: 's.conf')`);
});

test("an event listener needs events, and is not simulated", () => {
  expect(read("[eventlistener:x]", "command=/bin/cat").error).toBe(
    '[eventlistener:x] section requires an "events" line',
  );
  const { error, diagnostics } = read("[eventlistener:x]", "events=TICK_60");
  expect(error).toBeNull();
  expect(diagnostics).toEqual([
    {
      severity: "not-simulated",
      message: "[eventlistener:x] is not simulated",
      file: "s.conf",
      line: 5,
    },
  ]);
});

test("numprocs makes a program for each number, with its name and number in the values", () => {
  const { programs, error } = read(
    "numprocs=2",
    "numprocs_start=8",
    "process_name=%(program_name)s_%(process_num)02d",
    'environment=PORT="80%(process_num)02d",RATE="100%%"',
    "stdout_logfile=/var/log/%(program_name)s-%(process_num)d.log",
  );
  expect(error).toBeNull();
  expect(programs.map(({ name, stdoutLogfile }) => [name, stdoutLogfile])).toEqual([
    ["web_08", "/var/log/web-8.log"],
    ["web_09", "/var/log/web-9.log"],
  ]);
  expect(programs[1].environment).toEqual({ PORT: "8009", RATE: "100%" });
});

test("the programs of a group start with the group, before those of a higher priority number", () => {
  const { programs } = read(
    "[program:first]\ncommand=/bin/cat\npriority=5",
    "[program:worker]\ncommand=/bin/cat",
    "[group:g]\nprograms=worker,web\npriority=1",
  );
  expect(programs.map(({ name }) => name)).toEqual(["worker", "web", "first"]);
  expect(read("[group:g]\nprograms=web,nope").error).toBe(
    "[program:web] names unknown program or fcgi-program nope",
  );
});

test("what the machine lacks: a user, a directory for the log", () => {
  const asked = (line: string) =>
    readSupervisordConf(`[supervisord]\n[program:web]\ncommand=/bin/cat\n${line}\n`, "s.conf", {
      userExists: (name) => name === "www-data",
      directoryExists: (path) => path === "/var/log",
    }).error;
  expect(asked("user=www-data\nstdout_logfile=/var/log/web.log")).toBeNull();
  const where = "in section 'program:web' (file: 's.conf')";
  expect(asked("user=nobodyx")).toBe(`Invalid user name nobodyx ${where}`);
  expect(asked("stdout_logfile=/var/log/web/out.log")).toBe(
    `The directory named as part of the path /var/log/web/out.log does not exist ${where}`,
  );
});
