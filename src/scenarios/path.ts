// The path itself: one request on its whole way, what shortens it, and what stops it.
import type { Entry } from "./entry.ts";
import { firstVisit } from "./first-visit.ts";
import { gunicornUnit, onTheSite, SITE, siteConf } from "./site.ts";

const REDIRECT_SERVER = `server {
    listen 80;
    server_name www.example.com;
    return 301 https://$host$request_uri;
}

`;

export const pathEntries: readonly Entry[] = [
  firstVisit,
  {
    id: "typed-without-https",
    title: "Typed without https",
    sentence:
      "Chromium tries https by itself; a client that does not is sent there by Nginx with a 301.",
    notice: [
      "The browser never asks port 80 for the page.",
      "The bare client does, and is told to come back over https.",
    ],
    scenario: onTheSite("Typed without https", {
      files: { "/etc/nginx/sites-enabled/example": siteConf({ before: REDIRECT_SERVER }) },
      timeline: [
        { at: 0, browse: { url: "http://www.example.com/", how: "type" } },
        { at: 2000, request: { url: "http://www.example.com/" } },
      ],
    }),
  },
  {
    id: "warm-connection",
    title: "Second visit, warm caches",
    sentence:
      "The name is still in the DNS cache and TLS resumes the earlier session, so the page comes sooner.",
    notice: [
      "No question leaves the machine for the name.",
      "The resumed handshake carries no certificate.",
    ],
    scenario: onTheSite("Second visit, warm caches", {
      rest: { warm: { dns: true, tls: true } },
      timeline: [{ at: 0, browse: { url: `${SITE}/products/42/`, how: "type" } }],
    }),
  },
  {
    id: "static-file",
    title: "A static file",
    sentence:
      "Nginx serves files under /static/ from the disk itself; Gunicorn and Django never hear of them.",
    notice: [
      "The longest matching prefix wins: /static/ before /.",
      "alias replaces the prefix in the path.",
    ],
    scenario: onTheSite("A static file", {
      files: {
        "/etc/nginx/sites-enabled/example": siteConf({
          inServer:
            "    location /static/ {\n        alias /srv/myproject/static/;\n        expires 7d;\n    }\n\n",
        }),
        "/srv/myproject/static/css/site.css":
          "body { font-family: sans-serif; margin: 2rem; }\nh1 { color: #17805a; }\n",
      },
      timeline: [{ at: 0, browse: { url: `${SITE}/static/css/site.css`, how: "type" } }],
    }),
  },
  {
    id: "cached-page",
    title: "A cached page",
    sentence: "The first visitor fills Nginx's cache; the second gets the page without Gunicorn.",
    notice: [
      "The first answer is a MISS and is stored for a minute.",
      "The second is a HIT: no upstream connection is made.",
    ],
    scenario: onTheSite("A cached page", {
      files: {
        "/etc/nginx/sites-enabled/example": siteConf({
          before: "proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;\n\n",
          inLocation:
            "        proxy_cache pages;\n        proxy_cache_valid 200 1m;\n        add_header X-Cache $upstream_cache_status;\n",
        }),
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/products/` } },
        { at: 1000, request: { url: `${SITE}/products/`, ip: "203.0.113.77" } },
      ],
      rest: { client: "bare" },
    }),
  },
  {
    id: "json-api",
    title: "A JSON API",
    sentence:
      "The URL resolver goes through include() to the API's own patterns; the view queries and answers JSON.",
    notice: [
      "include() cuts its prefix off before the inner patterns are tried.",
      "JSON is no text/html, so gzip leaves it alone here.",
    ],
    scenario: onTheSite("A JSON API", {
      timeline: [
        {
          at: 0,
          request: { url: `${SITE}/api/products/`, headers: { Accept: "application/json" } },
        },
      ],
    }),
  },
  {
    id: "form-post",
    title: "A form with a CSRF token",
    sentence: "The page carries a token and a cookie; the POST must bring both back.",
    notice: [
      "The cookie and the form's token hide the same secret.",
      "After the POST the browser follows the redirect with a GET.",
    ],
    scenario: onTheSite("A form with a CSRF token", {
      timeline: [
        { at: 0, request: { url: `${SITE}/cart/`, jar: "browser" } },
        {
          at: 1000,
          request: {
            url: `${SITE}/cart/add/`,
            method: "POST",
            jar: "browser",
            headers: { Referer: `${SITE}/cart/` },
            body: "csrfmiddlewaretoken={{csrf}}&product=42",
          },
        },
      ],
    }),
  },
  {
    id: "login-required",
    title: "A page that needs a login",
    sentence:
      "Without a session the visitor is sent to the login page; after logging in a cookie opens the door.",
    notice: [
      "login_required answers before the view runs.",
      "The session cookie is only a key: the session lies in the database.",
    ],
    scenario: onTheSite("A page that needs a login", {
      views: {
        "shop.views.login": {
          decorators: ["csrf_exempt"],
          steps: [{ login: "alice" }, { redirect: "/account/" }],
        },
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/account/`, jar: "browser" } },
        {
          at: 1000,
          request: {
            url: `${SITE}/accounts/login/?next=/account/`,
            method: "POST",
            jar: "browser",
            headers: { Referer: `${SITE}/accounts/login/` },
            body: "username=alice",
          },
        },
        { at: 2000, request: { url: `${SITE}/account/`, jar: "browser" } },
      ],
    }),
  },
  {
    id: "not-found",
    title: "404 from Django",
    sentence: "No URL pattern matches, so Django answers 404; Nginx only passes it on.",
    notice: ["Every pattern is tried in order.", "The page is Django's, not Nginx's."],
    scenario: onTheSite("404 from Django", {
      timeline: [{ at: 0, browse: { url: `${SITE}/prodcuts/42/`, how: "type" } }],
    }),
  },
  {
    id: "gunicorn-down",
    title: "502: Gunicorn is down",
    sentence:
      "Nobody listens on port 8000, so Nginx's connect is refused and the visitor gets 502 at once.",
    notice: ["The kernel answers the SYN with RST.", "The reason stands in Nginx's error log."],
    scenario: onTheSite("502: Gunicorn is down", {
      processes: ["sudo systemctl start nginx"],
      timeline: [{ at: 0, browse: { url: `${SITE}/products/42/`, how: "type" } }],
    }),
  },
  {
    id: "slow-view",
    title: "504: the view is too slow",
    sentence:
      "Nginx waits proxy_read_timeout for the answer and gives up; Django goes on working for nobody.",
    notice: [
      "Nginx's clock runs between two reads, not over the whole request.",
      "Gunicorn's worker finishes the view although nobody waits.",
    ],
    scenario: onTheSite("504: the view is too slow", {
      files: {
        "/etc/nginx/sites-enabled/example": siteConf({
          inLocation: "        proxy_read_timeout 5s;\n",
        }),
      },
      timeline: [{ at: 0, browse: { url: `${SITE}/reports/year/`, how: "type" } }],
      rest: { settle: 4000 },
    }),
  },
  {
    id: "worker-timeout",
    title: "502: a worker timeout",
    sentence:
      "A sync worker that is busy longer than --timeout is killed by the arbiter; Nginx sees the connection close.",
    notice: [
      "The heartbeat stops while the view runs.",
      "The visitor gets 502, not 504: the connection was closed.",
    ],
    scenario: onTheSite("502: a worker timeout", {
      files: { "/etc/systemd/system/gunicorn.service": gunicornUnit(" --timeout 3") },
      timeline: [{ at: 0, browse: { url: `${SITE}/reports/year/`, how: "type" } }],
      rest: { settle: 1500 },
    }),
  },
  {
    id: "rate-limit",
    title: "Too many requests",
    sentence: "limit_req lets one request a second through, holds a few back and refuses the rest.",
    notice: [
      "The excess is counted in thousandths of a request.",
      "Requests within the burst wait; those beyond it get 429.",
    ],
    scenario: onTheSite("Too many requests", {
      files: {
        "/etc/nginx/sites-enabled/example": siteConf({
          before: "limit_req_zone $binary_remote_addr zone=per_ip:10m rate=1r/s;\n\n",
          inLocation: "        limit_req zone=per_ip burst=2;\n        limit_req_status 429;\n",
        }),
      },
      timeline: [0, 10, 20, 30, 40].map((at) => ({
        at,
        request: { url: `${SITE}/api/products/`, overlap: true as const },
      })),
    }),
  },
  {
    id: "no-such-name",
    title: "A name that does not exist",
    sentence:
      "The authoritative server says NXDOMAIN; there is no address, so no connection is ever tried.",
    notice: [
      "The answer NXDOMAIN is cached too.",
      "Chromium shows its own error page: no server is involved.",
    ],
    scenario: onTheSite("A name that does not exist", {
      timeline: [{ at: 0, browse: { url: "https://wwww.example.com/", how: "type" } }],
    }),
  },
];
