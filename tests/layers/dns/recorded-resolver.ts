// Plays the questions of a recorded case to the simulated resolver and reports what it asked whom.
import { readFileSync } from "node:fs";
import type { Host } from "../../../src/host/processes.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { fromMs } from "../../../src/kernel/time.ts";
import { type DnsOptions, installDns } from "../../../src/layers/dns/install.ts";
import type { DnsMessage, DnsRecord } from "../../../src/wire/dns-message.ts";

export interface Upstream {
  readonly ms: number;
  readonly server: string;
  readonly question: string;
}

export interface ClientAnswer {
  readonly rcode: string;
  readonly answer: readonly string[];
  readonly authority: readonly string[];
  readonly bytes?: number;
}

export interface Recording {
  readonly zones: Readonly<Record<string, string>>;
  readonly resolver: { readonly settings: Readonly<Record<string, string>> };
  readonly queries: readonly { at_ms: number; name: string; type: string; edns?: unknown }[];
  readonly observed: readonly {
    t_ms: number;
    from: string;
    kind?: string;
    to_addr: string;
    question: string;
  }[];
  readonly client_result: readonly (ClientAnswer & { error?: string })[];
}

export function readNet(name: string): Recording {
  const url = new URL(`../../recordings/net/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

/** The questions of the recorded resolver, in order. */
export function recordedUpstream(recording: Recording): Upstream[] {
  return recording.observed
    .filter((message) => message.from === "resolver" && message.kind === "query")
    .map(({ t_ms, to_addr, question }) => ({ ms: t_ms, server: to_addr, question }));
}

export interface Played {
  readonly upstream: Upstream[];
  readonly answers: (ClientAnswer | null)[];
  readonly steps: string[];
}

const text = (record: DnsRecord) => `${record.name} ${record.ttl} ${record.type} ${record.data}`;

/** Runs the case in simulated time. */
export function play(recording: Recording, options: Partial<DnsOptions> = {}): Played {
  const sim = new Simulation({ seed: 7 });
  const host = { sim, sink: { wants: () => true } } as unknown as Host;
  const { settings } = recording.resolver;
  const dns = installDns(host, {
    zones: recording.zones,
    links: { rttMs: 0.2 },
    silent: ["203.0.113.98", "203.0.113.99"],
    resolver: {
      qnameMinimisation: settings["qname-minimisation"] !== "no",
      ...(settings["discard-timeout"] !== undefined && {
        discardTimeoutMs: Number(settings["discard-timeout"]),
      }),
    },
    ...options,
  });
  const answers: (ClientAnswer | null)[] = recording.queries.map(() => null);
  const client = dns.client({
    resolved() {},
    answered(ticket, message: DnsMessage) {
      answers[ticket] = {
        rcode: message.rcode,
        answer: message.answer.map(text),
        authority: message.authority.map(text),
      };
    },
  });
  const upstream: Upstream[] = [];
  const steps: string[] = [];
  let sending = false;
  sim.recorder = {
    wants: () => true,
    row({ machine, transition }) {
      const name = machine.transitionNames[transition];
      sending =
        machine.spec.name === "Question to a name server" &&
        ["send", "resend", "repeatOverTcp"].includes(name);
      steps.push(`${machine.spec.name}: ${name}`);
    },
    note(_, facts) {
      const { values } = facts as { values: Record<string, string> };
      if (!sending) return;
      sending = false;
      const { ip, name, type } = values;
      upstream.push({ ms: sim.now / 1e6, server: ip, question: `${name} ${type}` });
    },
  };
  const onQuery = sim.event("test asks", (i) => {
    const { name, type, edns } = recording.queries[i];
    dns.dig({ name, type, edns: edns !== undefined, request: i, client, ticket: i });
  });
  recording.queries.forEach((query, i) => {
    sim.at(fromMs(query.at_ms), onQuery, i);
  });
  sim.runUntil(fromMs(300_000));
  return { upstream, answers, steps };
}
