// Tables are read entry by entry: of all the words for all transitions, a run says a few. To see which,
// each large entry of a table is written as a getter while the first visit is played; a getter that ran
// becomes an entry again, one that did not fetches its value from the cold half.
import { parseAst } from "vite";
import type { Edit, Range } from "./edits.ts";
import { edited } from "./edits.ts";
import type { Node } from "./free-names.ts";
import { isInert, itemOf } from "./items.ts";

/** Smaller entries weigh no more than what would fetch them. */
const WORTH_FETCHING_CHARACTERS = 60;

/** Marks the getters written here: no others begin so. */
const MARK = '"entry";return ';

/** An entry written as a getter. */
export interface Entry {
  /** The whole property. */
  readonly property: Range;
  readonly key: string;
  readonly value: Node;
}

/** `code` with every large entry of its tables written as a getter. */
export function entriesAsGetters(code: string): string {
  const edits = statementsOf(code).flatMap((node) =>
    tablesOf(node).flatMap((table) => gettersIn(table, code)),
  );
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
    const { start, end } = property.key as Node;
    const key = code.slice(start, end);
    return [
      { start, end: value.start, text: `get ${key}(){${MARK}` },
      ...inner,
      { start: value.end, end: value.end, text: "}" },
    ];
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
    const body = (property.value as Node).body as Node | undefined;
    const marked = property.kind === "get" && code.startsWith(MARK, (body as Node).start + 1);
    const value = marked ? returned(body as Node) : (property.value as Node);
    const inner = value.type === "ObjectExpression" ? entriesIn(value, code) : [];
    const { start, end } = property.key as Node;
    return marked ? [{ property, key: code.slice(start, end), value }, ...inner] : inner;
  });
}

const returned = (body: Node): Node => (body.body as readonly Node[])[1].argument as Node;

/** What makes an entry of a getter again. */
export function asEntry({ property, key, value }: Entry): readonly Edit[] {
  return [
    { start: property.start, end: value.start, text: `${key}:` },
    { start: value.end, end: property.end, text: "" },
  ];
}
