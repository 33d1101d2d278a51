// Chromium's error pages: the code, the heading and the sentence a person sees (recorded, browser.md
// section 9). Simplification: an error page does not reload itself, and no DNS probe is sent.

export type NetError =
  | "ERR_NAME_NOT_RESOLVED"
  | "ERR_CONNECTION_REFUSED"
  | "ERR_CONNECTION_TIMED_OUT"
  | "ERR_ADDRESS_UNREACHABLE"
  | "ERR_CONNECTION_RESET"
  | "ERR_EMPTY_RESPONSE"
  | "ERR_CONNECTION_CLOSED"
  | "ERR_HTTP2_PROTOCOL_ERROR"
  | "ERR_HTTP2_SERVER_REFUSED_STREAM"
  | "ERR_INVALID_HTTP_RESPONSE"
  | "ERR_INCOMPLETE_CHUNKED_ENCODING"
  | "ERR_CONTENT_LENGTH_MISMATCH"
  | "ERR_CERT_DATE_INVALID"
  | "ERR_CERT_AUTHORITY_INVALID"
  | "ERR_CERT_COMMON_NAME_INVALID"
  | "ERR_SSL_PROTOCOL_ERROR"
  | "ERR_SSL_VERSION_OR_CIPHER_MISMATCH"
  | "ERR_SSL_UNRECOGNIZED_NAME_ALERT"
  | "ERR_TOO_MANY_REDIRECTS"
  | "ERR_UNSAFE_PORT"
  | "ERR_HTTP_RESPONSE_CODE_FAILURE"
  | "ERR_ABORTED";

interface PageText {
  readonly heading: string;
  readonly text: string;
}

const CANNOT_REACH = "This site can’t be reached";
const NOT_WORKING = "This page isn’t working";
const NOT_SECURE = "This site can’t provide a secure connection";
const NOT_PRIVATE = "Your connection is not private";

function pageText(error: NetError, host: string): PageText {
  if (error.startsWith("ERR_CERT_")) {
    const text = `Attackers might be trying to steal your information from ${host} (for example, passwords, messages, or credit cards).`;
    return { heading: NOT_PRIVATE, text };
  }
  if (error.startsWith("ERR_SSL_")) {
    return { heading: NOT_SECURE, text: `${host} sent an invalid response.` };
  }
  const texts: Partial<Record<NetError, PageText>> = {
    ERR_NAME_NOT_RESOLVED: {
      heading: CANNOT_REACH,
      text: `${host}’s DNS address could not be found. Diagnosing the problem.`,
    },
    ERR_CONNECTION_REFUSED: { heading: CANNOT_REACH, text: `${host} refused to connect.` },
    ERR_CONNECTION_TIMED_OUT: { heading: CANNOT_REACH, text: `${host} took too long to respond.` },
    ERR_ADDRESS_UNREACHABLE: { heading: CANNOT_REACH, text: `${host} is unreachable.` },
    ERR_CONNECTION_RESET: { heading: CANNOT_REACH, text: "The connection was reset." },
    ERR_CONNECTION_CLOSED: {
      heading: CANNOT_REACH,
      text: `${host} unexpectedly closed the connection.`,
    },
    ERR_EMPTY_RESPONSE: { heading: NOT_WORKING, text: `${host} didn’t send any data.` },
    ERR_TOO_MANY_REDIRECTS: {
      heading: NOT_WORKING,
      text: `${host} redirected you too many times.`,
    },
  };
  return (
    texts[error] ?? {
      heading: CANNOT_REACH,
      text: `The webpage at ${host} might be temporarily down.`,
    }
  );
}

/** The page shown for a failed navigation. */
export function errorPage(error: NetError, host: string): string {
  const { heading, text } = pageText(error, host);
  return page(host, heading, text, error);
}

/** The page shown for an error status with an empty body. */
export function statusPage(status: number, host: string): string {
  const heading =
    status === 404
      ? `This ${host} page can’t be found`
      : status === 403
        ? `Access to ${host} was denied`
        : NOT_WORKING;
  const text =
    status === 504
      ? `${host} took too long to respond.`
      : status >= 500
        ? `${host} is currently unable to handle this request.`
        : "No webpage was found for the web address.";
  return page(host, heading, text, `HTTP ERROR ${status}`);
}

function page(title: string, heading: string, text: string, code: string): string {
  return (
    `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n` +
    `<body>\n<h1>${escapeHtml(heading)}</h1>\n<p>${escapeHtml(text)}</p>\n<p>${escapeHtml(code)}</p>\n</body>\n</html>\n`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));
}
