// Nginx lessons about what goes out and when: headers, cache, limits, redirects. Each shows the mistake
// and what was meant side by side.
import type { Entry } from "./entry.ts";
import { nginxLesson, ORIGIN } from "./nginx-site.ts";

const at = (ms: number, path: string, rest: { overlap?: true; ip?: string } = {}) => ({
  at: ms,
  request: { url: `${ORIGIN}${path}`, ...rest },
});

const PROXY = `        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
`;

/** A view whose page is the same for everybody, but which sets a cookie each time. */
const VISITED = {
  steps: [{ respond: { body: "<h1>Offers</h1>\n", cookies: { visited: "yes" } } }],
};
const SLOW = { steps: [{ sleep: 600 }, { json: { products: 3 } }] };

export const answerEntries: readonly Entry[] = [
  {
    id: "lost-headers",
    title: "Headers lost by an inner line",
    sentence:
      "add_header and proxy_set_header are inherited only by a level that has none of its own: one inner line drops all outer ones.",
    notice: [
      "/ has no add_header of its own and keeps both headers of the server.",
      "/static/ adds Cache-Control, and the two others are gone.",
      "/api/ sets one header for Django, so Host falls back to 127.0.0.1:8000 and Django refuses it with 400.",
    ],
    scenario: nginxLesson("Headers lost by an inner line", {
      server: `    add_header X-Frame-Options DENY;
    add_header X-Content-Type-Options nosniff;
    proxy_set_header Host $host;

    location / {
        root /srv/www;
    }

    location /static/ {
        root /srv/www;
        add_header Cache-Control "max-age=3600";
    }

    location /api/ {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header X-Real-IP $remote_addr;
    }
`,
      files: {
        "/srv/www/index.html": "<h1>The shop</h1>\n",
        "/srv/www/static/site.css": "h1 { color: #17805a; }\n",
      },
      application: true,
      timeline: [at(0, "/"), at(1000, "/static/site.css"), at(2000, "/api/products/")],
    }),
  },
  {
    id: "cache-set-cookie",
    title: "A cache that never hits",
    sentence:
      "An answer with Set-Cookie is not stored, so every request is a MISS until nginx is told to drop the cookie.",
    notice: [
      "Both requests to /products/ are a MISS: the application sets a cookie each time.",
      "/api/ ignores and hides Set-Cookie: the second request is a HIT.",
      "Hide it only where the page is the same for everybody.",
    ],
    scenario: nginxLesson("A cache that never hits", {
      before: "proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;\n\n",
      server: `    proxy_cache pages;
    proxy_cache_valid 200 10m;
    add_header X-Cache $upstream_cache_status;

    location /products/ {
${PROXY}    }

    location /api/ {
${PROXY}        proxy_ignore_headers Set-Cookie;
        proxy_hide_header Set-Cookie;
    }
`,
      views: { "shop.views.product_list": VISITED, "shop.api.products": VISITED },
      application: true,
      timeline: [
        at(0, "/products/"),
        at(1000, "/products/"),
        at(2000, "/api/products/"),
        at(3000, "/api/products/"),
      ],
    }),
  },
  {
    id: "burst-nodelay",
    title: "burst and nodelay",
    sentence:
      "burst alone makes requests wait for their turn at the rate; nodelay lets the same number through at once.",
    notice: [
      "At 1 request a second the second and third of /slow/ wait 1 and 2 seconds, the fourth is refused.",
      "With nodelay the same three are answered at once, and the fourth is refused all the same.",
      "The bucket drains at the rate in both: nodelay does not raise it.",
    ],
    scenario: nginxLesson("burst and nodelay", {
      before: `limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/s;
limit_req_zone $binary_remote_addr zone=quick:1m rate=1r/s;
limit_req_status 429;

`,
      server: `    root /srv/www;

    location /slow/ {
        limit_req zone=slow burst=2;
    }

    location /quick/ {
        limit_req zone=quick burst=2 nodelay;
    }
`,
      files: {
        "/srv/www/slow/index.html": "<p>Waited.</p>\n",
        "/srv/www/quick/index.html": "<p>Did not wait.</p>\n",
      },
      timeline: [
        ...[0, 10, 20, 30].map((ms) => at(ms, "/slow/", { overlap: true })),
        ...[5000, 5010, 5020, 5030].map((ms) => at(ms, "/quick/", { overlap: true })),
      ],
    }),
  },
  {
    id: "body-too-large",
    title: "413: the upload is too large",
    sentence:
      "client_max_body_size is 1 MB unless set; a larger Content-Length is refused before a byte of the body is read.",
    notice: [
      "2 MB to /api/: 413 from nginx, and Django never hears of it.",
      "/upload/ allows 10 MB: nginx gathers the whole body first and only then asks Django.",
      "The reason stands in nginx's error log.",
    ],
    scenario: nginxLesson("413: the upload is too large", {
      server: `    location /api/ {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }

    location /upload/ {
        client_max_body_size 10m;
        proxy_pass http://127.0.0.1:8000/api/;
        proxy_set_header Host $host;
    }
`,
      views: {
        "shop.api.products": {
          decorators: ["csrf_exempt"],
          steps: [{ read: "body" }, { json: { stored: true }, status: 201 }],
        },
      },
      application: true,
      timeline: ["/api/products/", "/upload/products/"].map((path, i) => ({
        at: i * 2000,
        request: { url: `${ORIGIN}${path}`, method: "POST", body: { bytes: 2_000_000 } },
      })),
    }),
  },
  {
    id: "stale-while-updating",
    title: "Stale while updating",
    sentence:
      "When an entry expires, somebody has to wait for the slow view, unless the old page may be served meanwhile.",
    notice: [
      "At /products/ the visitor after the expiry waits 600 ms for the new page: EXPIRED.",
      "At /api/ the first one gets the old page at once, STALE, while nginx fetches a new one by itself.",
      "Who comes during that fetch gets the old page too: UPDATING.",
    ],
    scenario: nginxLesson("Stale while updating", {
      before: "proxy_cache_path /var/cache/nginx/pages keys_zone=pages:10m;\n\n",
      server: `    proxy_cache pages;
    proxy_cache_valid 200 1s;
    add_header X-Cache $upstream_cache_status;

    location /products/ {
${PROXY}    }

    location /api/ {
${PROXY}        proxy_cache_use_stale updating;
        proxy_cache_background_update on;
    }
`,
      views: { "shop.views.product_list": SLOW, "shop.api.products": SLOW },
      application: true,
      timeline: [
        at(0, "/products/"),
        at(3000, "/products/"),
        at(6000, "/api/products/"),
        at(9000, "/api/products/", { overlap: true }),
        at(9200, "/api/products/", { overlap: true }),
      ],
      settle: 1000,
    }),
  },
  {
    id: "port-in-redirect",
    title: "A redirect that leaks the port",
    sentence:
      "Behind a load balancer nginx listens on another port, and its own redirects carry that port unless told not to.",
    notice: [
      "The directory /static lacks its slash, so nginx redirects, and Location names :8080, where no visitor can connect.",
      "With absolute_redirect off on port 8081, Location is only the path: the browser keeps host and port.",
    ],
    scenario: nginxLesson("A redirect that leaks the port", {
      whole: `server {
    listen 8080;
    server_name www.example.com;
    root /srv/www;
}

server {
    listen 8081;
    server_name www.example.com;
    root /srv/www;
    absolute_redirect off;
}
`,
      files: { "/srv/www/static/index.html": "<h1>Files</h1>\n" },
      timeline: [8080, 8081].map((port, i) => ({
        at: i * 1000,
        request: {
          url: `http://www.example.com:${port}/static`,
          headers: { Host: "www.example.com" },
        },
      })),
    }),
  },
];
