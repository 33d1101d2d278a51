// Base64 (RFC 4648) as nginx decodes it in Authorization; the bytes are a latin-1 text.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The decoded bytes, or null when the text is no base64 (ngx_decode_base64). */
export function decodeBase64(text: string): string | null {
  const body = text.replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(body) || body.length % 4 === 1) return null;
  let bits = 0;
  let held = 0;
  let out = "";
  for (const char of body) {
    bits = ((bits << 6) | ALPHABET.indexOf(char)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += String.fromCharCode((bits >> held) & 255);
  }
  return out;
}

/** Bytes (latin-1) as base64 with padding. */
export function encodeBase64(bytes: string): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const part = [0, 1, 2].map((k) => (i + k < bytes.length ? bytes.charCodeAt(i + k) : 0));
    const word = (part[0] << 16) | (part[1] << 8) | part[2];
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(word >> shift) & 63]);
    const kept = Math.min(4, bytes.length - i + 1);
    out += digits.slice(0, kept).join("").padEnd(4, "=");
  }
  return out;
}
