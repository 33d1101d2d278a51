// What every layer shows of itself: its state machines, the learner's words for them, where they sit
// in the drawing, and the shape of the facts recorded at a step. Layers never import each other.
import type { Machine, StateOf, TransitionOf } from "../kernel/machine.ts";

export type LayerId =
  | "browser"
  | "dns"
  | "tcp"
  | "tls"
  | "http2"
  | "nginx"
  | "gunicorn"
  | "uwsgi"
  | "django"
  | "database"
  | "supervisor"
  | "host";

/** A place in a file or command of the scenario: where the decision stands. Lines count from 1. */
export interface Cause {
  /** Absolute path of a file, or the command itself with `command:N` (N-th of the scenario's processes). */
  readonly file: string;
  readonly line: number;
  /** Last line, when the text spans several. */
  readonly endLine?: number;
  /** Character offsets in the file, when known. */
  readonly start?: number;
  readonly end?: number;
  /** Why this line decided, in a few words: "longest matching prefix". */
  readonly note: string;
}

/** One of the candidates that a decision weighed. */
export interface Alternative {
  /** As written in the file: `location ^~ /static/`, `path('cart/', …)`. */
  readonly text: string;
  /** Why it won or lost: "prefix does not match". */
  readonly verdict: string;
  readonly chosen: boolean;
  readonly cause?: Cause;
}

/** What travelled or was made at a step, with its real content. */
export type Message =
  | {
      readonly kind: "dns";
      readonly title: string;
      readonly fields: readonly Field[];
      readonly bytes: readonly number[];
    }
  | { readonly kind: "segment"; readonly title: string; readonly fields: readonly Field[] }
  | { readonly kind: "tls"; readonly title: string; readonly records: readonly TlsRecordView[] }
  | {
      readonly kind: "http2";
      /** Whose frames these are. */
      readonly from: "client" | "server";
      readonly title: string;
      readonly frames: readonly Http2FrameView[];
      /** Frames beyond those that are shown. */
      readonly left: number;
      /** Of all frames together. */
      readonly bytes: number;
    }
  | {
      readonly kind: "http";
      readonly title: string;
      readonly head: string;
      readonly body?: string;
      readonly bodyBytes: number;
    }
  | { readonly kind: "table"; readonly title: string; readonly fields: readonly Field[] }
  | {
      readonly kind: "sql";
      readonly title: string;
      readonly sql: string;
      readonly fields: readonly Field[];
    }
  | {
      readonly kind: "page";
      readonly title: string;
      readonly url: string;
      readonly html: string;
      readonly status: number;
    };

export interface Field {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

export interface TlsRecordView {
  readonly title: string;
  readonly bytes: number;
  readonly fields: readonly Field[];
}

/** A frame of HTTP/2 as it lay on the wire. */
export interface Http2FrameView {
  /** `HEADERS`. */
  readonly name: string;
  readonly flags: readonly string[];
  /** 0 is the connection. */
  readonly stream: number;
  /** With the nine bytes of its head. */
  readonly bytes: number;
  readonly fields: readonly Field[];
  readonly headers: readonly Http2HeaderView[];
  /** Its first bytes. */
  readonly shown: readonly number[];
}

/** A field of a header block, with where it came from and what it took. */
export interface Http2HeaderView {
  readonly name: string;
  readonly value: string;
  readonly bytes: number;
  /** `static entry 2`, `name from static entry 31, added to the table`. */
  readonly from: string;
}

/** Who waits by a clock, for what, and where its length is written. */
export interface ClockFacts {
  /** The program, by its layer. */
  readonly party: LayerId;
  /** What ends the wait if the clock does not: "the next bytes of the answer". */
  readonly waitsFor: string;
  /** What the program does when the clock is over first: "Nginx answers 504". */
  readonly otherwise: string;
  readonly cause?: Cause;
  /** What sets it where no line of a file does: "the kernel, by tcp_syn_retries". A default without it. */
  readonly setBy?: string;
}

export type FactValue = string | number | boolean | null | undefined;

/** What a layer records about one journal row of a request that somebody looks at. */
export interface Facts {
  /** Values for the words' templates. */
  readonly values?: Readonly<Record<string, FactValue>>;
  readonly cause?: Cause;
  readonly alternatives?: readonly Alternative[];
  readonly messages?: readonly Message[];
  /** Marks a row too fine for stepping: it is in the journal and the transcript, but not a step. */
  readonly fine?: true;
}

/** The values of a row as the words see them: `value` is the journal's, the others the layer's. */
export type WordValues = Readonly<Record<string, FactValue>>;

/** A learner's words for one transition. Templates over facts; plain strings where nothing varies. */
export interface StepWords {
  /** What happens, as a short heading: "Nginx picks the location that handles /cart/". At most 70 characters. */
  readonly title: string | ((v: WordValues) => string);
  /** What happened and why, in one or two sentences. */
  readonly sentence: string | ((v: WordValues) => string);
  /** What an interviewer wants to hear about this step, one or two sentences. */
  readonly interview?: string;
  /** What the model leaves out here. */
  readonly leavesOut?: string;
}

export interface MachineWords<M extends Machine> {
  /** One sentence: what this machine is. */
  readonly summary: string;
  readonly states: Readonly<Record<StateOf<M>, string>>;
  readonly transitions: Readonly<Record<TransitionOf<M>, StepWords>>;
}

/** Where each state sits in the drawn machine: column and row of a hand-laid grid. */
export type Sketch<M extends Machine> = Readonly<
  Record<StateOf<M>, readonly [column: number, row: number]>
>;

export interface MachineView {
  readonly machine: Machine;
  readonly words: MachineWords<Machine>;
  readonly sketch: Sketch<Machine>;
}

/** The public face of a layer's folder. */
export interface Layer {
  readonly id: LayerId;
  readonly title: string;
  readonly views: readonly MachineView[];
}

/** Joins a machine with its words and its sketch; a missing text or place is a type error. */
export function viewOf<S extends string, T extends string>(
  machine: Machine<S, T>,
  words: MachineWords<Machine<S, T>>,
  sketch: Sketch<Machine<S, T>>,
): MachineView {
  return { machine, words, sketch } as unknown as MachineView;
}
