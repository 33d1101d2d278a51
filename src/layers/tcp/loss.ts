// Which packets a lossy link loses: draws keyed by the connection and the packet, so that another
// setting leaves them as they are.
import type { Tcp } from "./context.ts";
import type { Connection } from "./state.ts";

export const LOSS_OF_SYN = 0x7c00;
export const LOSS_OF_SYN_ACK = 0x7c01;
/** And the side's index. */
export const LOSS_IN_FLIGHT = 0x7c02;

/** Whether at least one of `packets` is lost: 1 - (1 - p)^packets. */
export function draw(
  tcp: Tcp,
  connection: Connection,
  purpose: number,
  number: number,
  packets: number,
): boolean {
  if (connection.lossRate <= 0) return false;
  let kept = 1;
  for (let i = 0; i < packets; i++) kept *= 1 - connection.lossRate;
  return tcp.sim.uniform(connection.id, purpose + number * 16) >= kept;
}
