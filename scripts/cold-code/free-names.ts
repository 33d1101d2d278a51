// Which names a piece of JavaScript takes from outside itself, and which of those it assigns: what must
// be known before code is moved to another module. Follows the scopes of ECMAScript, section 8.2;
// `with` and sloppy `eval` do not occur in modules that a bundler wrote.

/** A node of the ESTree form, as Vite's parser gives it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One place where a name from outside is used. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** It is called there and nothing else: `name(…)`. */
  readonly called: boolean;
}

export interface FreeNames {
  readonly references: readonly Reference[];
  readonly assigned: ReadonlySet<string>;
  /** It reads `arguments`, `super` or `new.target` of what surrounds it, or of its caller. */
  readonly bound: boolean;
  /** It reads `this`. */
  readonly readsThis: boolean;
}

interface Scope {
  readonly names: Set<string>;
  readonly outer: Scope | null;
}

interface Found {
  readonly references: Reference[];
  readonly assigned: Set<string>;
  bound: boolean;
  readsThis: boolean;
}

/** The names that `node` takes from outside itself. */
export function freeNames(node: Node): FreeNames {
  const found: Found = { references: [], assigned: new Set(), bound: false, readsThis: false };
  visit(node, null, found);
  return found;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** The nodes directly below `node`, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node))
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  return children;
}

export const isFunction = (node: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);

/** The names that a binding pattern binds. */
export function boundNames(pattern: Node | null): readonly string[] {
  if (pattern === null) return [];
  if (pattern.type === "Identifier") return [pattern.name as string];
  if (pattern.type === "AssignmentPattern") return boundNames(pattern.left as Node);
  if (pattern.type === "RestElement") return boundNames(pattern.argument as Node);
  if (pattern.type === "Property") return boundNames(pattern.value as Node);
  const parts = (pattern.properties ?? pattern.elements ?? []) as readonly (Node | null)[];
  return parts.flatMap(boundNames);
}

/** The names declared by the statements of one block. */
function blockNames(statements: readonly Node[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === "VariableDeclaration") return declaredNames(statement);
    return /^(Function|Class)Declaration$/.test(statement.type)
      ? boundNames(statement.id as Node)
      : [];
  });
}

function declaredNames(declaration: Node): readonly string[] {
  return (declaration.declarations as readonly Node[]).flatMap(({ id }) => boundNames(id as Node));
}

/** The names of every `var` below `node`, not those of inner functions. */
function hoistedNames(node: Node): string[] {
  return childrenOf(node).flatMap((child) => {
    if (isFunction(child)) return [];
    const own = child.type === "VariableDeclaration" && child.kind === "var";
    return [...(own ? declaredNames(child) : []), ...hoistedNames(child)];
  });
}

function visitFunction(node: Node, outer: Scope | null, found: Found): void {
  const names = new Set((node.params as readonly Node[]).flatMap(boundNames));
  if (node.type === "FunctionExpression" && isNode(node.id)) names.add(node.id.name as string);
  for (const name of hoistedNames(node.body as Node)) names.add(name);
  const scope = { names, outer };
  for (const param of node.params as readonly Node[]) visit(param, scope, found);
  visit(node.body as Node, scope, found);
}

/** The names that `node` declares for what lies in it; null when it opens no scope. */
function namesOfScope(node: Node): readonly string[] | null {
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      return blockNames(node.body as readonly Node[]);
    case "SwitchStatement":
      return blockNames(
        (node.cases as readonly Node[]).flatMap(({ consequent }) => consequent as readonly Node[]),
      );
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement": {
      const head = (node.init ?? node.left) as Node | null;
      return head?.type === "VariableDeclaration" ? declaredNames(head) : [];
    }
    case "CatchClause":
      return boundNames(node.param as Node | null);
    case "ClassExpression":
      return isNode(node.id) ? boundNames(node.id) : [];
    default:
      return null;
  }
}

function visit(node: Node, scope: Scope | null, found: Found): void {
  if (isFunction(node)) visitFunction(node, scope, found);
  else if (node.type === "Identifier") use(node, scope, found);
  else visitParts(node, scope, found);
}

function visitParts(node: Node, scope: Scope | null, found: Found): void {
  if (/^(Super|MetaProperty|PrivateIdentifier)$/.test(node.type)) found.bound = true;
  if (node.type === "ThisExpression") found.readsThis = true;
  if (node.type === "AssignmentExpression") assign(node.left as Node, scope, found);
  if (node.type === "UpdateExpression") assign(node.argument as Node, scope, found);
  if (/^For(In|Of)Statement$/.test(node.type)) assign(node.left as Node, scope, found);
  const names = namesOfScope(node);
  const inner = names === null ? scope : { names: new Set(names), outer: scope };
  for (const child of childrenOf(node))
    if (child.type === "Identifier" && node.type === "CallExpression" && child === node.callee)
      use(child, inner, found, true);
    else if (!isLabelOrKey(node, child)) visit(child, inner, found);
}

/** The name of a property or a label: not a reference. */
function isLabelOrKey(parent: Node, child: Node): boolean {
  if (child.type !== "Identifier" || parent.computed === true) return false;
  if (parent.type === "MemberExpression") return child === parent.property;
  if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(parent.type))
    return child === parent.key && child !== parent.value;
  return /^(LabeledStatement|BreakStatement|ContinueStatement)$/.test(parent.type);
}

const isDeclaredIn = (name: string, scope: Scope | null): boolean =>
  scope !== null && (scope.names.has(name) || isDeclaredIn(name, scope.outer));

function use(node: Node, scope: Scope | null, found: Found, called = false): void {
  const name = node.name as string;
  if (isDeclaredIn(name, scope)) return;
  if (name === "arguments") found.bound = true;
  found.references.push({ name, start: node.start, end: node.end, called });
}

function assign(target: Node, scope: Scope | null, found: Found): void {
  if (/^(VariableDeclaration|MemberExpression)$/.test(target.type)) return;
  for (const name of boundNames(target)) if (!isDeclaredIn(name, scope)) found.assigned.add(name);
}
