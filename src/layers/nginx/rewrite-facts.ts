// What the panel shows of the rewrite module's script: every line in file order with what became of it.
// Kept only for requests that somebody looks at.
import type { Alternative } from "../layer.ts";
import { causeOf } from "./cause.ts";
import type { Condition, Conf, ScriptStep } from "./settings.ts";

/** `$http_x = yes`, as the file has it between the brackets of an if. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "true":
      return `$${condition.variable}`;
    case "equal":
      return `$${condition.variable} ${condition.negated ? "!=" : "="} ${condition.value.source}`;
    case "match": {
      const { source, caseless } = condition.pattern;
      return `$${condition.variable} ${condition.negated ? "!" : ""}~${caseless ? "*" : ""} ${source}`;
    }
    case "file":
      return `${condition.negated ? "!" : ""}-${condition.test} ${condition.path.source}`;
  }
}

/** A line of the script, as written as far as it is known. */
function stepText(step: ScriptStep): string {
  switch (step.kind) {
    case "rewrite":
      return `rewrite ${step.pattern.source} ${step.replacement.source}${step.flag === "" ? "" : ` ${step.flag}`}`;
    case "return":
      return `return ${step.status}${step.text === null ? "" : ` ${step.text.source}`}`;
    case "set":
      return `set $${step.name} ${step.value.source}`;
    case "if":
      return `if (${conditionText(step.condition)})`;
    case "break":
      return "break";
  }
}

/** Directives of the location around an if that are not inherited into it. */
export function linesLostInside(outer: Conf, inner: Conf): readonly Alternative[] {
  return [...outer.settings]
    .filter(([name]) => !inner.settings.has(name) && name !== SCRIPT)
    .map(([text, { span }]) => ({
      text,
      chosen: false,
      verdict: "does not hold inside the if",
      cause: causeOf(span, "a line of the location around it"),
    }));
}

/** The script itself goes on after the if. */
const SCRIPT = "rewrite script";

/** What became of the lines of a script so far. */
export type ScriptVerdicts = Map<ScriptStep, string>;

/** The lines of a script with their verdicts; those not reached say so. */
export function scriptAlternatives(
  script: readonly ScriptStep[],
  at: ScriptStep,
  verdicts: ScriptVerdicts,
): readonly Alternative[] {
  return script.map((step) => ({
    text: stepText(step),
    chosen: step === at,
    verdict: verdicts.get(step) ?? "not reached yet",
    cause: causeOf(step.span, stepText(step)),
  }));
}
