// Sending: the server asks for one item of the response after another, then closes it.
// Source: PEP 3333; django/http/response.py, StreamingHttpResponse and close(), 3.2.
import { type Chunk, fillerChunk, textChunk } from "../../host/network.ts";
import { type Django, fire, isIn, note } from "./django.ts";
import { crash } from "./handler.ts";
import { contentBytes, fillerContent, type Response, type StreamBody } from "./http-response.ts";
import { closeOldConnections } from "./queries.ts";
import type { Run } from "./run.ts";

/** One more item, or the end. A stream may sleep first. */
export function sendNext(django: Django, run: Run): void {
  const response = run.response as Response;
  const { stream } = response;
  if (stream === null) {
    sendContent(django, run, response);
    return;
  }
  const items = stream.gzip?.length ?? stream.chunks;
  if (run.delivered > 0 && stream.gzip === null && run.delivered - 1 === stream.raiseAfter) {
    crash(django, run, { name: "ValueError", message: "in stream" });
    return;
  }
  if (run.delivered >= items) {
    exhausted(django, run);
    return;
  }
  if (stream.sleepNs > 0 && run.wait !== "") {
    run.wait = "";
    run.timer = django.sim.after(sleepOf(stream), django.events.timer, run.slot);
    return;
  }
  deliver(django, run, itemOf(stream, run.delivered));
}

/** A compressed stream sleeps for all its chunks before the one item that holds them. */
function sleepOf(stream: StreamBody): number {
  return stream.gzip === null
    ? stream.sleepNs
    : (stream.sleepNs * stream.chunks) / stream.gzip.length;
}

function itemOf(stream: StreamBody, index: number): Chunk {
  if (stream.gzip !== null) return fillerChunk(stream.gzip[index]);
  return fillerContent(stream.bytes)[0] ?? textChunk("");
}

function sendContent(django: Django, run: Run, response: Response): void {
  if (run.delivered >= Math.max(response.content.length, 1)) {
    exhausted(django, run);
    return;
  }
  deliver(django, run, response.content[run.delivered] ?? textChunk(""));
}

function deliver(django: Django, run: Run, chunk: Chunk): void {
  run.delivered++;
  run.wait = "next";
  const row = fire(django, run, "sendItem", chunk.bytes);
  note(django, run, row, () => ({
    fine: true,
    values: {
      bytes: chunk.bytes,
      number: run.delivered,
      total: contentBytes(run.response as Response),
    },
  }));
  django.servers[run.server].item(run.slot, chunk);
}

function exhausted(django: Django, run: Run): void {
  run.wait = "";
  django.servers[run.server].exhausted(run.slot);
}

/** close(): request_finished, and connections that are too old are closed. */
export function closeSending(django: Django, run: Run): void {
  closeOldConnections(django, run.slot);
  if (isIn(django, run, "sending the response")) fire(django, run, "closeResponse");
  else if (!isIn(django, run, "crashed")) fire(django, run, "interrupt");
}
