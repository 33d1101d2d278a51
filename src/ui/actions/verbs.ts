// What an operator can do to the server at a step: real commands, each with a sentence of what it does.
// Only what is there is offered: no signal to a program that does not run, no unit that does not exist.
import type { Journey, Scene, Step, WorkerView } from "../../simulation/journey.ts";
import type { ActTarget } from "../diagram/act-target.ts";
import { databaseGroups } from "./verbs-database.ts";
import { supervisionGroups } from "./verbs-supervision.ts";

export interface Verb {
  /** As typed in a shell of the server. */
  readonly command: string;
  /** Two or three words for the button. */
  readonly name: string;
  /** What it does, one sentence. */
  readonly does: string;
  /** Whether work under way is lost by it. */
  readonly isHarsh?: true;
}

export interface VerbGroup {
  readonly target: ActTarget;
  readonly title: string;
  /** What is known of it at this step. */
  readonly state: string;
  readonly verbs: readonly Verb[];
}

/** Everything that can be done after `step`, by the part of the server it is done to. */
export function verbsAt({ stage }: Pick<Journey, "stage">, { scene }: Step): readonly VerbGroup[] {
  const groups: VerbGroup[] = [];
  if (stage.applicationServer === "gunicorn") groups.push(...gunicornGroups(scene));
  if (stage.applicationServer === "uwsgi") groups.push(uwsgiGroup(scene));
  if (stage.nginx) groups.push(nginxGroup(scene));
  groups.push(...supervisionGroups(stage, scene), ...databaseGroups(stage, scene));
  return groups;
}

function gunicornGroups(scene: Scene): readonly VerbGroup[] {
  const { arbiter, workers } = scene.gunicorn;
  const target = "gunicorn";
  if (arbiter === null)
    return [{ target, title: "Gunicorn's arbiter", state: "not running", verbs: [] }];
  const state = `pid ${arbiter.pid}, ${arbiter.state}`;
  return [
    { target, title: "Gunicorn's arbiter", state, verbs: ARBITER },
    ...workers.map(workerGroup),
  ];
}

const ARBITER: readonly Verb[] = [
  {
    ...{ command: "kill -HUP gunicorn", name: "Reload" },
    does: "Reads the configuration anew and starts new workers; the old ones finish what they do.",
  },
  {
    ...{ command: "kill -TERM gunicorn", name: "Stop gracefully" },
    does: "Takes no new connection; running requests may finish within graceful_timeout.",
  },
  {
    ...{ command: "kill -INT gunicorn", name: "Stop quickly", isHarsh: true },
    does: "Ends the workers in the middle of their requests, then the arbiter.",
  },
  {
    ...{ command: "kill -QUIT gunicorn", name: "Stop quickly", isHarsh: true },
    does: "The same as INT: the workers quit at once.",
  },
  {
    ...{ command: "kill -TTIN gunicorn", name: "One worker more" },
    does: "Forks one worker more than configured.",
  },
  {
    ...{ command: "kill -TTOU gunicorn", name: "One worker fewer" },
    does: "Dismisses the oldest worker; the last one stays.",
  },
  {
    ...{ command: "kill -USR1 gunicorn", name: "Reopen the logs" },
    does: "Opens the log files anew, as after a rotation; requests notice nothing.",
  },
  {
    ...{ command: "kill -USR2 gunicorn", name: "Second master" },
    does: "Starts a new master with the program as it is now, beside the old one, on the same sockets.",
  },
  {
    ...{ command: "kill -WINCH gunicorn", name: "Workers away" },
    does: "Stops the workers gracefully if gunicorn is a daemon; otherwise it is ignored.",
  },
  {
    ...{ command: "kill -KILL gunicorn", name: "Kill the arbiter", isHarsh: true },
    does: "The kernel ends the arbiter at once; its workers notice their new parent and leave.",
  },
];

function workerGroup({ number, pid, state }: WorkerView): VerbGroup {
  const to = `gunicorn worker ${number}`;
  return {
    ...{ target: "gunicorn", title: `Worker ${number}`, state: `pid ${pid}, ${state}` },
    verbs: [
      {
        ...{ command: `kill -KILL ${to}`, name: "Kill", isHarsh: true },
        does: "The kernel ends it at once, as when memory runs out; its request gets no answer.",
      },
      {
        ...{ command: `kill -TERM ${to}`, name: "Dismiss" },
        does: "It finishes its request and leaves; the arbiter forks another.",
      },
      {
        ...{ command: `kill -ABRT ${to}`, name: "Abort", isHarsh: true },
        does: "SystemExit is raised wherever Python is, as the arbiter does after timeout.",
      },
      {
        ...{ command: `kill -STOP ${to}`, name: "Freeze" },
        does: "It stands still and its heartbeat with it, until CONT or the arbiter's timeout.",
      },
      {
        ...{ command: `kill -CONT ${to}`, name: "Go on" },
        does: "Ends what STOP began; a process that was not stopped notices nothing.",
      },
    ],
  };
}

function uwsgiGroup({ gunicorn }: Scene): VerbGroup {
  const { arbiter } = gunicorn;
  const state = arbiter === null ? "" : `pid ${arbiter.pid}, ${arbiter.state}`;
  return {
    ...{ target: "gunicorn", title: "uWSGI's master", state },
    verbs: [
      {
        ...{ command: "kill -HUP uwsgi", name: "Reload" },
        does: "Waits for running requests, then starts all workers anew.",
      },
      {
        ...{ command: "kill -TERM uwsgi", name: "TERM" },
        does: "Stops when die-on-term is set; otherwise it reloads brutally, without waiting.",
      },
      {
        ...{ command: "kill -INT uwsgi", name: "Stop", isHarsh: true },
        does: "Kills the workers and ends.",
      },
      {
        ...{ command: "kill -KILL uwsgi", name: "Kill the master", isHarsh: true },
        does: "The kernel ends the master at once; it can tell nobody.",
      },
      {
        ...{ command: "kill -KILL uwsgi worker 1", name: "Kill worker 1", isHarsh: true },
        does: "The kernel ends the worker; its request gets no answer, and the master forks another.",
      },
    ],
  };
}

function nginxGroup({ nginx }: Scene): VerbGroup {
  const count = nginx.workers.length;
  const state = count === 0 ? "" : `${count} worker ${count === 1 ? "process" : "processes"}`;
  return {
    ...{ target: "nginx", title: "Nginx", state },
    verbs: [
      {
        ...{ command: "kill -HUP nginx", name: "Reload" },
        does: "Reads the configuration anew; old workers finish their requests under the old one.",
      },
      {
        ...{ command: "kill -QUIT nginx", name: "Stop gracefully" },
        does: "Takes no new connection and ends when the last request is answered.",
      },
      {
        ...{ command: "kill -TERM nginx", name: "Stop quickly", isHarsh: true },
        does: "Closes every connection at once, answered or not.",
      },
      {
        ...{ command: "kill -USR1 nginx", name: "Reopen the logs" },
        does: "Opens the log files anew, as after a rotation.",
      },
      {
        ...{ command: "kill -KILL nginx worker 1", name: "Kill worker 1", isHarsh: true },
        does: "The kernel ends the worker with all its connections; the master starts another.",
      },
    ],
  };
}
