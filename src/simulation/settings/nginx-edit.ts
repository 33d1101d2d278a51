// Finding and rewriting one directive in the scenario's nginx files, with everything else left as it is.

import { memoByText } from "../../kernel/memo.ts";
import type { Directive } from "../../layers/nginx/config-tree.ts";
import { parseText } from "../../layers/nginx/parser.ts";
import type { Scenario } from "../scenario.ts";
import type { SettingEdit } from "./setting.ts";
import { lineOf, spliced, textFiles } from "./texts.ts";

/** A directive with the blocks around it, the outermost first. */
export interface Placed {
  readonly path: string;
  readonly text: string;
  readonly directive: Directive;
  readonly within: readonly Directive[];
}

const parse = memoByText((text: string) => parseText(text, ""), 64);

/** Every directive of the scenario's nginx files, in the order of the files. */
export function directivesOf(scenario: Scenario): readonly Placed[] {
  const named = scenario.processes.flatMap((command) => {
    const path = /\bnginx\b.*\s-c\s+(\S+)/.exec(command);
    return path === null ? [] : [path[1]];
  });
  return textFiles(scenario)
    .filter(({ path }) => path.startsWith("/etc/nginx/") || named.includes(path))
    .flatMap(({ path, text }) => placedIn({ path, text }, parse(text), []));
}

function placedIn(
  file: { path: string; text: string },
  directives: readonly Directive[],
  within: readonly Directive[],
): Placed[] {
  return directives.flatMap((directive) => [
    { ...file, directive, within },
    ...placedIn(file, directive.block ?? [], [...within, directive]),
  ]);
}

/** The first directive of a name. */
export function directiveNamed(scenario: Scenario, name: string): Placed | null {
  return directivesOf(scenario).find(({ directive }) => directive.name === name) ?? null;
}

/** Replaces one argument. */
export function withArgument(placed: Placed, index: number, value: string): SettingEdit {
  const { path, text, directive } = placed;
  const { span, quoted } = directive.args[index];
  // The span of a quoted word may hold its quotes or not: they stay where they are.
  const holds = quoted && /^["']/.test(text.slice(span.start));
  const start = span.start + (holds ? 1 : 0);
  const end = span.end - (holds ? 1 : 0);
  return { path, text: spliced(text, start, end, value), line: lineOf(text, start) };
}

/** Adds an argument at the end. */
export function withAddedArgument(placed: Placed, value: string): SettingEdit {
  const { path, text, directive } = placed;
  const end = directive.span.end - 1;
  return { path, text: spliced(text, end, end, ` ${value}`), line: lineOf(text, end) };
}

/** Writes a line after a directive, indented like it. */
export function withLineAfter(placed: Placed, line: string): SettingEdit {
  const { path, text, directive } = placed;
  const newline = text.indexOf("\n", directive.span.end);
  const end = newline < 0 ? text.length : newline;
  const added = `\n${indentationOf(text, directive.span.start)}${line}`;
  return { path, text: spliced(text, end, end, added), line: lineOf(text, end) + 1 };
}

/** Writes lines before a directive, indented like it. */
export function withLineBefore(placed: Placed, line: string): SettingEdit {
  const { path, text, directive } = placed;
  const { start } = directive.span;
  const indentation = indentationOf(text, start);
  return {
    path,
    text: spliced(text, start, start, `${line}\n${indentation}`),
    line: lineOf(text, start),
  };
}

/** Takes a directive away, with its line when nothing else stands there. */
export function without(placed: Placed): SettingEdit {
  const { path, text, directive } = placed;
  const { start, end } = directive.span;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  const alone =
    text.slice(lineStart, start).trim() === "" && text.slice(end, lineEnd).trim() === "";
  return {
    path,
    text: alone ? spliced(text, lineStart, lineEnd, "") : spliced(text, start, end, ""),
    line: lineOf(text, start),
  };
}

function indentationOf(text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? "";
}
