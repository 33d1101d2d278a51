// uWSGI's listening sockets. Source: uWSGI 2.0.21 core/socket.c, core/uwsgi.c.
import { ERRNO } from "../../host/network.ts";
import type { UwsgiSocket } from "./config.ts";
import type { Master, Runtime } from "./world.ts";

/** Source: Linux 6.1 net.core.somaxconn. */
const SOMAXCONN_DEFAULT = 4096;

/** Binds what the configuration names; the words of the first error, or null. */
export function bindSockets(runtime: Runtime, master: Master): string | null {
  const { host } = runtime;
  const { config } = master;
  const somaxconn = Number(host.settings.sysctl["net.core.somaxconn"] ?? SOMAXCONN_DEFAULT);
  if (config.numbers.listen > somaxconn) {
    const limit = `greater than the system max net.core.somaxconn (${somaxconn})`;
    return `Listen queue size is ${limit}.`;
  }
  for (const socket of config.sockets) {
    const error = bindOne(runtime, master, socket);
    if (error !== null) return error;
  }
  if (master.listeners.length > 0) return null;
  return "The -s/--socket option is missing and stdin is not a socket.";
}

/** Binds a socket; the words of the error when it cannot. */
function bindOne(runtime: Runtime, master: Master, socket: UwsgiSocket): string | null {
  const { host } = runtime;
  const { numbers, texts } = master.config;
  const unix = socket.address.kind === "unix";
  if (socket.address.kind === "unix") host.disk.remove(socket.address.path);
  const listener = host.network.listen(master.pid, socket.address, {
    backlog: numbers.listen,
    handlers: runtime.handlers,
    mode: socketMode(texts["chmod-socket"]),
    ...(texts.uid === undefined ? {} : { owner: texts.uid }),
  });
  if (typeof listener === "number") {
    master.listeners.push({ id: listener, protocol: socket.protocol });
    return null;
  }
  const text = BIND_ERRORS[listener.errno] ?? "No such file or directory";
  return `bind(): ${text} [core/socket.c line ${unix ? 230 : 769}]`;
}

const BIND_ERRORS: Readonly<Record<number, string>> = {
  [ERRNO.EADDRINUSE]: "Address already in use",
  [ERRNO.EADDRNOTAVAIL]: "Cannot assign requested address",
  [ERRNO.EACCES]: "Permission denied",
};

/** chmod-socket without a value means 666; without the option the umask 022 decides. */
function socketMode(given: string | undefined): string {
  if (given === undefined) return "755";
  return /^[0-7]+$/.test(given) ? given : "666";
}
