// What each of Django's own middleware does on the way in and on the way out, in a few words.
import type { StockMiddleware } from "./stock-middleware.ts";

export interface Purpose {
  readonly request: string;
  readonly response: string;
}

export const PURPOSES: Readonly<Record<StockMiddleware, Purpose>> = {
  security: {
    request: "looks whether the request must be redirected to https",
    response: "adds the headers that protect the visitor",
  },
  session: {
    request: "makes request.session, which is read only when somebody asks for it",
    response: "saves the session if it changed, and sends its cookie",
  },
  common: {
    request: "checks the Host header against ALLOWED_HOSTS, and the path for a missing slash",
    response: "counts the body and sets Content-Length",
  },
  csrf: {
    request: "takes the CSRF token out of the cookie",
    response: "sends the CSRF cookie if a token was handed out",
  },
  auth: {
    request: "makes request.user, which is looked up only when somebody asks for it",
    response: "has nothing to do",
  },
  messages: {
    request: "makes the store for messages that outlive one redirect",
    response: "keeps the messages that were not shown",
  },
  xframe: {
    request: "has nothing to do on the way in",
    response: "forbids other sites to show the page in a frame",
  },
  gzip: {
    request: "has nothing to do on the way in",
    response: "compresses the body if the client takes gzip and it is worth it",
  },
  conditional: {
    request: "has nothing to do on the way in",
    response: "gives the page an ETag and answers 304 if the client has it already",
  },
  locale: {
    request: "chooses the language by path, cookie or Accept-Language",
    response: "says in which language the page is",
  },
  updateCache: {
    request: "has nothing to do on the way in",
    response: "stores the page in the cache if it may be stored",
  },
  fetchCache: {
    request: "looks for a stored copy of the page",
    response: "has nothing to do",
  },
  cache: {
    request: "looks for a stored copy of the page",
    response: "stores the page in the cache if it may be stored",
  },
};

/** What the project's own middleware does is in the scenario. */
export const OWN_PURPOSE: Purpose = {
  request: "runs the project's own code",
  response: "runs the project's own code",
};
