// Tables are read entry by entry: of all the words for all transitions, a run says a few. To see which,
// each large entry of a table is written as a getter while the first visit is played; a getter that ran
// becomes an entry again, one that did not fetches its value from the cold half.
import { parseAst } from "vite";
import { type Edit, edited } from "./edits.ts";
import type { Node } from "./free-names.ts";
import { type Entry, getterEdits, markedEntry } from "./getters.ts";
import { isInert, itemOf } from "./items.ts";
import { textsAsGetters } from "./texts.ts";

/** Smaller entries weigh no more than what would fetch them. */
const WORTH_FETCHING_CHARACTERS = 40;

/** `code` with every large entry of its tables and every text of its definitions written as a getter. */
export function entriesAsGetters(code: string): string {
  const edits = statementsOf(code).flatMap((node) => [
    ...tablesOf(node).flatMap((table) => gettersIn(table, code)),
    ...textsAsGetters(node, code),
  ]);
  return edited(code, { start: 0, end: code.length }, edits);
}

const statementsOf = (code: string): readonly Node[] =>
  parseAst(code).body as unknown as readonly Node[];

/** The object literals that a constant consists of. */
function tablesOf(node: Node): readonly Node[] {
  if (itemOf(node).kind !== "constant") return [];
  const [{ init }] = node.declarations as readonly { init: Node }[];
  return init.type === "ObjectExpression" ? [init] : [];
}

const propertiesOf = (table: Node): readonly Node[] => table.properties as readonly Node[];

function gettersIn(table: Node, code: string): Edit[] {
  return propertiesOf(table).flatMap((property) => {
    const value = property.value as Node;
    const inner = value.type === "ObjectExpression" ? gettersIn(value, code) : [];
    const isEntry = property.kind === "init" && property.method === false && isInert(value);
    if (!isEntry || property.shorthand === true || !isLarge(value)) return inner;
    const [before, after] = getterEdits(property, code);
    return [before, ...inner, after];
  });
}

const isLarge = (value: Node): boolean =>
  /^(ObjectExpression|ArrayExpression|Literal|TemplateLiteral)$/.test(value.type) &&
  value.end - value.start > WORTH_FETCHING_CHARACTERS;

/** The entries of the tables of `node` that were written as getters, an outer one before its inner ones. */
export function entriesOf(node: Node, code: string): readonly Entry[] {
  return tablesOf(node).flatMap((table) => entriesIn(table, code));
}

function entriesIn(table: Node, code: string): Entry[] {
  return propertiesOf(table).flatMap((property) => {
    const entry = markedEntry(property, code);
    const value = entry?.value ?? (property.value as Node);
    const inner = value.type === "ObjectExpression" ? entriesIn(value, code) : [];
    return entry === null ? inner : [entry, ...inner];
  });
}
