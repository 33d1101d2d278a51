// The scenario that a newcomer sees: the brief's own, one request on its whole way. A file of its own,
// because the worker loads it before the library.
import type { Entry } from "./entry.ts";
import { onTheSite, SITE } from "./site.ts";

export const firstVisit: Entry = {
  id: "first-visit",
  title: "First visit over HTTPS",
  sentence:
    "One request from the address bar through DNS, TCP, TLS, Nginx, Gunicorn and Django to the database and back.",
  notice: [
    "Three round trips pass before the first byte of HTTP arrives.",
    "Django runs inside one of Gunicorn's four workers.",
    "Nginx speaks HTTP/1.0 to Gunicorn and closes that connection afterwards.",
  ],
  scenario: onTheSite("First visit over HTTPS", {
    timeline: [{ at: 0, browse: { url: `${SITE}/products/42/`, how: "type" } }],
  }),
};
