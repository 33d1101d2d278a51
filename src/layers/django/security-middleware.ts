// SecurityMiddleware. Source: django/middleware/security.py, 3.2.
import { memoByIdentity } from "../../kernel/memo.ts";
import { type Django, isException, settingsOf } from "./django.ts";
import { fullPath, getHost, type HttpRequest, isSecure } from "./http-request.ts";
import {
  getHeader,
  type Response,
  redirectResponse,
  setDefaultHeader,
  setHeader,
} from "./http-response.ts";
import { type Run, raiseException } from "./run.ts";
import { type Settings, setting } from "./settings.ts";
import { compileRegex } from "./url-pattern.ts";

export function securityRequest(django: Django, run: Run): void {
  const settings = settingsOf(django, run);
  const http = run.http as HttpRequest;
  if (!setting<boolean>(settings, "SECURE_SSL_REDIRECT") || isSecure(settings, http)) return;
  const path = http.path.replace(/^\/+/, "");
  if (
    setting<readonly string[]>(settings, "SECURE_REDIRECT_EXEMPT").some((pattern) =>
      searches(pattern, path),
    )
  )
    return;
  const host = setting<string | null>(settings, "SECURE_SSL_HOST") ?? getHost(settings, http);
  if (typeof host !== "string") {
    raiseException(run, host);
    return;
  }
  const response = redirectResponse(`https://${host}${fullPath(http)}`, true);
  if (!isException(response)) run.value = response;
}

const NOWHERE = { file: "", start: 0, end: 0, line: 0 };

/** Whether a regular expression of the settings is found in a text. */
export function searches(pattern: string, text: string): boolean {
  return compileRegex(pattern, false, NOWHERE).regex?.test(text) ?? false;
}

export function securityResponse(django: Django, run: Run, response: Response): void {
  const settings = settingsOf(django, run);
  const seconds = setting<number>(settings, "SECURE_HSTS_SECONDS");
  if (
    seconds > 0 &&
    isSecure(settings, run.http as HttpRequest) &&
    getHeader(response, "Strict-Transport-Security") === null
  ) {
    const subdomains = setting<boolean>(settings, "SECURE_HSTS_INCLUDE_SUBDOMAINS")
      ? "; includeSubDomains"
      : "";
    const preload = setting<boolean>(settings, "SECURE_HSTS_PRELOAD") ? "; preload" : "";
    setHeader(response, "Strict-Transport-Security", `max-age=${seconds}${subdomains}${preload}`);
  }
  if (setting<boolean>(settings, "SECURE_CONTENT_TYPE_NOSNIFF"))
    setDefaultHeader(response, "X-Content-Type-Options", "nosniff");
  if (setting<boolean>(settings, "SECURE_BROWSER_XSS_FILTER"))
    setDefaultHeader(response, "X-XSS-Protection", "1; mode=block");
  const policy = referrerPolicy(settings);
  if (policy !== null) setDefaultHeader(response, "Referrer-Policy", policy);
}

/** The header's value; null for none. */
const referrerPolicy = memoByIdentity((settings: Settings): string | null => {
  const policy = setting<string | readonly string[] | null>(settings, "SECURE_REFERRER_POLICY");
  if (policy === null || policy.length === 0) return null;
  if (typeof policy !== "string") return policy.join(",");
  const parts = policy.split(",").map((part) => part.trim());
  return parts.join(",");
});
