// What the end of a unit's main process means: clean or failed, restarted or not, and its words.
// Source: systemd.service(5), Restart=, SuccessExitStatus=, RestartPreventExitStatus=; v252.

import { type ExitStatus, SIGNAL_NUMBER } from "../../host/processes.ts";
import { ownValue } from "../../text/own-value.ts";
import type { RestartRule, ServiceUnit } from "./unit-file.ts";

/** Source: systemd.service(5), SuccessExitStatus=: 0 and the signals HUP, INT, TERM, PIPE are clean. */
export function isClean(service: ServiceUnit, status: ExitStatus): boolean {
  if (status === 0 || service.successStatuses.includes(String(status))) return true;
  return [SIGNAL_NUMBER.HUP, SIGNAL_NUMBER.INT, SIGNAL_NUMBER.TERM, SIGNAL_NUMBER.PIPE].includes(
    -status,
  );
}

const RESTARTS_ON: Readonly<Record<RestartRule, readonly ("clean" | "code" | "signal")[]>> = {
  no: [],
  always: ["clean", "code", "signal"],
  "on-success": ["clean"],
  "on-failure": ["code", "signal"],
  "on-abnormal": ["signal"],
  "on-abort": ["signal"],
  "on-watchdog": [],
};

export function restarts(service: ServiceUnit, status: ExitStatus, clean: boolean): boolean {
  if (service.preventStatuses.includes(String(status))) return false;
  return (ownValue(RESTARTS_ON, service.restart) ?? []).includes(
    clean ? "clean" : status < 0 ? "signal" : "code",
  );
}

/** Whether a failure that is no exit of the main process (killed for memory) is one to restart after. */
export function restartsAfterFailure(service: ServiceUnit): boolean {
  return ["on-failure", "on-abnormal", "always"].includes(service.restart);
}

/** Source: src/basic/exit-status.c. */
const EXIT_NAMES: Readonly<Record<number, string>> = {
  0: "SUCCESS",
  1: "FAILURE",
  2: "INVALIDARGUMENT",
  3: "NOTIMPLEMENTED",
  4: "NOPERMISSION",
  200: "CHDIR",
  203: "EXEC",
  217: "USER",
};

export function statusText(status: ExitStatus): string {
  if (status >= 0) return `code=exited, status=${status}/${EXIT_NAMES[status] ?? "n/a"}`;
  const name = Object.entries(SIGNAL_NUMBER).find(([, number]) => number === -status)?.[0] ?? "";
  return `code=killed, status=${-status}/${name}`;
}

/** `code 3` or `signal 9 (KILL)`, for people. */
export function endText(status: ExitStatus): string {
  if (status >= 0) return `code ${status}`;
  const name = Object.entries(SIGNAL_NUMBER).find(([, number]) => number === -status)?.[0] ?? "";
  return `signal ${-status} (${name})`;
}
