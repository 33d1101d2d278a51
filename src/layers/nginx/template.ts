// Texts with variables ("complex values"): `$scheme://$host$uri`, `${name}x`, `$1`. Compiled once when
// the configuration is read; evaluated for a request by variables.ts.
// Source: src/http/ngx_http_script.c, ngx_http_script_compile.

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string }
  /** `$1` … `$9`: a group of the last match. */
  | { readonly kind: "capture"; readonly group: number };

export interface Template {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  /** The text itself when no variable stands in it, else null. */
  readonly constant: string | null;
}

/** Splits a text into literals and variables; null when a `$` stands before no name. */
export function compileTemplate(source: string): Template | null {
  const parts: TemplatePart[] = [];
  let literal = "";
  let at = 0;
  while (at < source.length) {
    if (source[at] !== "$") {
      literal += source[at++];
      continue;
    }
    const found = readVariable(source, at);
    if (found === null) return null;
    if (literal !== "") parts.push({ kind: "text", text: literal });
    literal = "";
    parts.push(found.part);
    at = found.end;
  }
  if (literal !== "") parts.push({ kind: "text", text: literal });
  const hasVariable = parts.some((part) => part.kind !== "text");
  return { source, parts, constant: hasVariable ? null : source };
}

function readVariable(source: string, at: number): { part: TemplatePart; end: number } | null {
  const digit = source.charCodeAt(at + 1);
  if (digit >= 49 && digit <= 57)
    return { part: { kind: "capture", group: digit - 48 }, end: at + 2 };
  const match = /^\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/.exec(source.slice(at, at + 260));
  if (match === null) return null;
  return { part: { kind: "variable", name: match[1] ?? match[2] }, end: at + match[0].length };
}
