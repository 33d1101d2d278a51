// Rows of the directive table for two more kinds of value: a text with variables, and a list that one
// line or several make.
// Source: nginx 1.22.1, src/http/ngx_http_script.c (ngx_http_set_complex_value_slot).
import { argumentText, type Directive } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type { BuildContext, ConfigError, DirectiveRow } from "./settings.ts";
import type { Template } from "./template.ts";

/** A directive whose argument is a text with variables; null when it is not set. */
export function templateRow(name: string): DirectiveRow<Template | null> {
  return row<Template | null>(name, null, (directive, build) =>
    build.template(argumentText(directive, 0), directive),
  );
}

/** A directive that makes a list, read by `read`; several lines add up when it may `repeat`. */
export function listRow<T>(
  name: string,
  options: {
    readonly fallback: readonly T[];
    readonly repeat?: true;
    readonly read: (
      directive: Directive,
      build: BuildContext,
      before: readonly T[],
    ) => readonly T[] | ConfigError;
  },
): DirectiveRow<readonly T[]> {
  const { repeat, fallback, read } = options;
  const parse: DirectiveRow<readonly T[]>["parse"] = (directive, build, before) => {
    const earlier = repeat === undefined ? [] : (before ?? []);
    const items = read(directive, build, earlier);
    return isConfigError(items) ? items : Object.freeze([...earlier, ...items]);
  };
  return row<readonly T[]>(name, fallback, parse, { inherit: "array", repeat });
}

/** Whether a row's parser refused. */
export function isConfigError(value: unknown): value is ConfigError {
  return typeof value === "object" && value !== null && "emerg" in value;
}
