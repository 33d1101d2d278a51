// Gunicorn's lessons: workers that are busy, clients that are slow, clocks that race, and what becomes
// of requests while the program is reloaded, killed or broken.
import type { ViewSpec } from "../layers/django/view-spec.ts";
import type { Entry } from "./entry.ts";
import { gunicornUnit, onTheSite, SETTINGS, SITE, siteConf, urlsWith } from "./site.ts";

const UNIT = "/etc/systemd/system/gunicorn.service";
const NGINX_SITE = "/etc/nginx/sites-enabled/example";
const SETTINGS_FILE = "/srv/myproject/myproject/settings.py";
const BARE = { client: "bare" } as const;

/** A page that takes three seconds, of which the processor knows nothing: it waits for something remote. */
const THREE_SECONDS: ViewSpec = { steps: [{ sleep: 3000 }, { render: "home.html", ms: 2 }] };

const REPORT_SQL =
  'SELECT "shop_order"."id", "shop_order"."placed", "shop_order"."total" FROM "shop_order" ORDER BY "shop_order"."placed" ASC';

/** A form that reads its body and needs no token. */
const UPLOAD: ViewSpec = {
  decorators: ["csrf_exempt"],
  steps: [{ read: "POST" }, { redirect: "/cart/" }],
};

const oneWorker = gunicornUnit().replace("--workers 4", "--workers 1");

export const gunicornEntries: readonly Entry[] = [
  {
    id: "fast-behind-slow",
    title: "A fast page behind a slow one",
    sentence:
      "One sync worker serves one request at a time, so a page of a few milliseconds waits almost three seconds in the accept queue.",
    notice: [
      "The second visitor's connection is accepted by the kernel at once, and by nobody else.",
      "Nginx, Django and the database do nothing meanwhile: only the worker is missing.",
      "Its own work takes milliseconds; the wait appears in no log of Gunicorn.",
    ],
    scenario: onTheSite("A fast page behind a slow one", {
      files: { [UNIT]: oneWorker },
      views: { "shop.views.report": THREE_SECONDS },
      timeline: [
        { at: 0, request: { url: `${SITE}/reports/year/` } },
        { at: 200, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77", overlap: true } },
      ],
      rest: BARE,
    }),
  },
  {
    id: "slow-client",
    title: "A slow client, with Nginx and without",
    sentence:
      "Nginx collects a slow upload by itself; a sync worker that is reached directly waits for every byte and serves nobody else.",
    notice: [
      "Behind Nginx the upload reaches Gunicorn in one piece, four seconds after it began.",
      "The product list asked for meanwhile is answered at once.",
      "Asked on port 8000 directly, the same upload holds the only worker for four seconds.",
    ],
    scenario: onTheSite("A slow client, with Nginx and without", {
      files: { [UNIT]: oneWorker.replace("127.0.0.1:8000", "0.0.0.0:8000") },
      views: { "shop.views.cart_add": UPLOAD },
      timeline: [
        { at: 0, request: { ...slowUpload(`${SITE}/cart/add/`) } },
        { at: 500, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77", overlap: true } },
        { at: 6000, request: { ...slowUpload("http://www.example.com:8000/cart/add/") } },
        { at: 6500, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77", overlap: true } },
      ],
      rest: BARE,
    }),
  },
  {
    id: "timer-race",
    title: "502 or 504: which clock runs out first",
    sentence:
      "The same slow page under two patient limits: where Nginx gives up first the visitor gets 504, where Gunicorn's arbiter does, 502.",
    notice: [
      "For /reports/ Nginx waits 2 s: 504. The worker works on for nobody until the arbiter kills it.",
      "For /exports/ Nginx waits 60 s: the arbiter's 4 s are over first, and the connection closes: 502.",
      "The arbiter looks once a second, so the kill comes up to a second after --timeout.",
    ],
    scenario: onTheSite("502 or 504: which clock runs out first", {
      files: {
        [UNIT]: gunicornUnit(" --timeout 4"),
        [NGINX_SITE]: siteConf({
          inServer:
            "    location /reports/ {\n        proxy_pass http://127.0.0.1:8000;\n        proxy_set_header Host $host;\n        proxy_read_timeout 2s;\n    }\n\n",
        }),
        "/srv/myproject/myproject/urls.py": urlsWith("path('exports/year/', views.report),"),
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/reports/year/` } },
        { at: 7000, request: { url: `${SITE}/exports/year/` } },
      ],
      rest: { ...BARE, settle: 1500 },
    }),
  },
  {
    id: "graceful-reload",
    title: "A reload that loses no request",
    sentence:
      "HUP starts new workers with the new code and asks the old ones to finish: a request under way ends where it began.",
    notice: [
      "The arbiter keeps its pid and its socket; only the workers change.",
      "The slow request is finished by the old worker, with the old code.",
      "A request that comes right after the signal waits until a new worker has imported the application.",
    ],
    scenario: onTheSite("A reload that loses no request", {
      files: { [UNIT]: gunicornUnit().replace("--workers 4", "--workers 2") },
      views: { "shop.views.report": THREE_SECONDS },
      timeline: [
        { at: 0, request: { url: `${SITE}/reports/year/` } },
        { at: 1000, shell: "systemctl reload gunicorn", overlap: true },
        { at: 1010, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77", overlap: true } },
        { at: 5000, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77" } },
      ],
      rest: { ...BARE, settle: 500 },
    }),
  },
  {
    id: "out-of-memory",
    title: "A worker killed for memory",
    sentence:
      "One report grows beyond the service's memory limit: the kernel kills that worker with KILL, the visitor gets 502, and the arbiter forks another.",
    notice: [
      "Nobody can catch KILL: no log line of the worker, no traceback, only `terminated due to signal 9`.",
      "The reason stands in the journal, where the kernel and systemd write, not in Gunicorn's log.",
      "OOMPolicy=continue leaves it to Gunicorn; with systemd's default, stop, the whole service would go down.",
    ],
    scenario: onTheSite("A worker killed for memory", {
      files: {
        [UNIT]: gunicornUnit()
          .replace("--workers 4", "--workers 2")
          .replace("KillMode=mixed\n", "KillMode=mixed\nMemoryMax=200M\nOOMPolicy=continue\n"),
      },
      views: {
        "shop.views.report": {
          steps: [{ query: REPORT_SQL, ms: 120, rows: 90_000 }, { allocate: 150 }, { json: [] }],
        },
      },
      timeline: [
        { at: 0, request: { url: `${SITE}/reports/year/` } },
        { at: 20, request: { url: `${SITE}/api/products/`, ip: "203.0.113.77", overlap: true } },
        { at: 2000, request: { url: `${SITE}/api/products/` } },
      ],
      rest: { ...BARE, settle: 500 },
    }),
  },
  {
    id: "broken-deploy",
    title: "Broken code on deploy",
    sentence:
      "One missing bracket in settings.py and a reload: every new worker exits with 3, the arbiter follows, and systemd gives up after five tries.",
    notice: [
      "A worker that cannot import the application exits with 3, and that ends the arbiter too.",
      "The old workers are told to leave before anybody knows that the new code is broken.",
      "systemd starts the service again and again until the start limit; from then on every visitor gets 502.",
    ],
    scenario: onTheSite("Broken code on deploy", {
      files: { [UNIT]: oneWorker },
      timeline: [
        { at: 0, request: { url: `${SITE}/api/products/` } },
        {
          at: 1000,
          write: {
            [SETTINGS_FILE]: SETTINGS.replace(
              "ALLOWED_HOSTS = ['www.example.com']",
              "ALLOWED_HOSTS = ['www.example.com'",
            ),
          },
        },
        { at: 1100, shell: "systemctl reload gunicorn" },
        { at: 12000, request: { url: `${SITE}/api/products/` } },
      ],
      rest: BARE,
    }),
  },
];

/** A form of 60 bytes whose body comes four seconds after its head. */
function slowUpload(url: string): { url: string; method: "POST"; body: string; bodyDelay: number } {
  return {
    url,
    method: "POST",
    body: "product=42&note=typed+on+a+train+between+two+tunnels",
    bodyDelay: 4000,
  };
}
