// The diagram as a list of places to go with the keyboard: each box in the order of the request's way,
// and after the open box its parts. Each has a name that says what a glance would show.
import { type ActTarget, actTargetOf, canActOn } from "./act-target.ts";
import type { Arrangement } from "./arrangements.ts";
import type { StageModel } from "./model.ts";
import { protocolText } from "./NetworkBox.tsx";
import { arbiterAndWorkers, coreCells, dnsNodes, dnsPlaces, phaseRows } from "./parts.ts";
import { type BoxId, type Focus, focusOfBox } from "./places.ts";
import { type Rect, rect } from "./rect.ts";
import { djangoRings } from "./worker-rect.ts";

/** A part of an open box; choosing it goes to the step at which it is at work. */
export type PartRef =
  | { readonly kind: "phase"; readonly name: string }
  | { readonly kind: "ring"; readonly name: string }
  | { readonly kind: "inside"; readonly name: string }
  | { readonly kind: "dns"; readonly place: string }
  | { readonly kind: "worker"; readonly number: number }
  | { readonly kind: "act" };

export interface DiagramNode {
  readonly key: string;
  readonly at: Rect;
  /** What a screen reader says. */
  readonly label: string;
  readonly box: BoxId;
  /** Set for the button that offers what can be done to this part of the server. */
  readonly acts?: ActTarget;
  /** Set for a part; a box opens its picture instead. */
  readonly part?: PartRef;
  readonly opens: Focus;
}

const order: readonly BoxId[] = [
  ...(["browser", "dns", "network", "nginx", "queue", "gunicorn", "database"] as const),
  ...(["supervisor", "disk"] as const),
];

/** Every node of the picture, in the order in which arrow keys go through them. */
export function diagramNodes(arrangement: Arrangement, model: StageModel): readonly DiagramNode[] {
  return order
    .filter((box) => arrangement.boxes[box].mode !== "hidden")
    .flatMap((box) => [
      boxNode(arrangement, model, box),
      ...partNodes(arrangement, model, box),
      ...actNodes(arrangement, model, box),
    ]);
}

/** Side of the square that is touched, in the small picture and in the wide one. */
const ACT_SIZE_COMPACT = 45;
const ACT_SIZE = 28;
export const NARROW_CARD = 120;

/** The button in the corner of a box that an operator can do something to. */
function actNodes(
  { boxes, isCompact }: Arrangement,
  { stage }: StageModel,
  box: BoxId,
): readonly DiagramNode[] {
  const acts = actTargetOf(box);
  if (acts === null || !canActOn(stage, acts)) return [];
  const size = isCompact ? ACT_SIZE_COMPACT : ACT_SIZE;
  const { x, y, w, h } = boxes[box];
  const inset = isCompact ? 2 : 8;
  // A narrow card has no room beside its name.
  const top = w < NARROW_CARD ? y + h - size - 4 : y + inset;
  return [
    {
      ...{ key: `act ${box}`, acts, box, opens: focusOfBox(box) },
      at: rect(x + w - size - inset, top, size, size),
      label: `Act on ${actNames[acts]}: signals and commands`,
      part: { kind: "act" },
    },
  ];
}

const actNames: Readonly<Record<ActTarget, string>> = {
  nginx: "Nginx",
  gunicorn: "the application server",
  supervisor: "the supervisor's units",
  database: "the database",
};

function boxNode(arrangement: Arrangement, model: StageModel, box: BoxId): DiagramNode {
  const { stage, scene } = model;
  const { status } = scene;
  const { queued, queueMax } = scene.gunicorn;
  const names: Readonly<Record<BoxId, readonly [name: string, state: string]>> = {
    browser: [model.clientName, status.browser ?? ""],
    dns: ["DNS", status.dns ?? ""],
    network: ["Network", `${protocolText(status)} ${stage.linkLabel}`],
    server: ["Server", stage.serverAddress],
    nginx: ["Nginx", status.nginx ?? ""],
    queue: ["Accept queue", `${queued} of ${queueMax} connections wait`],
    gunicorn: [
      stage.applicationServer === "uwsgi" ? "uWSGI" : "Gunicorn",
      status.gunicorn ?? status.uwsgi ?? "",
    ],
    database: [stage.databaseName || "Database", status.database ?? ""],
    supervisor: [stage.supervisorName || "Supervisor", status.supervisor ?? ""],
    disk: ["Disk", status.host ?? ""],
  };
  const [name, state] = names[box];
  const isHere = arrangement.boxes[box].mode === "open" ? ", open" : "";
  return {
    key: box,
    at: arrangement.boxes[box],
    label: `${name}${isHere}${state.trim() === "" ? "" : `: ${state.trim()}`}`,
    box,
    opens: focusOfBox(box),
  };
}

function partNodes(
  arrangement: Arrangement,
  model: StageModel,
  box: BoxId,
): readonly DiagramNode[] {
  const { mode } = arrangement.boxes[box];
  if (mode === "card") return [];
  switch (box) {
    case "nginx":
      return phaseNodes(arrangement, model);
    case "gunicorn":
      return [...workerNodes(arrangement, model), ...djangoNodes(arrangement, model)];
    case "dns":
      return mode === "open" ? dnsPartNodes(arrangement, model) : [];
    default:
      return [];
  }
}

function phaseNodes({ boxes }: Arrangement, { scene }: StageModel): readonly DiagramNode[] {
  const rows = phaseRows(boxes.nginx, scene.nginx.phases.length);
  return scene.nginx.phases.map(({ name, detail, state }, i) => ({
    ...{ key: `phase ${name}`, at: rows[i], box: "nginx", opens: "nginx" },
    label: `Nginx phase ${name}, ${state}${detail === "" ? "" : `: ${detail}`}`,
    part: { kind: "phase", name },
  }));
}

function workerNodes(arrangement: Arrangement, { scene }: StageModel): readonly DiagramNode[] {
  const isArbiterDrawn = arrangement.focus === "gunicorn" || arrangement.focus === "supervisor";
  if (!isArbiterDrawn) return [];
  const { workers } = scene.gunicorn;
  const cards = arbiterAndWorkers(arrangement.boxes.gunicorn, workers.length).workers;
  return cards.map((at, i) => ({
    ...{ key: `worker ${workers[i].number}`, at, box: "gunicorn", opens: "django" },
    label: `Worker ${workers[i].number}, pid ${workers[i].pid}, ${workers[i].state}`,
    part: { kind: "worker", number: workers[i].number },
  }));
}

function djangoNodes(arrangement: Arrangement, model: StageModel): readonly DiagramNode[] {
  const rings = djangoRings(arrangement, model);
  if (rings === null) return [];
  const { middleware, inside } = model.scene.django;
  const cells = coreCells(
    rings.core,
    inside.map(({ name }) => name),
  );
  const ringNodes = middleware.map(({ name, detail, state }, i): DiagramNode => {
    const ring = rings.rings[i];
    return {
      ...{ key: `ring ${name}`, box: "gunicorn", opens: "django" },
      at: rect(ring.x, ring.y, ring.w, rings.titleHeight),
      label: `Django middleware ${name}, ${state}${detail === "" ? "" : `: ${detail}`}`,
      part: { kind: "ring", name },
    };
  });
  const insideNodes = inside.map(
    ({ name, detail, state }, i): DiagramNode => ({
      ...{ key: `inside ${name}`, at: cells[i], box: "gunicorn", opens: "django" },
      label: `Django ${name}, ${state}${detail === "" ? "" : `: ${detail}`}`,
      part: { kind: "inside", name },
    }),
  );
  return [...ringNodes, ...insideNodes];
}

function dnsPartNodes(
  { boxes }: Arrangement,
  { asked, stage }: StageModel,
): readonly DiagramNode[] {
  const nodes = dnsNodes(boxes.dns, "open");
  const [root, tld, zone] = stage.zoneNames;
  const names = [
    "stub resolver",
    "recursive resolver",
    `root server ${root}`,
    `server of ${tld}`,
    `server of ${zone}`,
  ];
  return dnsPlaces.map((place, i) => ({
    ...{ key: place, at: nodes[place], box: "dns", opens: "dns" },
    label: `DNS ${names[i]}, ${asked.has(place) ? "asked" : "not asked"}`,
    part: { kind: "dns", place },
  }));
}
