// auth_request: a subrequest decides whether the client may pass.
// Source: nginx 1.22.1, src/http/modules/ngx_http_auth_request_module.c.
import { causeOf } from "./cause.ts";
import { argumentText } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { listRow } from "./setting-rows.ts";
import type { DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";
import type { Template } from "./template.ts";

const NAME = "auth_request";
const DONE = "auth_request.status";

interface VariableSetting {
  readonly name: string;
  readonly value: Template;
}

const uriRow = row<string | null>(NAME, null, (directive) => {
  const uri = argumentText(directive, 0);
  return uri === "off" ? null : uri;
});

const setRow = listRow<VariableSetting>("auth_request_set", {
  fallback: [],
  repeat: true,
  read: (directive, build) => {
    const name = argumentText(directive, 0);
    if (!name.startsWith("$")) return { emerg: `invalid variable name "${name}"` };
    build.declareVariable(name.slice(1));
    const value = build.template(argumentText(directive, 1), directive);
    return [{ name: name.slice(1), value }];
  },
});

interface Answer {
  readonly status: number;
  readonly challenges: readonly string[];
}

function authHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const uri = valueAt(request.location, uriRow);
  if (uri === null) return "next";
  const answer = request.ctx[DONE] as Answer | undefined;
  if (answer !== undefined) return verdict(context, request, answer);
  request.waitingFor = NAME;
  context.step(request, "askSubrequest", 0, () => ({
    values: { uri },
    cause: causeOf(settingOf(request.location, uriRow).span, "who decides"),
  }));
  context.subrequest(request, { module: NAME, uri, args: "", headerOnly: true });
  return "again";
}

function verdict(context: NginxContext, request: NginxRequest, answer: Answer): PhaseResult {
  const { status } = answer;
  if (status === 403) return 403;
  if (status === 401) {
    for (const value of answer.challenges)
      request.out.list.push({ name: "WWW-Authenticate", value });
    return 401;
  }
  if (status >= 200 && status < 300) return "ok";
  context.logError(request, "error", `auth request unexpected status: ${status}`);
  return 500;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
const isRefusal = (status: number): boolean => status === 401 || status === 403;

/** What each answer of the subrequest means. */
const STATUSES = [
  { text: "2xx", verdict: "the request goes on", holds: isSuccess },
  { text: "401 or 403", verdict: "the client gets the same status", holds: isRefusal },
  {
    text: "anything else",
    verdict: "500, and a line in the error log",
    holds: (status: number): boolean => !isSuccess(status) && !isRefusal(status),
  },
] as const;

function answered(
  context: NginxContext,
  parent: NginxRequest,
  child: NginxRequest,
  status: number,
): void {
  const challenges = child.out.list
    .filter((header) => header.name.toLowerCase() === "www-authenticate")
    .map((header) => header.value);
  const answer: Answer = { status, challenges };
  parent.ctx[DONE] = answer;
  for (const setting of valueAt(parent.location, setRow)) {
    parent.variables[setting.name] = context.evaluate(setting.value, child);
  }
  parent.waitingFor = null;
  context.step(parent, "hearSubrequest", status, () => ({
    values: { status },
    cause: causeOf(settingOf(parent.location, uriRow).span, "who decides"),
    alternatives: STATUSES.map(({ text, verdict, holds }) => ({
      ...{ text, verdict },
      chosen: holds(status),
    })),
  }));
  context.resume(parent);
}

/** auth_request. */
export const authRequestModule: NginxModule = {
  name: NAME,
  directives: [uriRow, setRow] as unknown as DirectiveRow[],
  phases: { access: authHandler },
  subrequestDone: answered,
};
