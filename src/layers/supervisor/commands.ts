// Which commands there are on the simulated host, and their words: `env A=b /usr/bin/gunicorn …`.
import type { Disk } from "../../host/disk.ts";
import { splitCommandLine } from "../../text/command-line.ts";

const PROGRAMS = new Set(["nginx", "gunicorn", "uwsgi"]);
const SYSTEM_DIRECTORIES = new Set(["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"]);

export interface CommandWords {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Splits a command and takes a leading `env` apart. */
export function readCommand(text: string): CommandWords {
  const argv = splitCommandLine(text).map((word) => word.text);
  const env: Record<string, string> = {};
  if (/^(\/usr\/bin\/)?env$/.test(argv[0] ?? "")) {
    argv.shift();
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? "")) {
      const pair = argv.shift() ?? "";
      env[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);
    }
  }
  return { argv, env };
}

/** Whether a command names a program that runs here; where it lies is taken on trust. */
export function isProgram(command: string): boolean {
  const name = command.slice(command.lastIndexOf("/") + 1);
  return PROGRAMS.has(name) || name === "supervisord";
}

/** Whether a command can be executed: a simulated program by name, in a system directory or a virtual environment. */
export function commandExists(disk: Disk, command: string): boolean {
  const cut = command.lastIndexOf("/");
  if (!PROGRAMS.has(command.slice(cut + 1))) return false;
  const directory = command.slice(0, cut);
  if (cut < 0 || SYSTEM_DIRECTORIES.has(directory)) return true;
  return /\/\.?v?env[^/]*\/bin$/.test(directory) || disk.lstat(command) !== null;
}
