// limit_req: a zone with a rate in the http block, and the limit itself where requests are passed on.
// A rate of 0 takes the limit away; a rate where there was none writes both lines into one file.
import type { Scenario } from "../scenario.ts";
import {
  directiveNamed,
  type Placed,
  withAddedArgument,
  withArgument,
  withLineAfter,
  withLineBefore,
  without,
} from "./nginx-edit.ts";
import { type Found, linear, logarithmic, type SettingRow } from "./row.ts";
import type { SettingEdit, SettingProblem } from "./setting.ts";
import { applyEdit, lineOf, lineText } from "./texts.ts";

const ZONE = "limit_req_zone $binary_remote_addr zone=per_address:10m rate=";

/** Requests a second of `rate=10r/s` or `rate=30r/m`. */
function rateOf(text: string): number {
  const found = /^rate=(\d+)r\/([sm])$/.exec(text);
  if (found === null) return 0;
  return Number(found[1]) / (found[2] === "m" ? 60 : 1);
}

/** nginx takes whole numbers, so less than one a second is written by the minute. */
function rateText(perSecond: number): string {
  return Number.isInteger(perSecond) || perSecond > 30
    ? `${Math.round(perSecond)}r/s`
    : `${Math.max(1, Math.round(perSecond * 60))}r/m`;
}

function argumentAt(placed: Placed, prefix: string): number {
  return placed.directive.args.findIndex((argument) => argument.text.startsWith(prefix));
}

function foundAt(placed: Placed, value: number, written: boolean): Found {
  const { path, text, directive } = placed;
  const line = lineOf(text, directive.span.start);
  return { value, place: { path, line, text: lineText(text, line), written } };
}

function findRate(scenario: Scenario): Found | null {
  const limit = directiveNamed(scenario, "limit_req");
  const zone = directiveNamed(scenario, "limit_req_zone");
  if (zone !== null) {
    const at = argumentAt(zone, "rate=");
    const rate = at < 0 ? 0 : rateOf(zone.directive.args[at].text);
    return foundAt(zone, limit === null ? 0 : rate, true);
  }
  const pass = directiveNamed(scenario, "proxy_pass");
  return pass === null ? null : foundAt(pass, 0, false);
}

function writeRate(scenario: Scenario, perSecond: number): SettingEdit | SettingProblem {
  const limit = directiveNamed(scenario, "limit_req");
  const zone = directiveNamed(scenario, "limit_req_zone");
  if (perSecond === 0) {
    const pass = limit ?? zone ?? (directiveNamed(scenario, "proxy_pass") as Placed);
    if (limit === null) return { path: pass.path, text: pass.text, line: 1 };
    return without(limit);
  }
  if (zone === null) return addLimit(scenario, perSecond);
  const at = argumentAt(zone, "rate=");
  if (at < 0) return { problem: "limit_req_zone has no rate=; write one first" };
  const edit = withArgument(zone, at, `rate=${rateText(perSecond)}`);
  if (limit !== null) return edit;
  const name = /zone=([^:]+)/.exec(
    zone.directive.args.map((argument) => argument.text).join(" "),
  )?.[1];
  return thenLimit(applyEdit(scenario, edit), edit, name ?? "per_address");
}

/** The zone goes before the server block, or before the directive of the http block that it stands in. */
function addLimit(scenario: Scenario, perSecond: number): SettingEdit | SettingProblem {
  const pass = directiveNamed(scenario, "proxy_pass") as Placed;
  const server = pass.within.find(({ name }) => name === "server");
  if (server === undefined) return { problem: "proxy_pass stands in no server block" };
  const before = { ...pass, directive: server, within: [] };
  const edit = withLineBefore(before, `${ZONE}${rateText(perSecond)};`);
  return thenLimit(applyEdit(scenario, edit), edit, "per_address");
}

/** The limit itself; both lines must be in one file, since one file is what an edit changes. */
function thenLimit(
  scenario: Scenario,
  edit: SettingEdit,
  zone: string,
): SettingEdit | SettingProblem {
  const pass = directiveNamed(scenario, "proxy_pass");
  if (pass === null || pass.path !== edit.path)
    return { problem: `write limit_req zone=${zone}; into the location first` };
  return { ...withLineAfter(pass, `limit_req zone=${zone};`), line: edit.line };
}

export const limitRateRow: SettingRow = {
  id: "limitRate",
  title: "Rate limit of an address",
  input: logarithmic("per second", 0, 10_000),
  takesEffect: "nginx reload",
  needs: "a proxy_pass in one of nginx's files",
  find: findRate,
  write: (scenario, value) => writeRate(scenario, Number(value)),
};

export const limitBurstRow: SettingRow = {
  id: "limitBurst",
  title: "Burst over the rate limit",
  input: linear("requests", 0, 1000),
  takesEffect: "nginx reload",
  needs: "a limit_req; set limitRate first",
  find(scenario) {
    const limit = directiveNamed(scenario, "limit_req");
    if (limit === null) return null;
    const at = argumentAt(limit, "burst=");
    const burst = at < 0 ? 0 : Number(limit.directive.args[at].text.slice("burst=".length)) || 0;
    return foundAt(limit, burst, at >= 0);
  },
  write(scenario, value) {
    const limit = directiveNamed(scenario, "limit_req") as Placed;
    const at = argumentAt(limit, "burst=");
    return at < 0
      ? withAddedArgument(limit, `burst=${value}`)
      : withArgument(limit, at, `burst=${value}`);
  },
};
