// The page that DEBUG shows for a 404, with the URL patterns that were tried.
// Source: django/views/templates/technical_404.html and debug.py, technical_404_response, 3.2, byte for byte.
import { escapeHtml } from "./error-pages.ts";
import { makeResponse, type Response } from "./http-response.ts";
import type { Tried } from "./resolver.ts";
import type { UrlNode } from "./urlconf.ts";

export interface Technical404 {
  readonly path: string;
  readonly method: string;
  readonly url: string;
  /** str() of the exception, when the view raised it. */
  readonly reason: string;
  /** The view that raised, or null when no pattern matched. */
  readonly view: string | null;
  readonly urlconf: string;
  readonly tried: readonly Tried[];
}

export function technical404(page: Technical404): Response {
  const reason =
    page.reason !== "" && page.view !== null
      ? `<pre class="exception_value">${escapeHtml(page.reason)}</pre>`
      : "";
  const raisedBy =
    page.view === null
      ? ""
      : `\n      <tr>\n        <th>Raised by:</th>\n        <td>${escapeHtml(page.view)}</td>\n      </tr>\n      `;
  const text = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta http-equiv="content-type" content="text/html; charset=utf-8">
  <title>Page not found at ${escapeHtml(page.path)}</title>
  <meta name="robots" content="NONE,NOARCHIVE">
  ${STYLE}</head>
<body>
  <div id="summary">
    <h1>Page not found <span>(404)</span></h1>
    ${reason}
    <table class="meta">
      <tr>
        <th>Request Method:</th>
        <td>${escapeHtml(page.method)}</td>
      </tr>
      <tr>
        <th>Request URL:</th>
        <td>${escapeHtml(page.url)}</td>
      </tr>
      ${raisedBy}
    </table>
  </div>
  <div id="info">
    ${triedSection(page)}
  </div>

  <div id="explanation">
    <p>
      You’re seeing this error because you have <code>DEBUG = True</code> in
      your Django settings file. Change that to <code>False</code>, and Django
      will display a standard 404 page.
    </p>
  </div>
</body>
</html>
`;
  return makeResponse(text, { status: 404, type: "text/html" });
}

function triedSection(page: Technical404): string {
  const groups = groupsOf(page.tried);
  const rest = page.path.slice(1);
  const current =
    rest === ""
      ? "\n          The empty path\n        "
      : `\n          The current path, <code>${escapeHtml(rest)}</code>,\n        `;
  const items = groups
    .map(
      (group) =>
        `\n          <li>\n            ${group.map(patternLines).join("")}\n          </li>\n        `,
    )
    .join("");
  return `
      <p>
      Using the URLconf defined in <code>${escapeHtml(page.urlconf)}</code>,
      Django tried these URL patterns, in this order:
      </p>
      <ol>
        ${items}
      </ol>
      <p>
        ${current}
        ${page.view === null ? "didn’t match any of these." : "matched the last one."}
      </p>
    `;
}

function patternLines(node: UrlNode, index: number, group: readonly UrlNode[]): string {
  const name =
    node.kind === "pattern" && index === group.length - 1 && node.name !== null
      ? `[name=&#x27;${escapeHtml(node.name)}&#x27;]`.replaceAll("&#x27;", "'")
      : "";
  return `\n                ${escapeHtml(node.route.text)}\n                ${name}\n            `;
}

/** What was tried as the page lists it: each pattern with the includes that lead to it. */
function groupsOf(tried: readonly Tried[]): readonly (readonly UrlNode[])[] {
  const groups: (readonly UrlNode[])[] = [];
  const above: UrlNode[] = [];
  tried.forEach((entry, i) => {
    above.length = entry.depth - 1;
    const opens =
      entry.node.kind === "resolver" && entry.matched && (tried[i + 1]?.depth ?? 0) > entry.depth;
    if (opens) above[entry.depth - 1] = entry.node;
    else groups.push([...above, entry.node]);
  });
  return groups;
}

const STYLE = `<style type="text/css">
    html * { padding:0; margin:0; }
    body * { padding:10px 20px; }
    body * * { padding:0; }
    body { font:small sans-serif; background:#eee; color:#000; }
    body>div { border-bottom:1px solid #ddd; }
    h1 { font-weight:normal; margin-bottom:.4em; }
    h1 span { font-size:60%; color:#666; font-weight:normal; }
    table { border:none; border-collapse: collapse; width:100%; }
    td, th { vertical-align:top; padding:2px 3px; }
    th { width:12em; text-align:right; color:#666; padding-right:.5em; }
    #info { background:#f6f6f6; }
    #info ol { margin: 0.5em 4em; }
    #info ol li { font-family: monospace; }
    #summary { background: #ffc; }
    #explanation { background:#eee; border-bottom: 0px none; }
    pre.exception_value { font-family: sans-serif; color: #575757; font-size: 1.5em; margin: 10px 0 10px 0; }
  </style>
`;
