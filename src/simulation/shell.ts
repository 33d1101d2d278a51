// What an operator types: the documented verbs and nothing more. This is no shell; a command that is
// not modelled says so and does nothing.

import { isDiskError } from "../host/disk.ts";
import { directoryNode } from "../host/file-system.ts";
import { parentPath } from "../host/path-walk.ts";
import type { Host, Signal } from "../host/processes.ts";
import { SIGNAL_NUMBER } from "../host/processes.ts";
import { splitCommandLine, type Word } from "../text/command-line.ts";
import { globPattern } from "../text/glob.ts";

export interface ShellResult {
  readonly exit: number;
  readonly output: readonly string[];
  /** What of the command is not modelled. */
  readonly notModelled?: string;
}

/** Commands that belong to a layer. */
export interface ShellCommands {
  systemctl(verb: string, unit: string): ShellResult;
  supervisorctl(args: readonly string[]): ShellResult;
  nginx(args: readonly string[]): ShellResult;
  sqlite3(file: string, sql: string, holdSeconds: number): ShellResult;
  psql(database: string, script: string): ShellResult;
}

const OK: ShellResult = { exit: 0, output: [] };
const fail = (line: string, exit = 1): ShellResult => ({ exit, output: [line] });

/** Runs one action's shell text. */
export function runShell(host: Host, commands: ShellCommands, text: string): ShellResult {
  const locked = /^\(\(echo '(.*)'; sleep (\d+(?:\.\d+)?)\) \| sqlite3 (\S+)\)/.exec(text);
  if (locked !== null) return commands.sqlite3(locked[3], locked[1], Number(locked[2]));
  const expanded = text.replace(/\$\(cat ([^)]+)\)/g, (_, path: string) =>
    readText(host, path.trim()).trim(),
  );
  let result: ShellResult = OK;
  const output: string[] = [];
  for (const part of splitAtAnd(splitCommandLine(expanded))) {
    if (result.exit !== 0) break;
    result = runCommand(host, commands, part);
    output.push(...result.output);
  }
  return { ...result, output };
}

function splitAtAnd(words: readonly Word[]): Word[][] {
  const commands: Word[][] = [[]];
  for (const word of words) {
    if (!word.quoted && (word.text === "&&" || word.text === ";")) commands.push([]);
    else if (word.quoted || !/^(\d?>.*|&)$/.test(word.text))
      commands[commands.length - 1].push(word);
  }
  return commands.filter((command) => command.length > 0);
}

function runCommand(host: Host, commands: ShellCommands, words: readonly Word[]): ShellResult {
  const [name, ...rest] = words.map((word) => word.text);
  const args = name === "sudo" ? rest.slice(1) : rest;
  switch (name === "sudo" ? rest[0] : name) {
    case "kill":
      return kill(host, args);
    case "systemctl":
      return commands.systemctl(args[0] ?? "", (args[1] ?? "").replace(/\.service$/, ""));
    case "supervisorctl":
      return commands.supervisorctl(args);
    case "nginx":
      return commands.nginx(args);
    case "sqlite3":
      return commands.sqlite3(args[0] ?? "", args[1] ?? "", 0);
    case "psql":
      return psql(commands, args);
    case "echo":
      return { exit: 0, output: [args.join(" ")] };
    case "test":
      return { exit: testFile(host, args) ? 0 : 1, output: [] };
    default:
      return fileCommand(host, name, args, words.slice(1));
  }
}

/** `psql DATABASE -c SCRIPT`: without a script it would wait for a terminal. */
function psql(commands: ShellCommands, args: readonly string[]): ShellResult {
  const at = args.indexOf("-c");
  const script = args[at + 1];
  if (at < 0 || script === undefined)
    return { ...fail("psql: no script"), notModelled: "psql takes its script by -c here" };
  const database = args.find((word, i) => i !== at && i !== at + 1 && !word.startsWith("-"));
  return commands.psql(database ?? "postgres", script);
}

function fileCommand(
  host: Host,
  name: string,
  args: readonly string[],
  words: readonly Word[],
): ShellResult {
  const paths = words
    .filter((word) => !word.text.startsWith("-"))
    .flatMap((word) => expandPattern(host, word));
  switch (name) {
    case "ls":
      return { exit: 0, output: paths.flatMap((path) => host.disk.list(path)) };
    case "cat":
      return {
        exit: 0,
        output: paths.flatMap((path) =>
          readText(host, path)
            .split("\n")
            .filter((line) => line !== ""),
        ),
      };
    case "rm":
      return remove(
        host,
        paths,
        args.some((arg) => /^-\w*f/.test(arg)),
      );
    case "mv":
      return host.disk.rename(paths[0], paths[1])
        ? OK
        : fail(`mv: cannot stat '${paths[0]}': No such file or directory`);
    case "mkdir":
      for (const path of paths)
        host.disk.put(path, directoryNode(Math.floor(host.clock.nowMs() / 1000)));
      return OK;
    case "chmod":
      return chmod(host, args[0], paths.slice(1));
    case "touch":
      for (const path of paths) host.disk.write(path, readText(host, path));
      return OK;
    default:
      return {
        exit: 127,
        output: [`sh: 1: ${name}: not found`],
        notModelled: `the command ${name} is not modelled`,
      };
  }
}

function remove(host: Host, paths: readonly string[], force: boolean): ShellResult {
  for (const path of paths) {
    if (!host.disk.remove(path) && !force)
      return fail(`rm: cannot remove '${path}': No such file or directory`);
  }
  return OK;
}

function chmod(host: Host, mode: string, paths: readonly string[]): ShellResult {
  if (!/^[0-7]{3,4}$/.test(mode))
    return {
      exit: 1,
      output: [`chmod: invalid mode: '${mode}'`],
      notModelled: "chmod takes an octal mode here",
    };
  for (const path of paths) {
    if (!host.disk.chmod(path, Number.parseInt(mode, 8)))
      return fail(`chmod: cannot access '${path}': No such file or directory`);
  }
  return OK;
}

function expandPattern(host: Host, word: Word): string[] {
  if (word.quoted || !/[*?]/.test(word.text)) return [word.text];
  const directory = parentPath(word.text);
  const pattern = globPattern(word.text.slice(directory === "/" ? 1 : directory.length + 1));
  const names = host.disk.list(directory).filter((name) => pattern.test(name));
  return names.length > 0 ? names.map((name) => `${directory}/${name}`) : [word.text];
}

function readText(host: Host, path: string): string {
  const node = host.disk.open(path);
  return isDiskError(node) ? "" : (node.text ?? "");
}

function testFile(host: Host, args: readonly string[]): boolean {
  const node = host.disk.stat(args[1] ?? "");
  if (isDiskError(node)) return false;
  switch (args[0]) {
    case "-s":
      return node.bytes > 0;
    case "-f":
      return node.kind === "file";
    case "-d":
      return node.kind === "directory";
    case "-S":
      return node.kind === "socket";
    default:
      return args[0] === "-e";
  }
}

/** `kill -SIG NAME`, `kill -SIG NAME worker [i]`, `kill -SIG PID`. Workers count from 1 by pid. */
function kill(host: Host, args: readonly string[]): ShellResult {
  const signal = signalNamed(args[0] ?? "");
  const target = args[1] ?? "";
  if (signal === null) return fail(`sh: 1: kill: Illegal option ${args[0]}`, 2);
  const living = host.processes.living();
  if (/^\d+$/.test(target)) {
    if (!host.processes.alive(Number(target))) return fail(`sh: 1: kill: No such process`);
    host.processes.kill(Number(target), signal);
    return OK;
  }
  const own = living.filter((process) => process.program === target);
  const masters = own.filter((process) => process.role === "master");
  const workers = own.filter((process) => process.role === "worker").sort((a, b) => a.pid - b.pid);
  const chosen = args[2] === "worker" ? workers[Number(args[3] ?? 1) - 1] : (masters[0] ?? own[0]);
  if (chosen === undefined) return fail(`sh: 1: kill: No such process`);
  host.processes.kill(chosen.pid, signal);
  return OK;
}

function signalNamed(option: string): Signal | null {
  const name = option.replace(/^-(SIG)?/, "").toUpperCase();
  if (/^\d+$/.test(name)) {
    const found = Object.entries(SIGNAL_NUMBER).find(([, number]) => number === Number(name));
    return (found?.[0] as Signal | undefined) ?? null;
  }
  return Object.hasOwn(SIGNAL_NUMBER, name) ? (name as Signal) : null;
}
