// Properties written as getters while the first visit is played: a getter that did not run is a property
// that nobody read.
import type { Edit, Range } from "./edits.ts";
import type { Node } from "./free-names.ts";

/** Marks the getters written here: no others begin so. */
const MARK = '"entry";return ';

/** An entry written as a getter. */
export interface Entry {
  /** The whole property. */
  readonly property: Range;
  readonly key: string;
  readonly value: Node;
}

/** What writes `property` as a getter: before its value and after it. */
export function getterEdits(property: Node, code: string): readonly [Edit, Edit] {
  const { start, end } = property.key as Node;
  const value = property.value as Node;
  return [
    { start, end: value.start, text: `get ${code.slice(start, end)}(){${MARK}` },
    { start: value.end, end: value.end, text: "}" },
  ];
}

/** The entry that was written as the getter `property`; null when none was. */
export function markedEntry(property: Node, code: string): Entry | null {
  const body = (property.value as Node).body as Node | undefined;
  if (property.kind !== "get" || !code.startsWith(MARK, (body as Node).start + 1)) return null;
  const { start, end } = property.key as Node;
  return { property, key: code.slice(start, end), value: returned(body as Node) };
}

const returned = (body: Node): Node => (body.body as readonly Node[])[1].argument as Node;

/** What makes an entry of a getter again. */
export function asEntry({ property, key, value }: Entry): readonly Edit[] {
  return [
    { start: property.start, end: value.start, text: `${key}:` },
    { start: value.end, end: property.end, text: "" },
  ];
}
