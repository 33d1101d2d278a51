// The HTTP router (--http): a process of its own in front of the workers. It takes every connection, reads
// the head, and hands the request to a worker by the uwsgi protocol.
// Source: uWSGI 2.0.21 plugins/http/http.c, plugins/corerouter/corerouter.c; recorded log lines.
// Simplification: a worker reads the head itself, so a client that is slow with it holds a worker.
// Simplification: without http-keepalive, which is known and has no effect here.

import { NO_PID } from "../../host/processes.ts";
import { SECOND } from "../../kernel/time.ts";
import { log } from "./log-lines.ts";
import type { Master, Runtime, UwsgiRequest } from "./world.ts";

/** The first lines of a router: its sockets are bound before all others, from the fourth descriptor on. */
export function announceRouter({ host }: Runtime, master: Master): void {
  master.config.sockets
    .filter(({ protocol }) => protocol === "router")
    .forEach(
      ({ text }, i) =>
        void log(host, master, `uWSGI http bound on ${text} fd ${firstFd(master) + i}`),
    );
}

function firstFd({ config, reloads }: Master): number {
  const others = config.sockets.filter(({ protocol }) => protocol !== "router").length;
  return (others === 0 ? 4 : 3) + (reloads > 0 ? 1 : 0);
}

/** Forks the router's process. */
export function spawnRouter({ host }: Runtime, master: Master): void {
  if (!master.config.sockets.some(({ protocol }) => protocol === "router")) return;
  master.router = host.processes.fork(master.pid, "http");
  log(host, master, `spawned uWSGI http 1 (pid: ${master.router})`);
}

/** A reload or a stop kills it first of all. Source: core/master_utils.c uwsgi_destroy_processes. */
export function buryRouter({ host }: Runtime, master: Master): void {
  const { router } = master;
  if (router === NO_PID) return;
  master.router = NO_PID;
  if (host.processes.alive(router)) host.processes.kill(router, "KILL");
  log(host, master, `gateway "uWSGI http 1" has been buried (pid: ${router})`);
}

/** The worker closed its end on a block that it does not read. */
export function logReset({ host }: Runtime, master: Master, request: UwsgiRequest): void {
  const { peer } = host.network.info(request.socket);
  const [ip, port] = peer.kind === "tcp" ? [peer.ip, peer.port] : ["", 0];
  const key = /\r\nhost: *([^\r]*)/i.exec(request.data)?.[1] ?? host.settings.hostname;
  const who = `[uwsgi-http key: ${key} client_addr: ${ip} client_port: ${port}]`;
  const what = "hr_instance_read(): Connection reset by peer [plugins/http/http.c line 647]";
  log(host, master, `${who} ${what}`, request.request);
}

/** The router gives up on a worker that says nothing for http-timeout seconds; the worker goes on. */
export function limitSilence(
  { host, events }: Runtime,
  master: Master,
  request: UwsgiRequest,
): void {
  if (request.protocol !== "router") return;
  const { "http-timeout": seconds } = master.config.numbers;
  host.sim.after(seconds * SECOND, events.routerTimeout, request.socket, request.slot);
}

/** http-timeout is over: the client's connection ends, without an answer. */
export function onSilence({ host: { network } }: Runtime, request: UwsgiRequest): void {
  if (!request.headersSent && network.isOpen(request.socket)) network.close(request.socket);
}
