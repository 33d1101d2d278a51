// Bytes as a reader of packet captures knows them: offset, eight bytes in hex, the printable ones. With
// sixteen a line would be wider than the panel.

const PER_LINE = 8;

/** The dump of `bytes`, one line for eight of them. */
export function hexDump(bytes: readonly number[]): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += PER_LINE) {
    const part = bytes.slice(offset, offset + PER_LINE);
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0"));
    const columns = hex.join(" ").padEnd(PER_LINE * 3 - 1);
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "."));
    lines.push(`${offset.toString(16).padStart(4, "0")}  ${columns}  ${text.join("")}`);
  }
  return lines.join("\n");
}
