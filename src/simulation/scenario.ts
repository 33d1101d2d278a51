// The scenario file (formats 1 and 2): real configuration text, the commands that start the server's
// processes, what the Django views do, and what clients and operators do over time.

import type { BrowseSpec, RequestSpec } from "../layers/browser/request-spec.ts";
import type { MiddlewareSpec, ViewSpec } from "../layers/django/view-spec.ts";
import type { TrafficSpec } from "./traffic/traffic-spec.ts";

export type ScenarioFile =
  | string
  | {
      readonly text: string;
      readonly mode?: string;
      readonly owner?: string;
      readonly mtime?: string;
    }
  | {
      readonly bytes: number;
      readonly mtime?: string;
      readonly mode?: string;
      readonly owner?: string;
    }
  | { readonly cert: readonly string[]; readonly notBefore?: string; readonly notAfter?: string }
  | { readonly key: true }
  | { readonly link: string }
  | { readonly mode?: string; readonly owner?: string; readonly mtime?: string };

export type Action =
  | { readonly at: number; readonly request: RequestSpec }
  | { readonly at: number; readonly shell: string; readonly overlap?: true }
  | {
      readonly at: number;
      readonly write: Readonly<Record<string, string>>;
      readonly overlap?: true;
    }
  | { readonly at: number; readonly browse: BrowseSpec; readonly overlap?: true };

export interface Lesson {
  readonly title: string;
  readonly sentence: string;
  readonly notice: readonly string[];
}

export interface LinkSpec {
  /** Round-trip time between client and server, ms. */
  readonly rttMs?: number;
  /** Megabits per second, both ways. */
  readonly rateMbps?: number;
  readonly loss?: number;
}

/** Cores of the server of a scenario that says nothing of them. */
export const DEFAULT_CORES = 2;

export interface Scenario {
  readonly format: 1 | 2;
  readonly name: string;
  readonly seed?: number;
  readonly files: Readonly<Record<string, ScenarioFile>>;
  readonly processes: readonly string[];
  readonly views?: Readonly<Record<string, ViewSpec>>;
  readonly middleware?: Readonly<Record<string, MiddlewareSpec>>;
  readonly database?: string;
  readonly zones?: Readonly<Record<string, string>>;
  readonly watch?: readonly string[];
  readonly settle?: number;
  readonly timeline: readonly Action[];
  // Format 2, the product's own.
  readonly start?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly host?: {
    readonly cores?: number;
    readonly memoryBytes?: number;
    readonly sysctl?: Readonly<Record<string, string>>;
    readonly addresses?: readonly string[];
  };
  readonly links?: { readonly client?: LinkSpec; readonly dns?: LinkSpec };
  readonly client?: "bare" | "chromium";
  /** What the client has cached before the run begins. */
  readonly warm?: { readonly dns?: boolean; readonly tls?: boolean; readonly http?: boolean };
  readonly traffic?: TrafficSpec;
  readonly lesson?: Lesson;
}
