// The files and commands of a scenario as they are read beside the stage, with their diagnostics.
import type { Diagnostic } from "../text/diagnostic.ts";
import type { JourneyFile } from "./journey.ts";
import type { Run } from "./run.ts";

/** Every text of the scenario, configuration first. */
export function journeyFiles(run: Run): JourneyFile[] {
  const diagnostics = [...run.programs.diagnostics(), ...run.recording.diagnostics.values()];
  const of = (path: string): Diagnostic[] =>
    diagnostics.filter((diagnostic) => diagnostic.file === path);
  const { scenario } = run;
  const commands = scenario.processes.map((text, i): JourneyFile => {
    const path = `command:${i + 1}`;
    return { path, title: commandTitle(text), language: "shell", text, diagnostics: of(path) };
  });
  const files = Object.entries(scenario.files).flatMap(([path, file]): JourneyFile[] => {
    const text = typeof file === "string" ? file : "text" in file ? file.text : null;
    return text === null
      ? []
      : [{ path, title: path, language: languageOf(path), text, diagnostics: of(path) }];
  });
  const zones = Object.entries(scenario.zones ?? {}).map(([origin, text]): JourneyFile => {
    const path = `zone:${origin}`;
    return { path, title: `zone ${origin}`, language: "zone", text, diagnostics: of(path) };
  });
  const views: JourneyFile[] =
    scenario.views === undefined
      ? []
      : [
          {
            path: "views",
            title: "what the views do",
            language: "text",
            text: JSON.stringify(scenario.views, null, 2),
            diagnostics: of("views"),
          },
        ];
  return [...commands, ...files, ...zones, ...views];
}

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
