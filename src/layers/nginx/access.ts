// allow and deny: the first rule that fits the client's address decides.
// Source: nginx 1.22.1, src/http/modules/ngx_http_access_module.c.

import type { Span } from "../../text/diagnostic.ts";
import type { Alternative, Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import { argumentText, type Directive } from "./config-tree.ts";
import { SATISFY } from "./core-directives.ts";
import { row } from "./directive-rows.ts";
import { type IpRange, inRange, looseBits, parseRange } from "./ip-range.ts";
import { fireLimit } from "./limit-zone.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import { valueAt } from "./settings.ts";

interface AccessRule {
  readonly text: string;
  readonly isDeny: boolean;
  readonly range: IpRange;
  readonly span: Span;
}

const KEY = "allow and deny";

const allowRow = accessRow("allow");
const denyRow = accessRow("deny");

/** Both directives make one list, in file order. */
function accessRow(name: "allow" | "deny"): DirectiveRow<readonly AccessRule[]> {
  const parse = (
    directive: Directive,
    build: BuildContext,
    before: readonly AccessRule[] | undefined,
  ): readonly AccessRule[] | ConfigError => {
    const text = argumentText(directive, 0);
    const range = parseRange(text);
    if (range === null) return { emerg: `invalid parameter "${text}"` };
    const loose = looseBits(text, range);
    if (loose !== null) build.warn(loose, directive);
    const rule = { text: `${name} ${text};`, isDeny: name === "deny", range, span: directive.span };
    return Object.freeze([...(before ?? []), Object.freeze(rule)]);
  };
  return row<readonly AccessRule[]>(name, [], parse, { inherit: "array", repeat: true, key: KEY });
}

function accessHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const rules = valueAt(request.location, allowRow);
  if (rules.length === 0) return "next";
  const index = rules.findIndex((rule) => inRange(request.remoteAddr, rule.range));
  if (index < 0) return "next";
  const rule = rules[index];
  const facts = (): Facts => accessFacts(request, rules, index);
  fireLimit(context, request, KEY, { event: rule.isDeny ? "reject" : "pass", facts });
  if (!rule.isDeny) return "ok";
  if (valueAt(request.location, SATISFY) === "all") {
    context.logError(request, "error", "access forbidden by rule");
  }
  return 403;
}

function accessFacts(request: NginxRequest, rules: readonly AccessRule[], index: number): Facts {
  const alternatives: Alternative[] = rules.map((rule, i) => ({
    text: rule.text,
    chosen: i === index,
    verdict:
      i < index ? "does not match the address" : i === index ? "first match" : "not looked at",
    cause: causeOf(rule.span, rule.text),
  }));
  return {
    values: { module: "access", address: request.remoteAddr, rule: rules[index].text },
    cause: causeOf(rules[index].span, "the first rule that fits"),
    alternatives,
  };
}

/** allow and deny. */
export const accessModule: NginxModule = {
  name: "access",
  directives: [allowRow, denyRow] as unknown as DirectiveRow[],
  phases: { access: accessHandler },
};
