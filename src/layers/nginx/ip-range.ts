// Address ranges of allow, deny and set_real_ip_from: `203.0.113.0/24`, `2001:db8::/32`, `unix:`, `all`.
// Source: nginx 1.22.1, src/core/ngx_inet.c, ngx_ptocidr.

/** A range, or everything, or the unix sockets. */
export type IpRange = { readonly kind: "all" } | { readonly kind: "unix" } | ByteRange;

interface ByteRange {
  readonly kind: "range";
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** The bytes of an address as text: 4 or 16; null when it is none. */
export function ipBytes(text: string): number[] | null {
  const octets = text.split(".");
  if (octets.length === 4 && octets.every((one) => /^\d{1,3}$/.test(one) && Number(one) < 256)) {
    return octets.map(Number);
  }
  return ipv6Bytes(text);
}

function ipv6Bytes(text: string): number[] | null {
  if (!/^[0-9a-fA-F:]+(\d+\.\d+\.\d+\.\d+)?$/.test(text) || !text.includes(":")) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [left, right] = halves.map(groupBytes);
  if (left === null || right === null) return null;
  if (halves.length === 1) return left?.length === 16 ? left : null;
  const zeros = 16 - left.length - right.length;
  return zeros < 2 ? null : [...left, ...Array<number>(zeros).fill(0), ...right];
}

function groupBytes(half: string): number[] | null {
  if (half === "") return [];
  const bytes: number[] = [];
  for (const group of half.split(":")) {
    if (group.includes(".")) bytes.push(...group.split(".").map(Number));
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else return null;
  }
  return bytes;
}

/** Reads a range; null when it is none. */
export function parseRange(text: string): IpRange | null {
  if (text === "all") return { kind: "all" };
  if (text === "unix:") return { kind: "unix" };
  const [address, mask] = text.split("/");
  const bytes = ipBytes(address);
  if (bytes === null) return null;
  const bits = mask === undefined ? bytes.length * 8 : Number(mask);
  if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8 || mask === "") return null;
  return { kind: "range", bytes, bits };
}

/** `[warn]` for a range whose address has bits beyond its mask, or null (ngx_ptocidr, NGX_DONE). */
export function looseBits(text: string, range: IpRange): string | null {
  if (range.kind !== "range") return null;
  const isLoose = range.bytes.some((byte, i) => {
    const kept = Math.max(0, Math.min(8, range.bits - i * 8));
    return (byte & (0xff >> kept)) !== 0;
  });
  return isLoose ? `low address bits of ${text} are meaningless` : null;
}

/** Whether an address lies in a range. An IPv4 address inside IPv6 counts as IPv4. */
export function inRange(address: string, range: IpRange): boolean {
  if (range.kind === "all") return true;
  const isUnix = address === "unix:" || address === "";
  if (range.kind === "unix") return isUnix;
  const bytes = unmapped(ipBytes(address));
  if (bytes === null || bytes.length !== range.bytes.length) return false;
  for (let bit = 0; bit < range.bits; bit += 8) {
    const left = Math.min(8, range.bits - bit);
    const mask = (0xff << (8 - left)) & 0xff;
    if ((bytes[bit / 8] & mask) !== (range.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

function unmapped(bytes: number[] | null): number[] | null {
  if (bytes === null || bytes.length === 4) return bytes;
  const isMapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}
