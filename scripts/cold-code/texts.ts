// A definition that is handed to a function, such as `defineMachine({…})`, holds texts that only
// drawings and documents read. While the first visit is played each text is a getter; where no text of
// a key was read, the definition does without that key until the cold half fills the texts in.
import type { Edit, Range } from "./edits.ts";
import type { Node } from "./free-names.ts";
import { type Entry, getterEdits, markedEntry } from "./getters.ts";

/** Fewer characters in a definition weigh no more than what would bring them back. */
const WORTH_LEAVING_OUT_CHARACTERS = 100;

/** A definition that goes without its texts of certain keys. */
export interface Definition {
  readonly literal: Node;
  readonly keys: readonly string[];
  readonly texts: readonly Entry[];
}

/** What `node` hands to a function when it is `const name = call({…})`. */
function literalOf(node: Node): Node | null {
  if (node.type !== "VariableDeclaration" || node.kind === "let") return null;
  const declarators = node.declarations as readonly { init: Node | null }[];
  const [{ init }] = declarators;
  if (declarators.length !== 1 || init?.type !== "CallExpression") return null;
  const [literal, ...others] = init.arguments as readonly Node[];
  const isCalledByName = (init.callee as Node).type === "Identifier";
  const isAlone = isCalledByName && others.length === 0 && literal?.type === "ObjectExpression";
  return isAlone ? literal : null;
}

const propertiesOf = (literal: Node): readonly Node[] =>
  (literal.properties as readonly Node[]).filter(({ type }) => type === "Property");

const isText = ({ type, value, expressions }: Node): boolean =>
  type === "Literal"
    ? typeof value === "string"
    : type === "TemplateLiteral" && (expressions as readonly Node[]).length === 0;

/** What writes the texts of a definition as getters. */
export function textsAsGetters(node: Node, code: string): readonly Edit[] {
  const edits = (literal: Node): readonly Edit[] =>
    propertiesOf(literal).flatMap((property) => {
      const value = property.value as Node;
      if (value.type === "ObjectExpression") return edits(value);
      const isPlain = property.kind === "init" && (property.key as Node).type === "Identifier";
      return isPlain && property.computed !== true && isText(value)
        ? getterEdits(property, code)
        : [];
    });
  const literal = literalOf(node);
  return literal === null ? [] : edits(literal);
}

/** The texts of a definition that were written as getters. */
export function textsOf(node: Node, code: string): readonly Entry[] {
  const literal = literalOf(node);
  return literal === null ? [] : textsIn(literal, code);
}

function textsIn(literal: Node, code: string): readonly Entry[] {
  return propertiesOf(literal).flatMap((property) => {
    const value = property.value as Node;
    if (value.type === "ObjectExpression") return textsIn(value, code);
    const text = markedEntry(property, code);
    return text === null ? [] : [text];
  });
}

/** The definition in `node` without the keys of which no text was read; null when they weigh little. */
export function definitionOf(
  node: Node,
  code: string,
  isIdle: (property: Range) => boolean,
): Definition | null {
  const all = textsOf(node, code);
  const read = new Set(all.filter(({ property }) => !isIdle(property)).map(({ key }) => key));
  const texts = all.filter(({ key }) => !read.has(key));
  const characters = texts.reduce((sum, { value }) => sum + value.end - value.start, 0);
  const literal = literalOf(node);
  if (literal === null || characters < WORTH_LEAVING_OUT_CHARACTERS) return null;
  return { literal, keys: [...new Set(texts.map(({ key }) => key))].sort(), texts };
}

/** In the hot half, before everything else: what stands in for the keys that definitions do without. */
export function standIns(definitions: readonly Definition[], missing: string): string {
  if (definitions.length === 0) return "";
  const keysOf = new Map(definitions.map((definition) => [standInOf(definition), definition.keys]));
  const made = [...keysOf].map(([name, keys]) => {
    const getters = keys.map((key) => `get ${key}(){return ${missing}}`);
    return `${name}={${getters.join(",")}}`;
  });
  return `const $late=[],${made.join(",")};`;
}

/** The name of the object whose getters note that a key was read which is not there yet. */
const standInOf = ({ keys }: Definition): string => ["$without", ...keys].join("_");

/** The edits that take the texts out of the hot half. */
export function withoutTexts(definition: Definition, number: number): readonly Edit[] {
  const { literal, texts } = definition;
  const gone = new Set(texts.map(({ property }) => property));
  const edits: Edit[] = [{ ...at(literal.start), text: `$late[${number}]=` }];
  const leaveOut = (object: Node): void => {
    const properties = object.properties as readonly Node[];
    const kept = properties.filter((property) => !gone.has(property));
    for (const { value } of kept)
      if ((value as Node | undefined)?.type === "ObjectExpression") leaveOut(value as Node);
    if (kept.length === properties.length) return;
    edits.push({ ...at(object.start + 1), text: `__proto__:${standInOf(definition)},` });
    properties.forEach((property, i) => {
      const end = properties[i + 1]?.start ?? property.end;
      if (gone.has(property)) edits.push({ start: property.start, end, text: "" });
    });
  };
  leaveOut(literal);
  return edits;
}

const at = (place: number): Range => ({ start: place, end: place });

/** In the cold half: puts the texts where they belong, as if they had always been there. */
const FILL = `const $fill=(into,from)=>{let isText=false;
for(const[key,value]of Object.entries(from))if(typeof value==="string"){isText=true;
Object.defineProperty(into,key,{value,writable:true,enumerable:true,configurable:true})}
else $fill(into[key],value);
if(isText)Object.setPrototypeOf(into,Object.prototype)};`;

/** What fills the texts of `definitions` in, in the cold half. */
export function fillTexts(definitions: readonly Definition[], code: string): string {
  if (definitions.length === 0) return "";
  const calls = definitions.map(
    (definition, i) => `$fill($late[${i}],${onlyTexts(definition, code)});`,
  );
  return `${FILL}${calls.join("")}`;
}

function onlyTexts({ literal, texts }: Definition, code: string): string {
  const textOf = new Map(texts.map((text) => [text.property, text]));
  const write = (object: Node): string => {
    const parts = propertiesOf(object).flatMap((property) => {
      const { start, end } = property.key as Node;
      const text = textOf.get(property);
      const value = property.value as Node;
      const inner = value.type === "ObjectExpression" ? write(value) : "{}";
      const written = text === undefined ? inner : code.slice(text.value.start, text.value.end);
      return written === "{}" ? [] : [`${code.slice(start, end)}:${written}`];
    });
    return `{${parts.join(",")}}`;
  };
  return write(literal);
}
