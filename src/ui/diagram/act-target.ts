// Which part of the server a layer, a picture or a box stands for, where the reader can act on it.
import type { Stage } from "../../simulation/journey.ts";

export type ActTarget = "nginx" | "gunicorn" | "supervisor" | "database";

const targets: Readonly<Record<string, ActTarget>> = {
  nginx: "nginx",
  gunicorn: "gunicorn",
  uwsgi: "gunicorn",
  django: "gunicorn",
  supervisor: "supervisor",
  database: "database",
};

/** The part of the server that `name` belongs to; null for what is not on the server. */
export function actTargetOf(name: string): ActTarget | null {
  return targets[name] ?? null;
}

/** Whether there is anything on this stage that an operator can do to `target`. */
export function canActOn(stage: Stage, target: ActTarget): boolean {
  switch (target) {
    case "nginx":
      return stage.nginx;
    case "gunicorn":
      return stage.applicationServer !== null;
    case "supervisor":
      return stage.supervisorName !== "";
    case "database":
      return stage.databaseName !== "";
  }
}
