// Django's and the database's lessons: what it believes of the request that a proxy passed on, how its
// middleware nests, and what queries and connections cost.
import type { ViewStep } from "../layers/django/view-spec.ts";
import type { Entry } from "./entry.ts";
import { CONSOLE_LOGGING, onTheSite, SETTINGS, SITE, SITE_CONF, urlsWith, ZONE } from "./site.ts";

const NGINX_SITE = "/etc/nginx/sites-enabled/example";
const SETTINGS_FILE = "/srv/myproject/myproject/settings.py";
const URLS_FILE = "/srv/myproject/myproject/urls.py";
const BARE = { client: "bare" } as const;

const HOST_LINE = "        proxy_set_header Host $host;\n";
const SCHEME_LINE = "        proxy_set_header X-Forwarded-Proto $scheme;\n";

/** The server block with more or other lines where Host is set. */
const confWith = (lines: string): string => SITE_CONF.replace(HOST_LINE, lines);

const PRODUCTS_SQL =
  'SELECT "shop_product"."id", "shop_product"."name", "shop_product"."maker_id" FROM "shop_product" ORDER BY "shop_product"."name" ASC LIMIT 20';
const JOINED_SQL =
  'SELECT "shop_product"."id", "shop_product"."name", "shop_product"."maker_id", "shop_maker"."id", "shop_maker"."name" FROM "shop_product" INNER JOIN "shop_maker" ON ("shop_product"."maker_id" = "shop_maker"."id") ORDER BY "shop_product"."name" ASC LIMIT 20';

const makerQuery = (id: number): ViewStep => ({
  query: `SELECT "shop_maker"."id", "shop_maker"."name" FROM "shop_maker" WHERE "shop_maker"."id" = ${id} LIMIT 21`,
  ms: 0.4,
  rows: 1,
});

export const djangoEntries: readonly Entry[] = [
  {
    id: "redirect-loop",
    title: "A redirect loop: https that Django cannot see",
    sentence:
      "TLS ends at Nginx, so Django sees plain http and redirects to https again and again, until X-Forwarded-Proto tells it.",
    notice: [
      "The 301 points to the very address that was asked for.",
      "wsgi.url_scheme is http: Gunicorn only knows its own connection to Nginx.",
      "With X-Forwarded-Proto set by Nginx the same request is answered with 200.",
    ],
    scenario: onTheSite("A redirect loop: https that Django cannot see", {
      files: { [SETTINGS_FILE]: `${SETTINGS}SECURE_SSL_REDIRECT = True\n` },
      timeline: [
        { at: 0, request: { url: `${SITE}/` } },
        { at: 500, request: { url: `${SITE}/` } },
        { at: 1000, write: { [NGINX_SITE]: confWith(HOST_LINE + SCHEME_LINE) } },
        { at: 1100, shell: "systemctl reload nginx" },
        { at: 1500, request: { url: `${SITE}/` } },
      ],
      rest: BARE,
    }),
  },
  {
    id: "csrf-behind-tls",
    title: "CSRF check failed behind a proxy",
    sentence:
      "Over https Django compares the Referer with its own host; a proxy that does not pass Host on makes every form fail with 403.",
    notice: [
      "Cookie and token are right; the Referer is what is refused.",
      "Without proxy_set_header Host Nginx sends the name of its upstream: 127.0.0.1:8000.",
      "With Host passed on, the same form is accepted.",
    ],
    scenario: onTheSite("CSRF check failed behind a proxy", {
      files: {
        [NGINX_SITE]: confWith(SCHEME_LINE),
        [SETTINGS_FILE]:
          SETTINGS.replace("['www.example.com']", "['www.example.com', '127.0.0.1']") +
          CONSOLE_LOGGING,
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/cart/`, jar: "browser" } },
        { at: 500, request: addToCart() },
        { at: 1000, write: { [NGINX_SITE]: confWith(HOST_LINE + SCHEME_LINE) } },
        { at: 1100, shell: "systemctl reload nginx" },
        { at: 1500, request: addToCart() },
      ],
      rest: BARE,
    }),
  },
  {
    id: "disallowed-host",
    title: "400: a host that Django does not know",
    sentence:
      "A new name points at the server and Nginx passes it on; Django answers only for the names in ALLOWED_HOSTS.",
    notice: [
      "Nginx has one server block, so every name ends there: server_name does not refuse.",
      "CommonMiddleware asks for the host, and DisallowedHost becomes a 400 before any view is looked for.",
      "The line in Gunicorn's log names the host and the setting.",
    ],
    scenario: onTheSite("400: a host that Django does not know", {
      files: {
        "/etc/ssl/certs/example.crt": { cert: ["www.example.com", "shop.example.com"] },
        [SETTINGS_FILE]: SETTINGS + CONSOLE_LOGGING,
      },
      timeline: [{ at: 0, browse: { url: "https://shop.example.com/products/", how: "type" } }],
      rest: { zones: { "example.com": `${ZONE}shop IN A   192.0.2.10\n` } },
    }),
  },
  {
    id: "short-circuit",
    title: "A middleware that answers by itself",
    sentence:
      "The maintenance middleware returns a response on the way in, so everything inside it, the view included, never runs.",
    notice: [
      "Middleware nests: the first of the list is the outermost.",
      "Only those outside the one that answered see the response: X-Frame-Options is missing.",
      "No URL is resolved and the database is not asked.",
    ],
    scenario: onTheSite("A middleware that answers by itself", {
      files: {
        [SETTINGS_FILE]: SETTINGS.replace(
          "    'django.middleware.csrf.",
          "    'shop.middleware.MaintenanceMiddleware',\n    'django.middleware.csrf.",
        ),
      },
      middleware: {
        "shop.middleware.MaintenanceMiddleware": {
          request: [
            {
              respond: {
                status: 503,
                body: "<h1>Back in ten minutes</h1>\n",
                headers: { "Retry-After": "600" },
              },
            },
          ],
        },
      },
      timeline: [{ at: 0, browse: { url: `${SITE}/products/42/`, how: "type" } }],
    }),
  },
  {
    id: "n-plus-one",
    title: "N+1 queries",
    sentence:
      "A list of twenty products asks for the maker of each one by one: 21 queries where select_related() needs one.",
    notice: [
      "No single query is slow; their number is.",
      "The worker and its database connection are held all the while.",
      "The second page shows the same list with one JOIN.",
    ],
    scenario: onTheSite("N+1 queries", {
      files: {
        [URLS_FILE]: urlsWith("path('products/joined/', views.joined, name='joined'),"),
        [SETTINGS_FILE]: SETTINGS.replace("'HOST': '127.0.0.1'", "'HOST': '10.0.0.7'"),
      },
      views: {
        "shop.views.product_list": {
          steps: [
            { query: PRODUCTS_SQL, ms: 2, rows: 20 },
            ...Array.from({ length: 20 }, (_, i) => makerQuery(i + 1)),
            { render: "product_list.html", ms: 4 },
          ],
        },
        "shop.views.joined": {
          steps: [
            { query: JOINED_SQL, ms: 3, rows: 20 },
            { render: "product_list.html", ms: 4 },
          ],
        },
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/products/` } },
        { at: 1000, request: { url: `${SITE}/products/joined/` } },
      ],
      rest: BARE,
    }),
  },
  {
    id: "connections-exhausted",
    title: "The database has no connection left",
    sentence:
      "Four workers may ask for four connections, PostgreSQL gives an ordinary role two: the third request fails at once with 500.",
    notice: [
      "max_connections is 5, and 3 of them are kept for the superuser.",
      "PostgreSQL does not queue: whoever comes too late is turned away.",
      "As soon as a request ends, its connection is closed, and the next visitor is served.",
    ],
    scenario: onTheSite("The database has no connection left", {
      files: {
        "/etc/postgresql/15/main/postgresql.conf":
          "max_connections = 5\nsuperuser_reserved_connections = 3\n",
        [SETTINGS_FILE]: SETTINGS + CONSOLE_LOGGING,
      },
      views: {
        "shop.views.product_list": {
          steps: [
            { query: PRODUCTS_SQL, ms: 800, rows: 20 },
            { render: "product_list.html", ms: 4 },
          ],
        },
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/products/` } },
        { at: 20, request: { url: `${SITE}/products/`, ip: "203.0.113.77", overlap: true } },
        { at: 40, request: { url: `${SITE}/products/`, ip: "203.0.113.78", overlap: true } },
        { at: 2000, request: { url: `${SITE}/products/`, ip: "203.0.113.78" } },
      ],
      rest: BARE,
    }),
  },
];

/** The cart's form, with the cookie and the token that belong together. */
function addToCart(): {
  url: string;
  method: "POST";
  jar: string;
  headers: Record<string, string>;
  body: string;
} {
  return {
    url: `${SITE}/cart/add/`,
    method: "POST",
    jar: "browser",
    headers: { Referer: `${SITE}/cart/` },
    body: "csrfmiddlewaretoken={{csrf}}&product=42",
  };
}
