// Passwords of an htpasswd file: plain, {PLAIN}, {SHA}, {SSHA} and Apache's MD5 ($apr1$).
// Source: nginx 1.22.1, src/core/ngx_crypt.c and modules/ngx_http_auth_basic_module.c.
// Simplification: what nginx leaves to the C library's crypt() ($1$, $5$, $6$, $y$, DES, bcrypt) is not computed; such a
// password never matches.

import { md5Bytes } from "../../text/md5.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { sha1 } from "./sha1.ts";

/** The password field of a user, or null when the file does not name the user. */
export function passwordOf(file: string, user: string): string | null {
  for (const line of file.split("\n")) {
    if (line.startsWith("#")) continue;
    const [name, password] = line.replace(/\r$/, "").split(":");
    if (name === user && password !== undefined) return password;
  }
  return null;
}

/** Whether a password fits a field of the file (ngx_crypt). */
export function passwordMatches(password: string, field: string): boolean {
  if (field.startsWith("$apr1$")) return apacheMd5(password, field) === field;
  if (field.startsWith("{PLAIN}")) return field.slice("{PLAIN}".length) === password;
  if (field.startsWith("{SSHA}")) return matchesSalted(password, field.slice("{SSHA}".length));
  if (field.startsWith("{SHA}")) return `{SHA}${encodeBase64(sha1(password))}` === field;
  return false;
}

function matchesSalted(password: string, encoded: string): boolean {
  const decoded = decodeBase64(encoded);
  if (decoded === null || decoded.length < 20) return false;
  return sha1(password + decoded.slice(20)) === decoded.slice(0, 20);
}

const CRYPT_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const APR1_ROUNDS = 1000;

const digest = (text: string): string => String.fromCharCode(...md5Bytes(text));

/** Apache's variant of the MD5 crypt: `$apr1$salt$…` (ngx_crypt_apr1). */
export function apacheMd5(password: string, setting: string): string {
  const salt = setting.slice("$apr1$".length).split("$")[0].slice(0, 8);
  let text = `${password}$apr1$${salt}`;
  const inner = digest(password + salt + password);
  for (let left = password.length; left > 0; left -= 16) text += inner.slice(0, Math.min(16, left));
  for (let i = password.length; i > 0; i >>= 1) text += i & 1 ? "\0" : password[0];
  let final = digest(text);
  for (let i = 0; i < APR1_ROUNDS; i++) {
    const first = i & 1 ? password : final;
    const middle = (i % 3 ? salt : "") + (i % 7 ? password : "");
    final = digest(first + middle + (i & 1 ? final : password));
  }
  return `$apr1$${salt}$${apacheDigits(final)}`;
}

function apacheDigits(final: string): string {
  const byte = (i: number): number => final.charCodeAt(i);
  let out = "";
  for (let i = 0; i < 5; i++) {
    const third = i === 4 ? 5 : i + 12;
    out += cryptDigits((byte(i) << 16) | (byte(i + 6) << 8) | byte(third), 4);
  }
  return out + cryptDigits(byte(11), 2);
}

function cryptDigits(value: number, count: number): string {
  let out = "";
  for (let i = 0, left = value; i < count; i++, left >>= 6) out += CRYPT_ALPHABET[left & 63];
  return out;
}
