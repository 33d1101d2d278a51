// Text and the bytes it is sent as. On connections, a text holds one byte in each UTF-16 unit
// (latin-1), so that lengths are byte counts and any byte can stand in it.

/** The UTF-8 bytes of a text, one in each unit of the result. */
export function toByteText(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length && ascii; i++) ascii = text.charCodeAt(i) < 0x80;
  if (ascii) return text;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Decodes UTF-8 bytes held one in each unit; null when they are not valid UTF-8. */
export function fromByteText(bytes: string): string | null {
  let ascii = true;
  for (let i = 0; i < bytes.length && ascii; i++) ascii = bytes.charCodeAt(i) < 0x80;
  if (ascii) return bytes;
  const units = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const unit = bytes.charCodeAt(i);
    if (unit > 0xff) return null;
    units[i] = unit;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(units);
  } catch {
    return null;
  }
}

/** Decodes UTF-8 bytes held one in each unit; what is not valid becomes U+FFFD, as in logs that are shown. */
export function showByteText(bytes: string): string {
  const text = fromByteText(bytes);
  if (text !== null) return text;
  const units = Uint8Array.from(bytes, (unit) => unit.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(units);
}
