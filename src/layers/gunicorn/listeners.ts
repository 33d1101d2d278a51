// Binding the sockets: five tries a second apart, unix socket files with their mode and owner, and
// closing them at the end.
// Source: gunicorn/sock.py create_sockets, UnixSocket, close_sockets 20.1.0; bind(2), listen(2).
import { type Address, ERRNO, type ListenerId } from "../../host/network.ts";
import { type BindAddress, listenerText } from "./address.ts";
import { isOn, numberOf, textOf } from "./config.ts";
import { BIND_RETRY_NS, BIND_TRIES } from "./costs.ts";
import { logError } from "./logging.ts";
import { arbiterMachine } from "./machine.ts";
import type { Runtime } from "./runtime.ts";
import type { Master } from "./world.ts";

export type BindResult = "bound" | "later" | { readonly exit: number };

/** Binds what is still to be bound; "later" when a retry is scheduled. */
export function bindSockets(runtime: Runtime, master: Master): BindResult {
  const { bind } = master.config;
  if (master.systemd) return "bound";
  while (master.listeners.length < bind.length) {
    const wanted = bind[master.listeners.length];
    const listener = bindOne(runtime, master, wanted);
    if (typeof listener === "number") {
      master.listeners.push(listener);
      master.bindTries = 0;
      continue;
    }
    if ("refused" in listener) {
      for (const line of listener.refused) logLine(runtime, line);
      return { exit: 1 };
    }
    const result = retry(runtime, master, wanted, listener.errno);
    if (result !== null) return result;
  }
  return "bound";

  function logLine(at: Runtime, text: string): void {
    logError(at.host, master, { level: "ERROR", text });
  }
}

function bindOne(
  runtime: Runtime,
  master: Master,
  wanted: BindAddress,
): ListenerId | { errno: number } | { refused: string[] } {
  const { host } = runtime;
  const { address } = wanted;
  const options = { backlog: numberOf(master.config, "backlog"), handlers: runtime.handlers };
  if (address.kind === "tcp") return host.network.listen(master.pid, address, options);
  const node = host.disk.lstat(address.path);
  if (node !== null && node.kind !== "socket")
    return { refused: [`'${address.path}' is not a socket`] };
  // A new file is a new socket: connections to the old one, if it still listens, are not affected.
  if (node !== null) host.disk.remove(address.path);
  const directory = host.disk.lstat(address.path.slice(0, address.path.lastIndexOf("/")) || "/");
  if (directory === null || directory.kind !== "directory") return { errno: ERRNO.ENOENT };
  const mode = 0o777 & ~numberOf(master.config, "umask");
  const owner = textOf(master.config, "user") ?? "root";
  return host.network.listen(master.pid, address, { ...options, mode: mode.toString(8), owner });
}

/** Source: strerror(3). */
const ERROR_TEXT: Readonly<Record<number, string>> = {
  [ERRNO.ENOENT]: "No such file or directory",
  [ERRNO.EACCES]: "Permission denied",
  [ERRNO.EADDRINUSE]: "Address already in use",
  [ERRNO.EADDRNOTAVAIL]: "Cannot assign requested address",
};

/** Says what failed; after the fifth time the master gives up. */
function retry(
  runtime: Runtime,
  master: Master,
  wanted: BindAddress,
  errno: number,
): BindResult | null {
  const { host } = runtime;
  const line = (text: string): void => logError(host, master, { level: "ERROR", text });
  if (errno === ERRNO.EADDRINUSE) line(`Connection in use: ${wanted.repr}`);
  if (errno === ERRNO.EADDRNOTAVAIL) line(`Invalid address: ${wanted.repr}`);
  const text = `connection to ${wanted.repr} failed: [Errno ${errno}] ${ERROR_TEXT[errno] ?? ""}`;
  logError(host, master, { level: "DEBUG", text });
  line("Retrying in 1 second.");
  master.bindTries++;
  host.sim.fire(
    runtime.arbiter,
    master.entity,
    arbiterMachine.transition.retryBind,
    master.bindTries,
  );
  host.sim.after(
    BIND_RETRY_NS,
    runtime.events.bind,
    master.pid,
    master.bindTries >= BIND_TRIES ? 1 : 0,
  );
  return "later";
}

/** Source: config.py is_ssl. */
function usesTls({ config }: Master): boolean {
  return textOf(config, "certfile") !== null || textOf(config, "keyfile") !== null;
}

/** Text of all listeners for `Listening at: …`. */
export function listenersText(runtime: Runtime, master: Master): string {
  return master.listeners
    .map((listener) => listenerText(runtime.host.network.addressOf(listener)))
    .map((text) => (usesTls(master) ? text.replace(/^http:/, "https:") : text))
    .join(",");
}

/** close_sockets(): the master's copies; unix socket files are unlinked unless another master uses them. */
export function closeSockets(runtime: Runtime, master: Master): void {
  const { host } = runtime;
  const unlink =
    master.reexecPid === 0 &&
    master.masterPid === 0 &&
    !master.systemd &&
    !isOn(master.config, "reuse_port");
  for (const listener of master.listeners) {
    const address: Address = host.network.addressOf(listener);
    host.network.unlisten(listener, master.pid);
    if (unlink && address.kind === "unix") host.disk.remove(address.path);
  }
  master.listeners = [];
}
