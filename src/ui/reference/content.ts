// The reference page's tables and lists: what this program was asked to teach, each entry with the place
// in a scenario that shows it. Where the matter is finer than a table's word, a note says so.
import type { TargetName } from "./targets.ts";

export interface ReferenceRow {
  /** One text for each column. */
  readonly cells: readonly string[];
  readonly target: TargetName;
  readonly note?: string;
}

export interface ReferenceTable {
  readonly kind: "table";
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly ReferenceRow[];
}

export interface ReferenceItem {
  readonly text: string;
  readonly target: TargetName;
  /** How deep it stands under the one before. */
  readonly depth?: 1;
}

export interface ReferenceList {
  readonly kind: "list";
  readonly id: string;
  readonly title: string;
  readonly isOrdered: boolean;
  readonly items: readonly ReferenceItem[];
}

export interface ReferenceCommands {
  readonly kind: "commands";
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly {
    readonly title: string;
    readonly language: "shell" | "nginx";
    readonly text: string;
    readonly target: TargetName;
  }[];
}

export type ReferenceSection = ReferenceTable | ReferenceList | ReferenceCommands;

export const interviewAnswer =
  "In production, the browser sends a request to Nginx, which acts as a reverse proxy and forwards it to Gunicorn. Gunicorn passes the request to Django via WSGI. Django processes it through middleware, URL routing, views, models, and templates, then sends the response back through Gunicorn and Nginx to the browser.";

const SERVER_BLOCK = `server {
    listen 443 ssl;
    server_name www.example.com;

    ssl_certificate     /etc/ssl/certs/example.crt;
    ssl_certificate_key /etc/ssl/private/example.key;

    location / {
        proxy_pass http://127.0.0.1:8000;  # Gunicorn listens here
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
    }
}`;

export const sections: readonly ReferenceSection[] = [
  {
    ...{ kind: "list", id: "tldr", title: "In short", isOrdered: true },
    items: [
      { text: "The user enters the domain; the browser resolves its IP address", target: "dns" },
      { text: "Nginx accepts the request: TLS, headers, static files", target: "nginx" },
      { text: "Gunicorn gets the request and passes it to Django, via WSGI", target: "wsgi" },
      { text: "Django processes it and returns a response", target: "django" },
      { text: "The response goes back through Gunicorn and Nginx to the browser", target: "back" },
    ],
  },
  {
    ...{ kind: "list", id: "flow", title: "The path of a request", isOrdered: true },
    items: [
      { text: "Client: the user types a URL or clicks a link", target: "enter" },
      { text: "DNS resolution: the name becomes an IP address", target: "dns" },
      { text: "Connection to the address, port 80 or 443", target: "connect" },
      { text: "TLS handshake, for HTTPS", target: "tls" },
      { text: "Nginx: reverse proxy and web server", target: "nginx" },
      { text: "Nginx forwards the request over HTTP", target: "proxy" },
      { text: "Gunicorn: application server", target: "gunicorn" },
      { text: "The WSGI call", target: "wsgi" },
      { text: "Django application", target: "django" },
      {
        text: "Middleware, request phase: security, sessions, authentication",
        target: "middlewareIn",
        depth: 1,
      },
      { text: "URL dispatcher (urls.py) decides which view runs", target: "urls", depth: 1 },
      { text: "View (views.py) executes the business logic", target: "view", depth: 1 },
      { text: "Model: the database, where needed", target: "database", depth: 1 },
      { text: "Template: HTML, where needed; an API returns JSON", target: "template", depth: 1 },
      { text: "Middleware, response phase: headers, cookies", target: "middlewareIn", depth: 1 },
      { text: "The response returns via WSGI to Gunicorn", target: "respond" },
      { text: "Nginx sends it to the browser as an HTTP or HTTPS response", target: "back" },
      { text: "The browser renders the content", target: "page" },
    ],
  },
  {
    ...{ kind: "table", id: "layers", title: "What each layer is responsible for" },
    columns: ["Layer", "Responsibility"],
    rows: [
      {
        cells: ["DNS", "Maps the name to an IP address; asked only when no cache knows it"],
        target: "dns",
      },
      { cells: ["Nginx", "TLS termination for HTTPS"], target: "tls" },
      { cells: ["Nginx", "Reverse proxy: forwards dynamic requests to Gunicorn"], target: "proxy" },
      { cells: ["Nginx", "Rate limiting"], target: "limit" },
      { cells: ["Nginx", "Caching"], target: "cache" },
      { cells: ["Nginx", "Static file serving"], target: "static" },
      { cells: ["Nginx", "Redirects from http to https"], target: "upgrade" },
      { cells: ["Gunicorn", "Accepts HTTP requests from Nginx"], target: "gunicorn" },
      {
        cells: ["Gunicorn", "Converts them into WSGI calls, a Python callable interface"],
        target: "wsgi",
      },
      { cells: ["Django", "Reads the middleware stack"], target: "middlewareIn" },
      { cells: ["Django", "Routes the request via urls.py"], target: "urls" },
      { cells: ["Django", "Executes the view"], target: "view" },
      { cells: ["Django", "Interacts with the database through models"], target: "database" },
      { cells: ["Django", "Renders a template"], target: "template" },
      { cells: ["Django", "or returns JSON"], target: "json" },
    ],
  },
  {
    ...{ kind: "table", id: "production", title: "The production setup" },
    columns: ["Component", "Responsibility", "Notes"],
    rows: [
      { cells: ["Nginx", "Reverse proxy, TLS, security", "Public-facing"], target: "nginx" },
      { cells: ["Gunicorn", "WSGI server", "Not exposed directly"], target: "gunicorn" },
      { cells: ["Django", "Web application framework", "Runs Python logic"], target: "django" },
      {
        cells: ["Supervisor or systemd", "Manages the Gunicorn process", "Keeps Gunicorn running"],
        target: "killed",
        note: "The arbiter replaces a worker that is killed; systemd restarts the arbiter itself.",
      },
    ],
  },
  {
    ...{ kind: "table", id: "security", title: "Security on the way" },
    columns: ["Layer", "Role"],
    rows: [
      {
        cells: ["DNS", "Can be protected with DNSSEC"],
        target: "dns",
        note: "DNSSEC proves that an answer is the zone's own. It hides nothing.",
      },
      {
        cells: ["Nginx", "TLS termination, protection from floods, security headers"],
        target: "limit",
      },
      {
        cells: ["Gunicorn", "Limited: it serves the application and should not face the public"],
        target: "gunicorn",
      },
      { cells: ["Django", "Application-level security: authentication"], target: "login" },
      { cells: ["Django", "Application-level security: CSRF protection"], target: "csrf" },
    ],
  },
  {
    ...{ kind: "table", id: "benefits", title: "Why Nginx and Gunicorn together" },
    columns: ["Feature", "Benefit"],
    rows: [
      {
        cells: ["Separation of concerns", "Nginx handles web traffic, Gunicorn handles Python"],
        target: "proxy",
      },
      { cells: ["Scalability", "Gunicorn handles several workers"], target: "gunicorn" },
      { cells: ["Security", "Nginx terminates TLS and limits rates"], target: "limit" },
      {
        cells: ["Static files", "Nginx serves them from the disk, without Python"],
        target: "static",
      },
      {
        cells: [
          "Performance",
          "Fast responses through the proxy's buffers and caches, and through workers",
        ],
        target: "cache",
        note: "Gunicorn's workers are synchronous unless --worker-class says otherwise.",
      },
    ],
  },
  {
    ...{ kind: "commands", id: "commands", title: "Commands and configuration" },
    blocks: [
      {
        title: "Start Gunicorn by hand",
        language: "shell",
        text: "gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --workers 4",
        target: "gunicorn",
      },
      {
        title: "Nginx runs as a system service and listens on ports 443 and 80",
        language: "shell",
        text: "sudo systemctl start nginx",
        target: "nginx",
      },
      { title: "The server block", language: "nginx", text: SERVER_BLOCK, target: "location" },
    ],
  },
  {
    ...{ kind: "table", id: "failures", title: "Who answers when something is wrong" },
    columns: ["What the visitor sees", "Who says so, and why"],
    rows: [
      { cells: ["No such site", "The browser: DNS knows no such name"], target: "noName" },
      {
        cells: ["502 Bad Gateway", "Nginx: nobody listens where proxy_pass points"],
        target: "gunicornDown",
      },
      {
        cells: ["502 after some seconds", "Nginx: Gunicorn's arbiter killed the worker"],
        target: "killed",
      },
      { cells: ["429 Too Many Requests", "Nginx: limit_req refused it"], target: "limit" },
    ],
  },
];
