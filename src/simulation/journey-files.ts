// The files and commands of a scenario as they are read beside the stage, with their diagnostics.
import type { Diagnostic } from "../text/diagnostic.ts";
import type { JourneyFile } from "./journey.ts";
import type { Run } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import { DATABASE, JSON_PARTS, type JsonPart, jsonText, WORLD, worldOf } from "./scenario-parts.ts";
import { viewDiagnostics } from "./view-diagnostics.ts";

/** What the programs of a run found in their texts, each once, after what was `found` before it. */
export function diagnosticsOf(run: Run, found: readonly Diagnostic[] = []): readonly Diagnostic[] {
  const all = [
    ...found,
    ...viewDiagnostics(run.scenario),
    ...run.programs.diagnostics(),
    ...run.recording.diagnostics.values(),
  ].map((each) => [`${each.file}:${each.line}:${each.start ?? ""}:${each.message}`, each] as const);
  return [...new Map(all).values()];
}

/** What is said of no text of the scenario: nginx names no file for an unknown variable. */
export function placeless(
  files: readonly JourneyFile[],
  diagnostics: readonly Diagnostic[],
): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  return diagnostics
    .filter(({ file, severity }) => !paths.has(file) && severity !== "not-simulated")
    .map(({ message, file, line }) => (file === "" ? message : `${message} in ${file}:${line}`));
}

/** The texts of `scenario`, each with those of `diagnostics` that speak of it. */
export function scenarioTexts(
  scenario: Scenario,
  diagnostics: readonly Diagnostic[],
): JourneyFile[] {
  const text = (path: string, shown: Omit<JourneyFile, "path" | "diagnostics">): JourneyFile => ({
    ...{ path, ...shown },
    diagnostics: diagnostics.filter(({ file }) => file === path),
  });
  const commands = scenario.processes.flatMap((command, i) =>
    // A command that was removed leaves its number free.
    command === ""
      ? []
      : [
          text(`command:${i + 1}`, {
            ...{ title: commandTitle(command), language: "shell", text: command },
          }),
        ],
  );
  const files = Object.entries(scenario.files).flatMap(([path, file]) => {
    const content = typeof file === "string" ? file : "text" in file ? file.text : null;
    const language = languageOf(path);
    return content === null ? [] : [text(path, { title: path, language, text: content })];
  });
  const zones = Object.entries(scenario.zones ?? {}).map(([origin, content]) =>
    text(`zone:${origin}`, { title: `zone ${origin}`, language: "zone", text: content }),
  );
  const json = JSON_PARTS.flatMap((part) =>
    scenario[part] === undefined
      ? []
      : [text(part, { title: partTitles[part], language: "json", text: jsonText(scenario[part]) })],
  );
  const world = worldOf(scenario);
  return [
    ...[...commands, ...files, ...zones, ...json],
    ...(scenario.database === undefined
      ? []
      : [
          text(DATABASE, {
            ...{ title: "the database before the run", language: "sql", text: scenario.database },
          }),
        ]),
    ...(Object.keys(world).length === 0
      ? []
      : [text(WORLD, { title: "machine and links", language: "json", text: jsonText(world) })]),
  ];
}

const partTitles: Readonly<Record<JsonPart, string>> = {
  views: "what the views do",
  middleware: "what the middleware does",
  timeline: "what happens when",
};

function commandTitle(command: string): string {
  const words = command.split(/\s+/);
  const name =
    words[0] === "sudo"
      ? words[1]
      : words[0] === "env"
        ? (words.find((word, i) => i > 0 && !word.includes("=")) ?? "env")
        : words[0];
  return `${name} command`;
}

function languageOf(path: string): JourneyFile["language"] {
  if (path.endsWith(".py")) return "python";
  if (path.includes("/nginx/")) return "nginx";
  if (/\.(service|socket|conf|ini|cfg)$/.test(path)) return "ini";
  return "text";
}
