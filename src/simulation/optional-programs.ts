// Programs that few scenarios start. They are not imported by the wiring but offered by whoever starts
// the engine, so that the worker loads them only for a scenario that names them.
import type { installUwsgi } from "../layers/uwsgi/install.ts";
import type { Action, Scenario } from "./scenario.ts";

export type InstallUwsgi = typeof installUwsgi;

let uwsgi: InstallUwsgi | null = null;

/** Lets later runs have the program uwsgi. */
export function offerUwsgi(install: InstallUwsgi): void {
  uwsgi = install;
}

/** What installs uwsgi; null when it was not offered. */
export function offeredUwsgi(): InstallUwsgi | null {
  return uwsgi;
}

/** Which of the parts that are loaded only when wanted a scenario can come to use. */
export interface WantedParts {
  readonly python: boolean;
  readonly uwsgi: boolean;
}

/**
 * What `scenario` with `actions` may use, read from their text alone: rather a part too many than one too few. Both
 * servers read Python: their application, and their own configuration whatever its name.
 */
export function wantedParts(scenario: Scenario, actions: readonly Action[]): WantedParts {
  const text = JSON.stringify([scenario, actions]);
  return {
    python: /\.py\b|gunicorn|uwsgi/.test(text),
    uwsgi: text.includes("uwsgi"),
  };
}
