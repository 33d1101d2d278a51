// Calls whose result is known when the file is read: paths, the environment, conversions and string
// methods. Any other call is kept by name with its arguments.
import type { PythonNode as SyntaxNode } from "../../text/python-tree.ts";
import { raise, type Scope } from "./python-expressions.ts";
import { joinPath } from "./python-operators.ts";
import { opaque, type Py, plain, reprText, SIZE_MAX, textOf } from "./python-values.ts";

interface Call {
  readonly callee: string;
  readonly args: readonly Py[];
  readonly kwargs: ReadonlyMap<string, Py>;
  readonly span: Py["span"];
}

export function callBuiltin(scope: Scope, node: SyntaxNode, call: Call): Py {
  const { callee, args, span } = call;
  switch (callee) {
    case "os.environ.get":
    case "os.getenv":
      return environmentValue(scope, call);
    case "os.environ.setdefault":
      return setDefaultVariable(scope, call);
    case "builtins.int":
      return toInteger(scope, node, call);
    case "builtins.bool":
      return { type: "bool", value: Boolean(plain(args[0])), span };
    case "builtins.str":
      return toText(call);
    case "builtins.list":
      return toSequence(call, "list");
    case "builtins.tuple":
      return toSequence(call, "tuple");
    case "builtins.dict":
      return {
        type: "dict",
        entries: [...call.kwargs].map(
          ([key, value]) => [{ type: "str", text: key, span }, value] as const,
        ),
        span,
      };
    default:
      return callee.includes("path") || callee.includes("Path") ? pathCall(call) : method(call);
  }
}

function setDefaultVariable(scope: Scope, call: Call): Py {
  const name = textOf(call.args[0]);
  if (name !== null && !scope.environment.has(name))
    scope.environment.set(name, textOf(call.args[1]) ?? "");
  return environmentValue(scope, call);
}

function toText({ args, span }: Call): Py {
  const value = plain(args[0]);
  const known = typeof value === "string" || typeof value === "number";
  return known ? { type: "str", text: String(value), span } : opaque(span);
}

function toSequence({ args, span }: Call, type: "list" | "tuple"): Py {
  const [value] = args;
  const known = value?.type === "list" || value?.type === "tuple";
  return known ? { type, items: value.items, span } : opaque(span);
}

function environmentValue(scope: Scope, { args, span }: Call): Py {
  const value = scope.environment.get(textOf(args[0]) ?? "");
  if (value !== undefined) return { type: "str", text: value, span };
  return args[1] ?? { type: "none", span };
}

function toInteger(scope: Scope, node: SyntaxNode, { args, span }: Call): Py {
  const value = plain(args[0]);
  const text = String(value ?? "").trim();
  if (/^[+-]?\d+$/.test(text)) return { type: "number", value: Number(text), span };
  if (typeof value === "number") return { type: "number", value: Math.trunc(value), span };
  if (typeof value === "string")
    raise(scope, node, "ValueError", `invalid literal for int() with base 10: ${reprText(value)}`);
  return opaque(span);
}

/** pathlib and os.path: only what needs no look at the disk. */
function pathCall(call: Call): Py {
  const { callee, args, span } = call;
  const texts = args.map(textOf);
  const known = texts.every((text) => text !== null);
  const path = (text: string): Py => ({
    type: callee.startsWith("os.") ? "str" : "path",
    text,
    span,
  });
  if (!known || texts.length === 0) return method(call);
  const first = texts[0] as string;
  switch (callee) {
    case "pathlib.Path":
    case "pathlib.PurePath":
    case "os.path.join":
      return path((texts as string[]).reduce(joinPath));
    case "os.path.abspath":
    case "os.path.realpath":
    case "os.path.normpath":
      return path(normalPath(first));
    case "os.path.dirname":
      return path(first.slice(0, Math.max(first.lastIndexOf("/"), 0)) || "/");
    case "os.path.basename":
      return path(first.slice(first.lastIndexOf("/") + 1));
    default:
      return method(call);
  }
}

function normalPath(text: string): string {
  const out: string[] = [];
  for (const part of text.split("/")) {
    if (part === "..") out.pop();
    else if (part !== "" && part !== ".") out.push(part);
  }
  return `/${out.join("/")}`;
}

function method(call: Call): Py {
  const { callee, args, span } = call;
  const self = args[0];
  if (callee.startsWith(".") && self?.type === "path") {
    if (callee === ".resolve" || callee === ".absolute")
      return { type: "path", text: normalPath(self.text), span };
    if (callee === ".joinpath")
      return {
        type: "path",
        text: args.slice(1).reduce((base, part) => joinPath(base, textOf(part) ?? ""), self.text),
        span,
      };
    return opaque(span, callee);
  }
  if (callee.startsWith(".") && self?.type === "str") return stringMethod(callee, self.text, call);
  return { type: "call", ...call };
}

function stringMethod(callee: string, text: string, call: Call): Py {
  const { args, span } = call;
  const str = (value: string): Py => ({ type: "str", text: value, span });
  const argument = textOf(args[1]);
  switch (callee) {
    case ".lower":
      return str(text.toLowerCase());
    case ".upper":
      return str(text.toUpperCase());
    case ".strip":
      return str(text.trim());
    case ".split": {
      const parts =
        argument === null ? text.split(/\s+/).filter((part) => part !== "") : text.split(argument);
      return { type: "list", items: parts.map(str), span };
    }
    case ".join": {
      const items = args[1]?.type === "list" || args[1]?.type === "tuple" ? args[1].items : [];
      if (items.length * text.length > SIZE_MAX) return opaque(span, "too large");
      return str(items.map((item) => textOf(item) ?? "").join(text));
    }
    case ".replace": {
      const replacement = textOf(args[2]) ?? "";
      if (text.length * replacement.length > SIZE_MAX) return opaque(span, "too large");
      return str(text.replaceAll(argument ?? "", replacement));
    }
    default:
      return opaque(span, callee);
  }
}
