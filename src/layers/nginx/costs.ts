// Every duration and size of the model that no directive sets.

/**
 * CPU time that a worker needs for a request of its own: read, choose, answer, log.
 * Source: measurement; nginx serves small static answers at 15,000 to 25,000 requests a second and core.
 */
export const REQUEST_CPU_NS = 50_000;

/**
 * How long a worker writes to the client before it reads the upstream again, in one turn.
 * Source: measurement; nginx 1.22.1 met an upstream's end in the turn of its header when both were
 * sent without a pause.
 */
export const READ_TURN_NS = 50_000;

/** Bytes that the kernel takes of a response before nginx waits. Source: Linux, net.ipv4.tcp_wmem, middle of its range. */
export const SEND_BUFFER_BYTES = 2_621_440;
