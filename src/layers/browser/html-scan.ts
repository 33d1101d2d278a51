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
  const text = html.replace(/<!--[\s\S]*?(?:-->|$)/g, "");
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
  const title = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(text)?.[1] ?? null;
  return { resources, icon, title: title === null ? null : unescapeHtml(title).trim() };
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
