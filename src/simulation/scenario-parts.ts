// The parts of a scenario that are no files of the server: zones, set-up SQL, and what is written as
// JSON (views, middleware, timeline, and the machine and links under the name "world"). Each is a text
// that can be read and edited beside the files. Pure.
import type { Scenario } from "./scenario.ts";

/** Parts that are one JSON value each, by the name of their text. */
export const JSON_PARTS = ["views", "middleware", "timeline"] as const;
export type JsonPart = (typeof JSON_PARTS)[number];

/** What the text "world" holds: everything that has no text of its own. */
export const WORLD_KEYS = [
  ...["start", "host", "links", "client", "warm", "versions", "settle", "watch", "traffic"],
] as const;

export const WORLD = "world";
export const DATABASE = "database";
const COMMAND = /^command:(\d{1,3})$/;
const ZONE = /^zone:(.+)$/;

/** The number of a command's text (from 1), or null for another text. */
export function commandNumber(path: string): number | null {
  const match = COMMAND.exec(path);
  return match === null || match[1] === "0" ? null : Number(match[1]);
}

/** The origin of a zone's text, or null for another text. */
export function zoneOrigin(path: string): string | null {
  return ZONE.exec(path)?.[1] ?? null;
}

/** Whether a text is the JSON of a part. */
export function isJsonPart(path: string): path is JsonPart {
  return JSON_PARTS.some((part) => part === path);
}

/** Parts of the world that settings rewrite one by one. */
export function isWorldPart(path: string): path is "traffic" | "host" | "links" {
  return path === "traffic" || path === "host" || path === "links";
}

/** The value that the text "world" shows. */
export function worldOf(scenario: Scenario): Readonly<Record<string, unknown>> {
  const record = scenario as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    WORLD_KEYS.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]]])),
  );
}

/** JSON as it is read by people: a short list or object stays on its line. */
export function jsonText(value: unknown): string {
  return `${layOut(value, "")}\n`;
}

const LINE_CHARACTERS_MAX = 88;

function layOut(value: unknown, indent: string): string {
  const flat = flatText(value);
  if (typeof value !== "object" || value === null) return flat;
  const isShort = indent !== "" && indent.length + flat.length <= LINE_CHARACTERS_MAX;
  if (isShort || flat.length <= 2) return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => `${inner}${layOut(item, inner)}`)
    : Object.entries(value).map(
        ([key, item]) => `${inner}${JSON.stringify(key)}: ${layOut(item, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${items.join(",\n")}\n${indent}${close}`;
}

/** On one line, with a space after commas and colons. */
function flatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${flatText(item)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
