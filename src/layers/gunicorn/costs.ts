// Every duration and size of the gunicorn model, with its source.
import { MICROSECOND, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/**
 * Processor time from accept() to the application's call: parsing the head and building the environ.
 * Source: conformance/load FORMAT.md: 1.1 ms in the worker a request, Django's part taken off.
 */
export const ACCEPT_AND_PARSE_NS: Span = 250 * MICROSECOND;
/** Building and sending the head of the response. Source: as above; the response's share is 0.15 ms. */
export const RESPONSE_HEAD_NS: Span = 50 * MICROSECOND;
/** Sending the first item of the body, after its head. Source: as above. */
export const RESPONSE_BODY_NS: Span = 100 * MICROSECOND;
/** Writing the small page of an error. Source: recorded answers of 0.5 to 0.8 ms. */
export const ERROR_PAGE_NS: Span = 100 * MICROSECOND;
/** Closing a connection that ended before its head was complete. Source: estimate, two system calls. */
export const CLOSE_NS: Span = 20 * MICROSECOND;
/** From a connection in the accept queue to the worker that select() woke. Source: estimate, Linux 6.1. */
export const WAKE_NS: Span = 30 * MICROSECOND;

/** Starting Python and importing gunicorn. Source: measured, Python 3.11 on Debian 12: about 0.12 s. */
export const INTERPRETER_START_NS: Span = 120 * MILLISECOND;
/** From fork() to the worker's first line. Source: estimate, a fork of a small Python process. */
export const CHILD_START_NS: Span = 2 * MILLISECOND;
/** Finalising Python after the worker's last line. Source: estimate. */
export const WORKER_EXIT_NS: Span = 5 * MILLISECOND;
/** Ending the master after its last line. Source: estimate. */
export const MASTER_EXIT_NS: Span = 5 * MILLISECOND;

/** Source: arbiter.py sleep(): select on the self-pipe. */
export const ARBITER_TURN_NS: Span = SECOND;
/** Source: arbiter.py spawn_workers(): time.sleep(0.1 * random()). */
export const SPAWN_PAUSE_MAX_NS: Span = 100 * MILLISECOND;
/** Source: arbiter.py stop(): time.sleep(0.1). */
export const STOP_POLL_NS: Span = 100 * MILLISECOND;
/** Source: workers/base.py handle_quit(): time.sleep(0.1). */
export const QUIT_PAUSE_NS: Span = 100 * MILLISECOND;
/** Source: sock.py create_sockets(): five tries, one second apart. */
export const BIND_RETRY_NS: Span = SECOND;
export const BIND_TRIES = 5;
/** Source: arbiter.py signal(): at most five signals wait. */
export const SIGNALS_WAITING_MAX = 5;
/** Source: workers/gthread.py run(): poller.select(1.0); ggevent.py run(): gevent.sleep(1.0). */
export const THREAD_TURN_NS: Span = SECOND;
/** Source: workers/sync.py run(): the wait when timeout is 0. */
export const IDLE_WAIT_WITHOUT_TIMEOUT_NS: Span = SECOND / 2;

/** Source: http/unreader.py SocketUnreader: recv(8192). */
export const RECV_BYTES = 8192;
/**
 * Bytes that send() takes before it blocks. Source: Linux 6.1, net.ipv4.tcp_wmem maximum 4 MB for TCP
 * after tuning; net.core.wmem_default 212,992 for unix sockets.
 */
export const SEND_BUFFER_BYTES = { tcp: 2_500_000, unix: 212_992 } as const;

/**
 * What a gunicorn process holds in memory, and what Django adds to one that has imported it. Source:
 * VmRSS of gunicorn 20.1.0 with Django 3.2.25 and the contrib apps on Python 3.11: 30.5 and 48.3 MB.
 */
export const PROCESS_BYTES = 30_500_000;
export const APPLICATION_BYTES = 17_800_000;
