// Nginx lessons about who answers: which server, which location, which file, which URI for the
// application. Each shows the mistake and what was meant side by side.
import type { Entry } from "./entry.ts";
import { nginxLesson, ORIGIN } from "./nginx-site.ts";

const CSS = "body { font-family: sans-serif; margin: 2rem; }\n";
const get = (at: number, path: string, headers: Record<string, string> = {}) => ({
  at,
  request: { url: `${ORIGIN}${path}`, headers },
});

export const locationEntries: readonly Entry[] = [
  {
    id: "proxy-pass-slash",
    title: "The slash after proxy_pass",
    sentence:
      "With a path after the port, even only /, proxy_pass replaces the location's prefix; without one the URI goes through as it came.",
    notice: [
      "/shop/ has no path after the port: Django is asked for /shop/products/ and answers 404.",
      "/store/ has one: the prefix is replaced and Django sees /products/.",
      "/market lacks its own slash: / replaces only /market, so Django sees //products/.",
    ],
    scenario: nginxLesson("The slash after proxy_pass", {
      server: `    location /shop/ {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }

    location /store/ {
        proxy_pass http://127.0.0.1:8000/;
        proxy_set_header Host $host;
    }

    location /market {
        proxy_pass http://127.0.0.1:8000/;
        proxy_set_header Host $host;
    }
`,
      application: true,
      timeline: [
        get(0, "/shop/products/"),
        get(1000, "/store/products/"),
        get(2000, "/market/products/"),
      ],
    }),
  },
  {
    id: "caret-tilde",
    title: "^~ against a regular expression",
    sentence:
      "The longest prefix is found first, but a regular expression beats it, unless the prefix was written with ^~.",
    notice: [
      "/static/logo.png matches the prefix /static/, yet the regex for .png takes it and looks in the wrong folder.",
      "/media/ is written with ^~, so no regex is tried there.",
    ],
    scenario: nginxLesson("^~ against a regular expression", {
      server: `    root /srv/www;

    location /static/ {
        alias /srv/myproject/static/;
    }

    location ^~ /media/ {
        alias /srv/myproject/media/;
    }

    location ~* \\.(png|jpg|css)$ {
        expires 30d;
    }
`,
      files: {
        "/srv/myproject/static/logo.png": { bytes: 2048 },
        "/srv/myproject/media/logo.png": { bytes: 2048 },
      },
      timeline: [get(0, "/static/logo.png"), get(1000, "/media/logo.png")],
    }),
  },
  {
    id: "alias-or-root",
    title: "alias is not root",
    sentence:
      "root puts its path before the whole URI; alias replaces the location's prefix, letter by letter.",
    notice: [
      "root looks for static/ inside static/ and finds nothing.",
      "alias finds the file.",
      "An alias whose location lacks the last slash lets /files../ climb out of the folder: settings.py is served.",
    ],
    scenario: nginxLesson("alias is not root", {
      server: `    location /static/ {
        root /srv/myproject/static/;
    }

    location /assets/ {
        alias /srv/myproject/static/;
    }

    location /files {
        alias /srv/myproject/static/;
    }
`,
      files: { "/srv/myproject/static/site.css": CSS },
      timeline: [
        get(0, "/static/site.css"),
        get(1000, "/assets/site.css"),
        get(2000, "/files../myproject/settings.py"),
      ],
    }),
  },
  {
    id: "if-is-evil",
    title: "If is evil",
    sentence:
      "A true if is a location of its own: try_files and other lines of the location around it do not hold inside.",
    notice: [
      "Without the header the condition is false, and try_files finds its way to Django.",
      "With the header nginx is inside the if: no try_files there, so it looks for a file and answers 404.",
      "A map makes the same header without an if.",
    ],
    scenario: nginxLesson("If is evil", {
      before: `map $http_x_preview $preview {
    default "";
    yes     draft;
}

`,
      server: `    root /srv/www;

    location /products/ {
        if ($http_x_preview = yes) {
            add_header X-Preview draft;
        }
        try_files $uri @app;
    }

    location /api/ {
        add_header X-Preview $preview;
        try_files $uri @app;
    }

    location @app {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
        add_header X-Preview $preview;
    }
`,
      application: true,
      timeline: [
        get(0, "/products/"),
        get(1000, "/products/", { "X-Preview": "yes" }),
        get(2000, "/api/products/", { "X-Preview": "yes" }),
      ],
    }),
  },
  {
    id: "try-files-app",
    title: "try_files and the application",
    sentence:
      "try_files looks for files first; only its last argument can hand over to the application.",
    notice: [
      "A file that exists is sent without the application.",
      "Anything else reaches the last argument, @app, and so Django.",
      "With =404 at the end the proxy_pass beside it is never reached for a missing file: 404 from nginx.",
    ],
    scenario: nginxLesson("try_files and the application", {
      server: `    root /srv/www;

    location / {
        try_files $uri @app;
    }

    location @app {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }

    location /api/ {
        try_files $uri =404;
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
    }
`,
      files: { "/srv/www/robots.txt": "User-agent: *\nDisallow:\n" },
      application: true,
      timeline: [get(0, "/robots.txt"), get(1000, "/products/"), get(2000, "/api/products/")],
    }),
  },
  {
    id: "default-server",
    title: "The wrong Host",
    sentence:
      "A Host that no server_name matches goes to the default server of the port: without one written down, the first in the file.",
    notice: [
      "On port 80 the first block is the intranet's, so strangers get its page.",
      "On port 8080 a default_server that returns 444 closes such connections without a byte.",
    ],
    scenario: nginxLesson("The wrong Host", {
      whole: `server {
    listen 80;
    server_name intranet.example.com;
    root /srv/intranet;
}

server {
    listen 80;
    listen 8080;
    server_name www.example.com;
    root /srv/www;
}

server {
    listen 8080 default_server;
    server_name _;
    return 444;
}
`,
      files: {
        "/srv/intranet/index.html": "<h1>Salaries</h1>\n",
        "/srv/www/index.html": "<h1>The shop</h1>\n",
      },
      timeline: [
        get(0, "/"),
        get(1000, "/", { Host: "no-such-site.example" }),
        {
          at: 2000,
          request: {
            url: "http://www.example.com:8080/",
            headers: { Host: "no-such-site.example" },
          },
        },
      ],
    }),
  },
];
