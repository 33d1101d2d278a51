// A lesson about supervisord: which end of a program it takes for an accident.
import type { Scenario } from "../simulation/scenario.ts";
import type { Entry } from "./entry.ts";
import { onTheSite, SITE } from "./site.ts";

const CONF_FILE = "/etc/supervisor/supervisord.conf";

const CONF = `[unix_http_server]
file=/var/run/supervisor.sock
chmod=0700

[supervisord]
logfile=/var/log/supervisor/supervisord.log
pidfile=/var/run/supervisord.pid
nodaemon=true
user=root

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix:///var/run/supervisor.sock

[program:myproject]
command=gunicorn myproject.wsgi:application --bind 127.0.0.1:8000 --workers 2
directory=/srv/myproject
user=www-data
autorestart=unexpected
exitcodes=0
stopwaitsecs=35
stdout_logfile=/var/log/myproject.log
redirect_stderr=true
`;

export const supervisionEntries: readonly Entry[] = [
  {
    id: "clean-exit-stays-down",
    title: "A clean exit that nobody restarts",
    sentence:
      "Gunicorn ends with exit code 0, which supervisord takes for what was wanted: the site is down until somebody starts it.",
    notice: [
      "autorestart=unexpected looks at the exit code, and 0 stands in exitcodes.",
      "A kill by signal 9 would have been unexpected, and up again within a second.",
      "supervisorctl start counts as running only after startsecs; requests are answered sooner.",
    ],
    scenario: withoutUnit(
      onTheSite("A clean exit that nobody restarts", {
        files: { [CONF_FILE]: CONF },
        timeline: [
          { at: 0, request: { url: `${SITE}/api/products/` } },
          { at: 500, shell: "kill -TERM gunicorn" },
          { at: 2500, request: { url: `${SITE}/api/products/` } },
          { at: 3000, shell: "supervisorctl start myproject" },
          { at: 5500, request: { url: `${SITE}/api/products/` } },
        ],
        rest: {
          client: "bare",
          processes: [`supervisord -c ${CONF_FILE}`, "nginx"],
        },
      }),
    ),
  },
];

/** systemd's unit of the site has no part in this. */
function withoutUnit(scenario: Scenario): Scenario {
  const isUnit = (path: string): boolean => path === "/etc/systemd/system/gunicorn.service";
  const files = Object.entries(scenario.files).filter(([path]) => !isUnit(path));
  return { ...scenario, files: Object.fromEntries(files) };
}
