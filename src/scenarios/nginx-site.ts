// The example site over plain HTTP, for lessons that are about nginx alone: one server block that the
// lesson fills, a client that sends exactly what is written, and the application only where it is needed.
import type { ViewSpec } from "../layers/django/view-spec.ts";
import type { Scenario, ScenarioFile } from "../simulation/scenario.ts";
import { onTheSite } from "./site.ts";

export const ORIGIN = "http://www.example.com";

export interface NginxLesson {
  /** What stands inside the server block on port 80. */
  readonly server?: string;
  /** Or the whole file of sites-enabled. */
  readonly whole?: string;
  /** What stands before the server block, at the level of http. */
  readonly before?: string;
  readonly files?: Readonly<Record<string, ScenarioFile>>;
  readonly views?: Readonly<Record<string, ViewSpec>>;
  /** Whether gunicorn runs, too. */
  readonly application?: true;
  readonly timeline: Scenario["timeline"];
  /** Milliseconds that pass after the last answer. */
  readonly settle?: number;
}

/** A scenario of one lesson about nginx. */
export function nginxLesson(name: string, lesson: NginxLesson): Scenario {
  const block = `server {
    listen 80;
    server_name www.example.com;

${lesson.server ?? ""}}
`;
  const nginx = "sudo systemctl start nginx";
  return onTheSite(name, {
    files: {
      "/etc/nginx/sites-enabled/example": (lesson.before ?? "") + (lesson.whole ?? block),
      ...lesson.files,
    },
    ...(lesson.views && { views: lesson.views }),
    processes: lesson.application ? ["systemctl start gunicorn", nginx] : [nginx],
    timeline: lesson.timeline,
    rest: {
      client: "bare",
      warm: { dns: true },
      ...(lesson.settle !== undefined && { settle: lesson.settle }),
    },
  });
}
