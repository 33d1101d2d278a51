// auth_basic: name and password against an htpasswd file.
// Source: nginx 1.22.1, src/http/modules/ngx_http_auth_basic_module.c.
import { isDiskError } from "../../host/disk.ts";
import { decodeBase64 } from "./base64.ts";
import { causeOf } from "./cause.ts";
import { diskErrorText } from "./error-text.ts";
import { passwordMatches, passwordOf } from "./htpasswd.ts";
import { fireLimit } from "./limit-zone.ts";
import type { NginxContext, NginxModule, PhaseResult } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { templateRow } from "./setting-rows.ts";
import type { DirectiveRow } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";

const realmRow = templateRow("auth_basic");
const fileRow = templateRow("auth_basic_user_file");

function authHandler(context: NginxContext, request: NginxRequest): PhaseResult {
  const realmText = valueAt(request.location, realmRow);
  const fileText = valueAt(request.location, fileRow);
  if (realmText === null || fileText === null) return "next";
  const realm = context.evaluate(realmText, request);
  if (realm === "off") return "next";
  const given = credentials(request);
  if (given === null) {
    const text = "no user/password was provided for basic authentication";
    context.logError(request, "info", text);
    return challenge(context, request, realm, text);
  }
  return checkPassword(context, request, {
    ...given,
    realm,
    file: context.evaluate(fileText, request),
  });
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Name and password of `Authorization: Basic …`; null when there are none (ngx_http_auth_basic_user). */
export function credentials(request: NginxRequest): Credentials | null {
  const header = request.headersIn.find((one) => one.key === "authorization");
  const match = /^basic +(.+)$/i.exec(header?.value ?? "");
  const decoded = match === null ? null : decodeBase64(match[1]);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === null || colon < 0) return null;
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

interface Check extends Credentials {
  readonly realm: string;
  readonly file: string;
}

function checkPassword(context: NginxContext, request: NginxRequest, check: Check): PhaseResult {
  const { user, realm } = check;
  const path = check.file.startsWith("/") ? check.file : `/etc/nginx/${check.file}`;
  const node = context.host.disk.open(path, workerUser(context, request));
  if (isDiskError(node)) {
    context.logError(request, "error", `open() "${path}" failed ${diskErrorText(node.error)}`);
    return node.error === "ENOENT" ? 403 : 500;
  }
  const field = passwordOf(node.text ?? "", user);
  if (field === null) {
    const text = `user "${user}" was not found in "${path}"`;
    context.logError(request, "error", text);
    return challenge(context, request, realm, text);
  }
  if (!passwordMatches(check.password, field)) {
    const text = `user "${user}": password mismatch`;
    context.logError(request, "error", text);
    return challenge(context, request, realm, text);
  }
  note(context, request, "pass", `user "${user}": password fits`);
  return "ok";
}

function workerUser(context: NginxContext, request: NginxRequest): string {
  return context.host.processes.get(request.worker)?.user ?? "nobody";
}

function challenge(
  context: NginxContext,
  request: NginxRequest,
  realm: string,
  why: string,
): PhaseResult {
  note(context, request, "reject", why);
  request.out.list.push({ name: "WWW-Authenticate", value: `Basic realm="${realm}"` });
  return 401;
}

function note(
  context: NginxContext,
  request: NginxRequest,
  event: "pass" | "reject",
  why: string,
): void {
  fireLimit(context, request, "auth_basic", {
    event,
    facts: () => ({
      values: { module: "auth_basic", why },
      cause: causeOf(settingOf(request.location, realmRow).span, "the realm of this location"),
    }),
  });
}

/** auth_basic. */
export const authBasicModule: NginxModule = {
  name: "auth_basic",
  directives: [realmRow, fileRow] as unknown as DirectiveRow[],
  phases: { access: authHandler },
};
