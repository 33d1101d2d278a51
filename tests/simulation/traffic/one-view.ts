// A server as small as queueing theory would have it: gunicorn's workers straight at the client, and one
// view that sleeps. Its times are so long that what the layers take beside them does not count.
import type { Spread } from "../../../src/layers/django/view-spec.ts";
import type { Scenario } from "../../../src/simulation/scenario.ts";

export function oneView(options: {
  workers: number;
  sleepMs: number;
  spread?: Spread;
  gunicorn?: string;
}): Scenario {
  const { workers, sleepMs, spread, gunicorn = "--timeout 0" } = options;
  return {
    format: 2,
    name: "one view",
    files: {
      "/srv/app/app/settings.py":
        "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['*']\nROOT_URLCONF = 'app.urls'\nMIDDLEWARE = []\nINSTALLED_APPS = []\n",
      "/srv/app/app/urls.py":
        "from django.urls import path\n\nfrom app import views\n\nurlpatterns = [path('', views.sleep)]\n",
      "/srv/app/app/wsgi.py":
        "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
    },
    processes: [
      `env DJANGO_SETTINGS_MODULE=app.settings gunicorn app.wsgi:application --chdir /srv/app --bind 127.0.0.1:8000 --workers ${workers} ${gunicorn}`,
    ],
    views: {
      "app.views.sleep": {
        steps: [{ sleep: sleepMs, ...(spread && { spread }) }, { respond: { body: "ok" } }],
      },
    },
    timeline: [{ at: 0, request: { url: "http://localhost:8000/" } }],
  };
}
