// A socket unit at work: systemd holds the listening socket, starts the service at the first connection,
// hands the socket over, and listens again by itself when the service has ended. Meanwhile connections
// wait in the accept queue instead of being refused.
// Source: systemd.socket(5) v252, TriggerLimitBurst=; src/core/socket.c.
import type { ListenerId } from "../../host/network.ts";
import { SECOND } from "../../kernel/time.ts";
import { TRIGGER_LIMIT_BURST, TRIGGER_LIMIT_INTERVAL_SECONDS } from "./costs.ts";
import { socketMachine } from "./machine.ts";
import { journal } from "./unit-journal.ts";
import { type Runtime, type SocketUnit, type Unit, world } from "./world.ts";

const { transition } = socketMachine;

function socketFor(runtime: Runtime, unit: Unit): SocketUnit | undefined {
  return [...world(runtime).sockets.values()].find(
    (socket) => socket.file.service === unit.name && socket.listeners.length > 0,
  );
}

/** The listeners that a starting service gets as file descriptors 3 and up. */
export function handListeners(runtime: Runtime, unit: Unit): readonly ListenerId[] {
  const socket = socketFor(runtime, unit);
  if (socket === undefined) return [];
  const { sim, network } = runtime.host;
  for (const listener of socket.listeners) network.watch(listener, world(runtime).manager, false);
  if (sim.is(runtime.socket, socket.entity, "listening"))
    sim.fire(runtime.socket, socket.entity, transition.trigger, socket.listeners.length);
  return socket.listeners;
}

/** The service has ended: systemd waits for connections itself again. */
export function watchSocket(runtime: Runtime, unit: Unit): void {
  const socket = socketFor(runtime, unit);
  if (socket === undefined) return;
  const { sim, network } = runtime.host;
  if (sim.is(runtime.socket, socket.entity, "running"))
    sim.fire(runtime.socket, socket.entity, transition.listenAgain, socket.listeners.length);
  for (const listener of socket.listeners) {
    network.handOver(listener, runtime.handlers);
    network.watch(listener, world(runtime).manager, true);
  }
}

/** The service may not be started any more: the socket fails with it and is closed. */
export function failSocket(runtime: Runtime, unit: Unit): void {
  const socket = socketFor(runtime, unit);
  if (socket === undefined) return;
  fail(runtime, socket, "service-start-limit-hit");
}

function fail(runtime: Runtime, socket: SocketUnit, result: string): void {
  journal(runtime, `${socket.name}.socket: Failed with result '${result}'.`);
  closeSocket(runtime, socket);
  runtime.host.sim.fire(runtime.socket, socket.entity, transition.fail, 0);
}

/** systemd closes its copies; who was waiting is reset. */
export function closeSocket(runtime: Runtime, socket: SocketUnit): void {
  const { network, disk } = runtime.host;
  for (const listener of socket.listeners) {
    const address = network.addressOf(listener);
    network.unlisten(listener, world(runtime).manager);
    if (address.kind === "unix") disk.remove(address.path);
  }
  socket.listeners = [];
}

/** A connection waits while systemd listens: the service is to be started. Null when it may not be. */
export function triggered(runtime: Runtime, listener: ListenerId): string | null {
  const socket = [...world(runtime).sockets.values()].find(({ listeners }) =>
    listeners.includes(listener),
  );
  const { sim } = runtime.host;
  if (socket === undefined || !sim.is(runtime.socket, socket.entity, "listening")) return null;
  const since = sim.now - TRIGGER_LIMIT_INTERVAL_SECONDS * SECOND;
  socket.triggers = [...socket.triggers.filter((at) => at > since), sim.now];
  if (socket.triggers.length <= TRIGGER_LIMIT_BURST) return socket.file.service;
  journal(runtime, `${socket.name}.socket: Trigger limit hit, refusing further activation.`);
  fail(runtime, socket, "trigger-limit-hit");
  return null;
}
