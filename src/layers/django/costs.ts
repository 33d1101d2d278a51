// What Django's work costs in CPU time.
import { MICROSECOND, MILLISECOND, type Span } from "../../kernel/time.ts";

/** Source: conformance/load/FORMAT.md: 1.1 ms a simple request in the worker, of which 0.4 ms gunicorn's. */
export const HANDLER_NS: Span = 120 * MICROSECOND;
/** One middleware's request and response parts. Source: the same, shared out over a chain of seven. */
export const MIDDLEWARE_IN_NS: Span = 25 * MICROSECOND;
export const MIDDLEWARE_OUT_NS: Span = 20 * MICROSECOND;
/** Trying the patterns of a small URLconf. Source: the same. */
export const RESOLVE_NS: Span = 40 * MICROSECOND;
export const VIEW_NS: Span = 60 * MICROSECOND;
/** The default pages for errors: loading a template that is not there, logging, the mail that nobody gets. */
export const CONVERT_NS: Span = 400 * MICROSECOND;
/** A 500 also formats its traceback. Source: recordings of django/errors: 3 to 10 ms more than a 200. */
export const CONVERT_SERVER_ERROR_NS: Span = 4 * MILLISECOND;
/** DEBUG's page with locals and settings. Source: recordings of django/errors-debug, 40 to 60 ms. */
export const DEBUG_PAGE_NS: Span = 40 * MILLISECOND;
export const RENDER_NS: Span = 150 * MICROSECOND;
/** Building a query with the ORM and its SQL. Source: measured on Django 3.2, order of magnitude. */
export const ORM_QUERY_NS: Span = 120 * MICROSECOND;
/** Parsing a form or a multipart body, a byte. */
export const PARSE_BYTE_NS: Span = 10;
/** PBKDF2 with SHA-256, 260,000 iterations. Source: recording django/auth-views: about 60 ms there; 100 to 200 ms in general. */
export const PASSWORD_NS: Span = 100 * MILLISECOND;
/** Compression, a byte of input. Source: zlib level 6, about 50 MB/s. */
export const GZIP_BYTE_NS: Span = 20;

/** Importing the project: Django itself, its settings and a middleware chain. Source: recordings of gunicorn boots, 150 to 300 ms. */
export const LOAD_NS: Span = 180 * MILLISECOND;
export const LOAD_APP_NS: Span = 8 * MILLISECOND;
/** An import that fails does so part of the way. */
export const LOAD_FAILED_NS: Span = 60 * MILLISECOND;
/** Importing the URLconf with the first request. Source: first requests of the recordings, 5 to 40 ms more. */
export const URLCONF_NS: Span = 8 * MILLISECOND;

export const MEBIBYTE = 2 ** 20;
/** Touching 256 fresh pages, each a page fault. Source: Linux 6.1 on x86-64, about 0.7 µs a fault. */
export const TOUCH_MEBIBYTE_NS: Span = 180 * MICROSECOND;
