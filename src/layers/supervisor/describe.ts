// The learner's words for process supervision.
import type { MachineWords } from "../layer.ts";
import type { socketMachine, supervisedMachine, unitMachine } from "./machine.ts";

export const supervisedWords: MachineWords<typeof supervisedMachine> = {
  summary: "A program that supervisord keeps running.",
  states: {
    STOPPED: "Not running, and not meant to.",
    STARTING: "Started, but not yet up for startsecs.",
    RUNNING: "Up for longer than startsecs.",
    BACKOFF: "Ended too soon; waiting before the next try.",
    STOPPING: "Told to stop.",
    EXITED: "Ended by itself after it was RUNNING.",
    FATAL: "Given up: too many tries in a row.",
  },
  transitions: {
    start: {
      title: (v) => `supervisord starts ${v.name ?? "the program"}`.slice(0, 70),
      sentence: "It forks and executes the command; the process must stay in the foreground.",
    },
    retry: {
      title: "supervisord tries again",
      sentence: (v) => `The wait of try ${v.value} is over.`,
    },
    restart: {
      title: "supervisord restarts the program",
      sentence:
        "autorestart wants it up again; from EXITED there is no waiting beyond the loop's turn.",
    },
    run: {
      title: "The program counts as running",
      sentence: (v) => `It has stayed up for more than startsecs (${v.seconds ?? 1} s).`,
    },
    exitTooSoon: {
      title: "The program ended too soon",
      sentence:
        "It ended before startsecs, so even exit code 0 is not expected and counts as a failed try.",
    },
    failToSpawn: {
      title: "The command is missing",
      sentence: "There is no such program to execute.",
    },
    forgoRetry: {
      title: "supervisord tries no more, since it was told to stop",
      sentence: "In BACKOFF there is no process to signal: the program is STOPPED at once.",
    },
    giveUp: {
      title: "supervisord gives up",
      sentence:
        "More tries than startretries failed in a row: FATAL until somebody starts it by hand.",
    },
    exit: {
      title: "The program ended",
      sentence: (v) =>
        `${v.how ?? "It ended"}: ${v.expected ? "expected" : "not expected"} by exitcodes; autorestart is ${v.autorestart ?? "unexpected"}.`,
      interview: "With autorestart=unexpected a clean exit stays down; a crash is restarted.",
    },
    stop: {
      title: "supervisord stops the program",
      sentence: "stopsignal goes to its direct child only, unless stopasgroup is set.",
    },
    kill: {
      title: "stopwaitsecs is over",
      sentence: "The process is still there and gets KILL.",
      interview:
        "stopwaitsecs (10) is shorter than gunicorn's graceful_timeout (30): running requests are cut unless one of them changes.",
    },
    stopped: { title: "The program has stopped", sentence: "It ended after the stop command." },
  },
};

export const unitWords: MachineWords<typeof unitMachine> = {
  summary: "A service that systemd starts, stops and restarts.",
  states: {
    inactive: "Not running.",
    activating: "Starting; not yet active as Type= means it.",
    active: "Running.",
    deactivating: "Being stopped.",
    "auto-restart": "Ended; will be started again after RestartSec.",
    failed: "Ended with a failure, or started too often.",
  },
  transitions: {
    start: {
      title: (v) => `systemd starts ${v.name ?? "the unit"}`.slice(0, 70),
      sentence: (v) => `It executes ${v.command ?? "ExecStart="}.`,
    },
    activate: {
      title: (v) => `The unit ${v.name ?? ""} is active`.slice(0, 70),
      sentence: (v) =>
        v.type === "notify"
          ? "Type=notify: the program has sent READY=1. Gunicorn does so when it listens, before any worker has loaded the application."
          : v.type === "forking"
            ? "Type=forking: the command has returned, and the process that it left behind is the service."
            : "Type=simple: the process was forked; whether it works is not known yet.",
    },
    refuseStart: {
      title: (v) => `systemd gives up: started ${v.value} times too quickly`,
      sentence: (v) =>
        `${v.value} starts within ${v.interval ?? "StartLimitIntervalSec"} are as many as StartLimitBurst allows. The unit stays failed until somebody starts it again.`,
      interview:
        "`systemctl reset-failed` clears the count. A crash at start reaches the limit in about a second with the default RestartSec of 100 ms.",
    },
    failToStart: {
      title: "The unit fails to start",
      sentence: "Its main process ended before the unit was active.",
    },
    exit: {
      title: "The main process ended cleanly",
      sentence: "Exit code 0 or TERM, INT, HUP, PIPE, and Restart= does not ask for more.",
    },
    fail: {
      title: "The main process failed",
      sentence: "A failure, and Restart= does not ask for a restart.",
    },
    scheduleRestart: {
      title: "systemd will restart the unit",
      sentence: (v) =>
        v.how === undefined
          ? "The way the main process ended is one that Restart= names; it waits RestartSec."
          : `The main process ended with ${v.how}, and Restart=${v.rule} covers that: the next start comes in ${v.wait}.`,
      interview:
        "Restart=on-failure with 100 ms and a crash at start reaches the start limit within a second.",
    },
    reload: {
      title: "systemd reloads the unit",
      sentence: "ExecReload= runs: HUP to the main process.",
    },
    stop: {
      title: "systemd stops the unit",
      sentence: (v) =>
        v.oom !== undefined
          ? "The kernel has killed one of its processes for memory. OOMPolicy=stop, the default, takes that for the failure of the whole service; OOMPolicy=continue would leave it to Gunicorn."
          : "KillSignal goes to the main process, or with KillMode=control-group to all of them.",
    },
    kill: { title: "TimeoutStopSec is over", sentence: "Whatever is left gets KILL." },
    deactivate: { title: "The unit is stopped", sentence: "All its processes are gone." },
    failToStop: {
      title: "The unit failed while stopping",
      sentence: "It had to be killed or ended with an error.",
    },
  },
};

export const socketWords: MachineWords<typeof socketMachine> = {
  summary:
    "A listening socket that systemd holds for a service, so that nobody is refused meanwhile.",
  states: {
    dead: "Nobody listens.",
    listening: "systemd listens; the first connection starts the service.",
    running: "The service has the socket and accepts.",
    failed: "Closed, since the service could not be started.",
  },
  transitions: {
    listen: {
      title: "systemd listens for the service",
      sentence:
        "The socket exists before the service: connections wait in its queue until somebody accepts them.",
    },
    trigger: {
      title: "The service gets the listening socket",
      sentence:
        "systemd starts the service with LISTEN_FDS, and the program takes file descriptor 3 instead of binding by itself.",
      interview:
        "With socket activation a restart refuses nobody: the socket stays open while no process accepts.",
    },
    listenAgain: {
      title: "systemd listens again",
      sentence:
        "The service has ended, but its socket has not: who comes now waits, and starts it.",
    },
    fail: {
      title: "The socket fails with its service",
      sentence:
        "The service may not be started any more, so the socket is closed: refused from now on.",
    },
    close: {
      title: "The socket is closed",
      sentence: "A stop job closes it; who waited is reset.",
    },
  },
};
