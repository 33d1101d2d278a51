// HTTP/2 beside HTTP/1.1: the same page of files, once over one connection with a stream for each, once
// over up to six connections with one request at a time.
import type { ScenarioFile } from "../simulation/scenario.ts";
import type { Entry } from "./entry.ts";
import { onTheSite } from "./site.ts";

const PICTURES = 8;
const PICTURE_BYTES = 3000;

const pictures = Array.from({ length: PICTURES }, (_, i) => `/i${i}.png`);
const PAGE = `<!doctype html>
<title>Gallery</title>
<link rel="stylesheet" href="/site.css">
<h1>Gallery</h1>
${pictures.map((path) => `<img src="${path}" alt="">`).join("\n")}
`;

const files: Readonly<Record<string, ScenarioFile>> = {
  "/srv/gallery/index.html": PAGE,
  "/srv/gallery/site.css": "h1 { color: #17805a; }\n",
  "/srv/gallery/favicon.ico": { bytes: 1150 },
  ...Object.fromEntries(
    pictures.map((path) => [`/srv/gallery${path}`, { bytes: PICTURE_BYTES }] as const),
  ),
};

/** Two servers on one address: only one of them lets ALPN choose h2. */
const CONF = `server {
    listen 443 ssl http2;
    server_name www.example.com;
    ssl_certificate     /etc/ssl/certs/example.crt;
    ssl_certificate_key /etc/ssl/private/example.key;
    root /srv/gallery;
    access_log /var/log/nginx/access.log;
}

server {
    listen 8443 ssl;
    server_name www.example.com;
    ssl_certificate     /etc/ssl/certs/example.crt;
    ssl_certificate_key /etc/ssl/private/example.key;
    root /srv/gallery;
    access_log /var/log/nginx/access.log;
}
`;

export const http2Entries: readonly Entry[] = [
  {
    id: "http2-one-connection",
    title: "HTTP/2: many requests, one connection",
    sentence:
      "A page with eight pictures, first over HTTP/2 on port 443, then over HTTP/1.1 on port 8443: one connection with a stream each, against six connections in turns.",
    notice: [
      "ALPN chooses the protocol inside the TLS handshake, so HTTP/2 costs no round trip of its own.",
      "All pictures are asked for at once on streams 3, 5, 7 …; over HTTP/1.1 three of them wait for a free connection.",
      "The second request's headers take a tenth of the first's: HPACK sends what both sides know as an index.",
      "One lost packet stops every stream behind it: HTTP/2 ends the queue of HTTP, and keeps that of TCP.",
    ],
    scenario: onTheSite("HTTP/2: many requests, one connection", {
      files: { "/etc/nginx/sites-enabled/example": CONF, ...files },
      processes: ["sudo systemctl start nginx"],
      timeline: [
        { at: 0, browse: { url: "https://www.example.com/", how: "type" } },
        { at: 3000, browse: { url: "https://www.example.com:8443/", how: "type" } },
      ],
      rest: { warm: { dns: true } },
    }),
  },
];
