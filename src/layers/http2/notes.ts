// Attaches to a row of HTTP/2 what a reader sees of it. Called only where somebody looks.
import type { Chunk } from "../../host/network.ts";
import type { HpackTable } from "../../wire/hpack-table.ts";
import { EMPTY_TABLE } from "../../wire/hpack-table.ts";
import type { Facts, FactValue } from "../layer.ts";
import { framesMessage } from "./facts.ts";
import type { Context, Session, Stream } from "./state.ts";

/** What a transition had to do with: the frames that were written, and values for the words. */
export interface Row {
  readonly chunks?: readonly Chunk[];
  /** The sender's table before its header block. */
  readonly table?: HpackTable;
  readonly values?: Readonly<Record<string, FactValue>>;
  readonly fine?: true;
}

export function noteConnection(context: Context, session: Session, number: number, row: Row): void {
  context.sim.note(number, factsOf(session, row, {}));
}

export function noteStream(
  context: Context,
  session: Session,
  stream: Stream,
  row: Row & { readonly number: number },
): void {
  const open = session.streams.size;
  context.sim.note(row.number, factsOf(session, row, { stream: stream.id, open }));
}

function factsOf(
  session: Session,
  { chunks = [], table = EMPTY_TABLE, values, fine }: Row,
  own: Readonly<Record<string, FactValue>>,
): Facts {
  const { name, role } = session.profile;
  const message = framesMessage(session.profile, chunks, table);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const all = { who: name, role, bytes, remote: true, ...own, ...values };
  return {
    values: all,
    ...(message !== null && { messages: [message] }),
    ...((fine === true || chunks.length === 0) && values?.held === undefined && { fine: true }),
  };
}
