// The WSGI environ that uWSGI's Python plugin makes of the request's vars.
// Source: plugins/python/wsgi_handlers.c uwsgi_request_subhandler_wsgi, core/protocol.c uwsgi_parse_vars 2.0.21.
import type { Vars } from "./packet.ts";

/** The vars first, as they came, then the plugin's own keys. */
export function buildEnviron(
  vars: Vars,
  place: { readonly multithread: boolean; readonly multiprocess: boolean; readonly core: number },
): Map<string, string> {
  const environ = new Map(vars);
  environ.set("wsgi.input", "<uwsgi._Input object>");
  environ.set("wsgi.file_wrapper", "<built-in function uwsgi_sendfile>");
  environ.set("wsgi.version", "(1, 0)");
  environ.set("wsgi.errors", "<_io.TextIOWrapper name=2 mode='w'>");
  environ.set("wsgi.run_once", "False");
  environ.set("wsgi.multithread", place.multithread ? "True" : "False");
  environ.set("wsgi.multiprocess", place.multiprocess ? "True" : "False");
  environ.set("wsgi.url_scheme", schemeOf(vars));
  environ.set("uwsgi.version", "b'2.0.21-debian'");
  environ.set("uwsgi.core", String(place.core));
  environ.set("uwsgi.node", "b'server'");
  return environ;
}

/** UWSGI_SCHEME, the client's own X-Forwarded-Proto, or HTTPS: uWSGI believes them all. */
function schemeOf(vars: Vars): string {
  const named = vars.get("UWSGI_SCHEME") ?? vars.get("HTTP_X_FORWARDED_PROTO");
  if (named !== undefined && named !== "") return named;
  return /^(on|1|true)$/i.test(vars.get("HTTPS") ?? "") ? "https" : "http";
}

const OBSERVED =
  /^(REQUEST_.*|SCRIPT_NAME|PATH_INFO|QUERY_STRING|SERVER_NAME|SERVER_PORT|SERVER_PROTOCOL|REMOTE_ADDR|CONTENT_TYPE|CONTENT_LENGTH|wsgi\.url_scheme|HTTP_.*)$/;

/** The part of the environ that observations report. */
export function observedEnviron(environ: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...environ].filter(([key]) => OBSERVED.test(key)));
}
