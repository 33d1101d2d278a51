// What travels at a step, and which way. The token of a scene carries the request's name all along; on
// the DNS and on the wire the reader wants to see the question, the segment or the record instead.
import type { LayerId } from "../../layers/layer.ts";
import type { Step } from "../../simulation/journey.ts";

export interface Travel {
  readonly label: string;
  /** "request" goes from the client to the server, "response" comes back. */
  readonly direction: "request" | "response";
}

const OWN_MESSAGES: ReadonlySet<LayerId> = new Set(["dns", "tcp", "tls", "database"]);

/** The label and the direction of the message of a step. */
export function travelOf(step: Step): Travel {
  const { token } = step.scene;
  const message = OWN_MESSAGES.has(step.layer) ? step.messages[0] : undefined;
  if (message === undefined || message.kind === "table")
    return { label: token.label, direction: token.direction };
  return { label: message.title, direction: directionOf(step, message.title) };
}

/**
 * Which way a message of the DNS, TCP or TLS goes: a message that names its side comes from there, an
 * acknowledgement from the side that acts, and everything else to the side that receives.
 */
function directionOf({ layer, machine, transition }: Step, title: string): Travel["direction"] {
  if (/^The client/.test(title)) return "request";
  if (/^The server|[Aa]nswer|arrived|^Result/.test(title)) return "response";
  if (layer === "database") return "request";
  const isServer = machine.includes("server side");
  const isFromHere = /\bACK\b/.test(title) || !transition.startsWith("receive");
  return isServer === isFromHere ? "response" : "request";
}
