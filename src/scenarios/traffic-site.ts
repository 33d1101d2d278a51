// What the lessons about a crowd share: the example site with a product page of known cost, and the
// traffic that comes to it.
import type { ViewSpec, ViewStep } from "../layers/django/view-spec.ts";
import type { Scenario } from "../simulation/scenario.ts";
import type { MixPart, TrafficSpec } from "../simulation/traffic/traffic-spec.ts";
import { gunicornUnit, onTheSite, SITE, type SiteChanges } from "./site.ts";

const UNIT = "/etc/systemd/system/gunicorn.service";
export const NGINX_SITE = "/etc/nginx/sites-enabled/example";
export const POSTGRES = "/etc/postgresql/15/main/postgresql.conf";

export const productPage: MixPart = { weight: 1, request: { url: `${SITE}/products/42/` } };
export const reportPage: MixPart = { weight: 1, request: { url: `${SITE}/reports/year/` } };

/** A query that takes `ms` milliseconds in the database. */
export function query(ms: number): ViewStep {
  const sql = 'SELECT "shop_product"."id", "shop_product"."name" FROM "shop_product" LIMIT 21';
  return { query: sql, ms, rows: 1 };
}

/** The product page, which takes these steps and then renders. */
export function productView(...steps: readonly ViewStep[]): Readonly<Record<string, ViewSpec>> {
  return { "shop.views.product": { steps: [...steps, { render: "product.html", ms: 1 }] } };
}

/** The brief's unit with another number of workers and more options. */
export function unitOf(workers: number, options = ""): Readonly<Record<string, string>> {
  return { [UNIT]: gunicornUnit(options).replace("--workers 4", `--workers ${workers}`) };
}

/** So many a second at random, for a minute, over connections that are kept open. */
export function poisson(rate: number, more: Partial<TrafficSpec> = {}): TrafficSpec {
  return {
    ...{ arrivals: { poisson: rate }, durationS: 60, mix: [productPage], keepAlive: true },
    ...more,
  };
}

export interface Load {
  readonly cores: number;
  readonly traffic: TrafficSpec;
  /** What operators do, beside the request that a journey follows. */
  readonly timeline?: Scenario["timeline"];
}

/** A scenario of the site under load. */
export function underLoad(
  name: string,
  { cores, traffic, timeline = [] }: Load,
  changes: Omit<SiteChanges, "timeline" | "rest">,
): Scenario {
  const request = traffic.mix?.[0]?.request ?? productPage.request;
  return onTheSite(name, {
    ...changes,
    timeline: [{ at: 0, request }, ...timeline],
    rest: { client: "bare", host: { cores, addresses: ["192.0.2.10"] }, traffic },
  });
}
