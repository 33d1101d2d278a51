// Every duration and size of TCP and of local sockets.
import { MICROSECOND, MILLISECOND, SECOND } from "../../kernel/time.ts";

/** Handshake over loopback: three packets through the kernel and the wake-up. Source: lmbench lat_connect, about 20-40 µs on servers of the 2020s. */
export const LOOPBACK_CONNECT_NS = 30 * MICROSECOND;
/** One write to the reader's wake-up over loopback. Source: half of sockperf's ping-pong on loopback TCP, 10-20 µs. */
export const LOOPBACK_ONE_WAY_NS = 15 * MICROSECOND;
/** connect() on a unix stream socket. Source: lmbench lat_unix_connect, about 10 µs. */
export const UNIX_CONNECT_NS = 10 * MICROSECOND;
/** One write to the reader's wake-up on a unix socket. Source: half of lmbench lat_unix, 5-10 µs. */
export const UNIX_ONE_WAY_NS = 8 * MICROSECOND;
/** Copying through the kernel, for chunks worth counting. Source: lmbench bw_tcp on loopback, about 4 GB/s. */
export const LOCAL_BYTES_PER_SECOND = 4e9;
/** Smaller local writes count as instant, so that one event delivers all that is written at once. */
export const COPY_COUNTS_FROM_BYTES = 65_536;
/** Links shorter than this are local: no slow start can be felt. Source: choice of this model. */
export const LOCAL_RTT_NS = 100 * MICROSECOND;

/** Source: recorded (net/tcp-*): 1500 MTU - 20 IP - 20 TCP. */
export const MSS_OPTION_BYTES = 1460;
/** Loopback: 65 536 MTU - 40. Source: Linux drivers/net/loopback.c. */
export const LOOPBACK_MSS_BYTES = 65_495;
/** Data in a full segment: 1460 less 12 bytes of timestamps. Source: recorded (net/tcp-slowstart-*). */
export const MSS_BYTES = 1448;
/** IP and TCP headers with timestamps. Source: recorded: ip_bytes of a bare ACK. */
export const HEADER_BYTES = 52;
/** A SYN with its options. Source: recorded. */
export const SYN_IP_BYTES = 60;
/** A RST that answers a SYN: no options. Source: recorded (net/tcp-refused.json). */
export const RST_IP_BYTES = 40;
/** Initial window, segments. Source: RFC 6928; Linux include/net/tcp.h, TCP_INIT_CWND. */
export const INITIAL_WINDOW_SEGMENTS = 10;
/** The receiver's buffer bounds what may be under way. Source: Linux tcp_rmem[2] = 6 MB, half of it window. */
export const WINDOW_SEGMENTS_MAX = 2172;
/** CUBIC after a loss: beta 0.7. Source: RFC 9438, section 4.6. */
export const LOSS_BACKOFF = 0.7;
/** Windows that SYN and SYN,ACK advertise. Source: recorded. */
export const SYN_WINDOW_BYTES = 64_240;
export const SYN_ACK_WINDOW_BYTES = 65_160;
/** Source: recorded: window in the segments after the handshake, client and server. */
export const OPEN_WINDOW_BYTES = [64_512, 65_536] as const;

/** Source: Linux TCP_TIMEOUT_INIT; RFC 6298, section 2.1. */
export const INITIAL_RTO_NS = SECOND;
/** Source: Linux TCP_RTO_MIN; doubling up to TCP_RTO_MAX. */
export const RTO_MIN_NS = 200 * MILLISECOND;
export const RTO_MAX_NS = 120 * SECOND;

/** ip_local_port_range 32768-60999; connect() takes even ports first. Source: Linux ip-sysctl, inet_hash_connect. */
export const LOCAL_PORT_FIRST = 32_768;
export const LOCAL_PORT_PAIRS = 14_116;
/** Ports below need root. Source: ip-sysctl, ip_unprivileged_port_start. */
export const UNPRIVILEGED_PORT_START = 1024;
