// What each party of a request believes at a moment: read from the state that its machine was in then.
// The machines keep the programs' own names of their states; here they are said from the party's side.
import type { Facts, LayerId } from "../layers/layer.ts";
import type { Belief } from "./journey.ts";
import type { Run } from "./run.ts";

interface Party {
  readonly layer: LayerId;
  readonly name: string;
  /** The machines that tell of it, the telling one first. */
  readonly machines: readonly string[];
  readonly says: Readonly<Record<string, string>>;
}

const CLIENT_STATES = {
  created: "looks in its cache",
  idle: "has not asked yet",
  resolving: "looks up the name",
  connecting: "waits for the connection",
  securing: "sets up TLS",
  "waiting for connection": "waits for a connection",
  sending: "sends its request",
  "waiting for headers": "still waits for the answer",
  "reading body": "reads the answer",
  done: "has the answer: {status}",
  failed: "gave up without an answer",
} as const;

const PARTIES: readonly Party[] = [
  {
    ...{ layer: "browser", name: "Client" },
    machines: ["Browser request", "Client request"],
    says: CLIENT_STATES,
  },
  {
    ...{ layer: "nginx", name: "Nginx" },
    machines: ["nginx request"],
    says: {
      "reading request line": "waits for the rest of the request",
      "reading headers": "waits for the rest of the request",
      "reading body": "waits for more of the body",
      delayed: "holds the request back",
      "waiting for upstream": "waits for the backend",
      "header filter": "makes the answer",
      "sending body": "sends the answer",
      log: "has answered {status}",
      freed: "has answered {status} and logged it",
    },
  },
  {
    ...{ layer: "gunicorn", name: "Worker" },
    machines: ["Gunicorn request"],
    says: {
      "in the accept queue": "has not accepted the connection yet",
      "waiting for a thread": "has no thread free for it",
      "reading the head": "reads the request",
      "head parsed": "is about to call Django",
      "environ built": "is about to call Django",
      "application runs": "still works on it and knows of nothing else",
      "waiting for the body": "waits for the body",
      "response started": "is about to answer",
      "sending the body": "sends its answer",
      "waiting for the peer": "waits until its answer is taken",
      "response complete": "has answered {status} and thinks all is well",
      "sending an error": "answers with an error page",
      "kept alive": "has answered and keeps the connection",
      closed: "has answered {status} and closed the connection",
    },
  },
  {
    ...{ layer: "uwsgi", name: "uWSGI" },
    machines: ["uWSGI request"],
    says: { "application runs": "still works on it and knows of nothing else" },
  },
  {
    ...{ layer: "django", name: "Django" },
    machines: ["Django request"],
    says: {
      "request middleware": "is on the way in, through the middleware",
      "resolving the URL": "looks for the view",
      "view middleware": "is about to call the view",
      view: "is still in the view",
      "response middleware": "takes the answer back through the middleware",
      "sending the response": "hands its answer over",
      closed: "has answered {status}",
      crashed: "crashed",
      interrupted: "was stopped in the middle",
    },
  },
  {
    ...{ layer: "database", name: "Database" },
    machines: ["statement"],
    says: {
      sent: "a query is on its way",
      executing: "still runs the query",
      "waiting for a lock": "waits for a lock",
      answering: "sends the rows",
      done: "has answered the query",
      failed: "ended the query with an error",
    },
  },
];

/** What the parties that have met `request` by `atNs` believe then, from the client inwards. */
export function beliefsAt(run: Run, request: number, atNs: number): Belief[] {
  const at = atNs + run.zero;
  const rows = run.recording.rows.filter((row) => row.request === request && row.time <= at);
  return PARTIES.flatMap(({ layer, name, machines, says }): Belief[] => {
    const last = rows.findLast((row) => machines.includes(row.machine.spec.name));
    if (last === undefined) return [];
    const state = last.machine.stateNames[last.to];
    const transition = last.machine.transitionNames[last.transition];
    const text = lastWord(transition) ?? says[state] ?? state;
    const status = statusBy(run, rows, machines);
    return [{ layer, name, state, text: text.replace(/(:)? ?\{status\}/, `$1 ${status}`).trim() }];
  });
}

/** The status that a party spoke of last, as a number; empty before it knows one. */
function statusBy(run: Run, rows: Run["recording"]["rows"], machines: readonly string[]): string {
  const known = rows.findLast(
    ({ row, machine }) =>
      machines.includes(machine.spec.name) && statusOf(run.recording.facts.get(row)) !== null,
  );
  return known === undefined ? "" : (statusOf(run.recording.facts.get(known.row)) ?? "");
}

function statusOf(facts: Facts | undefined): string | null {
  return /^\d{3}/.exec(String(facts?.values?.status ?? ""))?.[0] ?? null;
}

/** Ends that a state's name alone does not tell. */
function lastWord(transition: string): string | null {
  if (transition === "abort") return "was stopped in the middle of it";
  return transition === "losePeer" ? "finds that nobody waits any more" : null;
}
