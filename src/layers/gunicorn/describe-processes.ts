// The learner's words for gunicorn's processes: the arbiter and its workers.
import { SIGNAL_NUMBER } from "../../host/processes.ts";
import type { FactValue, MachineWords } from "../layer.ts";
import type { arbiterMachine, workerMachine } from "./machine.ts";

/** What each signal asks of the arbiter. Source: docs/source/signals.rst of gunicorn 20.1.0. */
const MEANING: Readonly<Record<string, string>> = {
  HUP: "HUP asks for a reload: new configuration, new workers, and the old ones finish.",
  TERM: "TERM asks for a graceful end: running requests may finish within graceful_timeout.",
  INT: "INT asks for a quick end: the workers stop in the middle of their requests.",
  QUIT: "QUIT asks for a quick end: the workers stop in the middle of their requests.",
  TTIN: "TTIN asks for one worker more.",
  TTOU: "TTOU asks for one worker fewer; the last one stays.",
  USR1: "USR1 asks for the log files to be opened anew, as after a rotation.",
  USR2: "USR2 asks for a second master with the new program, beside this one.",
  WINCH: "WINCH asks a daemon to stop its workers and go on listening; others ignore it.",
};

function signalName(number: FactValue): string {
  return Object.entries(SIGNAL_NUMBER).find(([, known]) => known === number)?.[0] ?? "a signal";
}

export const arbiterWords: MachineWords<typeof arbiterMachine> = {
  summary:
    "The arbiter (master) process: it binds the sockets, forks the workers and keeps them alive; it never touches a request.",
  states: {
    "reading configuration":
      "Defaults, gunicorn.conf.py, GUNICORN_CMD_ARGS and the command line are put together.",
    "binding sockets": "The listening sockets are made, or waited for.",
    "spawning workers": "Workers are forked, one after the other.",
    supervising: "The loop sleeps up to a second, handles signals, and looks at heartbeats.",
    "stopping workers": "The workers were told to end; the arbiter waits for them.",
    exited: "The process is gone.",
  },
  transitions: {
    refuseConfiguration: {
      title: "Gunicorn refuses its configuration",
      sentence:
        "An option or setting is wrong, so gunicorn prints the error and exits before it listens.",
    },
    readConfiguration: {
      title: "Gunicorn has read its configuration",
      sentence:
        "The command line wins over GUNICORN_CMD_ARGS, which wins over gunicorn.conf.py, which wins over the defaults.",
    },
    retryBind: {
      title: "The address is in use",
      sentence:
        "Another process holds the address; gunicorn tries again after a second, five times in all.",
    },
    giveUpBinding: {
      title: "Gunicorn cannot bind",
      sentence: "The address stayed in use, so the master exits with code 1.",
    },
    listen: {
      title: "Gunicorn listens",
      sentence: "The sockets are bound before any worker exists: connections may already queue.",
    },
    forkWorker: {
      title: (v) => `The arbiter forks worker ${v.value}`,
      sentence: "A copy of the master becomes a worker; it shares the listening sockets.",
      interview:
        "Pre-fork: processes are made ahead of requests, so a request never pays for a fork.",
    },
    haveWorkers: {
      title: (v) => `All ${v.value} workers are forked`,
      sentence: "The arbiter has as many workers as configured and goes to sleep.",
    },
    replaceWorkers: {
      title: "A worker must be replaced",
      sentence: (v) =>
        v.value === 1
          ? "One worker fewer than configured is alive, so the arbiter forks again."
          : `${v.value} workers fewer than configured are alive, so the arbiter forks again.`,
    },
    handleSignal: {
      title: (v) => `The arbiter handles ${signalName(v.value)}`,
      sentence: (v) =>
        `${MEANING[signalName(v.value)] ?? "It has no meaning for gunicorn."} Signals are queued by the handler and handled one at a time in the main loop.`,
    },
    reload: {
      title: "HUP: the arbiter reloads",
      sentence:
        "It reads the configuration anew and forks new workers before it dismisses the old ones.",
      interview:
        "A HUP with broken code takes the whole server down when nothing is preloaded: the new worker exits with 3, and the arbiter stops.",
    },
    dismissWorker: {
      title: "The oldest worker is dismissed",
      sentence: (v) =>
        `There are more workers than wanted: pid ${v.value} gets TERM and finishes its request.`,
    },
    timeOutWorker: {
      title: "WORKER TIMEOUT",
      sentence: (v) =>
        `Worker ${v.value} has not touched its heartbeat file for longer than timeout, so it gets ABRT.`,
    },
    killWorker: {
      title: "The silent worker is killed",
      sentence: (v) =>
        `Worker ${v.value} was aborted and is still there a turn later, so it gets KILL.`,
    },
    stop: {
      title: "The arbiter stops its workers",
      sentence: "It closes its copy of the listening sockets and tells every worker to end.",
    },
    killRemaining: {
      title: "graceful_timeout is over",
      sentence: (v) =>
        `${v.value} workers are still busy and get KILL; their clients see the connection close.`,
    },
    exit: {
      title: "The arbiter exits",
      sentence: (v) => `No worker is left; the master ends with code ${v.value}.`,
    },
    die: {
      title: "The arbiter is killed",
      sentence: "It could not tell its workers: they notice the new parent at their next turn.",
    },
  },
};

export const workerWords: MachineWords<typeof workerMachine> = {
  summary:
    "A worker process: it imports the application once and serves requests until it is told to end.",
  states: {
    forked: "A copy of the master that has not done anything yet.",
    "loading the application": "Python imports the WSGI module; no request can be served.",
    idle: "Waiting in select() for a connection; the heartbeat goes on.",
    busy: "Serving; a sync worker's heartbeat stands still meanwhile.",
    finishing: "Told to end, but a request still runs.",
    exiting: "Leaving Python.",
    ended: "The process is gone; the arbiter will replace it.",
  },
  transitions: {
    load: {
      title: "The worker imports the application",
      sentence: "Each worker imports the application by itself, unless it was preloaded.",
    },
    boot: {
      title: "The worker is ready",
      sentence: "The application is imported; the worker now waits for connections.",
    },
    failToBoot: {
      title: "The worker cannot import the application",
      sentence: (v) =>
        v.code === undefined
          ? "The import failed, so the worker exits with code 3 or 4, and the arbiter gives up entirely."
          : `${v.why}, so the worker exits with code ${v.code}. That code ends the arbiter, too, and with it the whole server.`,
    },
    accept: {
      title: "The worker gets work",
      sentence: "select() returned and accept() gave it a connection.",
    },
    acceptNext: {
      title: "The worker takes the next connection",
      sentence: "Another connection was already waiting, so it did not go back to sleep.",
    },
    rest: { title: "The worker is idle again", sentence: "Nobody waits in the accept queue." },
    finish: {
      title: "The worker finishes its last request",
      sentence:
        "It was told to end, or has served max_requests, but the request that runs is completed.",
    },
    abort: {
      title: "The worker is aborted",
      sentence: "ABRT raises SystemExit in whatever Python was doing.",
      interview:
        "Look for WORKER TIMEOUT in gunicorn's log when nginx reports 502 prematurely closed.",
    },
    quit: {
      title: "The worker quits at once",
      sentence: "QUIT or INT ends it after 0.1 s, in the middle of its request.",
    },
    leave: {
      title: "The worker leaves its loop",
      sentence: "TERM, SystemExit, max_requests or a new parent: the loop ends.",
    },
    end: {
      title: "The worker's process ends",
      sentence: "The arbiter reaps it and forks another if one is missing.",
    },
    die: {
      title: "The worker is killed",
      sentence: "The kernel ends it at once; its connections close without an answer.",
    },
  },
};
