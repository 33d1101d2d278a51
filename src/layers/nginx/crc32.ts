// CRC-32 (ISO 3309, the polynomial of Ethernet and zip), which nginx uses to hash the keys of
// `hash` upstreams. Texts are latin-1: one UTF-16 unit is one byte.
// Source: nginx 1.22.1, src/core/ngx_crc32.c.

const POLYNOMIAL = 0xedb88320;

const TABLE = Object.freeze(
  Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    return c >>> 0;
  }),
);

/** The CRC register before any byte. */
export const CRC32_START = 0xffffffff;

/** Feeds a text to a CRC register and returns the register. */
export function crc32Update(register: number, text: string): number {
  let crc = register;
  for (let i = 0; i < text.length; i++) {
    crc = TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ^ (crc >>> 8);
  }
  return crc >>> 0;
}

/** The checksum of everything fed to a register. */
export function crc32Final(register: number): number {
  return (register ^ 0xffffffff) >>> 0;
}

/** The checksum of a text. */
export function crc32(text: string): number {
  return crc32Final(crc32Update(CRC32_START, text));
}
