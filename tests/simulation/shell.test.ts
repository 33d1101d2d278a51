import { beforeEach, describe, expect, it } from "vitest";
import { createClock } from "../../src/host/clock.ts";
import { createDisk } from "../../src/host/file-system.ts";
import { createProcesses } from "../../src/host/process-table.ts";
import type { Host, Pid, Signal } from "../../src/host/processes.ts";
import { Simulation } from "../../src/kernel/simulation.ts";
import { runShell, type ShellCommands } from "../../src/simulation/shell.ts";

const commands: ShellCommands = {
  systemctl: (verb, unit) => ({ exit: 0, output: [`${verb} ${unit}`] }),
  supervisorctl: (args) => ({ exit: 0, output: [...args] }),
  nginx: (args) => ({ exit: args[0] === "-t" ? 0 : 1, output: [] }),
  psql: (database, script) => ({ exit: 0, output: [database, script] }),
  sqlite3: (file, sql, hold) => ({ exit: 0, output: [file, sql, String(hold)] }),
};

let host: Host;
let heard: [pid: Pid, signal: Signal][];

beforeEach(() => {
  const sim = new Simulation({ seed: 1 });
  const clock = createClock(sim, 1_700_000_000_000);
  const processes = createProcesses(sim, { processEnded: () => undefined });
  heard = [];
  processes.register({
    name: "gunicorn",
    start: (process) =>
      void [processes.fork(process.pid, "worker"), processes.fork(process.pid, "worker")],
    signal: (pid, signal) => void heard.push([pid, signal]),
    childExited: () => undefined,
    ended: () => undefined,
  });
  host = { sim, clock, processes, disk: createDisk(sim, () => 0) } as unknown as Host;
  processes.start({ parent: -1, argv: ["gunicorn"] });
  sim.runUntil(1e9);
});

const run = (text: string): ReturnType<typeof runShell> => {
  const result = runShell(host, commands, text);
  host.sim.runUntil(host.sim.now + 1e9);
  return result;
};

describe("what an operator types", () => {
  it("signals the master by the program's name, and workers by number", () => {
    run("kill -HUP gunicorn");
    run("kill -TERM gunicorn worker 2");
    run("kill -9 gunicorn worker");
    expect(heard).toEqual([
      [801, "HUP"],
      [803, "TERM"],
    ]);
    expect(host.processes.living().map((process) => process.pid)).toEqual([801, 803]);
  });

  it("reads a pid from a file", () => {
    host.disk.write("/run/g.pid", "801\n");
    run("kill -TERM $(cat /run/g.pid)");
    expect(heard).toEqual([[801, "TERM"]]);
    expect(run("kill -TERM 99").exit).toBe(1);
  });

  it("looks at files and changes them", () => {
    host.disk.write("/run/gunicorn.pid", "801\n");
    expect(run("test -s /run/gunicorn.pid && echo there")).toMatchObject({
      exit: 0,
      output: ["there"],
    });
    expect(run("ls /run").output).toEqual(["gunicorn.pid"]);
    run("mv /run/gunicorn.pid /run/old.pid");
    run("chmod 600 /run/old.pid");
    expect(host.disk.stat("/run/old.pid")).toMatchObject({ mode: 0o600 });
    run("rm -rf /run/*");
    expect(run("test -e /run/old.pid && echo there")).toMatchObject({ exit: 1, output: [] });
  });

  it("passes the rest to the programs it belongs to", () => {
    expect(run("sudo systemctl start nginx.service").output).toEqual(["start nginx"]);
    expect(run("sqlite3 /srv/db.sqlite3 'SELECT 1'").output).toEqual([
      "/srv/db.sqlite3",
      "SELECT 1",
      "0",
    ]);
    expect(
      run("((echo 'BEGIN EXCLUSIVE;'; sleep 2) | sqlite3 /srv/db.sqlite3) >/dev/null 2>&1 &")
        .output,
    ).toEqual(["/srv/db.sqlite3", "BEGIN EXCLUSIVE;", "2"]);
  });

  it("says what it does not know", () => {
    expect(run("tar xf a.tar")).toMatchObject({
      exit: 127,
      notModelled: "the command tar is not modelled",
    });
  });
});
