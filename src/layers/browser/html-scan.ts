// What a browser finds in a page while it arrives: style sheets, scripts and images to fetch, and the
// icon (HTML standard, preload scanner). Simplification: tags are found by their text, scripts do not
// run, and what only CSS or scripts ask for (fonts, fetches) is not fetched; lazy images are left out.
import type { FetchKind } from "./chromium-request.ts";

export interface Found {
  readonly kind: FetchKind;
  /** As written, entities undone. */
  readonly url: string;
}

export interface Scan {
  readonly resources: readonly Found[];
  /** Of a link with rel=icon. */
  readonly icon: string | null;
  readonly title: string | null;
}

/** Scans a page. Never throws; the same address twice is one resource. */
export function scanHtml(html: string): Scan {
  const bare = html.replace(/<!--[\s\S]*?(?:-->|$)/g, "");
  // Behind the last `>` no tag ends, and none is looked for.
  const text = bare.slice(0, bare.lastIndexOf(">") + 1);
  const resources: Found[] = [];
  const seen = new Set<string>();
  let icon: string | null = null;
  for (const [tag, name] of text.matchAll(/<(link|script|img)\b[^>]*>/gi)) {
    const attributes = attributesOf(tag);
    const rel = (attributes.get("rel") ?? "").toLowerCase().split(/\s+/);
    if (name.toLowerCase() === "link" && rel.includes("icon"))
      icon = attributes.get("href") ?? icon;
    const found = resourceOf(name.toLowerCase(), attributes, rel);
    if (found === null || seen.has(found.url)) continue;
    seen.add(found.url);
    resources.push(found);
  }
  return { resources, icon, title: titleOf(text) };
}

function titleOf(text: string): string | null {
  const opening = /<title[^>]*>/i.exec(text);
  if (opening === null) return null;
  const rest = text.slice(opening.index + opening[0].length);
  const end = rest.search(/<\/title>/i);
  return end < 0 ? null : unescapeHtml(rest.slice(0, end)).trim();
}

function resourceOf(
  name: string,
  attributes: ReadonlyMap<string, string>,
  rel: readonly string[],
): Found | null {
  const source = attributes.get(name === "link" ? "href" : "src");
  if (source === undefined || source === "" || /^(data|blob|javascript):/i.test(source))
    return null;
  if (name === "script") return { kind: "script", url: source };
  if (name === "img") {
    return attributes.get("loading")?.toLowerCase() === "lazy"
      ? null
      : { kind: "image", url: source };
  }
  return rel.includes("stylesheet") ? { kind: "style", url: source } : null;
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  const pattern = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;
  for (const [, name, double, single, bare] of tag.slice(1).matchAll(pattern)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, unescapeHtml(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#x27": "'",
};

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => ENTITIES[name]);
}
