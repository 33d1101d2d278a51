// The page after its document has arrived: it takes the old page's place, is scanned for what it needs,
// loads that, and asks for its icon at last.
import { ensure } from "../../kernel/assert.ts";
import { fromByteText } from "../../text/utf8.ts";
import { type BrowserUrl, readUrl, withScheme } from "./browser-url.ts";
import {
  type BrowserContext,
  browserWorld,
  type Fetch,
  type PageState,
  type Visit,
} from "./context.ts";
import { FAVICON_DELAY, SCAN_DOCUMENT, URGENT_IMAGES } from "./costs.ts";
import { beginFetch, newFetch } from "./fetch.ts";
import { scanHtml } from "./html-scan.ts";
import { type NetError, statusPage } from "./net-errors.ts";
import { bodyText, headerOf } from "./response-reader.ts";
import { endVisit, fireVisit, pageMessage, visitSteps } from "./visit-steps.ts";

/** The document takes the place of the page before it. */
export function commit(
  context: BrowserContext,
  visit: Visit,
  fetch: Fetch,
  error: NetError | null,
): void {
  const { sim } = context.host;
  const world = browserWorld(context);
  const page = pageOf(visit, fetch);
  if (visit.spec.how === "reload" || visit.spec.how === "hard-reload") world.history.pop();
  world.history.push(page);
  fireVisit(context, visit, visitSteps.commit, {
    values: { status: page.status, bytes: fetch.reader.bodyBytes, cut: error !== null },
    messages: [pageMessage(page)],
  });
  visit.outstanding = 1;
  sim.after(SCAN_DOCUMENT, context.events.scan, visit.id);
}

function pageOf(visit: Visit, fetch: Fetch): PageState {
  const { head, bodyBytes } = fetch.reader;
  const url = ensure(visit.url, "the visit's URL");
  const status = head?.status ?? 200;
  const policy = head === null ? "" : (headerOf(head, "referrer-policy") ?? "");
  const kept = bodyText(fetch.reader);
  const text = fromByteText(kept) ?? kept;
  const isEmptyError = status >= 400 && bodyBytes === 0;
  const type = head === null ? "text/plain" : (headerOf(head, "content-type") ?? "text/html");
  const html = isEmptyError
    ? statusPage(status, url.host)
    : /html/i.test(type)
      ? text
      : `<pre>${text.replace(/</g, "&lt;")}</pre>`;
  return Object.freeze({ url, status, html, referrerPolicy: policy });
}

/** What the page names is fetched. */
export function onScan(context: BrowserContext, id: number): void {
  const world = browserWorld(context);
  const visit = world.visits.get(id);
  const page = world.history.at(-1);
  if (visit === undefined || page === undefined) return;
  const found = scanHtml(page.html).resources.flatMap(({ kind, url }) => {
    const target = readUrl(url, page.url.href);
    return target === null ? [] : [{ kind, url: unmixed(page.url, target, kind) }];
  });
  const wanted = found.flatMap(({ kind, url }) => (url === null ? [] : [{ kind, url }]));
  if (wanted.length > 0) {
    const names = wanted.map(({ url }) => url.target).join(", ");
    fireVisit(context, visit, visitSteps.scan, { values: { count: wanted.length, names } });
  }
  let images = 0;
  for (const { kind, url } of wanted) {
    visit.outstanding++;
    const isLate = kind === "image" && ++images > URGENT_IMAGES;
    const fetch = newFetch(context, { visit, kind, url, method: "GET", body: null, isLate });
    context.host.sim.after(0, context.events.begin, fetch.id);
  }
  visit.outstanding--;
  finishLoading(context, visit, false);
}

/** Mixed content: images are upgraded to https, scripts and styles over http are blocked. */
function unmixed(page: BrowserUrl, url: BrowserUrl, kind: string): BrowserUrl | null {
  if (page.scheme !== "https" || url.scheme === "https") return url;
  return kind === "image" ? withScheme(url, "https") : null;
}

export function finishLoading(context: BrowserContext, visit: Visit, afterFavicon: boolean): void {
  if (visit.outstanding > 0) return;
  const { sim } = context.host;
  if (!visit.finished) {
    visit.finished = true;
    fireVisit(context, visit, visitSteps.load);
    visit.outstanding = 1;
    sim.after(FAVICON_DELAY, context.events.favicon, visit.id);
  } else if (afterFavicon) endVisit(context, visit);
}

/** After load the icon is fetched, unless it is known to be missing. */
export function onFavicon(context: BrowserContext, id: number): void {
  const world = browserWorld(context);
  const visit = world.visits.get(id);
  const page = world.history.at(-1);
  if (visit === undefined || page === undefined) return;
  const icon = readUrl(scanHtml(page.html).icon ?? "/favicon.ico", page.url.href);
  if (icon === null || world.noFavicon.has(icon.href)) {
    endVisit(context, visit);
    return;
  }
  const fetch = newFetch(context, { visit, kind: "favicon", url: icon, method: "GET", body: null });
  beginFetch(context, fetch);
}

export function rememberFavicon(context: BrowserContext, fetch: Fetch): void {
  const status = fetch.reader.head?.status ?? 0;
  if (status === 404) browserWorld(context).noFavicon.add(fetch.url.href);
}
