// Damages a text as hands and editors do: lines lost, doubled and moved, characters cut, brackets left
// open, and now and then something absurdly long or deep.
import type { Dice } from "./dice.ts";

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ";",
  "'",
  '"',
  '"""',
  "\\",
  "#",
  "=",
  ":",
  ",",
  "%",
  "$",
  "*",
  "\t",
  "\r",
  "\n\n",
  "\0",
  "é",
  "😀",
  "\ud800",
  "-1",
  "0",
  "99999999999999999999",
  "1e309",
  "nan",
  "None",
  "True",
  "lambda: 0",
  "import os",
  "$(cat x)",
  "${x",
  "%(x)s",
  "[section]",
  "include /etc/nginx/*;",
  "@",
  "IN A 999.1.1.1",
  "--",
  "--bind",
  "__class__",
  "__proto__",
  "constructor",
] as const;

/** One to four damages. */
export function mutate(dice: Dice, text: string): string {
  let damaged = text;
  const count = 1 + dice.below(4);
  for (let i = 0; i < count; i++) damaged = damage(dice, damaged);
  return damaged;
}

function damage(dice: Dice, text: string): string {
  const lines = text.split("\n");
  const line = dice.below(lines.length);
  const at = dice.below(text.length + 1);
  switch (dice.below(9)) {
    case 0:
      return lines.toSpliced(line, 1).join("\n");
    case 1:
      return lines.toSpliced(line, 0, lines[dice.below(lines.length)]).join("\n");
    case 2:
      return text.slice(0, at);
    case 3:
      return text.slice(0, at) + text.slice(at + 1 + dice.below(20));
    case 4:
      return text.slice(0, at) + dice.pick(PIECES) + text.slice(at);
    case 5:
      return lines.with(line, lines[line].replace(/\S+$/, dice.pick(PIECES))).join("\n");
    case 6:
      return text.replaceAll(dice.pick(["{", ";", "'", "=", "\n", " "]), dice.pick(PIECES));
    case 7:
      return text.slice(0, at) + dice.pick(PIECES).repeat(dice.pick([50, 3000])) + text.slice(at);
    default:
      return lines.toSpliced(line, 1, ...lines.slice(line, line + 3).reverse()).join("\n");
  }
}
