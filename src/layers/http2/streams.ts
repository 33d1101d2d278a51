// A stream's beginning.
import type { RequestNumber } from "../../kernel/simulation.ts";
import { DEFAULT_WINDOW_BYTES, SETTING } from "../../wire/http2-frame.ts";
import type { Http2Profile, StreamId } from "../http2-session.ts";
import type { Context, Session, Stream } from "./state.ts";

/** A new stream of a session, of which nothing has been sent or heard. */
export function newStream(
  context: Context,
  session: Session,
  id: StreamId,
  request: RequestNumber,
): Stream {
  const stream: Stream = {
    id,
    entity: context.sim.spawn(context.stream, request),
    request,
    sendWindow: session.peerWindow,
    received: 0,
    receiveWindow: ownWindow(session.profile),
    held: [],
    heldBytes: 0,
    heldEnd: false,
    frameBytes: 0,
  };
  session.streams.set(id, stream);
  return stream;
}

/** What an end's SETTINGS let the peer send on a new stream. */
function ownWindow({ settings }: Http2Profile): number {
  return settings.find(([id]) => id === SETTING.initialWindowSize)?.[1] ?? DEFAULT_WINDOW_BYTES;
}
