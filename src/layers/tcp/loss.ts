// Which packets a lossy link loses: draws keyed by the connection and the packet, so that another
// setting leaves them as they are.
// Simplification: bare ACKs, FIN and RST are never lost.
import type { Purpose } from "../../kernel/random.ts";
import type { Tcp } from "./context.ts";
import type { Connection } from "./state.ts";

/** Purposes of draws; the number of the packet times 16 is added. */
export const LOSS_OF_SYN = 0x7c0000;
export const LOSS_OF_SYN_ACK = 0x7c0001;
/** And the side's index. */
export const LOSS_IN_FLIGHT = 0x7c0002;
/** Where the local ports begin. */
export const FIRST_PORT = 0x7c000f;

/** Whether at least one of `packets` is lost: 1 - (1 - p)^packets. */
export function loses(
  tcp: Tcp,
  connection: Connection,
  purpose: Purpose,
  packets: number,
): boolean {
  if (connection.lossRate <= 0) return false;
  let kept = 1;
  for (let i = 0; i < packets; i++) kept *= 1 - connection.lossRate;
  return tcp.sim.uniform(connection.id, purpose) >= kept;
}
