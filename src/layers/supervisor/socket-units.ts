// systemctl for socket units: start listens, stop closes; the service is another unit.
// Source: systemd.socket(5) v252.
import { NO_REQUEST } from "../../kernel/simulation.ts";
import { socketMachine } from "./machine.ts";
import { readSocketFile } from "./socket-file.ts";
import { closeSocket } from "./socket-listening.ts";
import { journal } from "./unit-journal.ts";
import { manager } from "./unit-start.ts";
import { type Runtime, type SocketUnit, world } from "./world.ts";

export interface SystemctlResult {
  readonly exit: number;
  readonly output: readonly string[];
}

const OK: SystemctlResult = { exit: 0, output: [] };
const { transition } = socketMachine;

/** `systemctl VERB NAME.socket`. */
export function systemctlSocket(runtime: Runtime, verb: string, name: string): SystemctlResult {
  const socket = socketNamed(runtime, name);
  if (socket === null)
    return {
      exit: 5,
      output: [`Failed to ${verb} ${name}.socket: Unit ${name}.socket not found.`],
    };
  switch (verb) {
    case "enable":
      return OK;
    case "start":
      return socket.listeners.length > 0 ? OK : listen(runtime, socket);
    case "stop":
      if (socket.listeners.length > 0) stop(runtime, socket);
      return OK;
    case "is-active": {
      const active = socket.listeners.length > 0;
      return { exit: active ? 0 : 3, output: [active ? "active" : "inactive"] };
    }
    default:
      return { exit: 1, output: [`Unknown operation ${verb}.`] };
  }
}

function socketNamed(runtime: Runtime, name: string): SocketUnit | null {
  const { disk, sim, sink } = runtime.host;
  const { sockets } = world(runtime);
  const known = sockets.get(name);
  if (known !== undefined) return known;
  const path = `/etc/systemd/system/${name}.socket`;
  const node = disk.open(path);
  if ("error" in node || node.text === null) return null;
  const file = readSocketFile(node.text, path, name);
  sink.diagnose(file.diagnostics);
  const entity = sim.spawn(runtime.socket, NO_REQUEST);
  const socket: SocketUnit = { name, entity, file, listeners: [], triggers: [] };
  sockets.set(name, socket);
  return socket;
}

function listen(runtime: Runtime, socket: SocketUnit): SystemctlResult {
  const { network, sim } = runtime.host;
  const { file, name } = socket;
  const pid = manager(runtime);
  for (const address of file.listen) {
    const { backlog, mode, owner } = file;
    const listener = network.listen(pid, address, {
      backlog,
      mode,
      owner,
      handlers: runtime.handlers,
    });
    if (typeof listener !== "number") {
      closeSocket(runtime, socket);
      journal(runtime, `Failed to listen on ${name}.socket - ${file.description}.`);
      return { exit: 1, output: [`Job for ${name}.socket failed.`] };
    }
    socket.listeners = [...socket.listeners, listener];
    network.watch(listener, pid, true);
  }
  sim.fire(runtime.socket, socket.entity, transition.listen, socket.listeners.length);
  journal(runtime, `Listening on ${name}.socket - ${file.description}.`);
  return OK;
}

function stop(runtime: Runtime, socket: SocketUnit): void {
  closeSocket(runtime, socket);
  runtime.host.sim.fire(runtime.socket, socket.entity, transition.close, 0);
  journal(runtime, `Closed ${socket.name}.socket - ${socket.file.description}.`);
}
