// The bare client on a connection of HTTP/2: what arrives on the stream of its request. It has one
// request at a time on a connection.
import type { SocketId } from "../../host/network.ts";
import type { Http2Handlers } from "../http2-session.ts";
import { type Context, type Pending, steps, withPending } from "./bare-context.ts";
import { fail, followReader } from "./bare-exchange.ts";
import { headOfFields } from "./http2-client.ts";
import { endStreamBody, feedStream, takeStreamHead } from "./response-reader.ts";

/** What the client hears of its streams. */
export function bareStreams(context: () => Context): Http2Handlers {
  const on = (socket: SocketId, act: (pending: Pending) => void): void =>
    withPending(context(), socket, act);
  const end = (pending: Pending): void => {
    endStreamBody(pending.reader);
    followReader(context(), pending);
    if (pending.reader.head !== null && pending.reader.phase !== "complete")
      fail(context(), pending, null, steps.truncate);
  };
  return {
    headers: (socket, _, block) =>
      on(socket, (pending) => {
        takeStreamHead(pending.reader, headOfFields(block.fields));
        if (block.end) end(pending);
        else followReader(context(), pending);
      }),
    data: (socket, _, chunk, isLast) =>
      on(socket, (pending) => {
        feedStream(pending.reader, chunk);
        if (isLast) end(pending);
      }),
    reset: (socket) => on(socket, (pending) => cutOff(context(), pending)),
    failed: (socket) => on(socket, (pending) => cutOff(context(), pending)),
  };
}

/** The server gave the stream up. */
function cutOff(context: Context, pending: Pending): void {
  if (pending.reader.head === null) fail(context, pending, "reset", steps.loseConnection);
  else fail(context, pending, null, steps.truncate);
}
