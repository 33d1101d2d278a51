// Binary operators of the Python that is read from settings.py and urls.py: texts and lists joined, paths
// put together, numbers reckoned with, values compared.
import { opaque, type Py, plain, textOf } from "./python-values.ts";

/** The result of a binary operator on two values. */
export function operate(operator: string, a: Py, b: Py, span: Py["span"]): Py {
  const joined = operator === "+" ? join(a, b, span) : null;
  if (joined !== null) return joined;
  if (operator === "/" && a.type === "path")
    return { type: "path", text: joinPath(a.text, textOf(b) ?? ""), span };
  if (a.type === "number" && b.type === "number") {
    const value = arithmetic(operator, a.value, b.value);
    if (value !== null) return { type: "number", value, span };
  }
  const value = compare(operator, plain(a), plain(b));
  return value === null ? opaque(span, operator) : { type: "bool", value, span };
}

/** `+` of texts and of sequences; null for other values. */
function join(a: Py, b: Py, span: Py["span"]): Py | null {
  if (a.type === "str" && b.type === "str") return { type: "str", text: a.text + b.text, span };
  if ((a.type === "list" || a.type === "tuple") && a.type === b.type)
    return { type: a.type, items: [...a.items, ...b.items], span };
  // `[…] + static(…)`: what the call gives is not known yet.
  return a.type === "list" && b.type === "call"
    ? { type: "list", items: [...a.items, b], span }
    : null;
}

/** Whether a comparison holds; null when that is not known. */
function compare(operator: string, left: unknown, right: unknown): boolean | null {
  if (left === undefined || right === undefined) return null;
  if (operator === "==" || operator === "is") return left === right;
  if (operator === "!=" || operator === "is not") return left !== right;
  if (!Array.isArray(right)) return null;
  if (operator === "in") return right.includes(left);
  return operator === "not in" ? !right.includes(left) : null;
}

function arithmetic(operator: string, a: number, b: number): number | null {
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (operator === "/") return a / b;
  if (operator === "//") return Math.floor(a / b);
  return null;
}

/** Source: Linux, include/uapi/linux/limits.h. */
const PATH_MAX = 4096;

export function joinPath(base: string, part: string): string {
  if (part.startsWith("/") || base.length > PATH_MAX) return part;
  return part === "" ? base : `${base.replace(/\/$/, "")}/${part}`;
}
