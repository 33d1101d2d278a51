// What a journey is to those who look at it: the stage it plays on, and its steps, each with words,
// causes, messages, log lines and the state of every process at that moment. All of it is folded from
// the journal and the recorded facts; nothing here is scripted. These types cross to the interface.

import type { Alternative, Cause, Field, LayerId, Message } from "../layers/layer.ts";
import type { Diagnostic } from "../text/diagnostic.ts";

/** A step's identity: it survives changes of the run that renumber the steps. */
export interface StepId {
  readonly request: number;
  readonly machine: string;
  readonly transition: string;
  /** How often this transition had been taken for this request before. */
  readonly occurrence: number;
}

export interface LogLine {
  /** Absolute path of the log file, or the stream's name ("gunicorn", "journal"). */
  readonly stream: string;
  readonly text: string;
  readonly timeNs: number;
  /** Number of the step that wrote it. */
  readonly step: number;
  readonly level?: string;
}

export interface Step {
  readonly index: number;
  readonly id: StepId;
  readonly row: number;
  /** Simulated time since the journey's zero. */
  readonly timeNs: number;
  readonly layer: LayerId;
  /** Which request of the scenario (from 0), or -1 for a process of its own (a reload, a worker booting). */
  readonly request: number;
  /** Name of the machine, the entity it drives, and the transition taken. */
  readonly machine: string;
  readonly entity: number;
  readonly transition: string;
  readonly from: string;
  readonly to: string;
  readonly value: number;
  /** Heading, one sentence or two, and the text of at most 25 words for screen readers. */
  readonly title: string;
  readonly sentence: string;
  readonly spoken: string;
  readonly interview?: string;
  readonly leavesOut?: string;
  readonly cause?: Cause;
  readonly alternatives: readonly Alternative[];
  readonly messages: readonly Message[];
  readonly scene: Scene;
}

/** Where things are drawn; the stage places each by hand. */
export type PlaceId =
  | "browser"
  | "dns.stub"
  | "dns.resolver"
  | "dns.root"
  | "dns.tld"
  | "dns.authoritative"
  | "network"
  | "nginx"
  | "gunicorn"
  | "gunicorn.queue"
  | "worker"
  | "django"
  | "database"
  | "supervisor"
  | "disk";

/** The state of everything on the stage after a step. */
export interface Scene {
  /** The message that is on its way or being worked on. */
  readonly token: {
    readonly at: PlaceId;
    /** Where it came from in this step; the same as `at` when it did not move. */
    readonly from: PlaceId;
    readonly label: string;
    /** "request" on the way in, "response" on the way out. */
    readonly direction: "request" | "response";
    /** Worker number when `at` is "worker" or "django". */
    readonly worker?: number;
    /** Index of the nginx phase or middleware it is at, when it is at one. */
    readonly part?: number;
  };
  /** One line of status for each layer, shown when it is shrunk. */
  readonly status: Readonly<Partial<Record<LayerId, string>>>;
  /** The layer that is open (at work). */
  readonly open: LayerId;
  readonly dns: readonly PlaceId[];
  readonly nginx: {
    readonly phases: readonly PhaseView[];
    /** Connections in use and worker processes alive. */
    readonly workers: readonly ProcessView[];
  };
  readonly gunicorn: {
    readonly arbiter: ProcessView | null;
    readonly workers: readonly WorkerView[];
    readonly queued: number;
    /** So many connections fit into the accept queue: backlog + 1. Source: sk_acceptq_is_full tests with ">". */
    readonly queueMax: number;
  };
  readonly django: {
    /** Outermost first. */
    readonly middleware: readonly LayerRing[];
    readonly inside: readonly {
      readonly name: string;
      readonly detail: string;
      readonly state: PartState;
    }[];
  };
  readonly database: {
    readonly connections: number;
    readonly connectionsMax: number;
    readonly query: string | null;
  };
  readonly supervisor: readonly { readonly name: string; readonly state: string }[];
}

export type PartState = "to come" | "now" | "done" | "skipped";

export interface PhaseView {
  readonly name: string;
  readonly detail: string;
  readonly state: PartState;
}

export interface ProcessView {
  readonly pid: number;
  readonly role: string;
  readonly state: string;
}

export interface WorkerView extends ProcessView {
  /** Number of the worker on the stage, from 1. */
  readonly number: number;
  readonly request: number;
  /** Nanoseconds since its last heartbeat and its timeout, when it has one. */
  readonly heartbeatNs: number;
  readonly timeoutNs: number;
  readonly busy: boolean;
}

export interface LayerRing {
  /** Short name: "Security" of SecurityMiddleware. */
  readonly name: string;
  readonly detail: string;
  readonly state: "to come" | "in" | "now" | "out" | "skipped";
}

/** A bar of the waterfall: a time in which a layer worked on a request. */
export interface TimingBar {
  readonly lane: "Browser" | "DNS" | "Network" | "Nginx" | "Gunicorn" | "Django" | "Database";
  readonly layer: LayerId;
  readonly fromNs: number;
  readonly toNs: number;
  readonly label: string;
  readonly request: number;
}

export interface JourneyFile {
  /** Absolute path, or `command:N`. */
  readonly path: string;
  /** What to call it: the path, or "gunicorn command". */
  readonly title: string;
  readonly language: "nginx" | "python" | "shell" | "zone" | "ini" | "json" | "sql" | "text";
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface JourneyRequest {
  readonly index: number;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly startNs: number;
  readonly endNs: number;
  /** "Chromium" or "client". */
  readonly client: string;
}

/** A middleware as a request met it. Steps are -1 where there is none of its own. */
export interface DjangoLayer {
  readonly name: string;
  readonly inStep: number;
  /** What it left on the request; empty for nothing. */
  readonly inChange: string;
  /** Null when the response never came back through it. */
  readonly outStep: number | null;
  readonly outChange: string;
  /** The status with which it answered itself. */
  readonly answered: number | null;
}

export interface DjangoQuery {
  readonly sql: string;
  readonly step: number;
  readonly timeNs: number;
  readonly tookNs: number | null;
  readonly rows: number | null;
  readonly failed: boolean;
}

/** A request inside Django, from the outermost middleware to the template. */
export interface DjangoStory {
  readonly request: number;
  readonly layers: readonly DjangoLayer[];
  readonly patterns: readonly Alternative[];
  readonly patternsStep: number;
  readonly view: { readonly name: string; readonly step: number } | null;
  readonly queries: readonly DjangoQuery[];
  readonly template: {
    readonly name: string;
    readonly step: number;
    readonly characters: number;
    readonly context: readonly Field[];
  } | null;
}

/** One time that a clock ran. */
export interface ClockSpan {
  readonly fromNs: number;
  readonly deadlineNs: number;
  readonly toNs: number;
  /** Put off by a new setting, ended by what it waited for, over, or still going. */
  readonly end: "reset" | "stopped" | "fired" | "running";
}

/** A program's clock that ran for a request. */
export interface ClockView {
  /** The setting that says how long: "proxy_read_timeout". */
  readonly name: string;
  readonly party: LayerId;
  /** What ends the wait if the clock does not. */
  readonly waitsFor: string;
  /** What the program does when the clock is over first. */
  readonly otherwise: string;
  readonly cause?: Cause;
  /** What sets it where no line of a file does; without both it is the program's default. */
  readonly setBy?: string;
  readonly spans: readonly ClockSpan[];
}

/** What one party believes of a request at a moment. */
export interface Belief {
  readonly layer: LayerId;
  readonly name: string;
  /** The state of its machine. */
  readonly state: string;
  /** The same from its own side: "still waits for the answer". */
  readonly text: string;
}

/** Every clock that ran for a request, and who was the first to give up. */
export interface TimerRace {
  readonly request: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** From the visitor inwards. */
  readonly clocks: readonly ClockView[];
  /** The clocks that were over before what they waited for, in order. */
  readonly fired: readonly {
    readonly name: string;
    readonly party: LayerId;
    readonly otherwise: string;
    readonly atNs: number;
    readonly beliefs: readonly Belief[];
  }[];
  readonly atEnd: readonly Belief[];
}

/** What an operator or the reader did to the server while it ran. */
export interface JourneyAction {
  /** Its place among the reader's own actions; null for one of the scenario. */
  readonly own: number | null;
  readonly timeNs: number;
  /** The last step before it; -1 when it came before the first. */
  readonly step: number;
  /** The command, or the file that was written. */
  readonly text: string;
  readonly exit: number;
  readonly output: readonly string[];
}

/** The stage's fixed facts. */
export interface Stage {
  readonly serverAddress: string;
  readonly hostName: string;
  readonly os: string;
  readonly upstreamLabel: string;
  /** Round-trip time between browser and server, as text: "40 ms away". */
  readonly linkLabel: string;
  readonly zoneNames: readonly [root: string, tld: string, authoritative: string];
  readonly applicationServer: "gunicorn" | "uwsgi" | null;
  readonly nginx: boolean;
  readonly databaseName: string;
  /** The file of SQLite, or the name of PostgreSQL's database; empty without either. */
  readonly databasePlace: string;
  /** Tables that the scenario's own statements name. */
  readonly databaseTables: readonly string[];
  readonly supervisorName: string;
  /** Whether supervisord's file has what supervisorctl needs to reach it. */
  readonly hasSupervisorctl: boolean;
}

export interface Journey {
  readonly scenario: {
    readonly id: string;
    readonly title: string;
    readonly sentence: string;
    readonly notice: readonly string[];
  };
  readonly seed: number;
  readonly hash: string;
  readonly stage: Stage;
  readonly steps: readonly Step[];
  readonly requests: readonly JourneyRequest[];
  readonly bars: readonly TimingBar[];
  readonly logs: readonly LogLine[];
  readonly actions: readonly JourneyAction[];
  readonly races: readonly TimerRace[];
  /** Of the requests that reached Django. */
  readonly django: readonly DjangoStory[];
  readonly files: readonly JourneyFile[];
  readonly endNs: number;
  /** What kept the scenario from running, as clear messages; empty when it ran. */
  readonly problems: readonly string[];
}
