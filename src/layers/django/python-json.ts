// json.dumps() with Python's default separators and ASCII escapes, and str() of JSON values.

export function dumpJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return dumpText(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "NaN";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return `[${value.map(dumpJson).join(", ")}]`;
  return `{${Object.entries(value as Record<string, unknown>)
    .map(([key, item]) => `${dumpText(key)}: ${dumpJson(item)}`)
    .join(", ")}}`;
}

function dumpText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** str() of a value in a template. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  return typeof value === "object" ? dumpJson(value) : String(value);
}
