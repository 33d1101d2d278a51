// A visit, from what a person did to the page that stands at the end: the URL, the upgrades to https,
// the document's request, redirects, the commit, the subresources, and the error pages.
// Left out: prerendering, service workers, authentication, downloads to disk.
import { ensure } from "../../kernel/assert.ts";
import {
  type BrowserUrl,
  canBeUpgraded,
  readTyped,
  readUrl,
  relationOf,
  withScheme,
} from "./browser-url.ts";
import { encodeForm } from "./chromium-request.ts";
import { hstsHostFor } from "./client-state.ts";
import {
  type BrowserContext,
  browserWorld,
  type Fetch,
  type FetchEnd,
  type PageState,
  type Visit,
} from "./context.ts";
import { csrfTokenOf } from "./cookie-jar.ts";
import { NAVIGATION_START, REDIRECTS_MAX, UNSAFE_PORTS, UPGRADE_PATIENCE } from "./costs.ts";
import { beginFetch, cancelFetch, newFetch } from "./fetch.ts";
import type { NetError } from "./net-errors.ts";
import { commit, finishLoading, rememberFavicon } from "./page-load.ts";
import type { BrowseSpec } from "./request-spec.ts";
import { headerOf } from "./response-reader.ts";
import { leaveQueue, releaseSocket } from "./socket-pool.ts";
import { abandon, errorMessage, fireVisit, pageMessage, visitSteps } from "./visit-steps.ts";

const steps = visitSteps;

/** Begins a visit; returns its number. */
export function beginVisit(context: BrowserContext, spec: BrowseSpec): number {
  const { sim } = context.host;
  const world = browserWorld(context);
  const current = world.history.at(-1) ?? null;
  const how = spec.how ?? "type";
  const read = readSpec(spec, current);
  const comesFromPage = how === "link" || how === "submit";
  // The request that shows the visit's first steps is the document's, so its number comes first.
  const visit: Visit = {
    id: world.nextId++,
    entity: -1,
    spec: Object.freeze({ ...spec }),
    url: read?.url ?? null,
    method: how === "submit" ? "POST" : "GET",
    body: how === "submit" ? formBody(spec, current) : null,
    from: comesFromPage ? current : null,
    relation:
      comesFromPage && current !== null && read !== null
        ? relationOf(current.url, read.url)
        : "none",
    redirects: 0,
    upgrade: "none",
    plainUrl: read?.assumedHttps === true ? withScheme(read.url, "http") : null,
    triedPlain: false,
    fetch: -1,
    outstanding: 0,
    finished: false,
  };
  const url = read === null ? NO_PAGE : plannedUrl(context, visit, read.url);
  const { method, body } = visit;
  const fetch = newFetch(context, { visit, kind: "document", url, method, body });
  const started: Visit = {
    ...visit,
    entity: sim.spawn(context.navigation, fetch.request),
    fetch: fetch.id,
  };
  world.visits.set(started.id, started);
  sim.after(NAVIGATION_START, context.events.decide, started.id);
  return started.id;
}

/** Stands for the address of a text that is none. */
const NO_PAGE: BrowserUrl = ensure(readUrl("http://invalid/"), "a URL");

/** Where the first request will go, once upgrades are decided. */
function plannedUrl(context: BrowserContext, visit: Visit, url: BrowserUrl): BrowserUrl {
  if (url.scheme === "https") return url;
  const isUpgraded = hstsHostFor(context, url.host) !== null || isUpgradable(visit, url);
  return isUpgraded ? withScheme(url, "https") : url;
}

/** HttpsUpgrades: plain GET navigations to names that https has not failed for. */
function isUpgradable(visit: Visit, url: BrowserUrl): boolean {
  return (
    canBeUpgraded(url) && !visit.triedPlain && visit.method === "GET" && visit.plainUrl === null
  );
}

function readSpec(
  spec: BrowseSpec,
  current: PageState | null,
): { url: BrowserUrl; assumedHttps: boolean } | null {
  const how = spec.how ?? "type";
  if (how === "type") return readTyped(spec.url);
  const isAgain = how === "reload" || how === "hard-reload";
  const text = isAgain && spec.url === "" && current !== null ? current.url.href : spec.url;
  const url = readUrl(text, current?.url.href);
  return url === null ? null : { url, assumedHttps: false };
}

function formBody(spec: BrowseSpec, current: PageState | null): string {
  const token = current === null ? null : csrfTokenOf(current.html);
  const fields = Object.entries(spec.form ?? {}).map(([name, value]) => {
    return [name, value.replace("{{csrf}}", token ?? "{{csrf}}")] as const;
  });
  const hasToken = fields.some(([name]) => name === "csrfmiddlewaretoken");
  const all =
    token !== null && !hasToken ? [["csrfmiddlewaretoken", token] as const, ...fields] : fields;
  return encodeForm(Object.fromEntries(all));
}

/** The visit's first decision, or the one after a redirect or a fallback. */
export function decide(context: BrowserContext, id: number): void {
  const { sim } = context.host;
  const visit = browserWorld(context).visits.get(id);
  if (visit === undefined) return;
  if (sim.is(context.navigation, visit.entity, "started")) {
    if (visit.url === null) {
      fireVisit(context, visit, steps.reject);
      abandon(context, visit);
      return;
    }
    fireVisit(context, visit, steps.parse, { values: urlValues(visit.url) });
  }
  if (visit.spec.how === "back" && restore(context, visit)) return;
  const url = ensure(visit.url, "the visit's URL");
  if (UNSAFE_PORTS.has(url.port)) {
    fireVisit(context, visit, steps.blockPort, {
      values: { port: url.port },
      messages: [errorMessage(url, "ERR_UNSAFE_PORT")],
    });
    abandon(context, visit);
    return;
  }
  upgrade(context, visit);
  request(context, visit);
}

function urlValues(url: BrowserUrl) {
  const { scheme, host, port, target } = url;
  return { scheme, host, port, path: target };
}

function restore(context: BrowserContext, visit: Visit): boolean {
  const { history } = browserWorld(context);
  const page = history.at(-2);
  if (page === undefined || page.url.href !== visit.url?.href) return false;
  history.pop();
  fireVisit(context, visit, steps.restore, { messages: [pageMessage(page)] });
  abandon(context, visit);
  return true;
}

/** http:// becomes https:// by HSTS without a way back, by default with one. */
function upgrade(context: BrowserContext, visit: Visit): void {
  const url = ensure(visit.url, "the visit's URL");
  if (url.scheme !== "http") return;
  const policy = hstsHostFor(context, url.host);
  if (policy !== null) {
    visit.url = withScheme(url, "https");
    visit.upgrade = "redirect";
    visit.plainUrl = null;
    fireVisit(context, visit, steps.upgradeByHsts, { values: { policy } });
  } else if (
    canBeUpgraded(url) &&
    !visit.triedPlain &&
    visit.method === "GET" &&
    visit.plainUrl === null
  ) {
    visit.plainUrl = url;
    visit.url = withScheme(url, "https");
    visit.upgrade = "HttpsUpgrades";
    fireVisit(context, visit, steps.upgradeByDefault);
  }
}

/** Makes the document's request. The first one was made with the visit. */
function request(context: BrowserContext, visit: Visit): void {
  const { sim } = context.host;
  const world = browserWorld(context);
  const url = ensure(visit.url, "the visit's URL");
  let fetch = world.fetches.get(visit.fetch);
  if (fetch === undefined) {
    fetch = newFetch(context, {
      visit,
      kind: "document",
      url,
      method: visit.method,
      body: visit.body,
    });
  } else if (fetch.url.href !== url.href) {
    fetch = { ...fetch, url };
    world.fetches.set(fetch.id, fetch);
  }
  visit.fetch = fetch.id;
  fireVisit(context, visit, steps.fetch, { fine: true });
  const isAttempt = visit.plainUrl !== null && url.scheme === "https";
  if (isAttempt)
    fetch.timer = sim.after(UPGRADE_PATIENCE, context.events.upgradeTimer, visit.id, fetch.id);
  beginFetch(context, fetch);
}

/** The attempt at https has taken too long. */
export function onUpgradeTimer(context: BrowserContext, visitId: number, fetchId: number): void {
  const world = browserWorld(context);
  const visit = world.visits.get(visitId);
  const fetch = world.fetches.get(fetchId);
  if (visit === undefined || fetch === undefined || visit.plainUrl === null) return;
  leaveQueue(context, fetch);
  if (fetch.socket >= 0) releaseSocket(context, fetch, false);
  cancelFetch(context, fetch);
  fallBack(context, visit, "ERR_CONNECTION_TIMED_OUT");
}

function fallBack(context: BrowserContext, visit: Visit, error: NetError): void {
  const plain = ensure(visit.plainUrl, "the plain URL");
  fireVisit(context, visit, steps.fallBack, { values: { error, plain: plain.href } });
  visit.url = plain;
  visit.plainUrl = null;
  visit.triedPlain = true;
  visit.upgrade = "none";
  decide(context, visit.id);
}

/** A request of the visit has ended: its document, or something the page needs. */
export function onFetchEnd(context: BrowserContext, end: FetchEnd): void {
  const visit = browserWorld(context).visits.get(end.fetch.visit);
  if (visit === undefined) return;
  if (end.fetch.kind === "document") documentEnded(context, visit, end);
  else {
    if (end.fetch.kind === "favicon") rememberFavicon(context, end.fetch);
    visit.outstanding--;
    finishLoading(context, visit, end.fetch.kind === "favicon");
  }
}

function documentEnded(
  context: BrowserContext,
  visit: Visit,
  { fetch, error, httpsRecord }: FetchEnd,
): void {
  const { head } = fetch.reader;
  if (httpsRecord === true) {
    upgradeByDns(context, visit);
    return;
  }
  if (error !== null && head === null) {
    if (visit.plainUrl !== null) fallBack(context, visit, error);
    else showError(context, visit, error);
    return;
  }
  visit.plainUrl = null;
  const location = head !== null && isRedirect(head.status) ? headerOf(head, "location") : null;
  if (location !== null) followRedirect(context, visit, fetch, location);
  else if (head !== null && (head.status === 204 || head.status === 205 || isDownload(fetch))) {
    fireVisit(context, visit, steps.stay, { values: { status: head.status } });
    abandon(context, visit);
  } else commit(context, visit, fetch, error);
}

function upgradeByDns(context: BrowserContext, visit: Visit): void {
  visit.url = withScheme(ensure(visit.url, "the visit's URL"), "https");
  visit.upgrade = "redirect";
  visit.fetch = -1;
  fireVisit(context, visit, steps.upgradeByDns);
  decide(context, visit.id);
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function isDownload(fetch: Fetch): boolean {
  const disposition =
    fetch.reader.head === null ? null : headerOf(fetch.reader.head, "content-disposition");
  return /^\s*attachment/i.test(disposition ?? "");
}

function followRedirect(
  context: BrowserContext,
  visit: Visit,
  fetch: Fetch,
  location: string,
): void {
  const status = fetch.reader.head?.status ?? 0;
  const next = readUrl(location, fetch.url.href);
  if (next === null) {
    showError(context, visit, "ERR_ABORTED");
    return;
  }
  if (++visit.redirects >= REDIRECTS_MAX) {
    const messages = [errorMessage(fetch.url, "ERR_TOO_MANY_REDIRECTS")];
    fireVisit(context, visit, steps.stopRedirecting, {
      values: { count: visit.redirects },
      messages,
    });
    abandon(context, visit);
    return;
  }
  const target = next.fragment === "" ? readUrl(next.href + (visit.url?.fragment ?? "")) : next;
  fireVisit(context, visit, steps.redirect, {
    values: { status, location, from: fetch.url.href, next: next.href },
  });
  const becomesGet =
    status === 303 || ((status === 301 || status === 302) && visit.method === "POST");
  if (becomesGet) {
    visit.method = "GET";
    visit.body = null;
  }
  if (visit.relation !== "none")
    visit.relation = worseRelation(visit.relation, relationOf(fetch.url, next));
  if (next.scheme === "https" && fetch.url.scheme === "http") visit.upgrade = "redirect";
  visit.url = target ?? next;
  visit.plainUrl = null;
  visit.fetch = -1;
  decide(context, visit.id);
}

const RELATIONS = ["none", "same-origin", "same-site", "cross-site"] as const;

/** A chain that once left the site stays cross-site. */
function worseRelation(a: Visit["relation"], b: Visit["relation"]): Visit["relation"] {
  return RELATIONS[Math.max(RELATIONS.indexOf(a), RELATIONS.indexOf(b))];
}

function showError(context: BrowserContext, visit: Visit, error: NetError): void {
  const url = ensure(visit.url, "the visit's URL");
  fireVisit(context, visit, steps.showError, {
    values: { error },
    messages: [errorMessage(url, error)],
  });
  abandon(context, visit);
}
