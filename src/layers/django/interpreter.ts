// Runs the frames of a call until it has to wait: for the processor, a sleep, the database or a body.

import { loadPermissionsFrame, loadUserFrame, loginFrame, logoutFrame } from "./auth.ts";
import { readBodyFrame } from "./body.ts";
import { encodeResponse } from "./charset.ts";
import { decoratorsFrame } from "./decorators.ts";
import { type Django, pay, settle } from "./django.ts";
import { convertFrame, errorViewFrame } from "./exceptions.ts";
import { getResponseFrame, innermostFrame } from "./get-response.ts";
import { handlerFrame } from "./handler.ts";
import { middlewareFrame } from "./middleware-chain.ts";
import { isPrivate } from "./private-steps.ts";
import { queryFrame } from "./queries.ts";
import {
  asResponse,
  type Frame,
  type FrameKind,
  type FrameOf,
  type Run,
  raiseException,
} from "./run.ts";
import {
  createSessionFrame,
  cycleSessionFrame,
  deleteSessionFrame,
  loadSessionFrame,
  saveSessionFrame,
} from "./sessions.ts";
import { stockViewFrame } from "./stock-views.ts";
import { templateFrame } from "./templates.ts";
import { atomicFrame } from "./transactions.ts";
import { stepsFrame } from "./view-steps.ts";

type StepTable = {
  readonly [K in FrameKind]: (django: Django, run: Run, frame: FrameOf<K>) => void;
};

const STEPS: StepTable = {
  handler: handlerFrame,
  middleware: middlewareFrame,
  innermost: innermostFrame,
  getResponse: getResponseFrame,
  decorators: decoratorsFrame,
  steps: stepsFrame,
  stockView: stockViewFrame,
  atomic: atomicFrame,
  convert: convertFrame,
  errorView: errorViewFrame,
  query: queryFrame,
  readBody: readBodyFrame,
  loadSession: loadSessionFrame,
  saveSession: saveSessionFrame,
  createSession: createSessionFrame,
  cycleSession: cycleSessionFrame,
  deleteSession: deleteSessionFrame,
  loadUser: loadUserFrame,
  loadPermissions: loadPermissionsFrame,
  login: loginFrame,
  logout: logoutFrame,
  template: templateFrame,
};

/** Frames that have an except or finally clause; exceptions pass through the others. */
const CATCHES: ReadonlySet<FrameKind> = new Set<FrameKind>([
  "handler",
  "middleware",
  "innermost",
  "getResponse",
  "atomic",
  "convert",
  "errorView",
  "saveSession",
  "createSession",
]);

/** Goes on with a call as far as it gets without waiting. */
export function advance(django: Django, run: Run): void {
  while (run.wait === "") {
    const frame = run.frames.at(-1);
    if (frame === undefined) return;
    if (run.raised !== null && !CATCHES.has(frame.kind)) {
      run.frames.pop();
    } else if (frame.costNs > 0 && run.raised === null) {
      const cost = frame.costNs;
      frame.costNs = 0;
      pay(django, run, cost);
    } else if (run.owedNs > 0 && !isPrivate(django, run, frame)) {
      settle(django, run);
    } else {
      step(django, run, frame);
      encodeNewResponse(django, run);
    }
  }
}

/** A response is encoded where it was made: what has no byte in its charset is an exception there. */
function encodeNewResponse(django: Django, run: Run): void {
  const response = run.raised === null ? asResponse(run.value) : null;
  const problem = response === null ? null : encodeResponse(django, run, response);
  if (problem !== null) raiseException(run, problem);
}

function step<K extends FrameKind>(django: Django, run: Run, frame: Frame & { kind: K }): void {
  STEPS[frame.kind](django, run, frame as FrameOf<K>);
}
