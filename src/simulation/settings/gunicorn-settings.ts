// Settings of gunicorn. The command line is stronger than gunicorn.conf.py, so a value that stands on
// it is changed there, one that stands in the file is changed in the file, and a new one goes to the
// end of the command.
import { readCommandLine } from "../../layers/gunicorn/command-line.ts";
import { SETTING_BY_NAME } from "../../layers/gunicorn/options.ts";
import { splitCommandLine } from "../../text/command-line.ts";
import type { Scenario } from "../scenario.ts";
import { assignmentIn, withAssignment } from "./python-edit.ts";
import { type Found, linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingEdit, SettingId, SettingInput, SettingValue, TakesEffect } from "./setting.ts";
import { lineOf, lineText, spliced, textAt, textFiles } from "./texts.ts";

/** A gunicorn command somewhere in a text: a command of the scenario, a unit's ExecStart, a program's command. */
interface Command {
  readonly path: string;
  readonly text: string;
  /** Where the command begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const PROGRAM = /(?:^|[\s/])gunicorn(?=\s|$)/;

function commandsOf(scenario: Scenario): Command[] {
  const own = scenario.processes.map((text, i) => ({
    path: `command:${i + 1}`,
    text,
    start: 0,
    end: text.length,
  }));
  const written = textFiles(scenario).flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:ExecStart|command)\s*=\s*((?:[^\n\\]|\\\n?)*)/gm)].map((found) => ({
      path,
      text,
      start: found.index + found[0].length - found[1].length,
      end: found.index + found[0].length,
    })),
  );
  return [...own, ...written].filter(({ text, start, end }) => {
    const command = text.slice(start, end);
    return PROGRAM.test(command) && !/\b(systemctl|kill)\b/.test(command);
  });
}

/** The command that runs gunicorn, or null. */
export function gunicornCommand(scenario: Scenario): Command | null {
  return commandsOf(scenario)[0] ?? null;
}

interface Given {
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
}

/** The option as it stands on the command line, the last one when it is given twice. */
function optionOn(command: Command, name: string): Given | null {
  const words = splitCommandLine(command.text.slice(command.start, command.end));
  const program = words.findIndex((word) => /(^|\/)gunicorn$/.test(word.text));
  const { options } = readCommandLine(words.slice(program + 1));
  return options.findLast(({ setting }) => setting.name === name) ?? null;
}

/** gunicorn.conf.py or what `-c` names. */
function configFile(scenario: Scenario, command: Command): string | null {
  const named = optionOn(command, "config")?.value?.replace(/^file:/, "");
  const wanted = named ?? "gunicorn.conf.py";
  const paths = textFiles(scenario).map(({ path }) => path);
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  return (
    paths.find((path) => path === wanted) ?? paths.find((path) => path.endsWith(`/${name}`)) ?? null
  );
}

interface GunicornRow {
  readonly id: SettingId;
  readonly name: string;
  readonly title: string;
  readonly input: SettingInput;
  readonly takesEffect: TakesEffect;
}

function readValue(input: SettingInput, text: string): SettingValue {
  return input.kind === "number" ? Number(text) || 0 : text;
}

function gunicornRow({ id, name, title, input, takesEffect }: GunicornRow): SettingRow {
  const setting = SETTING_BY_NAME.get(name);
  const flag = setting?.flags.find((each) => each.startsWith("--")) ?? `--${name}`;
  return {
    id,
    title,
    input,
    takesEffect,
    needs: "a command, a unit or a supervised program that runs gunicorn",
    find(scenario): Found | null {
      const command = gunicornCommand(scenario);
      if (command === null) return null;
      const option = optionOn(command, name);
      if (option?.value != null) {
        const line = lineOf(command.text, command.start + option.start);
        const place = {
          path: command.path,
          line,
          text: lineText(command.text, line),
          written: true,
        };
        return { value: readValue(input, option.value), place };
      }
      const file = configFile(scenario, command);
      const text = file === null ? null : textAt(scenario, file);
      const assigned = text === null ? null : assignmentIn(text, name);
      if (file !== null && text !== null && assigned !== null) {
        const line = lineOf(text, assigned.start);
        const value = readValue(input, unquoted(assigned.value));
        return { value, place: { path: file, line, text: lineText(text, line), written: true } };
      }
      const line = lineOf(command.text, command.end);
      return {
        value: defaultOf(name),
        place: { path: command.path, line, text: lineText(command.text, line), written: false },
      };
    },
    write(scenario, value): SettingEdit {
      const command = gunicornCommand(scenario) as Command;
      const option = optionOn(command, name);
      if (option?.value != null) return withOption(command, option, String(value));
      const file = configFile(scenario, command);
      const text = file === null ? null : textAt(scenario, file);
      if (file !== null && text !== null && assignmentIn(text, name) !== null)
        return { path: file, ...withAssignment(text, name, value) };
      const end = command.start + command.text.slice(command.start, command.end).trimEnd().length;
      const added = ` ${flag} ${value}`;
      return {
        path: command.path,
        text: spliced(command.text, end, end, added),
        line: lineOf(command.text, end),
      };
    },
  };
}

/** Replaces an option's value in the form it was given in: `-w4`, `-w 4`, `--workers=4`. */
function withOption(command: Command, option: Given, value: string): SettingEdit {
  const start = command.start + option.start;
  const given = command.text.slice(start, command.start + option.end);
  const before = given.lastIndexOf(option.value ?? "");
  const at = start + before;
  return {
    path: command.path,
    text: spliced(command.text, at, at + (option.value ?? "").length, value),
    line: lineOf(command.text, at),
  };
}

const unquoted = (text: string): string => text.replace(/^(['"])(.*)\1$/, "$2");

function defaultOf(name: string): SettingValue {
  const value = SETTING_BY_NAME.get(name)?.default;
  if (typeof value === "number" || typeof value === "string") return value;
  return name === "bind" ? "127.0.0.1:8000" : 0;
}

const RESTART = "gunicorn restart";

export const gunicornRows: readonly SettingRow[] = (
  [
    {
      id: "workers",
      name: "workers",
      title: "Gunicorn workers",
      input: linear("workers", 1, 128),
      takesEffect: "gunicorn signal",
    },
    {
      id: "workerClass",
      name: "worker_class",
      title: "Gunicorn worker class",
      input: { kind: "choice", options: ["sync", "gthread", "gevent"] },
      takesEffect: RESTART,
    },
    {
      id: "threads",
      name: "threads",
      title: "Threads of a worker",
      input: linear("threads", 1, 128),
      takesEffect: RESTART,
    },
    {
      id: "bind",
      name: "bind",
      title: "Gunicorn listens at",
      input: { kind: "text" },
      takesEffect: RESTART,
    },
    {
      id: "timeout",
      name: "timeout",
      title: "Gunicorn kills a silent worker after",
      input: logarithmic("s", 0, 3600),
      takesEffect: RESTART,
    },
    {
      id: "gracefulTimeout",
      name: "graceful_timeout",
      title: "Workers may finish for",
      input: logarithmic("s", 1, 3600),
      takesEffect: RESTART,
    },
    {
      id: "backlog",
      name: "backlog",
      title: "Backlog: connections that may wait",
      input: logarithmic("connections", 1, 65_535),
      takesEffect: RESTART,
    },
    {
      id: "keepalive",
      name: "keepalive",
      title: "Gunicorn keeps idle connections",
      input: linear("s", 0, 300),
      takesEffect: RESTART,
    },
    {
      id: "maxRequests",
      name: "max_requests",
      title: "A worker retires after",
      input: logarithmic("requests", 0, 1_000_000),
      takesEffect: RESTART,
    },
    {
      id: "maxRequestsJitter",
      name: "max_requests_jitter",
      title: "Jitter of the retirement",
      input: logarithmic("requests", 0, 1_000_000),
      takesEffect: RESTART,
    },
  ] satisfies GunicornRow[]
).map(gunicornRow);
