// Hex digits and the bytes they stand for, as latin-1 text.

export function hexOf(bytes: string): string {
  return Array.from(bytes, (unit) => unit.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

export function bytesOf(hex: string): string {
  return (hex.match(/../g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join("");
}
