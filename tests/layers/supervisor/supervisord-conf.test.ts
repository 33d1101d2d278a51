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
