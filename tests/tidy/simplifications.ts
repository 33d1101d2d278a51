// Every `Simplification:` in the source marks a departure from reality. They are collected into
// docs/MODEL.md, between two markers, so that the list a teacher reads cannot fall behind the code.
import { type Module, readModules } from "./modules.ts";

export interface Simplification {
  readonly path: string;
  readonly text: string;
}

export const MODEL_FILE = "docs/MODEL.md";
const BEGIN = "<!-- simplifications: written by `npm run simplifications` -->";
const END = "<!-- end of simplifications -->";
const MARK = "Simplification:";
const EMPTY_MODEL = `# What the model leaves out\n\n${BEGIN}\n${END}\n`;

/** The departures that a module admits, in order. A paragraph of comment is one of them. */
export function simplificationsOf(module: Module): readonly Simplification[] {
  const found: string[] = [];
  let open = false;
  for (const line of module.text.split("\n")) {
    const comment = commentText(line);
    const start = comment?.indexOf(MARK) ?? -1;
    if (comment !== null && start >= 0) {
      found.push(comment.slice(start + MARK.length).trim());
      open = /^\s*(\/\/|\/?\*)/.test(line);
    } else if (open && comment !== null && comment !== "" && !/^[A-Z]\w+:/.test(comment)) {
      found.push(`${found.pop()} ${comment}`.trim());
    } else {
      open = false;
    }
  }
  return found.map((text) => ({ path: module.path, text }));
}

export function allSimplifications(): readonly Simplification[] {
  return readModules("src").flatMap(simplificationsOf);
}

/** The text of MODEL.md with its list brought up to date. A text without markers gets them at its end. */
export function withSimplifications(model: string, list: readonly Simplification[]): string {
  const text = model === "" ? EMPTY_MODEL : model;
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  const section = `${BEGIN}\n\n${formatList(list)}\n${END}`;
  if (begin < 0 || end < begin) return `${text.trimEnd()}\n\n${section}\n`;
  return text.slice(0, begin) + section + text.slice(end + END.length);
}

function formatList(list: readonly Simplification[]): string {
  const byPlace = new Map<string, Simplification[]>();
  for (const item of list) {
    const place = placeOf(item.path);
    byPlace.set(place, [...(byPlace.get(place) ?? []), item]);
  }
  const sections = [...byPlace].map(([place, items]) => {
    const lines = items.map((item) => `- ${item.text} (\`${item.path}\`)`);
    return `### ${place}\n\n${lines.join("\n")}\n`;
  });
  return sections.join("\n");
}

/** `src/layers/nginx/limit.ts` belongs to nginx, `src/host/disk.ts` to host. */
function placeOf(path: string): string {
  const [, first, second] = path.split("/");
  const isFile = second === undefined || /\.tsx?$/.test(second);
  return first === "layers" && !isFile ? second : first;
}

/** The comment on a line without its marks; null when there is none. */
function commentText(line: string): string | null {
  const match = /^\s*(?:\/\/|\/\*\*?|\*(?!\/))\s?(.*?)\s*(?:\*\/)?$/.exec(line);
  if (match !== null) return match[1].trim();
  const trailing = line.indexOf(`// ${MARK}`);
  return trailing < 0 ? null : line.slice(trailing + 3).trim();
}
