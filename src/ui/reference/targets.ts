// Where the entries of the reference page lead: a scenario, and the step of it that shows the matter.
import type { StepTarget } from "../session/steps.ts";

export interface Target {
  readonly scenario: string;
  readonly step: StepTarget;
}

/** The brief's own scenario: every layer is in it. */
function first(step: StepTarget): Target {
  return { scenario: "first-visit", step };
}

export const targets = {
  enter: first({ layer: "browser" }),
  dns: first({ layer: "dns" }),
  connect: first({ layer: "tcp" }),
  tls: first({ layer: "tls" }),
  nginx: first({ layer: "nginx" }),
  location: first({ layer: "nginx", text: "location" }),
  proxy: first({ layer: "nginx", text: "content proxy" }),
  gunicorn: first({ layer: "gunicorn" }),
  wsgi: first({ layer: "gunicorn", text: "environ" }),
  django: first({ layer: "django" }),
  middlewareIn: first({ layer: "django", text: "middleware" }),
  urls: first({ layer: "django", text: "urls.py" }),
  view: first({ layer: "django", text: "view" }),
  database: first({ layer: "database" }),
  template: first({ layer: "django", text: "template" }),
  respond: first({ layer: "gunicorn", text: "response" }),
  back: first({ layer: "nginx", text: "response" }),
  page: first({ layer: "browser", text: "page" }),
  upgrade: { scenario: "typed-without-https", step: { text: "301" } },
  static: { scenario: "static-file", step: { layer: "nginx", text: "/static/" } },
  cache: { scenario: "cached-page", step: { layer: "nginx", text: "cache" } },
  limit: { scenario: "rate-limit", step: { layer: "nginx", text: "limit_req" } },
  csrf: { scenario: "form-post", step: { layer: "django", text: "csrf" } },
  login: { scenario: "login-required", step: { layer: "django", text: "login" } },
  json: { scenario: "json-api", step: { layer: "django", text: "json" } },
  gunicornDown: { scenario: "gunicorn-down", step: { text: "502" } },
  killed: { scenario: "worker-timeout", step: { layer: "gunicorn", text: "timeout" } },
  noName: { scenario: "no-such-name", step: { layer: "dns" } },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;
