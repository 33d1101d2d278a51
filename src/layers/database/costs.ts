// Every duration and size of the database model, with its source.
import { MICROSECOND, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/** A round trip to a server on this machine. Source: measured, 0.03 to 0.06 ms over loopback and unix sockets. */
export const LOCAL_ROUND_TRIP_NS: Span = 50 * MICROSECOND;
/** A round trip to another machine. Source: 0.2 to 0.5 ms within one data centre. */
export const REMOTE_ROUND_TRIP_NS: Span = 400 * MICROSECOND;

/** fork() of a backend and its start-up until it can authenticate. Source: 1 to 2 ms, PostgreSQL 15. */
export const BACKEND_START_NS: Span = 1.5 * MILLISECOND;
/** TLS over TCP, which Debian's server offers and sslmode=prefer takes. Source: estimate, an RSA signature. */
export const TLS_CPU_NS: Span = 1 * MILLISECOND;
/** The client's 4096 rounds of SHA-256. Source: RFC 7677; scram_iterations; measured about 1.2 ms. */
export const SCRAM_CPU_NS: Span = 1.2 * MILLISECOND;
/** InitPostgres: the catalogue caches of a new backend. Source: measured, about 0.8 ms. */
export const CATALOGUE_CPU_NS: Span = 800 * MICROSECOND;

/** Source: PostgreSQL 15, protocol-flow.html: connect; SSLRequest, TLS 1.3; StartupMessage; two of SCRAM. */
export const ROUND_TRIPS = { unixBeforeFork: 1, tcpBeforeFork: 3, afterFork: 3 } as const;

/** Parsing and planning a statement. Source: EXPLAIN ANALYZE's planning time of small queries, 0.1 to 0.5 ms. */
export const PLAN_NS: Span = 200 * MICROSECOND;
/** BEGIN, COMMIT and the like: nothing to plan. Source: estimate. */
export const UTILITY_NS: Span = 20 * MICROSECOND;
/** Execution of a statement of which the scenario does not say what it costs. Source: a row by its index. */
export const EXECUTE_NS: Span = 50 * MICROSECOND;
/** Reading and sending a row from shared buffers. Source: about 10 µs for a page of many rows. */
export const ROW_NS: Span = 2 * MICROSECOND;
/** The flush of the write-ahead log at a commit that changed something. Source: an SSD's fsync, 0.5 to 2 ms. */
export const COMMIT_FLUSH_NS: Span = 500 * MICROSECOND;

/** Source: postgresql.conf of PostgreSQL 15. */
export const MAX_CONNECTIONS = 100;
export const SUPERUSER_RESERVED_CONNECTIONS = 3;
export const DEADLOCK_TIMEOUT_NS: Span = SECOND;
/** Start-up of the server after its start. Source: measured, 0.1 to 0.5 s without recovery. */
export const SERVER_START_NS: Span = 300 * MILLISECOND;

/** Opening SQLite's file and reading its schema. Source: measured, below 1 ms. */
export const SQLITE_OPEN_NS: Span = 200 * MICROSECOND;
/** A small statement in SQLite: compile and run. Source: measured, 30 to 100 µs. */
export const SQLITE_STATEMENT_NS: Span = 50 * MICROSECOND;
/** SQLite's commit: the rollback journal and the file are flushed. Source: as COMMIT_FLUSH_NS, twice. */
export const SQLITE_COMMIT_NS: Span = MILLISECOND;
/** How long Python's sqlite3 waits for a lock. Source: sqlite3.connect(timeout=5.0). */
export const SQLITE_TIMEOUT_NS: Span = 5 * SECOND;
/** Waits between tries for a lock, ms; the last one repeats. Source: SQLite main.c, sqliteDefaultBusyCallback. */
export const SQLITE_BUSY_DELAYS_MS = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100] as const;
/** Source: SQLite's page size. */
export const SQLITE_PAGE_BYTES = 4096;
