// Every duration and size of the model that no directive sets.

/**
 * CPU time that a worker needs for a request of its own: read, choose, answer, log.
 * Source: measurement; nginx serves small static answers at 15,000 to 25,000 requests a second and core.
 */
export const REQUEST_CPU_NS = 50_000;

/** Bytes that the kernel takes of a response before nginx waits. Source: Linux, net.ipv4.tcp_wmem, middle of its range. */
export const SEND_BUFFER_BYTES = 2_621_440;
