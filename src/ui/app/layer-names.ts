// What a layer is called on the screen.
import type { LayerId } from "../../layers/layer.ts";

export const layerNames: Readonly<Record<LayerId, string>> = {
  browser: "Browser",
  dns: "DNS",
  tcp: "TCP",
  tls: "TLS",
  http2: "HTTP/2",
  nginx: "Nginx",
  gunicorn: "Gunicorn",
  uwsgi: "uWSGI",
  django: "Django",
  database: "Database",
  supervisor: "Supervisor",
  host: "Server",
};
