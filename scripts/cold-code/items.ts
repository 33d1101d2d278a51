// The statements at the top of a module that a bundler wrote, and what may be done with each.
import { boundNames, type FreeNames, freeNames, type Node } from "./free-names.ts";

export interface Item extends FreeNames {
  readonly node: Node;
  /** `rest` is whatever has to be evaluated where it stands. */
  readonly kind: "import" | "function" | "constant" | "rest";
  /** What it declares, if it can be moved. */
  readonly name: string | null;
}

/** The item that a statement is. */
export function itemOf(node: Node): Item {
  if (node.type === "ImportDeclaration")
    return {
      node,
      kind: "import",
      name: null,
      ...freeNames({ ...node, type: "Nothing", specifiers: [] }),
    };
  const found = freeNames(node.type === "ExportNamedDeclaration" ? given(node) : node);
  if (node.type === "FunctionDeclaration")
    return { node, kind: "function", name: (node.id as Node).name as string, ...found };
  const name = nameOfConstant(node);
  return { node, kind: name === null ? "rest" : "constant", name, ...found };
}

/** Of an export list, the names that it gives away; not those that it gives them. */
function given(node: Node): Node {
  const locals = (node.specifiers as readonly Node[]).map(({ local }) => local);
  return { type: "ExportNamedDeclaration", start: node.start, end: node.end, locals };
}

function nameOfConstant(node: Node): string | null {
  if (node.type !== "VariableDeclaration" || node.kind === "let") return null;
  const declarators = node.declarations as readonly { id: Node; init: Node | null }[];
  const [{ id, init }] = declarators;
  const alone = declarators.length === 1 && id.type === "Identifier";
  return alone && init !== null && isInert(init) ? (id.name as string) : null;
}

/** True of an expression whose evaluation can neither be seen nor fail. */
export function isInert(node: Node): boolean {
  switch (node.type) {
    case "Literal":
    case "Identifier":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true;
    case "ArrayExpression":
      return (node.elements as readonly (Node | null)[]).every((part) => part && isInert(part));
    case "ObjectExpression":
      return (node.properties as readonly Node[]).every(
        (part) => part.type === "Property" && part.computed !== true && isInert(part.value as Node),
      );
    case "TemplateLiteral":
      return (node.expressions as readonly Node[]).every(isInert);
    case "UnaryExpression":
      return isInert(node.argument as Node);
    case "BinaryExpression":
      return isInert(node.left as Node) && isInert(node.right as Node);
    case "ClassExpression":
      return isPlainBase(node.superClass as Node | null) && membersOf(node).every(isOfInstances);
    case "NewExpression":
      return isCollection(node.callee as Node) && argumentsOf(node).every(isInert);
    case "CallExpression":
      return isHarmless(node.callee as Node) && argumentsOf(node).every(isInert);
    default:
      return false;
  }
}

const isPlainBase = (base: Node | null): boolean =>
  base === null || (base.type === "Identifier" && base.name === "Error");

const membersOf = (node: Node): readonly Node[] => (node.body as Node).body as readonly Node[];

/** True of a member of a class that is only looked at when an object of the class is made or used. */
const isOfInstances = ({ type, static: isStatic, computed }: Node): boolean =>
  /^(MethodDefinition|PropertyDefinition)$/.test(type) && isStatic !== true && computed !== true;

const isCollection = (callee: Node): boolean =>
  callee.type === "Identifier" &&
  /^((Weak)?(Map|Set)|(Ui|I)nt(8|16|32)Array|Float64Array)$/.test(callee.name as string);

const argumentsOf = (node: Node): readonly Node[] => node.arguments as readonly Node[];

/** `Object.freeze`, or the `split` of a text that is written there. */
function isHarmless({ type, object, property, computed }: Node): boolean {
  if (type !== "MemberExpression" || computed === true) return false;
  const [of, name] = [object as Node, (property as Node).name];
  if (name === "freeze") return of.type === "Identifier" && of.name === "Object";
  return name === "split" && /^(Literal|TemplateLiteral)$/.test(of.type) && isInert(of);
}

/** Every name that an item declares. */
export function namesDeclaredBy({ node }: Item): readonly string[] {
  if (node.type === "VariableDeclaration")
    return (node.declarations as readonly Node[]).flatMap(({ id }) => boundNames(id as Node));
  return /^(Function|Class)Declaration$/.test(node.type) ? boundNames(node.id as Node) : [];
}
