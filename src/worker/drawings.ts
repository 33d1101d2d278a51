// Turns a layer's machine, words and sketch into the plain data that the page draws. Functions do not
// cross to the page, so the sentences of single steps are made here, in the worker, with the story.
import type { Layer, MachineView } from "../layers/layer.ts";
import type { MachineDrawing } from "./protocol.ts";

/** Every machine of every layer, in the order of the layers. */
export function drawingsOf(layers: readonly Layer[]): readonly MachineDrawing[] {
  return layers.flatMap((layer) => layer.views.map((view) => drawingOf(layer, view)));
}

function drawingOf(layer: Layer, view: MachineView): MachineDrawing {
  const { spec, stateNames, transitionNames } = view.machine;
  return {
    name: spec.name,
    layer: layer.id,
    source: spec.source,
    summary: view.words.summary,
    states: stateNames.map((name) => ({
      name,
      final: spec.states[name].final === true,
      initial: name === spec.initial,
      words: view.words.states[name],
      at: view.sketch[name],
    })),
    transitions: transitionNames.map((name) => {
      const { from, to, on, after } = spec.transitions[name];
      return { name, from: typeof from === "string" ? [from] : from, to, on, after };
    }),
  };
}
