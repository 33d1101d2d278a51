// The learner's words for uWSGI.
import type { MachineWords } from "../layer.ts";
import type { masterMachine, requestMachine, workerMachine } from "./machine.ts";

export const masterWords: MachineWords<typeof masterMachine> = {
  summary:
    "uWSGI's master process: it imports the application once, forks workers from itself and replaces those that die.",
  states: {
    starting: "Options are read and sockets bound.",
    "loading the application":
      "Python imports the application in the master, before any worker exists.",
    supervising: "The master looks at its workers once a second.",
    reloading: "Workers are ending so that the binary can execute itself again.",
    stopping: "Workers are being killed for good.",
    exited: "The process is gone.",
  },
  transitions: {
    listen: {
      title: "uWSGI binds its sockets",
      sentence: "The sockets listen with a queue of 100 unless listen says otherwise.",
    },
    refuse: {
      title: "uWSGI refuses to start",
      sentence: "An option or a socket is wrong, so it exits with code 1.",
    },
    loadApplication: {
      title: "uWSGI imports the application",
      sentence:
        "It is imported once in the master; the workers get it by fork, sharing its memory.",
      interview:
        "Loading before the fork saves memory and start-up time; lazy-apps gives that up so that each worker has its own connections.",
    },
    leaveImport: {
      title: "uWSGI leaves the import to the workers",
      sentence: "With lazy-apps every worker imports the application after the fork, for itself.",
    },
    goDynamic: {
      title: "uWSGI starts without the application",
      sentence:
        "The import failed, but without need-app uWSGI runs on and answers every request with 500.",
    },
    gameOver: {
      title: "No application: game over",
      sentence: "The import failed and need-app is set, so uWSGI exits with code 22.",
    },
    respawn: {
      title: "A worker is replaced",
      sentence: "A worker died; the master forks a new one into its place.",
    },
    harakiri: {
      title: "Harakiri: a slow worker is killed",
      sentence: (v) =>
        `A request took longer than harakiri (${v.seconds ?? ""} s), so the master kills its worker; the front server sees the connection close.`,
    },
    reload: {
      title: "uWSGI reloads",
      sentence:
        "Workers end, then the binary executes itself with the same process number and the same sockets.",
      interview:
        "TERM reloads uWSGI unless die-on-term is set; under systemd that surprises everyone once.",
    },
    reexec: {
      title: "uWSGI executes itself again",
      sentence:
        "All workers are gone; the new program finds its sockets open and imports the code anew.",
    },
    stop: { title: "uWSGI stops", sentence: "The workers are killed and the master will follow." },
    exit: { title: "Goodbye to uWSGI", sentence: "The last worker is gone and the master exits." },
    die: {
      title: "The master is killed",
      sentence: "Its workers notice that nobody is there any more and end by themselves.",
    },
  },
};

export const workerWords: MachineWords<typeof workerMachine> = {
  summary:
    "A uWSGI worker process: it accepts from the shared socket and serves one request on each of its cores.",
  states: {
    spawned: "Just forked, with the application in memory.",
    idle: "Waiting for a connection.",
    busy: "Serving a request.",
    leaving: "Told to end.",
    ended: "The process is gone.",
  },
  transitions: {
    importApplication: {
      title: "The worker imports the application",
      sentence:
        "With lazy-apps nothing came with the fork: connections wait until the import is done.",
    },
    wait: {
      title: "The worker waits for connections",
      sentence: "The application is in its memory, so it can serve.",
    },
    accept: {
      title: "The worker gets work",
      sentence: "A connection waited in the listen queue and this worker accepted it.",
    },
    acceptNext: {
      title: "The worker takes the next connection",
      sentence: "Another connection was already waiting.",
    },
    rest: { title: "The worker is idle again", sentence: "The listen queue is empty." },
    leave: { title: "The worker is to end", sentence: "A reload, a stop or max-requests ends it." },
    end: { title: "The worker ends", sentence: "Its process exits by itself." },
    die: { title: "The worker is killed", sentence: "Its connections close without an answer." },
  },
};

export const requestWords: MachineWords<typeof requestMachine> = {
  summary: "One request in uWSGI, from accept() to the line in its log.",
  states: {
    "in the listen queue": "The connection waits for a worker.",
    "reading vars":
      "The worker reads the block of variables that the front server made of the request.",
    "application runs": "The application has the worker.",
    "waiting for the body": "The application reads the body, and bytes are missing.",
    sending: "The response is being written.",
    "waiting for the peer": "The send buffer is full.",
    closed: "The connection is closed.",
  },
  transitions: {
    accept: {
      title: (v) => `uWSGI worker ${v.number ?? ""} accepts the connection`,
      sentence: (v) =>
        `${v.processes === 1 ? "It is the only one on the socket." : `${v.processes ?? "All"} workers share the socket; this one was first.`} ${Number(v.queued ?? 0) === 0 ? "Nobody else waits." : `${v.queued} more wait in the queue.`}`,
    },
    refuseBlock: {
      title: "The block of variables is too large",
      sentence: (v) =>
        `${v.bytes ?? v.value} bytes do not fit buffer-size (${v.max ?? ""}), so uWSGI drops the connection without an answer: nginx says 502.`,
      interview: "Long cookies with uWSGI's default buffer-size of 4096 are a classic 502.",
    },
    callApplication: {
      title: (v) =>
        `uWSGI calls ${v.module ?? "the application"}:${v.attribute ?? ""}`.slice(0, 70),
      sentence: (v) =>
        `The front server's ${v.pairs ?? v.value} variables become the environ as they are: no parsing of HTTP is needed here.`,
    },
    answerWithoutApplication: {
      title: "uWSGI answers 500 by itself",
      sentence: "No application is loaded, so it sends a plain Internal Server Error.",
    },
    readBody: {
      title: "The application waits for the body",
      sentence: "Bytes of the body are still missing.",
    },
    deliverBody: {
      title: "The body has arrived",
      sentence: (v) => `${v.value} bytes are handed to the application.`,
    },
    send: {
      title: (v) => `uWSGI writes ${v.bytes ?? v.value} bytes`,
      sentence:
        "Status line and the application's own headers, without Server, Date or framing, then the body.",
    },
    waitForPeer: {
      title: "The send buffer is full",
      sentence: "The front server reads more slowly than uWSGI writes.",
    },
    resumeSending: { title: "The front server reads again", sentence: "There is room again." },
    fail: {
      title: "An exception ends the request",
      sentence:
        "The traceback goes to the log and the connection closes: without a byte when nothing was sent yet.",
    },
    complete: {
      title: "uWSGI logs the request and closes",
      sentence: (v) => `${v.value} bytes of body; the end of the connection ends the response.`,
    },
    losePeer: {
      title: "The front server is gone",
      sentence: "It gave up; uWSGI notices when it writes.",
    },
    abort: {
      title: "The worker dies in the middle of the request",
      sentence: "Killed by harakiri or from outside, the connection closes without an answer.",
    },
  },
};
