// What the page and its worker say to each other. The engine, the layers and the scenarios live in the
// worker; the page gets plain data to draw: the catalogue once, then one journey for each question.
import type { LayerId } from "../layers/layer.ts";
import type { ChangedPlace } from "../simulation/changed-places.ts";
import type { Checked } from "../simulation/check-scenario.ts";
import type { Difference } from "../simulation/difference.ts";
import type { Changes } from "../simulation/edited-scenario.ts";
import type { Journey } from "../simulation/journey.ts";
import type { Action } from "../simulation/scenario.ts";
import type {
  Setting,
  SettingEdit,
  SettingId,
  SettingProblem,
  SettingValue,
} from "../simulation/settings/setting.ts";

/** A scenario as the picker lists it. */
export interface ScenarioEntry {
  readonly id: string;
  /** The heading that it stands under. */
  readonly group: string;
  readonly title: string;
  readonly sentence: string;
}

export interface DrawnState {
  readonly name: string;
  readonly final: boolean;
  readonly initial: boolean;
  /** The learner's words for the state. */
  readonly words: string;
  /** Column (0-6) and row (0-5) of the hand-laid grid. */
  readonly at: readonly [column: number, row: number];
}

export interface DrawnTransition {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  /** The event that causes it: the label of the edge. */
  readonly on: string;
  readonly after?: string;
}

/** A state machine ready to be drawn: its definition, its words and its sketch, as plain data. */
export interface MachineDrawing {
  readonly name: string;
  readonly layer: LayerId;
  readonly source: string;
  readonly summary: string;
  readonly states: readonly DrawnState[];
  readonly transitions: readonly DrawnTransition[];
}

export interface Catalog {
  readonly scenarios: readonly ScenarioEntry[];
  readonly machines: readonly MachineDrawing[];
}

/** What to run. A run is a function of the scenario, the changes to its files, the seed and the actions. */
export interface RunSpec {
  readonly scenario: string;
  /** Null takes the scenario's own seed. */
  readonly seed: number | null;
  /** New texts of the scenario by path, `command:N`, `zone:ORIGIN` and the like; null: removed. */
  readonly files: Changes;
  /** Actions added to the scenario's timeline. */
  readonly actions: readonly Action[];
  /** A scenario of the reader's own, as the text of its file: `scenario` names none of the library's then. */
  readonly own?: string;
}

/** A journey, and the same in words alone. */
export interface ToldJourney {
  readonly journey: Journey;
  readonly transcript: string;
}

/** What differs between two runs, and what caused it. */
export interface ComparedRuns extends Difference {
  /** The changed place without which the first difference does not happen; null when none is found. */
  readonly culprit: ChangedPlace | null;
}

export type ToWorker =
  | { readonly kind: "catalog"; readonly ticket: number }
  | { readonly kind: "run"; readonly ticket: number; readonly spec: RunSpec }
  /** What the programs say of the texts, without a run. */
  | { readonly kind: "check"; readonly ticket: number; readonly spec: RunSpec }
  /** The settings that the texts hold, for forms. */
  | { readonly kind: "settings"; readonly ticket: number; readonly spec: RunSpec }
  /** The text that a setting's new value makes. */
  | {
      readonly kind: "set";
      readonly ticket: number;
      readonly spec: RunSpec;
      readonly id: SettingId;
      readonly value: SettingValue;
    }
  /** The scenario with its changes as the text of a file. */
  | { readonly kind: "scenario"; readonly ticket: number; readonly spec: RunSpec }
  /** What differs in the run of `spec` from that of `with`. */
  | {
      readonly kind: "compare";
      readonly ticket: number;
      readonly spec: RunSpec;
      readonly with: RunSpec;
    };

/** A run is announced when its files are there and it begins: only from then on it can hang. */
export type FromWorker =
  | { readonly kind: "started"; readonly ticket: number }
  /** How far a run has come that takes long: `timeline:12, 3.4 s into the run`. */
  | { readonly kind: "at"; readonly ticket: number; readonly place: string }
  | { readonly kind: "catalog"; readonly ticket: number; readonly catalog: Catalog }
  | { readonly kind: "journey"; readonly ticket: number; readonly told: ToldJourney }
  | { readonly kind: "checked"; readonly ticket: number; readonly checked: Checked }
  | { readonly kind: "settings"; readonly ticket: number; readonly settings: readonly Setting[] }
  | { readonly kind: "set"; readonly ticket: number; readonly edit: SettingEdit | SettingProblem }
  | { readonly kind: "scenario"; readonly ticket: number; readonly text: string }
  | { readonly kind: "compared"; readonly ticket: number; readonly compared: ComparedRuns }
  | { readonly kind: "failed"; readonly ticket: number; readonly message: string };
