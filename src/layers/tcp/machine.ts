// TCP as in the state figure of RFC 9293, once for each side, and the listening socket with its accept
// queue as Linux has it. CLOSED is where a connection begins and ends.
// Simplification: TIME-WAIT is an end, without its 60 s; so local ports never run out.
import { defineMachine } from "../../kernel/machine.ts";

const SOURCE = "RFC 9293, section 3.3.2, figure 5";

/** What both sides may do once the handshake is over. */
const closing = {
  sendData: { from: "ESTABLISHED", to: "ESTABLISHED", on: "the program writes" },
  sendDataAfterFin: { from: "CLOSE-WAIT", to: "CLOSE-WAIT", on: "the program writes" },
  receiveData: { from: "ESTABLISHED", to: "ESTABLISHED", on: "data arrives" },
  receiveDataFirstWait: { from: "FIN-WAIT-1", to: "FIN-WAIT-1", on: "data arrives" },
  receiveDataSecondWait: { from: "FIN-WAIT-2", to: "FIN-WAIT-2", on: "data arrives" },
  sendFin: { from: "ESTABLISHED", to: "FIN-WAIT-1", on: "close() / FIN" },
  receiveFin: { from: "ESTABLISHED", to: "CLOSE-WAIT", on: "FIN arrives / ACK" },
  sendLastFin: { from: "CLOSE-WAIT", to: "LAST-ACK", on: "close() / FIN" },
  receiveAckOfFin: { from: "FIN-WAIT-1", to: "FIN-WAIT-2", on: "ACK of FIN arrives" },
  receiveFinFirst: { from: "FIN-WAIT-1", to: "CLOSING", on: "FIN arrives before the ACK" },
  receiveLastFin: { from: "FIN-WAIT-2", to: "TIME-WAIT", on: "FIN arrives / ACK" },
  receiveAckWhileClosing: { from: "CLOSING", to: "TIME-WAIT", on: "ACK of FIN arrives" },
  receiveLastAck: { from: "LAST-ACK", to: "CLOSED", on: "ACK of FIN arrives" },
} as const;

const SYNCHRONISED = [
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
] as const;

export const clientMachine = defineMachine({
  name: "TCP connection, client side",
  layer: "tcp",
  source: SOURCE,
  initial: "CLOSED",
  states: {
    CLOSED: {},
    "SYN-SENT": {},
    ESTABLISHED: {},
    "FIN-WAIT-1": {},
    "FIN-WAIT-2": {},
    CLOSING: {},
    "TIME-WAIT": { final: true },
    "CLOSE-WAIT": {},
    "LAST-ACK": {},
  },
  transitions: {
    sendSyn: { from: "CLOSED", to: "SYN-SENT", on: "connect() / SYN" },
    resendSyn: {
      from: "SYN-SENT",
      to: "SYN-SENT",
      on: "no answer / SYN again",
      after: "retransmission timer",
    },
    receiveSynAck: { from: "SYN-SENT", to: "ESTABLISHED", on: "SYN,ACK arrives / ACK" },
    receiveRefusal: { from: "SYN-SENT", to: "CLOSED", on: "RST arrives" },
    giveUp: { from: "SYN-SENT", to: "CLOSED", on: "no answer", after: "tcp_syn_retries" },
    abandon: { from: "SYN-SENT", to: "CLOSED", on: "close()" },
    ...closing,
    sendReset: { from: SYNCHRONISED, to: "CLOSED", on: "close() with unread data / RST" },
    receiveReset: { from: SYNCHRONISED, to: "CLOSED", on: "RST arrives" },
  },
});

export const serverMachine = defineMachine({
  name: "TCP connection, server side",
  layer: "tcp",
  source: SOURCE,
  initial: "LISTEN",
  states: {
    LISTEN: {},
    "SYN-RECEIVED": {},
    ESTABLISHED: {},
    "FIN-WAIT-1": {},
    "FIN-WAIT-2": {},
    CLOSING: {},
    "TIME-WAIT": { final: true },
    "CLOSE-WAIT": {},
    "LAST-ACK": {},
    CLOSED: { final: true },
  },
  transitions: {
    receiveSyn: { from: "LISTEN", to: "SYN-RECEIVED", on: "SYN arrives / SYN,ACK" },
    resendSynAck: {
      from: "SYN-RECEIVED",
      to: "SYN-RECEIVED",
      on: "the accept queue is full",
      after: "tcp_synack_retries",
    },
    receiveAck: { from: "SYN-RECEIVED", to: "ESTABLISHED", on: "ACK arrives" },
    dropHalfOpen: { from: "SYN-RECEIVED", to: "CLOSED", on: "RST, or no more retries" },
    ...closing,
    sendReset: {
      from: ["SYN-RECEIVED", ...SYNCHRONISED],
      to: "CLOSED",
      on: "close() with unread data / RST",
    },
    receiveReset: { from: SYNCHRONISED, to: "CLOSED", on: "RST arrives" },
  },
});

export const listenerMachine = defineMachine({
  name: "listening socket",
  layer: "tcp",
  source: "listen(2); Linux include/net/sock.h, sk_acceptq_is_full; net/unix/af_unix.c",
  initial: "bound",
  states: { bound: {}, listening: {}, full: {}, closed: { final: true } },
  transitions: {
    listen: { from: "bound", to: "listening", on: "listen(backlog)" },
    enqueue: { from: "listening", to: "listening", on: "a connection is complete" },
    fill: { from: "listening", to: "full", on: "entry number backlog + 1" },
    accept: { from: "listening", to: "listening", on: "accept()" },
    acceptFromFull: { from: "full", to: "listening", on: "accept()" },
    dropSyn: { from: "full", to: "full", on: "SYN arrives: dropped" },
    turnAway: { from: "full", to: "full", on: "connect() on a unix socket: EAGAIN" },
    close: { from: ["listening", "full"], to: "closed", on: "the last holder closes it" },
  },
});
