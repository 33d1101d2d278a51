// A layer's state machines as a Markdown page: a diagram (Mermaid), the states and the transitions,
// all from the definitions that run.
import type { Layer, MachineView } from "../layers/layer.ts";

/** The page of one layer. */
export function machinePage(layer: Layer): string {
  const intro = `# ${layer.title}: state machines\n\nWritten by \`npm run -s machines\` from the definitions that the simulation runs.\n`;
  return `${[intro, ...layer.views.map(section)].join("\n")}`;
}

function section({ machine, words }: MachineView): string {
  const { spec } = machine;
  const lines = [
    `## ${spec.name}`,
    "",
    words.summary,
    "",
    `Source: ${spec.source}`,
    "",
    "```mermaid",
    "stateDiagram-v2",
    `  [*] --> ${id(spec.initial)}`,
  ];
  for (const state of machine.stateNames)
    if (id(state) !== state) lines.push(`  state "${state}" as ${id(state)}`);
  for (const name of machine.transitionNames) {
    for (const from of origins(spec.transitions[name].from))
      lines.push(`  ${id(from)} --> ${id(spec.transitions[name].to)}: ${name}`);
  }
  for (const state of machine.stateNames)
    if (spec.states[state].final === true) lines.push(`  ${id(state)} --> [*]`);
  lines.push("```", "", "| state | meaning |", "|---|---|");
  for (const state of machine.stateNames) lines.push(`| ${state} | ${cell(words.states[state])} |`);
  lines.push("", "| transition | from | to | on |", "|---|---|---|---|");
  for (const name of machine.transitionNames) {
    const { from, to, on, after } = spec.transitions[name];
    lines.push(
      `| ${name} | ${origins(from).join(", ")} | ${to} | ${cell(on)}${after === undefined ? "" : ` (${cell(after)})`} |`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function origins(from: string | readonly string[]): readonly string[] {
  return typeof from === "string" ? [from] : from;
}

/** Mermaid takes letters, digits and underscores in a state's name. */
function id(state: string): string {
  return state.replace(/[^A-Za-z0-9]/g, "_");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
