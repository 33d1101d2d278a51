// What nginx changes in the headers of an answer: Location and Refresh that name the upstream, and the domain, path
// and flags of cookies.
// Source: nginx 1.22.1, ngx_http_proxy_module.c (ngx_http_proxy_rewrite_redirect, _rewrite_cookie, _edit_cookie_flags).
import type { CookieFlagsRule, RewriteMatch, RewriteRule } from "./proxy-directives.ts";
import type { ProxyTarget } from "./proxy-pass.ts";
import type { Template } from "./template.ts";

export type Evaluate = (template: Template, captures?: readonly string[]) => string;

/** A rule with its texts evaluated late, because its pattern may set captures. */
export interface RedirectRules {
  readonly rules: readonly RewriteRule[];
  readonly target: ProxyTarget | null;
}

/**
 * A Location (or the URL of a Refresh) rewritten by proxy_redirect; null when no rule applies. Without rules the
 * default holds: the URL of proxy_pass becomes the location's prefix.
 */
export function rewriteRedirect(
  value: string,
  { rules, target }: RedirectRules,
  evaluate: Evaluate,
): string | null {
  if (rules.some((rule) => rule.kind === "off")) return null;
  const effective: readonly RewriteRule[] = rules.length === 0 ? [{ kind: "default" }] : rules;
  for (const rule of effective) {
    const rewritten =
      rule.kind === "pair" ? rewriteByPair(value, rule, evaluate) : rewriteByDefault(value, target);
    if (rewritten !== null) return rewritten;
  }
  return null;
}

function rewriteByDefault(value: string, target: ProxyTarget | null): string | null {
  const url = target?.url ?? null;
  if (target === null || url === null) return null;
  const prefix = url.uri === "" ? `${target.text}/` : target.text;
  const replacement = url.uri === "" ? "/" : target.locationName;
  return value.startsWith(prefix) ? replacement + value.slice(prefix.length) : null;
}

type Pair = Extract<RewriteRule, { kind: "pair" }>;

function rewriteByPair(value: string, rule: Pair, evaluate: Evaluate): string | null {
  if (rule.match.kind === "regex") {
    const found = rule.match.pattern.regex.exec(value);
    return found === null ? null : evaluate(rule.replacement, capturesOf(found));
  }
  const prefix = evaluate(rule.match.text);
  return value.startsWith(prefix) ? evaluate(rule.replacement) + value.slice(prefix.length) : null;
}

function capturesOf(found: RegExpExecArray): string[] {
  return found.map((group) => group ?? "");
}

export interface CookieRules {
  readonly domain: readonly RewriteRule[];
  readonly path: readonly RewriteRule[];
  readonly flags: readonly CookieFlagsRule[];
}

interface Attribute {
  name: string;
  value: string | null;
}

/** A Set-Cookie value rewritten; null when nothing applies. */
export function rewriteCookie(
  value: string,
  rules: CookieRules,
  evaluate: Evaluate,
): string | null {
  const attributes = value.split(";").map(readAttribute);
  if (attributes[0].value === null) return null;
  let changed = false;
  for (const attribute of attributes.slice(1)) {
    const rewritten = rewriteAttribute(attribute, rules, evaluate);
    if (rewritten === null) continue;
    attribute.value = rewritten;
    changed = true;
  }
  const flagged = applyFlags(attributes, rules.flags, evaluate);
  if (!changed && flagged === null) return null;
  return (flagged ?? attributes)
    .map(({ name, value: text }) => (text === null ? name : `${name}=${text}`))
    .join("; ");
}

function readAttribute(text: string): Attribute {
  const at = text.indexOf("=");
  if (at < 0) return { name: text.trim(), value: null };
  return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

function rewriteAttribute(
  { name, value }: Attribute,
  rules: CookieRules,
  evaluate: Evaluate,
): string | null {
  if (value === null) return null;
  const key = name.toLowerCase();
  if (key === "domain")
    return firstRewrite(rules.domain, (rule) => rewriteDomain(value, rule, evaluate));
  if (key === "path")
    return firstRewrite(rules.path, (rule) => rewriteByPair(value, rule, evaluate));
  return null;
}

function firstRewrite(
  rules: readonly RewriteRule[],
  rewrite: (rule: Pair) => string | null,
): string | null {
  if (rules.some((rule) => rule.kind === "off")) return null;
  for (const rule of rules) {
    const found = rule.kind === "pair" ? rewrite(rule) : null;
    if (found !== null) return found;
  }
  return null;
}

/** A domain must match as a whole, in any case, a leading dot aside. */
function rewriteDomain(value: string, rule: Pair, evaluate: Evaluate): string | null {
  if (rule.match.kind === "regex") return rewriteByPair(value, rule, evaluate);
  const dot = value.startsWith(".") ? "." : "";
  const pattern = evaluate(rule.match.text).toLowerCase().replace(/^\./, "");
  if (value.slice(dot.length).toLowerCase() !== pattern) return null;
  return dot + evaluate(rule.replacement).replace(/^\./, "");
}

const SAME_SITE: Readonly<Record<string, string>> = {
  "samesite=strict": "Strict",
  "samesite=lax": "Lax",
  "samesite=none": "None",
};

function applyFlags(
  attributes: readonly Attribute[],
  rules: readonly CookieFlagsRule[],
  evaluate: Evaluate,
): Attribute[] | null {
  const rule = rules.find((one) => matchesName(attributes[0].name, one.match, evaluate));
  if (rule === undefined) return null;
  const flags = rule.flags.map((flag) => evaluate(flag).toLowerCase()).filter((f) => f !== "");
  if (flags.length === 0) return null;
  const kept = attributes.filter(({ name }) => !flags.includes(`no${name.toLowerCase()}`));
  const withSecure = withMark(kept, "Secure", flags.includes("secure"));
  const withHttpOnly = withMark(withSecure, "HttpOnly", flags.includes("httponly"));
  return withSameSite(withHttpOnly, flags);
}

function matchesName(name: string, match: RewriteMatch | null, evaluate: Evaluate): boolean {
  if (match === null) return false;
  if (match.kind === "regex") return match.pattern.regex.test(name);
  return evaluate(match.text).toLowerCase() === name.toLowerCase();
}

function withMark(attributes: Attribute[], mark: string, wanted: boolean): Attribute[] {
  const has = attributes.slice(1).some(({ name }) => name.toLowerCase() === mark.toLowerCase());
  return wanted && !has ? [...attributes, { name: mark, value: null }] : attributes;
}

function withSameSite(attributes: Attribute[], flags: readonly string[]): Attribute[] {
  const wanted = flags.map((flag) => SAME_SITE[flag]).find((value) => value !== undefined);
  if (wanted === undefined) return attributes;
  const at = attributes.findIndex(({ name }, i) => i > 0 && name.toLowerCase() === "samesite");
  if (at < 0) return [...attributes, { name: "SameSite", value: wanted }];
  const isSame = attributes[at].value?.toLowerCase() === wanted.toLowerCase();
  if (isSame) return attributes;
  return attributes.map((one, i) => (i === at ? { name: "SameSite", value: wanted } : one));
}
