// The parts of a request target as Python's urlsplit sees them.
// Source: gunicorn/util.py split_request_uri 20.1.0; Python 3.11 urllib/parse.py urlsplit.

export interface RequestUriParts {
  readonly path: string;
  readonly query: string;
}

/**
 * Path and query of a target; null when urlsplit raises ValueError (brackets that do not match). The
 * absolute form gives its path part, `//a/b` stays as it is, the fragment is dropped.
 */
export function splitRequestUri(uri: string): RequestUriParts | null {
  const clean = uri.replace(/[\t\r\n]/g, "");
  if (clean.startsWith("//")) return cut(clean);
  const afterScheme = clean.replace(/^[a-zA-Z][a-zA-Z0-9+.-]*:/, "");
  if (!afterScheme.startsWith("//")) return cut(afterScheme);
  const authority = /^\/\/([^/?#]*)/.exec(afterScheme)?.[1] ?? "";
  if (authority.includes("[") !== authority.includes("]")) return null;
  return cut(afterScheme.slice(2 + authority.length));
}

function cut(target: string): RequestUriParts {
  const hash = target.indexOf("#");
  const url = hash < 0 ? target : target.slice(0, hash);
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, query: "" }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
