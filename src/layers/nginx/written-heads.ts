// The head of a response as it was written last for the same answer of an upstream, or in the same location: in a
// crowd the next one says the same until the Date changes, and is then the same chunk, which its reader knows.
import type { Chunk } from "../../host/network.ts";
import type { HeaderOut, NginxRequest } from "./request.ts";
import type { LocationConf } from "./settings.ts";

/** All that a written head depends on. A Location of nginx's own depends on more, and is not remembered. */
export interface HeadParts {
  readonly location: LocationConf;
  readonly status: number;
  readonly statusLine: string | null;
  readonly contentType: string | null;
  readonly charset: string | null;
  readonly contentLength: number | null;
  readonly lastModified: number | null;
  readonly ownServer: boolean;
  readonly ownDate: boolean;
  readonly httpVersion: number;
  readonly keepalive: boolean;
  readonly chunkedOut: boolean;
  readonly varies: boolean;
  readonly date: string;
  readonly list: readonly HeaderOut[];
}

interface Written {
  readonly parts: HeadParts;
  readonly chunk: Chunk;
}

const written = new WeakMap<object, Written>();

/** The head's chunk, made by `write` when the last one was different. */
export function writtenHead(request: NginxRequest, date: string, write: () => Chunk): Chunk {
  const key = (request.kept["upstream.head"] as object | undefined) ?? request.location;
  const before = written.get(key);
  if (before !== undefined && isSame(before.parts, request, date)) return before.chunk;
  const chunk = write();
  if (!request.out.list.some((header) => header.location === true))
    written.set(key, { parts: partsOf(request, date), chunk });
  return chunk;
}

function partsOf(request: NginxRequest, date: string): HeadParts {
  const { out } = request;
  return {
    location: request.location,
    status: out.status,
    statusLine: out.statusLine,
    contentType: out.contentType,
    charset: out.charset,
    contentLength: out.contentLength,
    lastModified: out.lastModified,
    ownServer: out.ownServer,
    ownDate: out.ownDate,
    httpVersion: request.httpVersion,
    keepalive: request.keepalive,
    chunkedOut: request.chunkedOut,
    varies: request.ctx.gzipVary === true,
    date,
    list: out.list.map(({ name, value }) => ({ name, value })),
  };
}

function isSame(before: HeadParts, request: NginxRequest, date: string): boolean {
  const { out } = request;
  return (
    before.location === request.location &&
    before.status === out.status &&
    before.statusLine === out.statusLine &&
    before.contentType === out.contentType &&
    before.charset === out.charset &&
    before.contentLength === out.contentLength &&
    before.lastModified === out.lastModified &&
    before.ownServer === out.ownServer &&
    before.ownDate === out.ownDate &&
    before.httpVersion === request.httpVersion &&
    before.keepalive === request.keepalive &&
    before.chunkedOut === request.chunkedOut &&
    before.varies === (request.ctx.gzipVary === true) &&
    before.date === date &&
    isSameList(before.list, out.list)
  );
}

function isSameList(before: readonly HeaderOut[], list: readonly HeaderOut[]): boolean {
  if (before.length !== list.length) return false;
  for (let i = 0; i < list.length; i++) {
    const header = list[i];
    if (before[i].name !== header.name || before[i].value !== header.value) return false;
    if (header.location === true) return false;
  }
  return true;
}
