// What of a scenario's views and middleware is not simulated, at its line of the text that is shown.
import { unknownNames } from "../layers/django/view-names.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { jsonLines, lineOfPath } from "../text/json-lines.ts";
import type { Scenario } from "./scenario.ts";
import { jsonText } from "./scenario-parts.ts";

export function viewDiagnostics(scenario: Scenario): readonly Diagnostic[] {
  const { views = {}, middleware = {} } = scenario;
  return unknownNames(views, middleware).map(({ part, place, message }) => ({
    ...{ severity: "not-simulated" as const, file: part, message },
    line: lineOfPath(jsonLines(jsonText(scenario[part])), place),
  }));
}
