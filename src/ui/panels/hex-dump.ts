// Bytes as a reader of packet captures knows them: offset, sixteen bytes in hex, the printable ones.

const PER_LINE = 16;

/** The dump of `bytes`, one line for sixteen of them. */
export function hexDump(bytes: readonly number[]): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += PER_LINE) {
    const part = bytes.slice(offset, offset + PER_LINE);
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0"));
    const left = hex.slice(0, 8).join(" ").padEnd(23);
    const right = hex.slice(8).join(" ").padEnd(23);
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "."));
    lines.push(`${offset.toString(16).padStart(4, "0")}  ${left}  ${right}  ${text.join("")}`);
  }
  return lines.join("\n");
}
