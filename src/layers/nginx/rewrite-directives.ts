// The rewrite module's directives: rewrite, return, set, break, and the condition of if. They become
// steps of a script that runs in file order. Source: src/http/modules/ngx_http_rewrite_module.c.
import { argumentText, argumentTexts, type Directive } from "./config-tree.ts";
import { row } from "./directive-rows.ts";
import type {
  BuildContext,
  Condition,
  ConfigError,
  DirectiveRow,
  RewriteFlag,
  ScriptStep,
} from "./settings.ts";
import { parseNumber } from "./units.ts";

type Script = readonly ScriptStep[];

const isUrl = (text: string): boolean => /^(?:https?:\/\/|\$scheme)/.test(text);

function isError(value: object): value is ConfigError {
  return "emerg" in value;
}

function scriptRow(
  name: string,
  step: (directive: Directive, build: BuildContext) => ScriptStep | ConfigError,
): DirectiveRow<Script> {
  return row<Script>(
    name,
    [],
    (directive, build, before) => {
      const made = step(directive, build);
      return isError(made) ? made : [...(before ?? []), made];
    },
    { key: "rewrite script", inherit: "none", repeat: true },
  );
}

/** All steps of a level, under the key "rewrite script". */
export const REWRITE = scriptRow("rewrite", rewriteStep);
const RETURN = scriptRow("return", returnStep);
const SET = scriptRow("set", setStep);
const BREAK = scriptRow("break", (directive) => ({ kind: "break", span: directive.span }));

export const rewriteDirectives: readonly DirectiveRow[] = [REWRITE, RETURN, SET, BREAK];

function rewriteStep(directive: Directive, build: BuildContext): ScriptStep | ConfigError {
  const [source, written, flag = ""] = argumentTexts(directive);
  if (written === "") return { emerg: "empty replacement" };
  const pattern = build.pattern(source, directive);
  if (isError(pattern)) return pattern;
  if (!["", "last", "break", "redirect", "permanent"].includes(flag))
    return { emerg: `invalid parameter "${flag}"` };
  const isRedirect = isUrl(written) || flag === "redirect" || flag === "permanent";
  const replacement = written.endsWith("?") ? written.slice(0, -1) : written;
  return {
    kind: "rewrite",
    pattern,
    replacement: build.template(replacement, directive),
    flag: flag as RewriteFlag,
    redirect: !isRedirect ? 0 : flag === "permanent" ? 301 : 302,
    appendArgs: !written.endsWith("?"),
    span: directive.span,
  };
}

function returnStep(directive: Directive, build: BuildContext): ScriptStep | ConfigError {
  const [first, second] = argumentTexts(directive);
  const { span } = directive;
  const status = parseNumber(first);
  if (status === null) {
    if (second !== undefined || !isUrl(first)) return { emerg: `invalid return code "${first}"` };
    return { kind: "return", status: 302, text: build.template(first, directive), span };
  }
  if (status > 999) return { emerg: `invalid return code "${first}"` };
  const text = second === undefined ? null : build.template(second, directive);
  return { kind: "return", status, text, span };
}

function setStep(directive: Directive, build: BuildContext): ScriptStep | ConfigError {
  const [name, value] = argumentTexts(directive);
  if (!name.startsWith("$") || name.length < 2) return { emerg: `invalid variable name "${name}"` };
  build.declareVariable(name.slice(1));
  const template = build.template(value, directive);
  return { kind: "set", name: name.slice(1), value: template, span: directive.span };
}

/** Reads the condition of an if: its words still carry the parentheses. */
export function parseCondition(directive: Directive, build: BuildContext): Condition | ConfigError {
  const words = argumentTexts(directive).slice();
  const last = words.length - 1;
  if (!words[0]?.startsWith("(")) return invalid(argumentText(directive, 0));
  if (!words[last].endsWith(")")) return invalid(words[last].replace(/^\(/, ""));
  words[last] = words[last].slice(0, -1);
  words[0] = words[0].slice(1);
  if (words.length === 1 && words[0] === "") return invalid(")");
  if (words[last] === "") words.pop();
  if (words[0] === "") words.shift();
  const [first = ""] = words;
  if (first.length > 1 && first.startsWith("$")) return variableCondition(words, directive, build);
  const file = /^(!?)-([fdex])$/.exec(first);
  if (file === null || words.length !== 2) return invalid(first);
  return {
    kind: "file",
    test: file[2] as "f" | "d" | "e" | "x",
    path: build.template(words[1], directive),
    negated: file[1] === "!",
  };
}

const invalid = (word: string): ConfigError => ({ emerg: `invalid condition "${word}"` });

function variableCondition(
  words: readonly string[],
  directive: Directive,
  build: BuildContext,
): Condition | ConfigError {
  const variable = words[0].slice(1);
  build.template(words[0], directive);
  if (words.length === 1) return { kind: "true", variable };
  if (words.length !== 3) return invalid(words[0]);
  const [, operator, operand] = words;
  const negated = operator.startsWith("!");
  if (operator === "=" || operator === "!=")
    return { kind: "equal", variable, value: build.template(operand, directive), negated };
  if (/^!?~\*?$/.test(operator)) {
    const pattern = build.pattern(operand, directive, operator.endsWith("*"));
    return isError(pattern) ? pattern : { kind: "match", variable, pattern, negated };
  }
  return { emerg: `unexpected "${operator}" in condition` };
}
