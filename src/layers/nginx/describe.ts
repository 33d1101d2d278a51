// The learner's words for nginx: what each state is, what happens at each transition and why.
import type { MachineWords, WordValues } from "../layer.ts";
import type { connectionMachine, masterMachine, workerMachine } from "./machine.ts";

const text = (value: WordValues[string]): string => `${value ?? ""}`;

export const masterWords: MachineWords<typeof masterMachine> = {
  summary:
    "The master process runs as root: it reads nginx.conf, binds the ports, starts workers and obeys signals. It never touches a request.",
  states: {
    "reading configuration":
      "Parses nginx.conf and its includes, checks them, and binds the addresses of listen.",
    running: "Workers serve; the master only waits for signals and for workers that die.",
    "shutting down": "Told to stop: it waits until its workers are gone.",
    ended: "The process is gone.",
  },
  transitions: {
    refuse: {
      title: "Nginx refuses its configuration",
      sentence:
        "An [emerg] error in nginx.conf or a port that is taken: the master prints it and exits with 1. Nothing listens.",
      interview:
        "Run nginx -t before every start or reload: one bad line keeps the whole server down.",
    },
    startWorkers: {
      title: "The master starts its workers",
      sentence:
        "The configuration is good and the ports are bound, so the master forks worker_processes workers that share the listening sockets.",
      interview:
        "One master as root for ports and signals, workers without privileges for requests.",
    },
    reload: {
      title: "Nginx reloads without dropping a request",
      sentence:
        "On SIGHUP the master reads the new configuration, starts new workers with it and lets the old ones finish what they have.",
      interview:
        "A reload never interrupts running requests: old workers stop accepting and end after their last response.",
    },
    refuseReload: {
      title: "The reload is refused, the old configuration stays",
      sentence:
        "The new configuration has an error, so the master logs [emerg] and goes on with the workers it has.",
    },
    replaceWorker: {
      title: "The master replaces a worker that died",
      sentence: "A worker ended without being told to; the master starts another one at once.",
    },
    quit: {
      title: "Nginx stops gracefully",
      sentence:
        "SIGQUIT: the ports are closed, the workers finish their requests, then the master ends.",
    },
    terminate: {
      title: "Nginx stops at once",
      sentence: "SIGTERM: the workers exit immediately and their connections are cut.",
    },
    exit: {
      title: "The master ends",
      sentence: "The last worker is gone, so the master exits, too.",
    },
    die: {
      title: "The master is killed",
      sentence: "SIGKILL cannot be caught; the workers live on without a master.",
    },
  },
};

export const workerWords: MachineWords<typeof workerMachine> = {
  summary:
    "A worker process serves thousands of connections in one event loop: it never waits for one of them, it is told when something has arrived.",
  states: {
    starting: "Forked by the master, about to give up root.",
    running: "Accepts connections and serves requests.",
    "shutting down": "Accepts nothing new, closes idle connections, finishes running requests.",
    ended: "The process is gone.",
  },
  transitions: {
    listen: {
      title: "A worker begins its event loop",
      sentence: "It watches the listening sockets with epoll and accepts whatever comes.",
      interview: "One worker per core is enough, because no request blocks the loop.",
    },
    finish: {
      title: "A worker is told to finish",
      sentence:
        "It closes its listening sockets and idle keep-alive connections at once; running requests get their answer and Connection: close.",
    },
    exit: {
      title: "The worker ends",
      sentence: "Nothing is left to do, or it was told to stop at once.",
    },
  },
};

export const connectionWords: MachineWords<typeof connectionMachine> = {
  summary:
    "A client's connection as a worker sees it; it may carry many requests, one after the other.",
  states: {
    accepted: "Taken from the kernel's accept queue; it occupies one of worker_connections.",
    "TLS handshake": "The listener has ssl: certificate and keys are settled before HTTP.",
    "waiting for request": "No byte of a request yet; client_header_timeout runs.",
    serving: "A request is being read, worked on or answered.",
    "keep-alive": "Answered and kept open for the next request; keepalive_timeout runs.",
    lingering: "Answered and half closed; what the client still sends is read and dropped.",
    closed: "Closed; the slot is free again.",
  },
  transitions: {
    accept: {
      title: (v) => `A worker accepts the connection from ${text(v.client)}`,
      sentence: (v) =>
        `Worker ${text(v.worker)} takes the connection from the accept queue of ${text(v.address)} and waits for the request line.`,
      interview:
        "Accepting costs one of worker_connections; idle clients are cheap, since no thread waits for them.",
    },
    beginHandshake: {
      title: (v) => `A worker accepts the connection on ${text(v.address)}`,
      sentence: (v) =>
        `Worker ${text(v.worker)} takes the connection from ${text(v.client)}; listen says ssl, so the TLS handshake comes first.`,
    },
    finishHandshake: {
      title: "TLS is settled, nginx waits for the request",
      sentence: (v) =>
        `The handshake ended with ${text(v.version)}; the name ${text(v.name)} in it chose the certificate. From here nginx sees plain ${v.alpn === "h2" ? "HTTP/2 frames" : "HTTP"}.`,
      interview: "TLS ends at nginx: the application behind it speaks plain HTTP.",
    },
    failHandshake: {
      title: "The TLS handshake fails",
      sentence:
        "No common protocol or a rejected name: the connection is closed before any HTTP, and nothing is logged as access.",
    },
    beginRequest: {
      title: "The first byte of a request arrives",
      sentence: "The worker begins to read the request line.",
    },
    keepAlive: {
      title: "Nginx keeps the connection open",
      sentence: (v) =>
        `The client may send its next request on it within ${text(v.seconds)} s (keepalive_timeout); otherwise nginx closes it.`,
      interview: "Keep-alive saves the TCP and TLS handshakes of the next request.",
    },
    pipeline: {
      title: "The next request is already here",
      sentence: "The client sent it before the answer came, so nginx goes on with it at once.",
    },
    linger: {
      title: "Nginx closes its side and reads on for a while",
      sentence:
        "The client still sends; closing at once would make a reset that may destroy the answer on its way.",
    },
    timeOut: {
      title: "Nobody sends anything: nginx closes",
      sentence: "The timer of this state ran out, so the slot is given back.",
    },
    clientCloses: {
      title: "The client closes the connection",
      sentence: "FIN or RST arrived and no request is running.",
    },
    reuse: {
      title: "Nginx closes an idle connection",
      sentence: "Its slot is wanted for a new client, or the worker is finishing.",
    },
    close: {
      title: "Nginx closes the connection",
      sentence: "The response is sent and the connection is not kept.",
    },
    drop: {
      title: "The connection is dropped",
      sentence: "The worker is gone; the kernel closes what it held.",
    },
  },
};
