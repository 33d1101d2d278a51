// How long a request's body is: by Content-Length, by chunks, or not at all. What two programs could
// read in two ways is refused, unless --tolerate-dangerous-framing is given.
// Source: gunicorn/http/message.py set_body_reader 20.1.0 with Debian's hardening (CVE-2024-1135).

export type Framing =
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" };

export type FramingResult =
  | { readonly framing: Framing; readonly mustClose: boolean }
  /** The header that makes it ambiguous. */
  | string
  | { readonly unsupported: string };

/** The framing headers as they were read one by one. */
interface Seen {
  length: string | null;
  chunked: boolean;
  mustClose: boolean;
}

/** The framing of a request with these headers: first each header for itself, then all together. */
export function readFraming(
  headers: readonly (readonly [string, string])[],
  version: readonly [number, number],
  tolerant: boolean,
): FramingResult {
  const seen: Seen = { length: null, chunked: false, mustClose: false };
  for (const [name, value] of headers) {
    const refused = readHeader(seen, name, value, tolerant);
    if (refused !== null) return refused;
  }
  if (!seen.chunked) return lengthFraming(seen);
  const isOld = version[0] < 1 || (version[0] === 1 && version[1] < 1);
  if (isOld && !tolerant) return "TRANSFER-ENCODING";
  if (seen.length !== null && !tolerant) return "CONTENT-LENGTH";
  return {
    framing: { kind: "chunked" },
    mustClose: seen.mustClose || isOld || seen.length !== null,
  };
}

function readHeader(
  seen: Seen,
  name: string,
  value: string,
  tolerant: boolean,
): string | { readonly unsupported: string } | null {
  if (name === "CONTENT-LENGTH" && seen.length !== null) return name;
  if (name === "CONTENT-LENGTH") seen.length = value;
  if (name !== "TRANSFER-ENCODING") return null;
  const coding = value.toLowerCase();
  if (coding === "" && tolerant) {
    seen.mustClose = true;
    return null;
  }
  if (coding !== "chunked" && coding !== "identity") return { unsupported: value };
  if (seen.chunked) return "TRANSFER-ENCODING";
  seen.chunked = coding === "chunked";
  return null;
}

/** int() of the header: a sign, blanks around and single underscores between digits are allowed. */
function lengthFraming({ length, mustClose }: Seen): FramingResult {
  if (length === null) return { framing: { kind: "length", bytes: 0 }, mustClose };
  const number = /^\s*([+-]?)(\d+(?:_\d+)*)\s*$/.exec(length);
  const bytes = number === null ? -1 : Number(number[1] + number[2].replace(/_/g, ""));
  return bytes < 0 ? "CONTENT-LENGTH" : { framing: { kind: "length", bytes }, mustClose };
}
