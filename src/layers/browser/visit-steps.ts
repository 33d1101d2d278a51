// What every part of a visit uses: its transitions with their facts, its pages, and its end.
import type { Facts, Message } from "../layer.ts";
import type { BrowserUrl } from "./browser-url.ts";
import { type BrowserContext, browserWorld, type PageState, type Visit } from "./context.ts";
import { scanHtml } from "./html-scan.ts";
import { navigation } from "./machine.ts";
import { errorPage, type NetError } from "./net-errors.ts";

export const visitSteps = navigation.transition;

/** Fires a transition of a visit, attributed to the request of its document. */
export function fireVisit(
  context: BrowserContext,
  visit: Visit,
  transition: number,
  facts: Facts = {},
): void {
  const { sim } = context.host;
  const fetch = browserWorld(context).fetches.get(visit.fetch);
  if (fetch !== undefined) sim.attribute(visit.entity, fetch.request);
  const row = sim.fire(context.navigation, visit.entity, transition);
  if (!sim.recording(visit.entity)) return;
  const values = {
    text: visit.spec.url,
    url: visit.url?.href ?? "",
    host: visit.url?.host ?? "",
    ...facts.values,
  };
  sim.note(row, { ...facts, values });
}

export function errorMessage(url: BrowserUrl, error: NetError): Message {
  return {
    kind: "page",
    title: url.host,
    url: url.href,
    html: errorPage(error, url.host),
    status: 0,
  };
}

export function pageMessage(page: PageState): Message {
  const { url, html, status } = page;
  return { kind: "page", title: scanHtml(html).title ?? url.href, url: url.href, html, status };
}

/** The visit ends without a page of the server. */
export function abandon(context: BrowserContext, visit: Visit): void {
  const fetch = browserWorld(context).fetches.get(visit.fetch);
  if (fetch !== undefined) {
    browserWorld(context).fetches.delete(fetch.id);
    context.host.sim.retire(fetch.entity);
    context.options.requestFinished?.(fetch.request, null);
  }
  endVisit(context, visit);
}

export function endVisit(context: BrowserContext, visit: Visit): void {
  browserWorld(context).visits.delete(visit.id);
  context.host.sim.retire(visit.entity);
  context.options.visitFinished?.(visit.id);
}
