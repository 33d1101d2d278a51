// repr() of a Python string of latin-1 characters, as it stands in log lines and error pages.
// Source: CPython 3.11, Objects/unicodeobject.c, unicode_repr.

/** `it's` as `"it's"`, a tab as `\t`, unprintable characters as `\x16`. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inside = "";
  for (const character of text) inside += escaped(character, quote);
  return quote + inside + quote;
}

/** `b'GET'`: repr() of bytes, given as latin-1 text. */
export function bytesRepr(bytes: string): string {
  const inside = pythonRepr(bytes).replace(
    /[\u0080-\u00ff]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16)}`,
  );
  return `b${inside}`;
}

function escaped(character: string, quote: string): string {
  if (character === quote || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const code = character.charCodeAt(0);
  const unprintable = code < 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0xad;
  return unprintable ? `\\x${code.toString(16).padStart(2, "0")}` : character;
}
