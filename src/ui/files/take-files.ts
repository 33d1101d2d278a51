// A file of the reader's own, dropped on the drawer or chosen: a scenario as a whole, the new text of a
// file that is open or has the same name, or a file more. What is no text, or too much of it, is refused.
import type { Editing } from "../session/editing.ts";
import type { EditedText } from "../session/edits.ts";
import type { Session } from "../session/session.ts";

export interface Taking {
  readonly editing: Editing;
  readonly session: Session;
  readonly texts: readonly EditedText[];
  /** The text that is shown. */
  readonly file: EditedText | undefined;
}

/** Two megabytes: what a scenario file may have. */
export const FILE_BYTES_MAX = 2_000_000;

/** What was read of a file: its text, or why there is none. */
export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** The text of a file's bytes; the problem says what is wrong with them. */
export function readText(name: string, bytes: Uint8Array): ReadText {
  if (bytes.byteLength > FILE_BYTES_MAX) {
    const megabytes = (bytes.byteLength / 1e6).toFixed(1);
    return { ok: false, problem: `${name} has ${megabytes} MB; at most 2 MB are taken.` };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return { ok: true, text: text.replaceAll("\r\n", "\n") };
  } catch {
    // Said below, as for a text with a zero byte.
  }
  return { ok: false, problem: `${name} is no text in UTF-8, so nothing was taken.` };
}

/** Whether a text is meant as a whole scenario: an object with a format and a timeline. */
export function isScenarioText(name: string, text: string): boolean {
  if (!name.endsWith(".json")) return false;
  return /"format"\s*:/.test(text) && /"timeline"\s*:/.test(text);
}

/** Where a file of this name belongs: where one of its name is, or beside the one that is shown. */
export function pathFor(name: string, { texts, file }: Pick<Taking, "texts" | "file">): string {
  const isNamed = (path: string): boolean => path.split("/").at(-1) === name;
  if (file !== undefined && isNamed(file.path)) return file.path;
  const same = texts.find(({ path }) => isNamed(path));
  if (same !== undefined) return same.path;
  const folder = file?.path.startsWith("/") === true ? file.path.replace(/[^/]*$/, "") : "/etc/";
  return `${folder}${name}`;
}

/** Takes the first of `files`; what happened, in words. */
export async function takeFiles(
  files: ArrayLike<File> | null,
  taking: Taking,
): Promise<string | null> {
  const [file] = Array.from(files ?? []);
  if (file === undefined) return "Nothing that can be read was dropped: only files are taken.";
  if (file.size > FILE_BYTES_MAX) {
    const read = readText(file.name, new Uint8Array(FILE_BYTES_MAX + 1));
    return read.ok ? null : read.problem.replace("2.0 MB;", `${(file.size / 1e6).toFixed(1)} MB;`);
  }
  const read = readText(file.name, new Uint8Array(await file.arrayBuffer()));
  if (!read.ok) return read.problem;
  if (isScenarioText(file.name, read.text)) return openScenario(read.text, file.name, taking);
  const path = pathFor(file.name, taking);
  const isThere = taking.texts.some((text) => text.path === path);
  taking.editing.set({ [path]: read.text });
  taking.session.view.setState({ file: path });
  return isThere
    ? `${file.name} replaces the text of ${path}. Undo brings the old one back.`
    : `${file.name} was added as ${path}. Rename it to put it elsewhere.`;
}

async function openScenario(
  own: string,
  name: string,
  { session }: Pick<Taking, "session">,
): Promise<string | null> {
  const spec = { scenario: "own", own, seed: null, files: {}, actions: [] };
  try {
    const { files } = await session.client.check(spec);
    await session.open(spec);
    session.view.setState({ file: files[0]?.path ?? null });
    return `${name} is open as a scenario of your own. The link carries all of it.`;
  } catch (error) {
    return (error as Error).message;
  }
}
