// limit_conn: how many requests with the same key may be at work at once.
// Source: nginx 1.22.1, src/http/modules/ngx_http_limit_conn_module.c.
import { causeOf } from "./cause.ts";
import { argumentText, argumentTexts } from "./config-tree.ts";
import { choiceRow, flagRow } from "./directive-rows.ts";
import { statusRow } from "./limit-req-module.ts";
import { fireLimit, readZoneBytes, undeclaredZone } from "./limit-zone.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { listRow } from "./setting-rows.ts";
import type { DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";

const NAME = "limit_conn";
const STATUS = "limit_conn.status";
const HELD = "limit_conn.held";

interface ConnZone {
  readonly name: string;
  readonly key: Template;
}

interface ConnLimit {
  readonly zone: string;
  readonly most: number;
}

const zoneRow = listRow<ConnZone>("limit_conn_zone", {
  fallback: [],
  repeat: true,
  read: (directive, build, before) => {
    const text = argumentTexts(directive)[1] ?? "";
    const match = /^zone=([^:]*):(.*)$/.exec(text);
    if (match === null) return { emerg: `invalid parameter "${text}"` };
    const bytes = readZoneBytes(match[2], text);
    if (typeof bytes !== "number") return bytes;
    const bound = before.find((one) => one.name === match[1]);
    if (bound !== undefined) {
      const problem = `limit_conn_zone "${bound.name}" is already bound to key`;
      return { emerg: `${problem} "${bound.key.source}"` };
    }
    return [{ name: match[1], key: build.template(argumentText(directive, 0), directive) }];
  },
});

const limitsRow = listRow<ConnLimit>(NAME, {
  fallback: [],
  repeat: true,
  read: (directive, _build, before) => {
    const [zone, count] = argumentTexts(directive);
    if (before.some((one) => one.zone === zone)) {
      return { emerg: '"limit_conn" directive is duplicate' };
    }
    if (!/^\d{1,9}$/.test(count) || Number(count) === 0) {
      return { emerg: `invalid number of connections "${count}"` };
    }
    if (Number(count) > 65_535) return { emerg: "connection limit must be less 65536" };
    return [{ zone, most: Number(count) }];
  },
});

const levelRow = choiceRow("limit_conn_log_level", "error", ["info", "notice", "warn", "error"]);
const refusalRow = statusRow("limit_conn_status");
const dryRunRow = flagRow("limit_conn_dry_run", false);

/** Requests at work, by zone and key. */
function counts(context: NginxContext): Map<string, number> {
  return context.moduleState<Map<string, number>>(NAME, () => new Map());
}

function limitHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const main = context.request(request.main) ?? request;
  const limits = valueAt(request.location, limitsRow);
  if (main.kept[STATUS] !== undefined || limits.length === 0) return "next";
  const held: string[] = [];
  main.kept[HELD] = held;
  for (const limit of limits) {
    const verdict = countRequest(context, request, limit);
    if (verdict === null) continue;
    if (verdict.isOver) return refuse(context, request, main, limit);
    held.push(verdict.key);
    noteStatus(main, "PASSED");
  }
  return "next";
}

function countRequest(
  context: NginxContext,
  request: NginxRequest,
  limit: ConnLimit,
): { readonly key: string; readonly isOver: boolean } | null {
  const http = request.configuration.http;
  const zones = http === null ? [] : valueAt(http, zoneRow);
  const zone = zones.find((one) => one.name === limit.zone);
  const value = zone === undefined ? "" : context.evaluate(zone.key, request);
  if (value === "") return null;
  const key = `${limit.zone} ${value}`;
  const now = counts(context).get(key) ?? 0;
  const isOver = now >= limit.most;
  if (!isOver) counts(context).set(key, now + 1);
  fireLimit(context, request, `${NAME} ${limit.zone}`, {
    event: isOver ? "reject" : "pass",
    facts: () => ({
      values: { module: NAME, zone: limit.zone, now: isOver ? now : now + 1, most: limit.most },
      cause: causeOf(settingOf(request.location, limitsRow).span, "the limit of this location"),
    }),
  });
  return { key, isOver };
}

function refuse(
  context: NginxContext,
  request: NginxRequest,
  main: NginxRequest,
  limit: ConnLimit,
): PhaseResult {
  release(context, main);
  const dryRun = valueAt(request.location, dryRunRow);
  const note = dryRun ? ", dry run," : "";
  const level = valueAt(request.location, levelRow);
  context.logError(request, level, `limiting connections${note} by zone "${limit.zone}"`);
  noteStatus(main, dryRun ? "REJECTED_DRY_RUN" : "REJECTED");
  return dryRun ? "next" : valueAt(request.location, refusalRow);
}

function noteStatus(main: NginxRequest, status: string): void {
  main.kept[STATUS] = status;
  main.observed.limitConnStatus = status;
}

/** The request ends: it no longer counts. */
function release(context: NginxContext, request: NginxRequest): void {
  const held = request.kept[HELD] as string[] | undefined;
  if (held === undefined) return;
  const all = counts(context);
  for (const key of held) {
    const left = (all.get(key) ?? 1) - 1;
    if (left > 0) all.set(key, left);
    else all.delete(key);
  }
  request.kept[HELD] = [];
}

/** limit_conn. */
export const limitConnModule: NginxModule = {
  name: NAME,
  directives: [zoneRow, limitsRow, levelRow, refusalRow, dryRunRow] as unknown as DirectiveRow[],
  variables: [
    {
      name: "limit_conn_status",
      get: (_, request) => (request.kept[STATUS] as string | undefined) ?? null,
    },
  ],
  phases: { preaccess: limitHandler },
  cleanup: (context, request) => {
    if (request.parent === null) release(context, request);
  },
  finishHttp: (http) => {
    const declared = new Set(valueAt(http, zoneRow).map((zone) => zone.name));
    return undeclaredZone(http, limitsRow, declared);
  },
};
