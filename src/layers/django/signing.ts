// Signed cookies: data, time and a signature, as django.core.signing writes them.
// Simplification: the signature is a short hash, not an HMAC; it tells a forged cookie from a real one.
import { formatHash, HASH_START, hashText } from "../../kernel/hash.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64.urlsafe_b64encode() without padding, of latin-1 text. */
export function toBase64Url(bytes: string): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word =
      (bytes.charCodeAt(i) << 16) |
      ((bytes.charCodeAt(i + 1) || 0) << 8) |
      (bytes.charCodeAt(i + 2) || 0);
    const digits = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < digits; k++) out += BASE64[(word >> (18 - 6 * k)) & 63];
  }
  return out;
}

export function fromBase64Url(text: string): string | null {
  let out = "";
  for (let i = 0; i < text.length; i += 4) {
    const digits = [...text.slice(i, i + 4)].map((digit) => BASE64.indexOf(digit));
    if (digits.includes(-1)) return null;
    const word = digits.reduce((sum, digit, k) => sum | (digit << (18 - 6 * k)), 0);
    for (let k = 0; k < digits.length - 1; k++)
      out += String.fromCharCode((word >> (16 - 8 * k)) & 255);
  }
  return out;
}

function signature(secret: string, value: string): string {
  let text = "";
  for (let i = 0; i < 4; i++)
    text += formatHash(hashText(hashText(HASH_START, `${i}${secret}`), value));
  return toBase64Url(text);
}

export function signText(secret: string, value: string): string {
  return `${value}:${signature(secret, value)}`;
}

/** The signed text, or null when the signature is wrong. */
export function unsign(secret: string, signed: string): string | null {
  const cut = signed.lastIndexOf(":");
  const value = signed.slice(0, cut);
  return cut > 0 && signature(secret, value) === signed.slice(cut + 1) ? value : null;
}

export function signData(
  secret: string,
  data: Readonly<Record<string, string>>,
  seconds: number,
): string {
  const bytes = encodeURIComponent(JSON.stringify(data));
  return signText(secret, `${toBase64Url(bytes)}:${seconds.toString(36)}`);
}

export function readSigned(
  secret: string,
  signed: string,
): Readonly<Record<string, string>> | null {
  const value = unsign(secret, signed);
  const bytes = value === null ? null : fromBase64Url(value.split(":")[0]);
  if (bytes === null) return null;
  try {
    return JSON.parse(decodeURIComponent(bytes)) as Readonly<Record<string, string>>;
  } catch {
    return null;
  }
}
