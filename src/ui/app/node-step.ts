// Which step a part of the diagram stands for: the next one, or else the first, at which it is at work.
import type { Journey, Step } from "../../simulation/journey.ts";
import type { DiagramNode, PartRef } from "../diagram/nodes.ts";

/** The step to go to when a node is chosen; null for a whole box, which opens its picture instead. */
export function stepOfNode(journey: Journey, from: number, node: DiagramNode): number | null {
  const { part } = node;
  if (part === undefined) return null;
  const fitting = journey.steps.filter((step) => isAtWork(step, part)).map((step) => step.index);
  return fitting.find((index) => index > from) ?? fitting[0] ?? null;
}

function isAtWork({ scene }: Step, part: PartRef): boolean {
  switch (part.kind) {
    case "phase":
      return scene.token.at === "nginx" && isNow(scene.nginx.phases, part.name);
    case "ring":
      return scene.token.at === "django" && isNow(scene.django.middleware, part.name);
    case "inside":
      return isNow(scene.django.inside, part.name);
    case "dns":
      return scene.token.at === part.place;
    case "act":
      return false;
    case "worker":
      return scene.token.at === "worker" && scene.token.worker === part.number;
  }
}

function isNow(
  parts: readonly { readonly name: string; readonly state: string }[],
  name: string,
): boolean {
  return parts.some((part) => part.name === name && part.state === "now");
}
