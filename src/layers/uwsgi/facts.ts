// The facts noted at the steps of uWSGI.
import type { Facts, Field } from "../layer.ts";
import type { Master, UwsgiRequest, Worker } from "./world.ts";

function because(master: Master, option: string, note: string): Pick<Facts, "cause"> {
  const cause = master.config.causes.get(option);
  return cause === undefined ? {} : { cause: { ...cause, note } };
}

export function acceptFacts(master: Master, worker: Worker, queued: number): Facts {
  const { numbers } = master.config;
  return {
    values: { worker: worker.pid, number: worker.seat + 1, processes: numbers.processes, queued },
    ...because(master, "processes", `${numbers.processes} worker processes share the socket`),
  };
}

export function refuseFacts(master: Master, bytes: number): Facts {
  const max = master.config.numbers["buffer-size"];
  return {
    values: { bytes, max },
    ...because(master, "buffer-size", `${bytes} bytes of vars, buffer-size is ${max}`),
  };
}

export function callFacts(master: Master, request: UwsgiRequest): Facts {
  const fields: Field[] = [...(request.environ ?? [])].map(([name, value]) => ({ name, value }));
  return {
    values: {
      module: master.config.module,
      attribute: master.config.attribute,
      pairs: request.pairs,
      bytes: request.blockBytes,
      method: request.vars?.get("REQUEST_METHOD") ?? "",
      uri: request.vars?.get("REQUEST_URI") ?? "",
    },
    ...because(master, "module", "the application that uWSGI loaded"),
    messages: [{ kind: "table", title: "WSGI environ", fields }],
  };
}

export function sendFacts(head: string, body: string | null, bytes: number): Facts {
  return {
    values: { bytes },
    messages: [
      {
        kind: "http",
        title: "Response as uWSGI writes it",
        head,
        ...(body === null ? {} : { body }),
        bodyBytes: bytes,
      },
    ],
  };
}

export function harakiriFacts(master: Master, request: UwsgiRequest): Facts {
  const seconds = master.config.numbers.harakiri;
  return {
    values: { seconds, uri: request.vars?.get("REQUEST_URI") ?? "" },
    ...because(master, "harakiri", `longer than ${seconds} s`),
  };
}
