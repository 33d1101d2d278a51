// The machines of process supervision: a program under supervisord, and a systemd service.
import { defineMachine } from "../../kernel/machine.ts";

export const supervisedMachine = defineMachine({
  name: "supervisor process",
  layer: "supervisor",
  source: "supervisor 4.2.5 process.py, states.py; documentation, Subprocesses, Process States",
  initial: "STOPPED",
  states: {
    STOPPED: {},
    STARTING: {},
    RUNNING: {},
    BACKOFF: {},
    STOPPING: {},
    EXITED: {},
    FATAL: {},
  },
  transitions: {
    start: { from: ["STOPPED", "EXITED", "FATAL"], to: "STARTING", on: "autostart or a command" },
    retry: { from: "BACKOFF", to: "STARTING", on: "waited long enough", after: "1 s, 2 s, 3 s" },
    restart: { from: "EXITED", to: "STARTING", on: "autorestart" },
    run: { from: "STARTING", to: "RUNNING", on: "stayed up", after: "startsecs" },
    exitTooSoon: { from: "STARTING", to: "BACKOFF", on: "exit before startsecs" },
    failToSpawn: { from: "STARTING", to: "BACKOFF", on: "command missing" },
    forgoRetry: {
      from: "BACKOFF",
      to: "STOPPED",
      on: "a stop command",
      unreached: "no scenario stops a program that cannot start; supervisorctl.test.ts does",
    },
    giveUp: { from: "BACKOFF", to: "FATAL", on: "too many tries", after: "startretries" },
    exit: { from: "RUNNING", to: "EXITED", on: "the process exits" },
    stop: { from: ["STARTING", "RUNNING"], to: "STOPPING", on: "a stop command" },
    kill: { from: "STOPPING", to: "STOPPING", on: "still there", after: "stopwaitsecs" },
    stopped: { from: "STOPPING", to: "STOPPED", on: "the process exits" },
  },
});

export const unitMachine = defineMachine({
  name: "systemd unit",
  layer: "supervisor",
  source: "systemd.service(5), systemd.unit(5), v252; src/core/service.c",
  initial: "inactive",
  states: {
    inactive: {},
    activating: {},
    active: {},
    deactivating: {},
    "auto-restart": {},
    failed: {},
  },
  transitions: {
    start: { from: ["inactive", "failed", "auto-restart"], to: "activating", on: "start job" },
    activate: { from: "activating", to: "active", on: "started, as Type= means it" },
    refuseStart: {
      from: ["inactive", "failed", "auto-restart"],
      to: "failed",
      on: "started too often",
      after: "StartLimitBurst",
    },
    failToStart: { from: "activating", to: "failed", on: "exit before active, no restart" },
    exit: { from: "active", to: "inactive", on: "main process exits cleanly" },
    fail: { from: "active", to: "failed", on: "main process fails, no restart" },
    scheduleRestart: {
      from: ["activating", "active", "deactivating"],
      to: "auto-restart",
      on: "main process ends, Restart=",
      after: "RestartSec",
    },
    reload: { from: "active", to: "active", on: "reload job" },
    stop: { from: ["activating", "active", "auto-restart"], to: "deactivating", on: "stop job" },
    kill: {
      from: "deactivating",
      to: "deactivating",
      on: "processes left",
      after: "TimeoutStopSec",
    },
    deactivate: { from: "deactivating", to: "inactive", on: "processes gone" },
    failToStop: { from: "deactivating", to: "failed", on: "killed or failed while stopping" },
  },
});

export const socketMachine = defineMachine({
  name: "systemd socket",
  layer: "supervisor",
  source: "systemd.socket(5), v252; src/core/socket.c",
  initial: "dead",
  states: { dead: {}, listening: {}, running: {}, failed: {} },
  transitions: {
    listen: { from: ["dead", "failed"], to: "listening", on: "start job" },
    trigger: { from: "listening", to: "running", on: "a connection, or the service starts" },
    listenAgain: { from: "running", to: "listening", on: "the service has ended" },
    fail: {
      from: ["listening", "running"],
      to: "failed",
      on: "the service may not start any more",
      after: "TriggerLimitBurst",
    },
    close: { from: ["listening", "running"], to: "dead", on: "stop job" },
  },
});
