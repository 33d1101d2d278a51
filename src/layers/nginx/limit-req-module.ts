// limit_req as a module: its directives, its handler in the preaccess phase, its lines and its variable.
// Source: nginx 1.22.1, src/http/modules/ngx_http_limit_req_module.c.
import { fromMs } from "../../kernel/time.ts";
import type { Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { boundedRow, choiceRow, flagRow } from "./directive-rows.ts";
import {
  formatExcess,
  type LimitReqLimit,
  type LimitReqVerdict,
  type LimitReqWeight,
  type LimitReqZone,
  type LimitReqZoneState,
  limitRequest,
  parseRate,
} from "./limit-req.ts";
import { fireLimit, readZoneBytes, undeclaredZone } from "./limit-zone.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { listRow } from "./setting-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";

const NAME = "limit_req";
const STATUS = "limit_req.status";

interface ZoneSetting {
  readonly zone: LimitReqZone;
  readonly key: Template;
}

/** A `limit_req` line before its zone is looked up: the zone may be declared later. */
interface LimitSetting {
  readonly zone: string;
  readonly burst: number;
  readonly delay: number;
}

const zoneRow = listRow<ZoneSetting>("limit_req_zone", {
  fallback: [],
  repeat: true,
  read: (directive, build, before) => {
    const zone = readZone(directive, build);
    if ("emerg" in zone) return zone;
    const bound = before.find((one) => one.zone.name === zone.zone.name);
    if (bound === undefined) return [zone];
    const problem = `limit_req_zone "${zone.zone.name}" is already bound to key`;
    return { emerg: `${problem} "${bound.key.source}"` };
  },
});

function readZone(directive: Directive, build: BuildContext): ZoneSetting | ConfigError {
  let name = "";
  let sizeBytes = 0;
  let rate = 1000;
  for (const text of argumentTexts(directive).slice(1)) {
    const zone = /^zone=([^:]*):(.*)$/.exec(text);
    if (zone !== null) {
      const bytes = readZoneBytes(zone[2], text);
      if (typeof bytes !== "number") return bytes;
      [name, sizeBytes] = [zone[1], bytes];
      continue;
    }
    const read = text.startsWith("rate=") ? parseRate(text.slice(5)) : undefined;
    if (read === null) return { emerg: `invalid rate "${text}"` };
    if (read === undefined) return { emerg: `invalid parameter "${text}"` };
    rate = read;
  }
  if (name === "") return { emerg: '"limit_req_zone" must have "zone" parameter' };
  const key = build.template(argumentText(directive, 0), directive);
  return { zone: Object.freeze({ name, rate, sizeBytes }), key };
}

const limitsRow = listRow<LimitSetting>(NAME, {
  fallback: [],
  repeat: true,
  read: (directive, _build, before) => {
    const limit = readLimit(directive);
    if ("emerg" in limit) return limit;
    const isTwice = before.some((one) => one.zone === limit.zone);
    return isTwice ? { emerg: '"limit_req" directive is duplicate' } : [limit];
  },
});

interface LimitDraft {
  zone: string;
  burst: number;
  delay: number;
}

function readLimit(directive: Directive): LimitSetting | ConfigError {
  const draft: LimitDraft = { zone: "", burst: 0, delay: 0 };
  for (const text of argumentTexts(directive)) {
    const problem = readLimitWord(draft, text);
    if (problem !== null) return { emerg: `${problem} "${text}"` };
  }
  if (draft.zone === "") return { emerg: '"limit_req" must have "zone" parameter' };
  return Object.freeze(draft);
}

function readLimitWord(draft: LimitDraft, text: string): string | null {
  if (text === "nodelay") {
    draft.delay = Number.POSITIVE_INFINITY;
    return null;
  }
  const match = /^(zone|burst|delay)=(.*)$/.exec(text);
  if (match === null) return "invalid parameter";
  const [, word, value] = match;
  if (word === "zone") {
    draft.zone = value;
    return null;
  }
  if (!/^\d{1,9}$/.test(value) || Number(value) === 0) return `invalid ${word} value`;
  draft[word === "burst" ? "burst" : "delay"] = Number(value) * 1000;
  return null;
}

/** A status between 400 and 599. */
export const statusRow = (name: string): DirectiveRow<number> => boundedRow(name, 503, [400, 599]);

/** The level of the lines about refused requests; delays are one level less. */
const levelRow = choiceRow("limit_req_log_level", "error", ["info", "notice", "warn", "error"]);
const DELAY_LEVEL = { error: "warn", warn: "notice", notice: "info", info: "info" } as const;
const refusalRow = statusRow("limit_req_status");
const dryRunRow = flagRow("limit_req_dry_run", false);

/** The zones' buckets, by name. */
function zoneState(context: NginxContext, zone: string): LimitReqZoneState {
  const zones = context.moduleState<Map<string, LimitReqZoneState>>(NAME, () => new Map());
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const made: LimitReqZoneState = { nodes: new Map() };
  zones.set(zone, made);
  return made;
}

function limitHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const main = context.request(request.main) ?? request;
  const settings = valueAt(request.location, limitsRow);
  if (main.kept[STATUS] !== undefined || settings.length === 0) return "next";
  const http = request.configuration.http;
  const zones = http === null ? [] : valueAt(http, zoneRow);
  const found = settings.flatMap((setting) => {
    const zone = zones.find((one) => one.zone.name === setting.zone);
    return zone === undefined ? [] : [{ ...setting, zone: zone.zone, key: zone.key }];
  });
  const keys = found.map(({ key }) => context.evaluate(key, request));
  const states = found.map(({ zone }) => zoneState(context, zone.name));
  const verdict = limitRequest(found, states, keys, context.nowMs());
  const facts = (): Facts => limitFacts(request, found, keys, verdict);
  const event =
    verdict.kind === "delayed" ? "delay" : verdict.kind === "rejected" ? "reject" : "pass";
  if (verdict.kind !== "none")
    fireLimit(context, request, `${NAME} ${found[0].zone.name}`, { event, facts });
  return obey(context, request, main, verdict);
}

function limitFacts(
  request: NginxRequest,
  limits: readonly LimitReqLimit[],
  keys: readonly string[],
  verdict: LimitReqVerdict,
): Facts {
  const setting = settingOf(request.location, limitsRow);
  const weighed = verdict.kind === "none" ? [] : verdict.weighed;
  const index = verdict.kind === "delayed" || verdict.kind === "rejected" ? verdict.index : 0;
  return {
    values: {
      module: NAME,
      zone: limits[index].zone.name,
      key: printable(keys[index]),
      rate: limits[index].zone.rate / 1000,
      burst: limits[index].burst / 1000,
      excess: formatExcess(weighed.find((one) => one.index === index)?.excess ?? 0),
      delayMs: verdict.kind === "delayed" ? verdict.delayMs : 0,
    },
    cause: causeOf(setting.span, "the limit of this location"),
    alternatives: weighed.map((one) => ({
      text: `zone ${limits[one.index].zone.name}, key ${printable(one.key)}`,
      verdict: bucketVerdict(one, limits[one.index]),
      chosen: one.index === index,
    })),
  };
}

/** The bucket's arithmetic: what it held, what leaked, the one that this request adds. */
function bucketVerdict(one: LimitReqWeight, { burst, delay, zone }: LimitReqLimit): string {
  const fill = formatExcess(one.excess);
  const rate = `${zone.rate / 1000} a second`;
  const sum =
    one.before === null
      ? `a new key begins with ${fill}`
      : `${formatExcess(one.before)} − ${formatExcess(Math.min(one.leaked, one.before + 1000))} leaked at ${rate} + 1 = ${fill}`;
  if (one.excess > burst) return `${sum}, more than burst ${burst / 1000}: refused`;
  if (one.excess <= delay) return `${sum}, within burst ${burst / 1000}: passes at once`;
  return `${sum}, within burst ${burst / 1000}: waits until it has leaked`;
}

/** $binary_remote_addr is not readable as text. */
function printable(key: string): string {
  const isAddress = key.length === 4 && /[^ -~]/.test(key);
  if (isAddress) return [...key].map((byte) => byte.charCodeAt(0)).join(".");
  return key.replace(/[^ -~]/g, ".");
}

function obey(
  context: NginxContext,
  request: NginxRequest,
  main: NginxRequest,
  verdict: LimitReqVerdict,
): PhaseResult {
  if (verdict.kind === "none") return "next";
  const dryRun = valueAt(request.location, dryRunRow);
  const suffix = dryRun ? "_DRY_RUN" : "";
  const note = dryRun ? ", dry run" : "";
  const level = valueAt(request.location, levelRow);
  if (verdict.kind === "passed") {
    noteStatus(main, "PASSED");
    return "next";
  }
  const excess = formatExcess(verdict.excess);
  if (verdict.kind === "rejected") {
    const text = `limiting requests${note}, excess: ${excess} by zone "${verdict.zone.name}"`;
    context.logError(request, level, text);
    noteStatus(main, `REJECTED${suffix}`);
    return dryRun ? "next" : valueAt(request.location, refusalRow);
  }
  const text = `delaying request${note}, excess: ${excess}, by zone "${verdict.zone.name}"`;
  context.logError(request, DELAY_LEVEL[level], text);
  noteStatus(main, `DELAYED${suffix}`);
  if (dryRun) return "next";
  return wait(context, request, verdict.delayMs);
}

function noteStatus(main: NginxRequest, status: string): void {
  main.kept[STATUS] = status;
  main.observed.limitReqStatus = status;
}

const delayEvents = new WeakMap<object, number>();

function wait(context: NginxContext, request: NginxRequest, delayMs: number): PhaseResult {
  const kind = delayEvents.get(context.sim) ?? -1;
  request.waitingFor = NAME;
  context.step(request, "delay", delayMs, () => ({
    values: { delayMs, limit: `waits ${delayMs} ms` },
    cause: causeOf(
      settingOf(request.location, limitsRow).span,
      "lets requests wait for their turn",
    ),
  }));
  context.setTimer(request, fromMs(delayMs), kind, {
    ...{ name: "limit_req", span: null, setBy: "the rate of the zone" },
    waitsFor: "this request's turn at the rate allowed",
    otherwise: "Nginx lets the request go on",
  });
  return "again";
}

function delayOver(context: NginxContext, id: number): void {
  const request = context.request(id);
  if (request === null || request.finished) return;
  request.waitingFor = null;
  context.step(request, "endDelay", 0, () => ({ fine: true }));
  request.phaseHandler++;
  context.resume(request);
}

/** The client left while its request was delayed (ngx_http_test_reading). */
function clientGone(context: NginxContext, request: NginxRequest): boolean {
  context.clearTimer(request);
  context.logError(request, "info", "client prematurely closed connection");
  context.finalize(request, 499);
  return true;
}

/** limit_req. */
export const limitReqModule: NginxModule = {
  name: NAME,
  directives: [zoneRow, limitsRow, levelRow, refusalRow, dryRunRow] as unknown as DirectiveRow[],
  variables: [
    {
      name: "limit_req_status",
      get: (_, request) => (request.kept[STATUS] as string | undefined) ?? null,
    },
  ],
  phases: { preaccess: limitHandler },
  clientGone,
  install: (context) => {
    const kind = context.sim.event("nginx limit_req delay", (id) => delayOver(context, id));
    delayEvents.set(context.sim, kind);
  },
  finishHttp: (http) => {
    const declared = new Set(valueAt(http, zoneRow).map((one) => one.zone.name));
    return undeclaredZone(http, limitsRow, declared);
  },
};
