// Gunicorn's command line as Python's argparse reads it: long options by any unambiguous prefix,
// joined short options, one run of positional arguments, and argparse's own words for mistakes.
// Source: Python 3.11 argparse.py (_parse_known_args, _parse_optional); gunicorn/config.py parser().
import type { Word } from "../../text/command-line.ts";
import { isIntegerOption, SETTINGS, type Setting } from "./options.ts";

/** An option as given: its raw text (null for a switch) and where it stands. */
export interface GivenOption {
  readonly setting: Setting;
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
}

export interface CommandLine {
  readonly options: readonly GivenOption[];
  /** The application argument, the first of the positional ones. */
  readonly application: Word | null;
  /** What argparse prints and exits with instead of returning. */
  readonly stopped: { readonly lines: readonly string[]; readonly exit: number } | null;
}

const USAGE = "usage: gunicorn [OPTIONS] [APP_MODULE]";

interface Reading {
  readonly words: readonly Word[];
  readonly options: GivenOption[];
  readonly extras: string[];
  positionals: Word[] | null;
  at: number;
}

class UsageError extends Error {}

type Meaning = Setting | "help" | "version";

const FLAGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["-h", "help"],
  ["--help", "help"],
  ["-v", "version"],
  ["--version", "version"],
  ...SETTINGS.flatMap((setting) => setting.flags.map((flag): [string, Meaning] => [flag, setting])),
]);

/** Reads the words after the program's name. Never throws: a usage error is `stopped` with exit 2. */
export function readCommandLine(words: readonly Word[]): CommandLine {
  const reading: Reading = { words, options: [], extras: [], positionals: null, at: 0 };
  try {
    while (reading.at < words.length) {
      const stop = readNext(reading);
      if (stop !== null) return { options: [], application: null, stopped: stop };
    }
    if (reading.extras.length > 0)
      throw new UsageError(`unrecognized arguments: ${reading.extras.join(" ")}`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const lines = [USAGE, `gunicorn: error: ${error.message}`];
    return { options: [], application: null, stopped: { lines, exit: 2 } };
  }
  return { options: reading.options, application: reading.positionals?.[0] ?? null, stopped: null };
}

function readNext(reading: Reading): CommandLine["stopped"] {
  const word = reading.words[reading.at];
  if (!isOption(word.text)) {
    readPositionals(reading);
    return null;
  }
  return readOption(reading, word);
}

/** Negative numbers count as arguments, since no option of gunicorn looks like one. */
function isOption(text: string): boolean {
  if (!text.startsWith("-") || text === "-") return false;
  if (/^-\d+$|^-\d*\.\d+$/.test(text)) return false;
  return FLAGS.has(text) || !text.includes(" ") || text.includes("=");
}

/** argparse gives the first unbroken run to APP_MODULE; later ones are left over. */
function readPositionals(reading: Reading): void {
  const run: Word[] = [];
  while (reading.at < reading.words.length && !isOption(reading.words[reading.at].text)) {
    run.push(reading.words[reading.at++]);
  }
  if (reading.positionals === null) reading.positionals = run;
  else reading.extras.push(...run.map((word) => word.text));
}

function readOption(reading: Reading, word: Word): CommandLine["stopped"] {
  reading.at++;
  if (word.text === "--") {
    const rest = reading.words.slice(reading.at);
    reading.at = reading.words.length;
    if (reading.positionals === null) reading.positionals = [...rest];
    else reading.extras.push(...rest.map((each) => each.text));
    return null;
  }
  const { flag, attached } = resolve(word.text);
  const meaning = flag === null ? undefined : FLAGS.get(flag);
  if (flag === null || meaning === undefined) {
    reading.extras.push(word.text);
    return null;
  }
  if (meaning === "help") return { lines: [USAGE], exit: 0 };
  if (meaning === "version") return { lines: ["gunicorn (version 20.1.0)"], exit: 0 };
  takeOption(reading, { word, flag, attached, setting: meaning });
  return null;
}

interface Found {
  readonly word: Word;
  readonly flag: string;
  readonly attached: string | null;
  readonly setting: Setting;
}

function takeOption(reading: Reading, { word, flag, attached, setting }: Found): void {
  const names = setting.flags.join("/");
  if (setting.kind === "switch" || setting.kind === "off-switch") {
    reading.options.push({ setting, value: null, start: word.start, end: word.end });
    if (attached === null) return;
    if (flag.startsWith("--"))
      throw new UsageError(`argument ${names}: ignored explicit argument '${attached}'`);
    // Joined short switches: -DR is -D -R.
    const next = resolve(`-${attached}`);
    const joined = next.flag === null ? undefined : FLAGS.get(next.flag);
    if (joined === undefined || typeof joined === "string")
      throw new UsageError(`argument ${names}: ignored explicit argument '${attached}'`);
    takeOption(reading, { word, flag: next.flag ?? "", attached: next.attached, setting: joined });
    return;
  }
  const value = attached ?? nextArgument(reading, names);
  if (isIntegerOption(setting)) checkInteger(setting, value, names);
  const end = attached === null ? reading.words[reading.at - 1].end : word.end;
  reading.options.push({ setting, value, start: word.start, end });
}

function nextArgument(reading: Reading, names: string): string {
  const next = reading.words[reading.at];
  if (next === undefined || isOption(next.text))
    throw new UsageError(`argument ${names}: expected one argument`);
  reading.at++;
  return next.text;
}

/** --umask takes Python's prefixes (0o22, 0x12) and C's leading 0; the others plain integers. */
function checkInteger(setting: Setting, value: string, names: string): void {
  const plain = /^\s*[+-]?\d+(_\d+)*\s*$/;
  const prefixed = /^\s*[+-]?(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)\s*$/;
  const ok = setting.name === "umask" ? prefixed.test(value) : plain.test(value);
  const type = setting.name === "umask" ? "auto_int" : "int";
  if (!ok) throw new UsageError(`argument ${names}: invalid ${type} value: '${value}'`);
}

/** The option a word names, by its full flag, a prefix of a long one, or a joined short one. */
function resolve(text: string): { flag: string | null; attached: string | null } {
  if (FLAGS.has(text)) return { flag: text, attached: null };
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const attached = equals < 0 ? null : text.slice(equals + 1);
  if (equals >= 0 && FLAGS.has(name)) return { flag: name, attached };
  if (!text.startsWith("--")) {
    const short = text.slice(0, 2);
    return FLAGS.has(short)
      ? { flag: short, attached: text.slice(2) }
      : { flag: null, attached: null };
  }
  const matches = [...FLAGS.keys()].filter((flag) => flag.startsWith(name));
  if (matches.length > 1)
    throw new UsageError(`ambiguous option: ${text} could match ${matches.join(", ")}`);
  return { flag: matches[0] ?? null, attached };
}
