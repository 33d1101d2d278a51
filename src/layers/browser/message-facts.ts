// The messages of a client as a person sees them: the request's and the response's real text, and the
// page that was got.

import { fromByteText } from "../../text/utf8.ts";
import type { HeaderFields } from "../http2-session.ts";
import type { Facts, Message } from "../layer.ts";
import type { SendStep } from "./bare-request.ts";
import { fieldText } from "./http2-client.ts";
import { bodyText, headerOf, type ResponseReader, textOf } from "./response-reader.ts";

/** Longest text of a body shown with a message, in bytes. */
const SHOWN_MAX = 4096;

/** The facts of a request that was sent. */
export function requestFacts(steps: readonly SendStep[], url: string): Facts {
  let text = "";
  let bytes = 0;
  const onStream = steps.find((step) => step.kind === "request");
  if (onStream !== undefined) return streamFacts(onStream.fields, url);
  for (const step of steps) {
    if (step.kind !== "bytes") continue;
    bytes += step.chunk.bytes;
    const room = SHOWN_MAX - text.length;
    if (room > 0) text += textOf(step.chunk, 0, Math.min(room, step.chunk.bytes));
  }
  const end = text.indexOf("\r\n\r\n");
  const head = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? "" : text.slice(end + 4);
  const bodyBytes = end < 0 ? 0 : bytes - end - 4;
  const line = head.split("\r\n", 1)[0];
  return {
    values: { url, line, bytes, bodyBytes },
    messages: [httpMessage({ title: line, head, body, bodyBytes })],
  };
}

/** The frames themselves are shown by HTTP/2. */
function streamFacts(fields: HeaderFields, url: string): Facts {
  const find = (name: string) => fields.find(([key]) => key === name)?.[1] ?? "";
  const line = `${find(":method")} ${find(":path")} HTTP/2`;
  const bytes = fieldText(fields).length;
  return { values: { url, line, bytes, bodyBytes: Number(find("content-length")) }, fine: true };
}

/** The facts of a response that is complete. */
export function responseFacts(reader: ResponseReader, url: string): Facts {
  const { head, bodyBytes } = reader;
  if (head === null) return {};
  const messages: Message[] = [
    httpMessage({
      title: `${head.status} ${head.reason}`,
      head: head.text,
      body: bodyText(reader).slice(0, SHOWN_MAX),
      bodyBytes,
    }),
  ];
  const page = pageOf(reader, url);
  if (page !== null) messages.push(page);
  return { values: { status: head.status, reason: head.reason, bodyBytes, url }, messages };
}

/** The page a response holds, when it is HTML that was kept whole. */
export function pageOf(reader: ResponseReader, url: string): Message | null {
  const { head } = reader;
  const isHtml = head !== null && /^text\/html/i.test(headerOf(head, "content-type") ?? "");
  const text = bodyText(reader);
  if (!isHtml || (reader.unpacked === null && text.length < reader.bodyBytes)) return null;
  const html = fromByteText(text) ?? text;
  return { kind: "page", title: url, url, html, status: head.status };
}

interface HttpText {
  readonly title: string;
  readonly head: string;
  readonly body: string;
  readonly bodyBytes: number;
}

function httpMessage({ title, head, body, bodyBytes }: HttpText): Message {
  const text = fromByteText(body) ?? "";
  return {
    kind: "http",
    title,
    head,
    bodyBytes,
    ...(text !== "" && { body: text }),
  };
}
