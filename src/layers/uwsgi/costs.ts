// Every duration and size of the uWSGI model, with its source.
import { MICROSECOND, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/** Reading the vars block and building the environ, in C. Source: estimate from recorded answers of 0.9 ms through nginx. */
export const PARSE_NS: Span = 80 * MICROSECOND;
/** Writing head and body. Source: as above. */
export const WRITE_NS: Span = 60 * MICROSECOND;
/** From a connection in the listen queue to the worker that is woken. Source: estimate, Linux 6.1. */
export const WAKE_NS: Span = 30 * MICROSECOND;
/** exec, options, the Python interpreter. Source: estimate, uWSGI 2.0.21 on Debian 12. */
export const START_NS: Span = 60 * MILLISECOND;
/** From fork() to the line in the log. Source: estimate. */
export const FORK_NS: Span = 2 * MILLISECOND;
/** The master looks at its workers once a second. Source: core/master.c master_loop; recorded: harakiri 1 kills after 1.8 s. */
export const MASTER_CYCLE_NS: Span = SECOND;
/** exec of the binary at a reload. Source: estimate. */
export const REEXEC_NS: Span = 60 * MILLISECOND;
/** Source: core/uwsgi.c forkbomb_delay: 2 s. */
export const FORKBOMB_DELAY_NS: Span = 2 * SECOND;
/** The four bytes before the vars block. Source: uWSGI protocol specification. */
export const PACKET_HEADER_BYTES = 4;
