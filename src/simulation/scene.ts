// The state of everything on the stage after each step: a fold over the recorded rows. It follows
// each entity's state and the values its layer recorded, and looks the drawing's parts up in them.
import type { RecordedRow } from "../kernel/recorder.ts";
import type { RequestNumber } from "../kernel/simulation.ts";
import type { Facts, LayerId, Message, WordValues } from "../layers/layer.ts";
import type { PlaceId, Scene } from "./journey.ts";
import type { Run } from "./run.ts";
import {
  databaseScene,
  djangoScene,
  gunicornScene,
  nginxScene,
  supervisorScene,
} from "./scene-parts.ts";
import { stateWords, toldStatus } from "./scene-words.ts";

/** What is known of one entity: its machine, its state, and the values last recorded of it. */
export interface Actor {
  readonly entity: number;
  readonly machine: string;
  state: string;
  /** Transitions taken for the present request, in order. */
  path: string[];
  values: Record<string, WordValues[string]>;
  /** The states it has been in for the present request. */
  states: string[];
  /** The value of the last row of each transition taken for the present request. */
  reached: Record<string, number>;
  request: RequestNumber;
  changedAt: number;
}

/** Everything that is followed for the drawing. */
export interface Watched {
  readonly run: Run;
  readonly actors: Map<number, Actor>;
  readonly status: Map<LayerId, string>;
  now: number;
  request: RequestNumber;
}

export interface Scenes {
  /** Takes notice of a row, whether it is a step or not. */
  see(row: RecordedRow, facts: Facts | undefined): void;
  /** The scene after a row that is a step. */
  take(row: RecordedRow, facts: Facts): Scene;
}

const DEFAULT_PLACE: Readonly<Record<LayerId, PlaceId>> = {
  browser: "browser",
  dns: "dns.stub",
  tcp: "network",
  tls: "network",
  http2: "network",
  nginx: "nginx",
  gunicorn: "worker",
  uwsgi: "worker",
  django: "django",
  database: "database",
  supervisor: "supervisor",
  host: "disk",
};

const PLACES: ReadonlySet<string> = new Set<PlaceId>([
  "browser",
  "dns.stub",
  "dns.resolver",
  "dns.root",
  "dns.tld",
  "dns.authoritative",
  "network",
  "nginx",
  "gunicorn",
  "gunicorn.queue",
  "worker",
  "django",
  "database",
  "supervisor",
  "disk",
]);

/** Layers that are programs: what they do for nobody's request moves no message. */
const OF_PROGRAMS: ReadonlySet<LayerId> = new Set([
  "nginx",
  "gunicorn",
  "uwsgi",
  "django",
  "supervisor",
  "host",
]);

interface Token {
  place: PlaceId;
  label: string;
  direction: "request" | "response";
}

/** Starts a fold over the rows of a run. */
export function createScenes(run: Run): Scenes {
  const watched: Watched = { run, actors: new Map(), status: new Map(), now: 0, request: -1 };
  const tokens = new Map<RequestNumber, Token>();

  function see(row: RecordedRow, facts: Facts | undefined): void {
    watched.now = row.time;
    const actor = actorOf(watched, row);
    if (actor.request !== row.request) {
      actor.request = row.request;
      actor.path = [];
      actor.states = [];
      actor.reached = {};
    }
    actor.state = row.machine.stateNames[row.to];
    actor.states.push(row.machine.stateNames[row.from], actor.state);
    const transition = row.machine.transitionNames[row.transition];
    actor.path.push(transition);
    actor.reached[transition] = row.value;
    actor.changedAt = row.time;
    Object.assign(actor.values, facts?.values);
    // Over HTTP/2 the stream's step tells of the sending; the browser goes on all the same.
    if (row.machine.spec.layer === "browser" && row.request >= 0)
      watched.status.set("browser", statusText(row, facts ?? {}));
  }

  function isBusiness({ request, machine }: RecordedRow): boolean {
    return request < 0 && watched.request >= 0 && OF_PROGRAMS.has(machine.spec.layer as LayerId);
  }

  /** A program's own business (a worker boots, a unit reloads) leaves the message where it is. */
  function tokensOf(row: RecordedRow, facts: Facts): Record<"before" | "after", Token> {
    const owner = isBusiness(row) ? watched.request : row.request;
    const before = tokens.get(owner) ?? firstToken(run, owner);
    // What Django loads for its first request happens while that request waits in it.
    const isLoading = row.machine.spec.layer === "django" && before.place === "django";
    const isStill = isBusiness(row) && !isLoading;
    const after = isStill ? before : nextToken(before, row, facts);
    tokens.set(owner, after);
    return { before, after };
  }

  function take(row: RecordedRow, facts: Facts): Scene {
    const layer = row.machine.spec.layer as LayerId;
    if (row.request >= 0) watched.request = row.request;
    const { before, after: token } = tokensOf(row, facts);
    // The network's line tells of the way to the server, not of connections inside it.
    if (layer !== "tcp" || token.place === "network")
      watched.status.set(layer, statusText(row, facts));
    const gunicorn = gunicornScene(watched);
    const nginx = nginxScene(watched);
    const django = djangoScene(watched);
    const part = partOf(token.place, nginx, django);
    const served = isBusiness(row) ? watched.request : row.request;
    const worker = gunicorn.workers.find(({ busy, request }) => busy && request === served)?.number;
    return {
      token: {
        at: token.place,
        from: before.place,
        label: token.label,
        direction: token.direction,
        ...((token.place === "worker" || token.place === "django") &&
          worker !== undefined && { worker }),
        ...(part >= 0 && { part }),
      },
      status: Object.fromEntries(watched.status),
      open: layer,
      dns: token.place.startsWith("dns.") ? [token.place] : [],
      nginx,
      gunicorn,
      django,
      database: databaseScene(watched),
      supervisor: supervisorScene(watched),
    };
  }

  return { see, take };
}

/** The phase of Nginx or the ring of Django that is at work; -1 where there is none. */
function partOf(place: PlaceId, nginx: Scene["nginx"], django: Scene["django"]): number {
  if (place === "nginx") return nginx.phases.findIndex(({ state }) => state === "now");
  return place === "django" ? django.middleware.findIndex(({ state }) => state === "now") : -1;
}

function actorOf(watched: Watched, row: RecordedRow): Actor {
  const known = watched.actors.get(row.entity);
  const machine = row.machine.spec.name;
  // Entity numbers are given again when their owner is gone; another machine means another actor.
  if (known !== undefined && known.machine === machine && row.from !== row.machine.initialState)
    return known;
  const actor: Actor = {
    entity: row.entity,
    machine,
    state: "",
    path: [],
    states: [],
    values: {},
    reached: {},
    request: row.request,
    changedAt: row.time,
  };
  watched.actors.set(row.entity, actor);
  return actor;
}

function firstToken(run: Run, number: RequestNumber): Token {
  const request = run.state().requests.find((candidate) => candidate.number === number);
  const label = request === undefined ? "" : `${request.method} ${pathOf(request.url)}`;
  return { place: number >= 0 ? "browser" : "supervisor", label, direction: "request" };
}

function pathOf(url: string): string {
  return /^https?:\/\/[^/]*(\/[^?#]*)?/.exec(url)?.[1] ?? "/";
}

function nextToken(before: Token, row: RecordedRow, facts: Facts): Token {
  const layer = row.machine.spec.layer as LayerId;
  const told = facts.values?.place;
  const place =
    typeof told === "string" && PLACES.has(told) ? (told as PlaceId) : placeOf(layer, row, facts);
  for (const message of facts.messages ?? []) {
    const label = answerLabel(message);
    if (label !== null) return { place, label, direction: "response" };
  }
  return { ...before, place };
}

/** `200 OK` of an answer's head, `200` of its fields in HTTP/2; null for everything else. */
function answerLabel(message: Message): string | null {
  if (message.kind === "http" && message.head.startsWith("HTTP/"))
    return /^HTTP\/[\d.]+ (\d{3}[^\r\n]*)/.exec(message.head)?.[1] ?? "response";
  if (message.kind !== "http2") return null;
  const fields = message.frames.flatMap(({ headers }) => headers);
  return fields.find(({ name }) => name === ":status")?.value ?? null;
}

/** Where a row plays: DNS by who acts, local connections at the accept queue between Nginx and Gunicorn. */
function placeOf(layer: LayerId, row: RecordedRow, facts: Facts): PlaceId {
  const values = facts.values ?? {};
  if (
    layer === "tcp" &&
    (values.remote === false || values.address === "127.0.0.1:8000" || values.unix === true)
  )
    return "gunicorn.queue";
  if (layer === "dns") return dnsPlace(row.machine.spec.name, values);
  return DEFAULT_PLACE[layer];
}

function dnsPlace(machine: string, values: WordValues): PlaceId {
  if (machine === "Resolver query") return "dns.resolver";
  if (machine !== "Question to a name server" && machine !== "Name server") return "dns.stub";
  const server = `${values.role ?? ""} ${values.server ?? ""}`;
  if (/root server|root-servers/.test(server)) return "dns.root";
  return /top-level|gtld|nic\./.test(server) ? "dns.tld" : "dns.authoritative";
}

const TLS_NAME: Readonly<Record<string, string>> = { "TLSv1.3": "TLS 1.3", "TLSv1.2": "TLS 1.2" };

/** A layer's line of status: what its layer says, or the state it is in. */
function statusText(row: RecordedRow, facts: Facts): string {
  const version = row.machine.spec.layer === "tls" ? facts.values?.version : undefined;
  if (typeof version === "string") return TLS_NAME[version] ?? version;
  const layer = row.machine.spec.layer as LayerId;
  return (
    toldStatus(layer, facts.values?.status) ??
    stateWords(row.machine.spec.name, row.machine.stateNames[row.to])
  );
}
