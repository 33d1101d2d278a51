// The three clocks of a request to an upstream: one at a time runs, each for one kind of silence.

import { NO_EVENT } from "../../kernel/event-queue.ts";
import { MILLISECOND } from "../../kernel/time.ts";
import { causeOf } from "./cause.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { stopTimer, type UpstreamCall } from "./upstream-call.ts";
import { upstreamEvents } from "./upstream-events.ts";

const WAITS_FOR = {
  connect: [
    ...["proxy_connect_timeout", "the connection to the backend"],
    "Nginx gives this backend up: the next one, or 504",
  ],
  send: [
    ...["proxy_send_timeout", "the backend to take more of the request"],
    "Nginx gives this backend up: the next one, or 504",
  ],
  read: [
    ...["proxy_read_timeout", "the next bytes of the backend's answer"],
    "Nginx closes the connection: the next backend, 504, or a cut answer",
  ],
} as const;

/**
 * A timer that is set again is left alone when it would end less than this later.
 * Source: src/event/ngx_event_timer.h, NGX_TIMER_LAZY_DELAY, and ngx_event_add_timer (1.22.1).
 */
const LAZY_DELAY_NS = 300 * MILLISECOND;

/** proxy_read_timeout counts the silence between two reads of the body, to 300 ms. */
export function restartReadTimer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
): void {
  if (!call.bodySent || call.response === null) return;
  const endsAt = context.sim.now + call.conf.readTimeoutNs;
  if (call.timer !== NO_EVENT && endsAt - call.timerEndsAt < LAZY_DELAY_NS) return;
  startTimer(context, request, call, "read");
}

/** Starts the call's timer for a stage. */
export function startTimer(
  context: NginxContext,
  request: NginxRequest,
  call: UpstreamCall,
  stage: keyof typeof WAITS_FOR,
): void {
  const { sim } = context;
  const { conf } = call;
  const delayNs =
    stage === "read"
      ? conf.readTimeoutNs
      : stage === "send"
        ? conf.sendTimeoutNs
        : conf.connectTimeoutNs;
  stopTimer(context, call);
  call.timer = sim.after(delayNs, upstreamEvents(sim).timeout, request.id);
  call.timerEndsAt = sim.now + delayNs;
  if (!sim.recording(call.entity)) return;
  const [name, waitsFor, otherwise] = WAITS_FOR[stage];
  const { connectTimeout, sendTimeout, readTimeout } = conf;
  const setting = { connect: connectTimeout, send: sendTimeout, read: readTimeout }[stage];
  sim.setClock({
    ...{ entity: call.entity, name, deadline: sim.now + delayNs, handle: call.timer },
    facts: {
      ...{ party: "nginx", waitsFor, otherwise },
      cause: causeOf(setting.span, "how long Nginx waits"),
    },
  });
}
