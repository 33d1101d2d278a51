// The directives of the uwsgi module: where requests go and which parameters the packet carries.
// Source: nginx 1.22.1, src/http/modules/ngx_http_uwsgi_module.c.
import { argumentText, type Directive } from "./config-tree.ts";
import { numberRow, row } from "./directive-rows.ts";
import type { ProxyTarget } from "./proxy-pass.ts";
import { listRow } from "./setting-rows.ts";
import type { BuildContext, ConfigError } from "./settings.ts";
import type { Template } from "./template.ts";
import { parseUpstreamUrl } from "./upstream-address.ts";
import { upstreamRows } from "./upstream-directives.ts";

/** A `uwsgi_param` line. */
export interface UwsgiParamSetting {
  readonly name: string;
  readonly value: Template;
  readonly ifNotEmpty: boolean;
}

export const uwsgiPassRow = row<ProxyTarget | null>("uwsgi_pass", null, readUwsgiPass, {
  inherit: "unnamed",
  handler: "uwsgi",
});

export const uwsgiParamRow = listRow<UwsgiParamSetting>("uwsgi_param", {
  fallback: [],
  repeat: true,
  read: (directive, build) => {
    const mode = argumentText(directive, 2);
    if (mode !== "" && mode !== "if_not_empty") return { emerg: `invalid parameter "${mode}"` };
    const value = build.template(argumentText(directive, 1), directive);
    return [{ name: argumentText(directive, 0), value, ifNotEmpty: mode !== "" }];
  },
});

export const uwsgiRows = {
  ...upstreamRows("uwsgi"),
  modifier1: numberRow("uwsgi_modifier1", 0),
  modifier2: numberRow("uwsgi_modifier2", 0),
};

function readUwsgiPass(directive: Directive, build: BuildContext): ProxyTarget | ConfigError {
  const text = argumentText(directive, 0);
  const rest = text.replace(/^s?uwsgi:\/\//, "");
  const base = { text, locationName: build.location?.name ?? "", span: directive.span };
  if (text.includes("$")) {
    const template = build.template(text, directive);
    if (template.constant === null) return Object.freeze({ ...base, template, url: null });
  }
  const target = parseUpstreamUrl(rest, 0, false);
  if ("error" in target) return { emerg: `${target.error} in upstream "${rest}"` };
  const url = { schema: "uwsgi://", target, hostHeader: target.host, port: "", uri: "" } as const;
  return Object.freeze({ ...base, template: null, url });
}
