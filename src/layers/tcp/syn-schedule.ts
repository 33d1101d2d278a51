// When an unanswered SYN is sent again, and when connect() gives up. The timer starts at 1 s and
// doubles up to 120 s; kernels from 6.5 on first repeat a few times at 1 s.
// Source: RFC 6298; Linux net/ipv4/tcp_timer.c, tcp_retransmit_timer and tcp_syn_linear_timeouts.
import type { Span } from "../../kernel/time.ts";
import { INITIAL_RTO_NS, RTO_MAX_NS } from "./costs.ts";

export interface SynSchedule {
  /** When each SYN leaves, from connect() on, ns; the first is 0. */
  readonly sendsNs: readonly Span[];
  /** When connect() fails with ETIMEDOUT, ns. */
  readonly giveUpNs: Span;
}

/**
 * The times of every SYN. Simplification: nominal times; the kernel's timers add 1 to 3 % (recorded
 * 7.1 s for 7 s, 68.6 s for 67 s).
 */
export function synSchedule(retries: number, linearTimeouts: number): SynSchedule {
  const sendsNs: Span[] = [0];
  let time = 0;
  let timeout = INITIAL_RTO_NS;
  const count = retries + linearTimeouts;
  for (let sent = 0; sent <= count; sent++) {
    time += timeout;
    if (sent < count) sendsNs.push(time);
    if (sent >= linearTimeouts) timeout = Math.min(timeout * 2, RTO_MAX_NS);
  }
  return { sendsNs, giveUpNs: time };
}
