// Copies of what a call has come to, for the calls that begin there (rehearsed-calls.ts). Objects are written out
// field by field: V8 gives an object that is spread a layout of its own, at some places every single one, which
// takes memory that is not soon free, and code that was compiled for the layout of others is thrown away.
import { copyOfRequest } from "./http-request.ts";
import type { Frame, FrameOf, MessageState, Run, Session } from "./run.ts";

/** What a stretch of a call leaves behind, in parts of the call itself. */
export type Left = Pick<
  Run,
  "http" | "match" | "session" | "hasUser" | "csrf" | "messages" | "observed" | "owedNs"
>;

export function copyOfLeft(left: Left): Left {
  const { http, match, session, hasUser, csrf, messages, observed, owedNs } = left;
  const { cookie, cookieUsed, needsReset, processingDone, rejection } = csrf;
  return {
    match,
    hasUser,
    owedNs,
    http: http === null ? null : copyOfRequest(http),
    session: session === null ? null : copyOfSession(session),
    csrf: { cookie, cookieUsed, needsReset, processingDone, rejection },
    messages: messages === null ? null : copyOfMessages(messages),
    observed: { ...observed, middleware: [], exceptions: [], sql: [] },
  };
}

function copyOfSession({ key, data, accessed, modified, saved, emptyAtEnd }: Session): Session {
  return { key, data, accessed, modified, saved, emptyAtEnd };
}

function copyOfMessages({ loaded, hadCookie, used, queued }: MessageState): MessageState {
  return { loaded, hadCookie, used, queued: [...queued] };
}

/** A frame's own fields change as it goes on; what they refer to does not, but for responses. */
export function copyOfFrame(frame: Frame): Frame {
  const { kind, pc, costNs } = frame;
  switch (kind) {
    case "handler":
      return { kind, pc, costNs, response: frame.response };
    case "middleware":
      return { kind, pc, costNs, index: frame.index, response: frame.response };
    case "innermost":
      return { kind, pc, costNs };
    case "getResponse": {
      const { index, response, raised } = frame;
      return { kind, pc, costNs, index, response, raised };
    }
    case "decorators": {
      const { list, index, response, view } = frame;
      return { kind, pc, costNs, list, index, response, view };
    }
    case "steps":
      return copyOfSteps(frame);
    case "query":
      return copyOfQuery(frame);
    default:
      return { ...frame };
  }
}

function copyOfSteps(frame: FrameOf<"steps">): Frame {
  if (frame.nested !== undefined) return { ...frame };
  const { kind, pc, costNs, steps, response, view } = frame;
  return { kind, pc, costNs, steps, response, view };
}

function copyOfQuery(frame: FrameOf<"query">): Frame {
  const { kind, pc, costNs, sql, params, stepCostNs, rows, counted, silent, query, startedAt } =
    frame;
  return { kind, pc, costNs, sql, params, stepCostNs, rows, counted, silent, query, startedAt };
}
