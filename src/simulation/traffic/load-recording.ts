// Recordings of load (nginx, gunicorn and a sleeping view under a crowd) as scenarios: the machine that
// FORMAT.md describes, with the very instants of arrival and the very sleeps that were drawn.
import type { Spread, ViewStep } from "../../layers/django/view-spec.ts";
import type { Scenario } from "../scenario.ts";
import type { TrafficSpec } from "./traffic-spec.ts";

/** What the recording says of its server and its crowd. */
export interface RecordedLoad {
  readonly name: string;
  readonly workers: number;
  readonly gunicorn: string;
  readonly bind: string;
  /** Directives in nginx's location, beyond proxy_pass. */
  readonly location: string;
  readonly view: { readonly sleepMs: number; readonly distribution?: string };
  /** Absent where one client asked again 20 ms after each answer. */
  readonly draws?: { readonly arrivalMs: readonly number[]; readonly serviceMs: readonly number[] };
}

export interface LatencySummary {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadRecording {
  readonly load: RecordedLoad;
  readonly observation: {
    readonly latencyMs: LatencySummary;
    readonly statuses: Readonly<Record<string, number>>;
    readonly throughputRps: number;
  };
}

/** A recording as it was read, checked as far as it is played. Throws with the place of what is missing. */
export function recordingOf(value: unknown): LoadRecording {
  const { load, ...rest } = Object(value) as Partial<LoadRecording>;
  const fields = Object(load) as Partial<RecordedLoad>;
  for (const name of ["gunicorn", "bind"] as const)
    if (typeof fields[name] !== "string") throw new Error(`load.${name}: missing, or no text`);
  if (typeof fields.view?.sleepMs !== "number") throw new Error("load.view.sleepMs: missing");
  const { arrivalMs, serviceMs } = fields.draws ?? { arrivalMs: [], serviceMs: [] };
  if (!areNumbers(arrivalMs) || !areNumbers(serviceMs))
    throw new Error("load.draws: arrivalMs and serviceMs are lists of numbers");
  return { ...rest, load: { location: "", ...fields } } as LoadRecording;
}

const areNumbers = (list: unknown): boolean =>
  Array.isArray(list) && list.every((each) => typeof each === "number" && each >= 0);

/**
 * What the recorded view's worker does beside what the layers charge for: time.sleep() oversleeps by the
 * timer's slack and a wake-up, and the view reads the time it is to sleep. With Django's seven
 * middlewares it makes up the 1.1 ms in the worker. Source: FORMAT.md of the recordings, fitted to all.
 */
const VIEW_WORK_MS = 0.16;
/**
 * What a request takes outside of the worker beyond what the layers charge for: the measuring client's own
 * time and the wake-ups of processes on a machine with two cores. With the layers' it makes up the 1.2 ms
 * outside. Added to every latency. Source: FORMAT.md of the recordings, fitted to all.
 */
export const MEASURING_MS = 1;

/** Source: the idle recordings: "one after the other, 20 ms apart", 300 of them. */
const IDLE_PAUSE_MS = 20;
const IDLE_DURATION_S = 21.68;

const SETTINGS = `SECRET_KEY = 'x'
DEBUG = False
ALLOWED_HOSTS = ['*']
ROOT_URLCONF = 'app.urls'
WSGI_APPLICATION = 'app.wsgi.application'
INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
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
USE_TZ = True
`;

const URLS = `from django.urls import path

from app import views

urlpatterns = [path('', views.sleep)]
`;

const WSGI = `from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
`;

/** The recorded machine and its crowd, ready to be played. */
export function scenarioOfRecording({ load }: LoadRecording): {
  scenario: Scenario;
  traffic: TrafficSpec;
} {
  const steps: ViewStep[] = [
    { work: VIEW_WORK_MS },
    {
      sleep: load.view.sleepMs,
      ...spreadOf(load),
    },
    { respond: { body: "ok", type: "text/plain" } },
  ];
  const scenario: Scenario = {
    format: 2,
    name: load.name,
    host: { cores: 2 },
    files: {
      "/etc/nginx/nginx.conf": nginxConf(`http://${load.bind}`, load.location),
      "/srv/app/app/settings.py": SETTINGS,
      "/srv/app/app/urls.py": URLS,
      "/srv/app/app/wsgi.py": WSGI,
    },
    processes: [
      `env DJANGO_SETTINGS_MODULE=app.settings gunicorn app.wsgi:application --chdir /srv/app --bind ${load.bind} ${load.gunicorn}`,
      "nginx -c /etc/nginx/nginx.conf",
    ],
    views: { "app.views.sleep": { steps } },
    timeline: [],
  };
  const traffic: TrafficSpec = {
    arrivals:
      load.draws === undefined
        ? { users: 1, thinkMs: IDLE_PAUSE_MS, thinking: "constant" }
        : { atMs: load.draws.arrivalMs },
    ...(load.draws === undefined && { durationS: IDLE_DURATION_S }),
    mix: [{ weight: 1, request: { url: "http://localhost/" } }],
  };
  return { scenario, traffic };
}

/** The very sleeps that were drawn; where they are not told, their distribution. */
function spreadOf({ draws, view }: RecordedLoad): { readonly spread?: Spread } {
  if (draws !== undefined) return { spread: { listMs: draws.serviceMs } };
  return view.distribution?.startsWith("exp") ? { spread: "exponential" } : {};
}

/** Source: FORMAT.md of the recordings: one worker, 8,000 connections. */
function nginxConf(upstream: string, location: string): string {
  return `worker_processes 1;
events {
    worker_connections 8000;
}
http {
    access_log off;
    server {
        listen 80;
        location / {
            proxy_pass ${upstream};
            ${location}
        }
    }
}
`;
}
