// systemd with gunicorn under it: sockets that outlive the service, control groups, the kernel's OOM
// killer, and the start limit. Source of the lines: systemd 252, src/core/service.c, socket.c.
import { describe, expect, test } from "vitest";
import { installGunicorn } from "../../../src/layers/gunicorn/install.ts";
import { installSupervisor, type Supervision } from "../../../src/layers/supervisor/install.ts";
import { readSocketFile } from "../../../src/layers/supervisor/socket-file.ts";
import { parseSize, readServiceUnit } from "../../../src/layers/supervisor/unit-file.ts";
import { GET, type ServerWorld, serverWorld, TCP } from "../gunicorn/server-world.ts";

interface Managed extends ServerWorld {
  systemctl(at: number, verb: string, name: string): void;
  /** What systemd and the kernel wrote, without time and pids. */
  journal(): string[];
}

function managed(service: readonly string[], socket: readonly string[] = []): Managed {
  let supervision: Supervision | null = null;
  const made = serverWorld((host, application) => {
    supervision = installSupervisor(host);
    return installGunicorn(host, application, 1);
  });
  const unit = ["[Service]", "Type=notify", "WorkingDirectory=/srv/shop", ...service];
  if (!service.some((line) => line.startsWith("ExecStart=")))
    unit.push("ExecStart=gunicorn --bind 127.0.0.1:8000 shop.wsgi:application");
  made.host.disk.write("/etc/systemd/system/gunicorn.service", unit.join("\n"));
  if (socket.length > 0)
    made.host.disk.write("/etc/systemd/system/gunicorn.socket", ["[Socket]", ...socket].join("\n"));
  return Object.assign(made, {
    systemctl: (at: number, verb: string, name: string) =>
      made.at(at, () => void supervision?.systemctl(verb, name)),
    journal: () =>
      made.lines
        .filter((line) => / (?:systemd\[1\]|kernel): /.test(line))
        .map((line) =>
          line.replace(/^.*?(?:systemd\[1\]|kernel): /, "").replace(/process \d+/, "process N"),
        ),
  });
}

const pidOf = (made: ServerWorld, role: string): number =>
  made.host.processes
    .living()
    .find((process) => process.program === "gunicorn" && process.role === role)?.pid ?? -1;

describe("socket activation", () => {
  const SOCKET = ["ListenStream=127.0.0.1:8000"];

  test("the first connection starts the service, and gunicorn takes the socket it is given", () => {
    const made = managed(
      ["ExecStart=gunicorn --bind 127.0.0.1:9999 shop.wsgi:application"],
      SOCKET,
    );
    made.systemctl(100, "start", "gunicorn.socket");
    made.run(1000);
    expect(pidOf(made, "master")).toBe(-1);
    const answer = made.send(1100, TCP, GET);
    made.run(4000);
    expect(answer.text).toContain("200 OK");
    expect(made.log()).toContain("[INFO] Listening at: http://127.0.0.1:8000 (N)");
    expect(made.journal().slice(0, 2)).toEqual([
      "Listening on gunicorn.socket - gunicorn.socket.",
      "Starting gunicorn.service - gunicorn.service...",
    ]);
  });

  test("a restart refuses nobody: who comes meanwhile waits in the queue", () => {
    const made = managed([], SOCKET);
    made.systemctl(100, "start", "gunicorn.socket");
    made.send(200, TCP, GET);
    made.systemctl(2000, "restart", "gunicorn");
    const meanwhile = made.send(2050, TCP, GET);
    made.run(6000);
    expect(meanwhile.refused).toBeNull();
    expect(meanwhile.text).toContain("200 OK");
  });

  test("without the socket the same moment is refused", () => {
    const made = managed([]);
    made.systemctl(100, "start", "gunicorn");
    made.systemctl(2000, "restart", "gunicorn");
    const meanwhile = made.send(2050, TCP, GET);
    made.run(6000);
    expect(meanwhile.refused).toBe(111);
  });

  test("a service that may not start any more takes its socket with it", () => {
    const made = managed(["Restart=on-failure", "StartLimitBurst=2"], SOCKET);
    const broken = {
      ok: false,
      reason: "no-attribute",
      attribute: "x",
      module: "shop.wsgi",
    } as const;
    made.loads = Array.from({ length: 4 }, () => broken);
    made.systemctl(100, "start", "gunicorn.socket");
    const first = made.send(200, TCP, GET);
    const later = made.send(5000, TCP, GET);
    made.run(6000);
    expect(made.journal().slice(-4)).toEqual([
      "gunicorn.service: Start request repeated too quickly.",
      "gunicorn.service: Failed with result 'exit-code'.",
      "Failed to start gunicorn.service - gunicorn.service.",
      "gunicorn.socket: Failed with result 'service-start-limit-hit'.",
    ]);
    expect(first.reset).toBe(true);
    expect(later.refused).toBe(111);
  });

  test.each([
    ["/run/gunicorn.sock", { kind: "unix", path: "/run/gunicorn.sock" }],
    ["8000", { kind: "tcp", ip: "0.0.0.0", port: 8000 }],
    ["127.0.0.1:8000", { kind: "tcp", ip: "127.0.0.1", port: 8000 }],
    ["[::]:8000", { kind: "tcp", ip: "0.0.0.0", port: 8000 }],
  ])("ListenStream=%s", (text, address) => {
    const file = readSocketFile(`[Socket]\nListenStream=${text}\n`, "gunicorn.socket", "gunicorn");
    expect(file.listen).toEqual([address]);
    expect(file.service).toBe("gunicorn");
  });

  test("what is known and not simulated is said at its line", () => {
    const { diagnostics } = readSocketFile("[Socket]\nAccept=yes\nFreeBind=yes\n", "s", "s");
    expect(diagnostics.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "2: Accept=yes is not simulated",
      "3: FreeBind= is not simulated",
    ]);
  });
});

describe("memory", () => {
  /** MemoryMax= of 100 MiB holds a master (30.5 MB) and one worker (48.3 MB). */
  const grow = (made: Managed): void =>
    made.at(2000, () => made.host.memory.add(pidOf(made, "worker"), 60 * 2 ** 20));

  test("OOMPolicy=continue leaves a killed worker to the arbiter", () => {
    const made = managed(["MemoryMax=100M", "OOMPolicy=continue"]);
    made.systemctl(100, "start", "gunicorn");
    grow(made);
    const answer = made.send(4000, TCP, GET);
    made.run(5000);
    expect(made.journal().slice(2)).toEqual([
      "Memory cgroup out of memory: Killed process N (gunicorn), anon-rss:108608kB",
      "gunicorn.service: A process of this unit has been killed by the OOM killer.",
    ]);
    expect(made.log()).toContain("[WARNING] Worker with pid N was terminated due to signal 9");
    expect(answer.text).toContain("200 OK");
  });

  test("OOMPolicy=stop, the default, stops the service, and Restart= starts it again", () => {
    const made = managed(["MemoryMax=100M", "Restart=on-failure", "KillMode=mixed"]);
    made.systemctl(100, "start", "gunicorn");
    grow(made);
    made.run(5000);
    expect(made.journal().slice(3)).toEqual([
      "gunicorn.service: A process of this unit has been killed by the OOM killer.",
      "gunicorn.service: Failed with result 'oom-kill'.",
      "gunicorn.service: Scheduled restart job, restart counter is at 1.",
      "Stopped gunicorn.service - gunicorn.service.",
      "Starting gunicorn.service - gunicorn.service...",
      "Started gunicorn.service - gunicorn.service.",
    ]);
  });

  test.each([
    ["512M", 536_870_912],
    ["1G", 1_073_741_824],
    ["1000", 1000],
    ["infinity", null],
    [null, null],
  ])("MemoryMax=%s", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe("control groups", () => {
  test("a killed arbiter takes its workers with it: systemd ends what is left of the unit", () => {
    const made = managed(["Restart=always"]);
    made.systemctl(100, "start", "gunicorn");
    made.kill(2000, "master", "KILL");
    made.run(2050);
    expect(pidOf(made, "worker")).toBe(-1);
    const answer = made.send(5000, TCP, GET);
    made.run(6000);
    expect(answer.text).toContain("200 OK");
    expect(made.journal().slice(2, 4)).toEqual([
      "gunicorn.service: Main process exited, code=killed, status=9/KILL",
      "gunicorn.service: Failed with result 'signal'.",
    ]);
  });
});

test("a unit reads its memory limit and its policy", () => {
  const unit = readServiceUnit("[Service]\nMemoryMax=200M\nOOMPolicy=continue\n", "f", "x");
  expect([unit.memoryMaxBytes, unit.oomPolicy]).toEqual([209_715_200, "continue"]);
});
