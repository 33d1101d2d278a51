// What stands on the stage: boxes, which of them a place of the journey lies in, and which picture a
// layer at work asks for.
import type { LayerId } from "../../layers/layer.ts";
import type { PlaceId, Scene } from "../../simulation/journey.ts";

export const boxIds = [
  ...(["browser", "dns", "network", "server", "nginx", "queue", "gunicorn"] as const),
  ...(["database", "supervisor", "disk"] as const),
] as const;
export type BoxId = (typeof boxIds)[number];

/** The pictures that are laid by hand: one for each thing that can be open. */
export const focuses = [
  ...(["browser", "dns", "network", "nginx", "gunicorn", "django", "database"] as const),
  "supervisor",
] as const;
export type Focus = (typeof focuses)[number];

/** The names of the layer colours in the style sheets. */
export type Tint =
  | "browser"
  | "dns"
  | "network"
  | "nginx"
  | "gunicorn"
  | "django"
  | "database"
  | "supervisor";

const boxes: Readonly<Record<PlaceId, BoxId>> = {
  browser: "browser",
  "dns.stub": "dns",
  "dns.resolver": "dns",
  "dns.root": "dns",
  "dns.tld": "dns",
  "dns.authoritative": "dns",
  network: "network",
  nginx: "nginx",
  gunicorn: "gunicorn",
  "gunicorn.queue": "queue",
  worker: "gunicorn",
  django: "gunicorn",
  database: "database",
  supervisor: "supervisor",
  disk: "disk",
};

const layers: Readonly<Record<LayerId, Focus>> = {
  browser: "browser",
  dns: "dns",
  tcp: "network",
  tls: "network",
  http2: "network",
  nginx: "nginx",
  gunicorn: "gunicorn",
  uwsgi: "gunicorn",
  django: "django",
  database: "database",
  supervisor: "supervisor",
  host: "supervisor",
};

/** The box that a place of the journey lies in. */
export function boxOf(place: PlaceId): BoxId {
  return boxes[place];
}

/** The programs of the server; on the wires the box at work is where the message is. */
const programs: Readonly<Partial<Record<LayerId, BoxId>>> = {
  nginx: "nginx",
  gunicorn: "gunicorn",
  uwsgi: "gunicorn",
  django: "gunicorn",
  supervisor: "supervisor",
};

/** The box that is at work, which may be another one than where the message waits. */
export function boxAtWork({ open, token }: Scene): BoxId {
  return programs[open] ?? boxOf(token.at);
}

/** The picture in which a layer is open. */
export function focusOf(layer: LayerId): Focus {
  return layers[layer];
}

/**
 * The picture for a scene: the layer's that is open, but where a connection between two programs of the
 * server is at work, the picture with the queue between them instead of the network.
 */
export function focusOfScene({ open, token }: Scene): Focus {
  const focus = focusOf(open);
  const isInside = token.at !== "network" && token.at !== "browser";
  return focus === "network" && isInside ? "nginx" : focus;
}

/** The picture a box opens when the reader chooses it. */
export function focusOfBox(box: BoxId): Focus {
  if (box === "server") return "nginx";
  if (box === "queue") return "gunicorn";
  return box === "disk" ? "supervisor" : box;
}

export function isFocus(value: string | null): value is Focus {
  return focuses.some((focus) => focus === value);
}

/** The colour of a layer, by name; one colour for a layer wherever it appears. */
export function tintOf(layer: LayerId): Tint {
  return focusOf(layer);
}
