// Domain names as in DNS messages and zone files (RFC 1035 sections 2.3.4 and 5.1): written absolute,
// with a final dot, spelling kept. Names compare without regard to ASCII case.

/** Longest label and longest name on the wire, in bytes. */
export const LABEL_BYTES_MAX = 63;
export const NAME_BYTES_MAX = 255;

/** The labels of an absolute name, without the root; escapes are undone. `.` has none. */
export function labelsOf(name: string): readonly string[] {
  if (name === "." || name === "") return [];
  if (!name.includes("\\")) return (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  const labels: string[] = [];
  let label = "";
  for (const [piece] of name.matchAll(/\\(?:\d{3}|.)|./gs)) {
    if (piece === ".") {
      labels.push(label);
      label = "";
    } else label += unescapePiece(piece);
  }
  return label === "" ? labels : [...labels, label];
}

/** `\.` and `\065` as the byte they stand for; anything else as it is. */
function unescapePiece(piece: string): string {
  if (!piece.startsWith("\\")) return piece;
  return piece.length === 4 ? String.fromCharCode(Number(piece.slice(1)) & 255) : piece.slice(1);
}

/** Labels to an absolute name; dots and odd bytes inside a label are escaped. */
export function nameOf(labels: readonly string[]): string {
  return labels.length === 0 ? "." : `${labels.map(escapeLabel).join(".")}.`;
}

function escapeLabel(label: string): string {
  return label.replace(/[^!-~]|[.\\"();@$]/g, (c) => {
    const code = c.charCodeAt(0);
    return code > 32 && code < 127 ? `\\${c}` : `\\${String(code).padStart(3, "0")}`;
  });
}

/** Lower case (ASCII), absolute: the form in which names are compared. */
export function canonicalName(name: string): string {
  if (!/[A-Z]/.test(name)) return name.endsWith(".") ? name : `${name}.`;
  const lower = name.replace(/[A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 32));
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** The name without its first label; the root's parent is the root. */
export function parentName(name: string): string {
  const labels = labelsOf(name);
  return labels.length <= 1 ? "." : nameOf(labels.slice(1));
}

/** Whether a name is at or below a zone; both canonical. */
export function isAtOrBelow(name: string, zone: string): boolean {
  return zone === "." || name === zone || name.endsWith(`.${zone}`);
}

/** The last `count` labels of a name, as a name. */
export function lastLabels(name: string, count: number): string {
  const labels = labelsOf(name);
  return nameOf(labels.slice(Math.max(0, labels.length - count)));
}

/** Bytes of a name on the wire without compression. */
export function nameBytes(name: string): number {
  return labelsOf(name).reduce((sum, label) => sum + label.length + 1, 1);
}

/** Why a name cannot be put on the wire, or null. */
export function nameProblem(name: string): string | null {
  const labels = labelsOf(name);
  if (labels.some((label) => label.length === 0)) return "empty label";
  if (labels.some((label) => label.length > LABEL_BYTES_MAX)) return "label too long";
  return nameBytes(name) > NAME_BYTES_MAX ? "name too long" : null;
}
