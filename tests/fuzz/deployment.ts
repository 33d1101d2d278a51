// Random small deployments with random traffic: nginx before gunicorn or uWSGI before Django, directives
// and options from pools in any order, requests that overlap, processes killed, configurations replaced.
// Every bare request has a timeout, so that every one of them must end.
import type { ViewSpec } from "../../src/layers/django/view-spec.ts";
import type { Action, Scenario } from "../../src/simulation/scenario.ts";
import type { Dice } from "./dice.ts";
import { mutate } from "./mutate.ts";

const IN_HTTP = [
  "gzip on;",
  "gzip_min_length 1;",
  "gzip_types text/plain application/json;",
  "keepalive_timeout 1s;",
  "keepalive_timeout 0;",
  "client_max_body_size 1k;",
  "client_body_timeout 1s;",
  "send_timeout 1s;",
  "client_header_timeout 1s;",
  "sendfile on;",
  "server_tokens off;",
  "underscores_in_headers on;",
  "large_client_header_buffers 2 1k;",
  "proxy_read_timeout 1s;",
  "proxy_connect_timeout 1s;",
  "proxy_next_upstream error timeout http_500;",
  "proxy_http_version 1.1;",
  "proxy_buffering off;",
  "limit_req zone=rate burst=2;",
  "limit_req zone=rate burst=3 nodelay;",
  "limit_conn conns 1;",
  "limit_req_status 429;",
  "error_page 404 500 502 504 /error.html;",
  "lingering_close always;",
  "access_log off;",
  "access_log /var/log/nginx/a.log;",
  "error_log /var/log/nginx/error.log debug;",
  "expires 1h;",
  'add_header X-A "$request_id" always;',
  "etag off;",
  "chunked_transfer_encoding off;",
  "output_buffers 1 512;",
  "limit_rate 4k;",
  "proxy_request_buffering off;",
  "proxy_buffers 4 1k;",
  "proxy_buffer_size 1k;",
  "max_ranges 1;",
  "client_body_buffer_size 1k;",
  "reset_timedout_connection on;",
  "merge_slashes off;",
] as const;

const IN_LOCATION = [
  "proxy_pass http://app;",
  "proxy_pass http://app/;",
  "proxy_pass http://127.0.0.1:9;",
  "proxy_pass http://10.255.0.1:80;",
  "return 301 /moved;",
  "return 204;",
  'return 200 "$uri\\n";',
  "root /srv/www;",
  "alias /srv/www/;",
  "try_files $uri $uri/ /index.html =404;",
  "try_files $uri @app;",
  "rewrite ^/a(.*)$ /b$1 last;",
  "rewrite ^ /x break;",
  "deny all;",
  "allow 203.0.113.0/24; deny all;",
  "auth_basic closed;",
  "autoindex on;",
  "internal;",
  "stub_status;",
  "if ($arg_x) { return 403; }",
  "proxy_cache pages;",
  "proxy_cache_valid 200 404 1s;",
  "proxy_cache_lock on;",
  "set $a $host;",
  "proxy_cache_use_stale error updating http_500;",
  "proxy_cache_revalidate on;",
  "limit_rate 2k;",
  "proxy_intercept_errors on;",
  "proxy_set_header Host $host;",
  "proxy_ignore_client_abort on;",
  "auth_request /auth;",
  "satisfy any;",
  "proxy_pass_request_body off;",
  "mirror /auth;",
  "proxy_redirect off;",
  "sub_filter a b;",
  "uwsgi_pass 127.0.0.1:8001;",
  "include uwsgi_params;",
] as const;

const IN_SERVER = [
  "return 301 https://example.com$request_uri;",
  "rewrite ^/a /b;",
  "set $x 1;",
  "auth_basic closed;",
  "if ($request_method = BREW) { return 418; }",
  "deny 203.0.113.1;",
  "error_page 500 @app;",
] as const;
const LOCATIONS = [
  "/",
  "= /",
  "/static/",
  "^~ /a",
  "~ \\.html$",
  "~* ^/(x|y)",
  "/api/",
  "@app",
  "= /auth",
  "/b",
] as const;
const GUNICORN = [
  "--workers 2",
  "--workers 3",
  "--worker-class gthread",
  "--threads 2",
  "--timeout 1",
  "--timeout 0",
  "--keep-alive 1",
  "--max-requests 2",
  "--max-requests-jitter 2",
  "--backlog 1",
  "--preload",
  "--graceful-timeout 1",
  "--limit-request-line 100",
  "--limit-request-fields 3",
  "--access-logfile -",
  "--log-level debug",
  "--worker-connections 2",
  "--worker-class gevent",
  "--bind unix:/run/g.sock",
  "--umask 077",
  "--error-logfile -",
  "--forwarded-allow-ips *",
] as const;
const WRONG = [
  "--workers none",
  "--statsd-host x",
  "--chdir /none",
  "--proxy-protocol",
  "--bind 1.2.3.4:1",
] as const;
const UWSGI = [
  "--processes 2",
  "--threads 2",
  "--master",
  "--harakiri 1",
  "--max-requests 2",
  "--die-on-term",
  "--need-app",
  "--buffer-size 100",
  "--listen 2",
  "--lazy-apps",
  "--socket-timeout 1",
  "--post-buffering 1",
  "--vacuum",
] as const;
const MIDDLEWARE = [
  "django.middleware.security.SecurityMiddleware",
  "django.middleware.common.CommonMiddleware",
  "django.middleware.csrf.CsrfViewMiddleware",
  "django.middleware.clickjacking.XFrameOptionsMiddleware",
  "django.contrib.sessions.middleware.SessionMiddleware",
  "django.middleware.gzip.GZipMiddleware",
  "django.contrib.auth.middleware.AuthenticationMiddleware",
  "django.middleware.http.ConditionalGetMiddleware",
  "django.contrib.messages.middleware.MessageMiddleware",
  "django.middleware.locale.LocaleMiddleware",
  "django.middleware.cache.UpdateCacheMiddleware",
  "django.middleware.cache.FetchFromCacheMiddleware",
  "shop.middleware.None",
] as const;
const VIEWS: readonly ViewSpec[] = [
  { steps: [{ respond: { body: "ok\n" } }] },
  { steps: [{ respond: { bytes: 100_000 } }] },
  { steps: [{ sleep: 300 }] },
  { steps: [{ work: 200 }] },
  { steps: [{ sleep: 4000 }] },
  { steps: [{ raise: "ValueError" }] },
  { steps: [{ raise: "SystemExit" }] },
  { steps: [{ raise: "Http404" }] },
  { steps: [{ respond: { stream: { chunks: 5, bytes: 3000, sleep: 50 } } }] },
  { steps: [{ respond: { stream: { chunks: 5, bytes: 3000, raise: 2 } } }] },
  { steps: [{ transaction: [{ query: "INSERT INTO item (name) VALUES ('a')" }, { sleep: 100 }] }] },
  { steps: [{ query: "SELECT * FROM item", rows: 5 }, { json: { a: 1 } }] },
  { steps: [{ query: "SELEC" }] },
  { steps: [{ read: "body" }] },
  { steps: [{ csrf: true }] },
  { steps: [{ session: { a: "b" } }] },
  { decorators: ["login_required"], steps: [] },
  { steps: [{ login: "alice" }, { redirect: "/a" }] },
  { decorators: [{ cache_page: 1 }], steps: [{ respond: { body: "kept" } }] },
  { steps: [{ respond: { status: 304, body: "" } }] },
  { steps: [{ render: "none.html" }] },
  { steps: [{ echo: ["method", "path", "GET", "body", "META.HTTP_HOST"] }] },
];
const PATHS = [
  "/",
  "/",
  "/a",
  "/a/",
  "/b?x=1",
  "/static/a.txt",
  "/static/",
  "/index.html",
  "/api/",
  "//x//y/../z",
  "/%2e%2e/a",
  "/%zz",
  "/x",
  "/none",
  "/moved",
] as const;
const RAW = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /\r\n",
  "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
  "\0\0\0",
  "GET / HTTP/9.9\r\n\r\n",
  "\r\n\r\nGET / HTTP/1.1\nHost: a\n\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
  "GET http://example.com/a HTTP/1.1\r\nHost: b\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nX: ",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
] as const;
const SHELL = [
  "kill -HUP nginx",
  "nginx -s reload",
  "nginx -t",
  "kill -QUIT nginx",
  "kill -KILL nginx worker",
  "kill -TERM nginx",
  "nginx",
  "kill -HUP gunicorn",
  "kill -KILL gunicorn worker",
  "kill -TERM gunicorn worker",
  "kill -TTIN gunicorn",
  "kill -TTOU gunicorn",
  "kill -STOP gunicorn worker",
  "kill -CONT gunicorn worker",
  "kill -USR2 gunicorn",
  "kill -KILL gunicorn",
  "kill -ABRT gunicorn worker",
  "kill -QUIT gunicorn",
  "kill -HUP uwsgi",
  "kill -KILL uwsgi worker",
  "kill -INT uwsgi",
  "kill -TERM uwsgi",
  "systemctl restart gunicorn",
  "systemctl stop nginx",
  "systemctl start nginx",
  "systemctl stop postgresql",
  "systemctl start postgresql",
  "rm -f /run/g.sock",
  "kill -WINCH nginx",
  "kill -USR1 nginx",
] as const;

/** Of each directive the first, so that most configurations are good ones. */
function once(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const name = line.split(/[ ;]/, 1)[0];
    return !seen.has(name) && seen.add(name).size > 0;
  });
}

function location(dice: Dice, place: string): string {
  const isPlain = !/[~@]/.test(place);
  const fits = IN_LOCATION.filter((line) => isPlain || !/^alias|^proxy_pass .*app\/;/.test(line));
  const lines = once(dice.times(1 + dice.below(4), () => dice.pick(fits)));
  const hasAlias = lines.some((line) => line.startsWith("alias"));
  const kept = lines.filter((line) => !hasAlias || !line.startsWith("root"));
  return `        location ${place} {\n${indented(12, kept)}        }\n`;
}

function indented(columns: number, lines: readonly string[]): string {
  return lines.map((line) => `${" ".repeat(columns)}${line}\n`).join("");
}

function serverBlock(dice: Dice, listen: string): string {
  const places = dice.some(LOCATIONS).slice(0, 4);
  return `    server {
        listen ${listen};
        server_name ${dice.pick(["example.com", "_", "*.example.com", "~^w"])};
        root /srv/www;
${dice.chance(0.2) ? indented(8, [dice.pick(IN_SERVER)]) : ""}${["/", ...places.filter((place) => place !== "/")].map((place) => location(dice, place)).join("")}    }
`;
}

const WITH_TLS = `443 ssl;
        ssl_certificate /etc/ssl/c.crt;
        ssl_certificate_key /etc/ssl/c.key`;

function nginxConf(dice: Dice): string {
  const more = dice.pick([
    "",
    "server 127.0.0.1:9;",
    "keepalive 2;",
    "server unix:/run/g.sock backup;",
    "least_conn;",
  ]);
  const text = `worker_processes ${dice.pick(["1", "2", "auto"])};
events { worker_connections ${dice.pick(["768", "8"])}; }
http {
    include /etc/nginx/mime.types;
    limit_req_zone $binary_remote_addr zone=rate:1m rate=${dice.pick(["2r/s", "30r/m"])};
    limit_conn_zone $server_name zone=conns:1m;
    proxy_cache_path /var/cache/nginx/p keys_zone=pages:1m inactive=2s;
    upstream app {
        ${more === "least_conn;" ? more : ""}
        server 127.0.0.1:8000 ${dice.pick(["", "max_fails=1 fail_timeout=1s"])};
        ${more === "least_conn;" ? "" : more}
    }
${indented(4, once(dice.some(IN_HTTP)).slice(0, 8))}${serverBlock(dice, "80")}${dice.chance(0.5) ? serverBlock(dice, WITH_TLS) : ""}}
`;
  return dice.chance(0.08) ? mutate(dice, text) : text;
}

function settings(dice: Dice): string {
  const engine = dice.chance(0.7) ? "sqlite3" : "postgresql";
  const text = `SECRET_KEY = 'x'
DEBUG = ${dice.pick(["True", "False"])}
ALLOWED_HOSTS = ${dice.pick(["['*']", "['*']", "['example.com']", "[]"])}
ROOT_URLCONF = 'shop.urls'
INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages']
MIDDLEWARE = [${dice
    .some(MIDDLEWARE)
    .filter((name) => name !== "shop.middleware.None" || dice.chance(0.1))
    .map((name) => `'${name}'`)
    .join(", ")}]
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]
DATABASES = {'default': {'ENGINE': 'django.db.backends.${engine}', 'NAME': '/srv/db.sqlite3', 'CONN_MAX_AGE': ${dice.pick(["0", "60"])}, 'ATOMIC_REQUESTS': ${dice.pick(["True", "False"])}}}
APPEND_SLASH = ${dice.pick(["True", "False"])}
SESSION_ENGINE = 'django.contrib.sessions.backends.${dice.pick(["db", "cache", "signed_cookies"])}'
SECURE_SSL_REDIRECT = ${dice.chance(0.1) ? "True" : "False"}
`;
  return dice.chance(0.05) ? mutate(dice, text) : text;
}

const URLS = `from django.urls import path
from shop import views
urlpatterns = [
    path('', views.one),
    path('a/', views.two),
    path('b', views.three),
    path('api/', views.four),
]
`;
const WSGI = `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
application = get_wsgi_application()
`;

function request(dice: Dice, at: number): Action {
  const scheme = dice.chance(0.2) ? "https" : "http";
  const method = dice.pick(["GET", "GET", "GET", "HEAD", "POST", "PUT", "BREW", "OPTIONS"]);
  const body =
    method === "POST" || method === "PUT"
      ? dice.pick([undefined, "a=b", { bytes: 20_000 }, { bytes: 300 }])
      : undefined;
  return {
    at,
    request: {
      url: `${scheme}://example.com${dice.pick(PATHS)}`,
      method,
      timeout: dice.pick([50, 1000, 20_000]),
      overlap: true,
      ip: `203.0.113.${1 + dice.below(3)}`,
      ...(body !== undefined && { body }),
      ...(body !== undefined && dice.chance(0.3) && { chunked: true as const }),
      ...(body !== undefined && dice.chance(0.3) && { bodyDelay: 200 }),
      ...(dice.chance(0.3) && { keepalive: true }),
      ...(dice.chance(0.2) && { version: dice.pick(["1.0", "1.1"] as const) }),
      ...(dice.chance(0.2) && { halfClose: true }),
      ...(dice.chance(0.3) && { jar: "jar" }),
      ...(dice.chance(0.2) && {
        headers: dice.pick<Readonly<Record<string, string | null>>>([
          { Range: "bytes=0-1,5-" },
          { "If-Modified-Since": "x" },
          { Host: "other" },
          { Host: null },
          { Connection: "close" },
          { Expect: "100-continue" },
          { "Accept-Encoding": "gzip" },
        ]),
      }),
      ...(dice.chance(0.15) && {
        raw: [mutate(dice, dice.pick(RAW)).slice(0, 3000), dice.below(300), dice.pick(RAW)],
      }),
    },
  };
}

function action(dice: Dice, at: number): Action {
  const kind = dice.below(12);
  if (kind === 0) return { at, shell: dice.pick(SHELL), overlap: true };
  if (kind === 1) return { at, write: { "/etc/nginx/nginx.conf": nginxConf(dice) }, overlap: true };
  if (kind === 2)
    return {
      at,
      browse: {
        url: `${dice.pick(["http://", "https://", ""])}example.com${dice.pick(PATHS)}`,
        how: dice.pick(["type", "link", "reload", "hard-reload", "back", "submit"] as const),
      },
      overlap: true,
    };
  return request(dice, at);
}

/** The deployment of a seed. */
export function deployment(dice: Dice, seed: number): Scenario {
  const server =
    dice.below(4) === 0
      ? `uwsgi --chdir /srv/shop --module shop.wsgi:application --socket 127.0.0.1:8001 --http-socket 127.0.0.1:8000 ${dice.some(UWSGI).join(" ")}`
      : `gunicorn --chdir /srv/shop --bind 127.0.0.1:8000 ${dice.some(GUNICORN).slice(0, 6).join(" ")} ${dice.chance(0.1) ? dice.pick(WRONG) : ""} shop.wsgi:application`;
  let at = 0;
  const timeline = dice.times(6 + dice.below(14), () => {
    at += dice.pick([0, 1, 20, 300, 1500]);
    return action(dice, at);
  });
  return {
    format: 2,
    name: `fuzz ${seed}`,
    seed,
    client: dice.pick(["bare", "chromium"] as const),
    host: { cores: 1 + dice.below(2), addresses: ["192.0.2.10"] },
    links: {
      client: {
        rttMs: dice.pick([0, 1, 40]),
        rateMbps: dice.pick([1, 50]),
        loss: dice.pick([0, 0, 0.05]),
      },
    },
    ...(dice.chance(0.5) && {
      zones: {
        "example.com":
          "$TTL 60\n@ IN SOA ns1 h 1 1 1 1 60\n@ IN NS ns1\nns1 IN A 198.51.100.5\n@ IN A 192.0.2.10\n",
      },
    }),
    files: {
      "/etc/nginx/nginx.conf": nginxConf(dice),
      "/etc/ssl/c.crt": { cert: ["example.com"] },
      "/etc/ssl/c.key": { key: true },
      "/srv/shop/shop/settings.py": settings(dice),
      "/srv/shop/shop/urls.py": dice.chance(0.05) ? mutate(dice, URLS) : URLS,
      "/srv/shop/shop/wsgi.py": WSGI,
      "/srv/www/index.html":
        '<!doctype html><link rel="stylesheet" href="/static/a.css"><img src="/a"><p>x</p>\n',
      "/srv/www/static/a.txt": { bytes: 50_000 },
    },
    processes: dice.chance(0.9) ? [server, "nginx"] : ["nginx", server],
    database: "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);\n",
    views: {
      "shop.views.one": dice.pick(VIEWS),
      "shop.views.two": dice.pick(VIEWS),
      "shop.views.three": dice.pick(VIEWS),
      "shop.views.four": dice.pick(VIEWS),
    },
    timeline,
  };
}
