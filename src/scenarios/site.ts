// The example site that the scenarios share: the brief's own nginx block and gunicorn command, a small
// Django project behind them, PostgreSQL, and the zone that names the server.
import type { MiddlewareSpec, ViewSpec } from "../layers/django/view-spec.ts";
import type { Scenario, ScenarioFile } from "../simulation/scenario.ts";

/** Debian's own nginx.conf, without its comments. Source: package nginx-common 1.22.1-9+deb12u10. */
export const NGINX_CONF = `user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;

events {
    worker_connections 768;
}

http {
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;

    include /etc/nginx/mime.types;
    default_type application/octet-stream;

    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;

    access_log /var/log/nginx/access.log;

    gzip on;

    include /etc/nginx/conf.d/*.conf;
    include /etc/nginx/sites-enabled/*;
}
`;

/** The brief's server block, word for word. */
export const SITE_CONF = `server {
    listen 443 ssl;
    server_name www.example.com;

    ssl_certificate     /etc/ssl/certs/example.crt;
    ssl_certificate_key /etc/ssl/private/example.key;

    location / {
        proxy_pass http://127.0.0.1:8000;  # Gunicorn listens here
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
    }
}
`;

/** A unit that keeps the brief's gunicorn command running. */
export function gunicornUnit(options = ""): string {
  return `[Unit]
Description=gunicorn daemon
After=network.target

[Service]
Type=notify
User=www-data
Group=www-data
WorkingDirectory=/srv/myproject
ExecStart=gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --workers 4${options}
ExecReload=/bin/kill -s HUP $MAINPID
KillMode=mixed
TimeoutStopSec=5
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;
}

export const SETTINGS = `from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = 'not-a-secret'
DEBUG = False
ALLOWED_HOSTS = ['www.example.com']

INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'django.contrib.staticfiles',
    'shop',
]

MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]

ROOT_URLCONF = 'myproject.urls'
WSGI_APPLICATION = 'myproject.wsgi.application'

TEMPLATES = [
    {
        'BACKEND': 'django.template.backends.django.DjangoTemplates',
        'DIRS': [BASE_DIR / 'templates'],
        'APP_DIRS': True,
    },
]

DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql',
        'NAME': 'shop',
        'USER': 'shop',
        'PASSWORD': 'not-a-secret',
        'HOST': '127.0.0.1',
        'PORT': '5432',
    }
}

LANGUAGE_CODE = 'en-us'
TIME_ZONE = 'UTC'
USE_TZ = True
STATIC_URL = '/static/'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
`;

export const URLS = `from django.urls import include, path

from shop import views

urlpatterns = [
    path('', views.home, name='home'),
    path('products/', views.product_list, name='product-list'),
    path('products/<int:pk>/', views.product, name='product'),
    path('cart/', views.cart, name='cart'),
    path('cart/add/', views.cart_add, name='cart-add'),
    path('account/', views.account, name='account'),
    path('accounts/login/', views.login, name='login'),
    path('reports/year/', views.report, name='report'),
    path('api/', include('shop.api_urls')),
]
`;

export const API_URLS = `from django.urls import path

from shop import api

app_name = 'api'
urlpatterns = [
    path('products/', api.products, name='products'),
    path('products/<int:pk>/reviews/', api.reviews, name='reviews'),
]
`;

export const WSGI = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'myproject.settings')

application = get_wsgi_application()
`;

export const ZONE = `$ORIGIN example.com.
$TTL 300
@    IN SOA ns1.example.com. hostmaster.example.com. 2026112101 7200 3600 1209600 300
@    IN NS  ns1.example.com.
ns1  IN A   198.51.100.53
@    IN A   192.0.2.10
www  IN A   192.0.2.10
`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${title}</title>
</head>
<body>
  <h1>${title}</h1>
${body}</body>
</html>
`;

const VIEWS: Record<string, ViewSpec> = {
  "shop.views.home": { steps: [{ render: "home.html", ms: 1.5 }] },
  "shop.views.product_list": {
    steps: [
      {
        query:
          'SELECT "shop_product"."id", "shop_product"."name", "shop_product"."price" FROM "shop_product" ORDER BY "shop_product"."name" ASC LIMIT 20',
        ms: 3,
        rows: 20,
      },
      { render: "product_list.html", ms: 4 },
    ],
  },
  "shop.views.product": {
    steps: [
      {
        query:
          'SELECT "shop_product"."id", "shop_product"."name", "shop_product"."price" FROM "shop_product" WHERE "shop_product"."id" = 42 LIMIT 21',
        ms: 1.2,
        rows: 1,
      },
      {
        query:
          'SELECT COUNT(*) AS "__count" FROM "shop_review" WHERE "shop_review"."product_id" = 42',
        ms: 0.8,
        rows: 1,
      },
      { render: "product.html", ms: 2.5 },
    ],
  },
  "shop.views.cart": { steps: [{ csrf: true }] },
  "shop.views.cart_add": {
    steps: [
      {
        transaction: [
          {
            query:
              'INSERT INTO "shop_cartitem" ("product_id", "quantity") VALUES (42, 1) RETURNING "shop_cartitem"."id"',
            ms: 1.4,
            rows: 1,
          },
        ],
      },
      { redirect: "/products/42/" },
    ],
  },
  "shop.views.account": {
    decorators: ["login_required"],
    steps: [{ render: "account.html", ms: 1.5 }],
  },
  "shop.views.login": { steps: [{ csrf: true }] },
  "shop.views.report": { steps: [{ sleep: 8000 }, { render: "home.html", ms: 2 }] },
  "shop.api.products": {
    steps: [
      {
        query:
          'SELECT "shop_product"."id", "shop_product"."name", "shop_product"."price" FROM "shop_product" ORDER BY "shop_product"."id" ASC LIMIT 3',
        ms: 1.5,
        rows: 3,
      },
      {
        json: {
          products: [
            { id: 41, name: "Anvil", price: "49.00" },
            { id: 42, name: "Lantern", price: "12.50" },
            { id: 43, name: "Rope", price: "7.90" },
          ],
        },
      },
    ],
  },
  "shop.api.reviews": { steps: [{ json: { reviews: [] } }] },
};

const PAGES: Record<string, string> = {
  "/srv/myproject/templates/home.html": page(
    "The shop",
    `  <p>Everything for a night outside.</p>\n  <p><a href="/products/">Products</a></p>\n`,
  ),
  "/srv/myproject/templates/product_list.html": page(
    "Products",
    `  <ul>\n    <li><a href="/products/41/">Anvil</a></li>\n    <li><a href="/products/42/">Lantern</a></li>\n    <li><a href="/products/43/">Rope</a></li>\n  </ul>\n`,
  ),
  "/srv/myproject/templates/product.html": page(
    "Lantern",
    `  <p>Price: 12.50</p>\n  <p>7 reviews</p>\n  <form method="post" action="/cart/add/"><button>Add to the cart</button></form>\n`,
  ),
  "/srv/myproject/templates/account.html": page("Your account", `  <p>You are signed in.</p>\n`),
};

/** What a scenario changes of the site. Files given here replace the site's. */
export interface SiteChanges {
  readonly files?: Readonly<Record<string, ScenarioFile>>;
  readonly views?: Readonly<Record<string, ViewSpec>>;
  readonly middleware?: Readonly<Record<string, MiddlewareSpec>>;
  /** Commands; the brief's two unless given. */
  readonly processes?: readonly string[];
  readonly timeline: Scenario["timeline"];
  readonly rest?: Partial<Scenario>;
}

/** A scenario on the example site. */
export function onTheSite(name: string, changes: SiteChanges): Scenario {
  return {
    format: 2,
    name,
    seed: 1,
    start: "2026-11-21T09:30:00Z",
    client: changes.timeline.some((action) => "browse" in action) ? "chromium" : "bare",
    host: { cores: 2, addresses: ["192.0.2.10"] },
    links: { client: { rttMs: 40, rateMbps: 50 } },
    zones: { "example.com": ZONE },
    files: {
      "/etc/nginx/nginx.conf": NGINX_CONF,
      "/etc/nginx/sites-enabled/example": SITE_CONF,
      "/etc/ssl/certs/example.crt": { cert: ["www.example.com", "example.com"] },
      "/etc/ssl/private/example.key": { key: true },
      "/etc/systemd/system/gunicorn.service": gunicornUnit(),
      "/srv/myproject/myproject/settings.py": SETTINGS,
      "/srv/myproject/myproject/urls.py": URLS,
      "/srv/myproject/myproject/wsgi.py": WSGI,
      "/srv/myproject/shop/api_urls.py": API_URLS,
      ...PAGES,
      ...changes.files,
    },
    processes: changes.processes ?? ["systemctl start gunicorn", "sudo systemctl start nginx"],
    views: { ...VIEWS, ...changes.views },
    ...(changes.middleware && { middleware: changes.middleware }),
    timeline: changes.timeline,
    ...changes.rest,
  };
}

export const SITE = "https://www.example.com";

/** The site's urls.py with one more line among its patterns. */
export function urlsWith(line: string): string {
  return URLS.replace("    path('api/',", `    ${line}\n    path('api/',`);
}

/** LOGGING as most projects write it, so that what Django complains of reaches Gunicorn's log. */
export const CONSOLE_LOGGING = `
LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'handlers': {'console': {'class': 'logging.StreamHandler'}},
    'root': {'handlers': ['console'], 'level': 'WARNING'},
}
`;

/** The brief's location with more directives in it, or more beside it. */
export function siteConf(options: {
  inLocation?: string;
  inServer?: string;
  before?: string;
}): string {
  return (
    (options.before ?? "") +
    SITE_CONF.replace("    location / {\n", `${options.inServer ?? ""}    location / {\n`).replace(
      "        proxy_set_header X-Real-IP $remote_addr;\n",
      `        proxy_set_header X-Real-IP $remote_addr;\n${options.inLocation ?? ""}`,
    )
  );
}
