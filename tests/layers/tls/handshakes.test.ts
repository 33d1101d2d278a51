import { describe, expect, test } from "vitest";
import type { TlsClientOptions, TlsServerConfig } from "../../../src/host/network.ts";
import { fillerChunk, textChunk } from "../../../src/host/network.ts";
import { checkCertificate } from "../../../src/layers/tls/certificates.ts";
import { warmSession } from "../../../src/layers/tls/tickets.ts";
import {
  CLIENT_PID,
  connectionsLeft,
  SERVER_IP,
  tcpAddress,
  transitionsOf,
} from "../tcp/network-bench.ts";
import { recorded } from "../tcp/recorded.ts";
import {
  CHROMIUM,
  CURL,
  recordsAt,
  SERVER_CONFIG,
  type SecureWorld,
  secureClient,
  secureServer,
  secureWorld,
} from "./tls-bench.ts";

const OK = [textChunk("H".repeat(235))];
const CLIENT_SIDE = "TLS handshake, client side";
const SERVER_SIDE = "TLS handshake, server side";
const ONLY_12: TlsServerConfig = { ...SERVER_CONFIG, protocols: ["TLSv1", "TLSv1.1", "TLSv1.2"] };
const WITH_CACHE = { sessionCache: "visitor" };

interface Trip {
  readonly config?: TlsServerConfig;
  readonly client?: TlsClientOptions;
  readonly before?: (w: SecureWorld) => void;
}

/** Round trips of 100 ms until the first byte of the response. */
function roundTrips({ config = SERVER_CONFIG, client = CURL, before }: Trip): number {
  const w = secureWorld(config);
  secureServer(w, OK);
  before?.(w);
  const start = w.sim.now / 1e6;
  const { got } = secureClient(w, client);
  w.sim.runUntil(w.sim.now + 10e9);
  return Math.round((got.firstMs - start) / 10) / 10;
}

/** A visit that leaves a ticket behind. */
function earlierVisit(client: TlsClientOptions): (w: SecureWorld) => void {
  return (w) => {
    secureClient(w, client);
    w.sim.runUntil(w.sim.now + 5e9);
  };
}

describe("round trips to the first byte of the response, TCP included", () => {
  const chromiumWithCache = { ...CHROMIUM, ...WITH_CACHE };
  test.each<[string, number, Trip]>([
    ["TLS 1.3", 3, {}],
    [
      "TLS 1.3 resumed",
      3,
      { client: { ...CURL, ...WITH_CACHE }, before: earlierVisit({ ...CURL, ...WITH_CACHE }) },
    ],
    ["TLS 1.3 with HelloRetryRequest", 4, { config: { ...SERVER_CONFIG, groups: ["P-256"] } }],
    ["TLS 1.2", 4, { config: ONLY_12 }],
    ["TLS 1.2 with False Start (Chromium)", 3, { config: ONLY_12, client: CHROMIUM }],
    [
      "TLS 1.2 resumed",
      3,
      { config: ONLY_12, client: chromiumWithCache, before: earlierVisit(chromiumWithCache) },
    ],
  ])("%s: %i", (_, expected, trip) => {
    expect(roundTrips(trip)).toBe(expected);
  });

  test("as recorded for TLS 1.3, HelloRetryRequest, resumption and TLS 1.2", () => {
    const trips = (name: string) => recorded(name).round_trips_to_first_byte?.round_trips ?? 0;
    expect(Math.round(trips("tls13-sclient-full"))).toBe(3);
    expect(Math.round(trips("tls13-resumed-psk"))).toBe(3);
    expect(Math.round(trips("tls-hello-retry-request"))).toBe(4);
    expect(Math.round(trips("tls12-full-client-max"))).toBe(4);
  });
});

/** What a recording's side sent in TLS: `ServerHello: 127`, bytes with the record's header. */
function recordedRecords(name: string, from: string): string[] {
  return recorded(name)
    .observed.filter((packet) => packet.layer === "tls" && packet.from === from)
    .map(({ what, bytes }) => `${what.replace(/^Handshake: (\w+) .*/, "$1")}: ${bytes}`);
}

describe("records and their sizes", () => {
  const visit = (config: TlsServerConfig, client: TlsClientOptions): SecureWorld => {
    const w = secureWorld(config);
    secureServer(w, OK);
    secureClient(w, client);
    w.sim.runUntil(10e9);
    return w;
  };

  test("TLS 1.3 with curl, as recorded", () => {
    const w = visit(SERVER_CONFIG, CURL);
    const client = recordedRecords("tls-alpn-http11-server", "client");
    const server = recordedRecords("tls-alpn-http11-server", "server");
    expect(recordsAt(w, CLIENT_SIDE, "sendClientHello")).toEqual(client.slice(0, 1));
    expect(recordsAt(w, SERVER_SIDE, "sendFlight")).toEqual(server.slice(0, 6));
    expect(recordsAt(w, CLIENT_SIDE, "receiveFinished")).toEqual(client.slice(1, 3));
    expect(recordsAt(w, CLIENT_SIDE, "receiveTicket")).toEqual(server.slice(6, 7));
  });

  test("TLS 1.3 with Chromium and http2, as recorded", () => {
    const w = visit({ ...SERVER_CONFIG, alpn: ["h2", "http/1.1"] }, CHROMIUM);
    const server = recordedRecords("br-http2-page", "server");
    expect(recordsAt(w, CLIENT_SIDE, "sendClientHello")).toEqual(
      recordedRecords("br-http2-page", "browser").slice(0, 1),
    );
    expect(recordsAt(w, SERVER_SIDE, "sendFlight")).toEqual(server.slice(0, 6));
    expect(recordsAt(w, CLIENT_SIDE, "receiveTicket")).toEqual(["NewSessionTicket: 271"]);
  });

  test("TLS 1.2: the server's first flight, as recorded", () => {
    const w = visit({ ...ONLY_12, sessionTickets: false }, CURL);
    const server = recordedRecords("tls12-full-client-max", "server");
    expect(recordsAt(w, SERVER_SIDE, "sendFlight")).toEqual(server.slice(0, 4));
    expect(recordsAt(w, SERVER_SIDE, "receiveFinished")).toEqual(
      recordedRecords("tls12-full-client-max", "client").slice(1, 4),
    );
    expect(recordsAt(w, CLIENT_SIDE, "receiveFinished")).toEqual(server.slice(4, 6));
  });

  test("a resumed session has no certificate, as recorded", () => {
    const w = secureWorld({ ...SERVER_CONFIG, alpn: [] });
    secureServer(w, OK);
    warmSession(w.sim, {
      cache: "visitor",
      host: "www.example.com",
      port: 443,
      version: "TLSv1.3",
    });
    secureClient(w, { ...CURL, ...WITH_CACHE, alpn: [] });
    w.sim.runUntil(10e9);
    const server = recordedRecords("tls13-resumed-psk", "server");
    expect(recordsAt(w, SERVER_SIDE, "sendFlight")).toEqual(server.slice(0, 4));
    expect(transitionsOf(w, CLIENT_SIDE)).toEqual([
      "sendClientHello",
      "receiveServerHello",
      "receiveExtensionsResumed",
      "receiveFinished",
      "receiveTicket",
    ]);
  });
});

describe("slow start under TLS", () => {
  test.each([
    ["tls13-slowstart-14336", 14_336 + 256],
    ["tls13-slowstart-14480", 14_480 + 256],
    ["tls13-slowstart-102400", 102_400 + 257],
  ])("sends the flights of %s", (name, responseBytes) => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, [fillerChunk(256), fillerChunk(responseBytes - 256)]);
    const { got } = secureClient(w, CURL);
    w.sim.runUntil(10e9);
    const { summary } = recorded(name);
    const flights = summary.flights_from_server ?? [];
    const total = flights.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
    const records = Math.ceil(responseBytes / 16_384);
    const tickets = 2 * 303;
    // The recorded 102 400 went out in a few more records than the model's full ones.
    expect(Math.abs(total - tickets - responseBytes - records * 22)).toBeLessThan(200);
    expect(got.bytes).toBe(responseBytes);
    expect(Math.abs(got.lastMs - (summary.last_byte_ms ?? 0))).toBeLessThan(10);
  });

  test("delays the first byte until a whole record is there", () => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, [fillerChunk(256), fillerChunk(14_480)]);
    const { got } = secureClient(w, CURL);
    w.sim.runUntil(10e9);
    expect(Math.round(got.firstMs / 100)).toBe(4);
  });
});

describe("what fails", () => {
  const outcome = (config: TlsServerConfig | null, client: TlsClientOptions): string[] => {
    const w = secureWorld(config);
    secureServer(w, OK);
    secureClient(w, client);
    w.sim.runUntil(10e9);
    expect(connectionsLeft(w)).toBe(0);
    return w.transcript();
  };
  const certificate = SERVER_CONFIG.certificate ?? expect.fail("no certificate");

  test("ssl_reject_handshake: unrecognized_name after two round trips", () => {
    expect(outcome({ ...SERVER_CONFIG, reject: true }, CURL)).toEqual([
      "150.8 server TLS failed: unrecognized_name",
      "200.8 client TLS failed: unrecognized_name by peer",
    ]);
  });

  test("no common version: protocol_version", () => {
    expect(outcome({ ...SERVER_CONFIG, protocols: ["TLSv1.1"] }, CURL)[0]).toBe(
      "150.8 server TLS failed: protocol_version",
    );
  });

  test("no common protocol: no_application_protocol", () => {
    expect(outcome({ ...SERVER_CONFIG, alpn: ["h2"] }, { ...CURL, alpn: ["http/1.1"] })[0]).toBe(
      "150.8 server TLS failed: no_application_protocol",
    );
  });

  test("no certificate: handshake_failure", () => {
    expect(outcome(null, CURL)[0]).toBe("150.8 server TLS failed: handshake_failure");
  });

  test.each<[string, Partial<typeof certificate>, string, string]>([
    ["expired", { notAfterMs: 0 }, "certificate_expired", "date"],
    ["not yet valid", { notBeforeMs: 9e15 }, "bad_certificate", "date"],
    ["signed by itself", { selfSigned: true }, "unknown_ca", "authority"],
    ["for another host", { names: ["shop.example.com"] }, "bad_certificate", "name"],
  ])("a certificate that is %s", (_, change, alert, error) => {
    const config = { ...SERVER_CONFIG, certificate: { ...certificate, ...change } };
    const byOpenssl = outcome(config, CURL);
    expect(byOpenssl.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      `client TLS failed: ${alert}`,
      `server TLS failed: ${alert} by peer`,
    ]);
    expect(outcome(config, CHROMIUM)[0]).toMatch(/client TLS failed: certificate_unknown$/);
    const w = secureWorld(config);
    secureServer(w, OK);
    let heard: string | undefined;
    const handlers = w.secure.handlers({
      tlsFailed: (_socket, failure) => {
        heard = failure.certificateError;
      },
    });
    const to = tcpAddress(443, SERVER_IP);
    w.secure.connect({ pid: CLIENT_PID, handlers, to, request: 0, tls: CHROMIUM });
    w.sim.runUntil(10e9);
    expect(heard).toBe(error);
  });

  test("a client that does not verify takes any certificate", () => {
    const config = { ...SERVER_CONFIG, certificate: { ...certificate, selfSigned: true } };
    expect(roundTrips({ config, client: { ...CURL, verify: false } })).toBe(3);
  });
});

test("names, dates and trust decide about a certificate, wildcards for one label", () => {
  const certificate = {
    names: ["*.example.com"],
    selfSigned: true,
    notBeforeMs: 10,
    notAfterMs: 20,
    file: "",
  };
  const failures = (host: string, now: number, trusted: boolean): string[] =>
    checkCertificate(certificate, host, { nowMs: () => now, trusts: () => trusted })
      .filter(({ passed }) => !passed)
      .map(({ error }) => error);
  expect(failures("www.example.com", 15, true)).toEqual([]);
  expect(failures("WWW.Example.com", 15, true)).toEqual([]);
  expect(failures("example.com", 15, true)).toEqual(["name"]);
  expect(failures("a.b.example.com", 15, true)).toEqual(["name"]);
  expect(failures("www.example.com", 21, true)).toEqual(["date"]);
  expect(failures("www.example.org", 5, false)).toEqual(["authority", "name", "date"]);
});

describe("who does not speak TLS", () => {
  test("plain HTTP to the TLS port reaches the program as it is", () => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, [textChunk("HTTP/1.1 400 Bad Request\r\n\r\n")], true);
    const { got } = secureClient(w, undefined);
    w.sim.runUntil(10e9);
    expect(w.transcript().map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "client connected",
      "server readable",
      "client readable",
      "client ended",
    ]);
    expect(got.bytes).toBe(28);
    expect(connectionsLeft(w)).toBe(0);
  });

  test("a TLS client on a plain port gets bytes that are no record", () => {
    const w = secureWorld(SERVER_CONFIG);
    let request = "";
    const handlers = w.secure.handlers({
      acceptable: (listener, pid) => void w.secure.accept(listener, pid, handlers),
      readable: (socket) => {
        request = w.secure.read(socket)?.text ?? "";
        w.secure.send(socket, textChunk("HTTP/1.1 400 Bad Request\r\n\r\n"), 0);
        w.secure.close(socket);
      },
    });
    const listener = w.secure.listen(1, tcpAddress(443), { backlog: 5, handlers }) as number;
    w.secure.watch(listener, 1, true);
    secureClient(w, CURL);
    w.sim.runUntil(10e9);
    expect(request.slice(0, 3)).toBe("\x16\x03\x01");
    expect(request.length).toBe(517);
    expect(w.transcript().at(-1)).toMatch(/client TLS failed: wrong version number$/);
    expect(connectionsLeft(w)).toBe(0);
  });
});

describe("tickets", () => {
  const resumedAgain = (change: Partial<TlsServerConfig>, waitNs = 0): boolean | undefined => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, OK);
    const client = { ...CURL, ...WITH_CACHE };
    secureClient(w, client);
    w.sim.runUntil(5e9 + waitNs);
    w.config = { ...SERVER_CONFIG, ...change };
    const { socket } = secureClient(w, client);
    w.sim.runUntil(w.sim.now + 5e9);
    return w.secure.info(socket).tls?.resumed;
  };

  test("resume a session while they are fresh", () => {
    expect(resumedAgain({})).toBe(true);
    expect(resumedAgain({}, 400e9)).toBe(false);
  });

  test("are kept by Chromium of itself, by host and port", () => {
    const w = secureWorld(SERVER_CONFIG);
    secureServer(w, OK);
    earlierVisit(CHROMIUM)(w);
    const { socket } = secureClient(w, CHROMIUM);
    w.sim.runUntil(w.sim.now + 5e9);
    expect(w.secure.info(socket).tls?.resumed).toBe(true);
  });

  test("die with the key that sealed them, as at a reload", () => {
    expect(resumedAgain({ ticketKey: "2" })).toBe(false);
  });

  test("are not taken with ssl_session_tickets off", () => {
    expect(resumedAgain({ sessionTickets: false })).toBe(false);
  });
});

test("the program learns what was agreed", () => {
  const w = secureWorld({ ...SERVER_CONFIG, alpn: ["h2", "http/1.1"] });
  secureServer(w, OK);
  const { socket } = secureClient(w, CHROMIUM);
  w.sim.runUntil(10e9);
  expect(w.secure.info(socket).tls).toMatchObject({
    version: "TLSv1.3",
    cipher: "TLS_AES_128_GCM_SHA256",
    alpn: "h2",
    serverName: "www.example.com",
    resumed: false,
  });
});

test("close_notify and FIN end a connection at both sides", () => {
  const w = secureWorld(SERVER_CONFIG);
  secureServer(w, OK, true);
  secureClient(w, CURL);
  w.sim.runUntil(10e9);
  expect(w.transcript().at(-1)).toMatch(/client ended$/);
  expect(transitionsOf(w, SERVER_SIDE).at(-1)).toBe("close");
  expect(transitionsOf(w, CLIENT_SIDE).at(-1)).toBe("close");
  expect(connectionsLeft(w)).toBe(0);
  const tls = w.sim.world.tls as { ends: Map<number, unknown>; pairs: Map<number, unknown> };
  expect([tls.ends.size, tls.pairs.size]).toEqual([0, 0]);
});

test("a server whose client has said close_notify closes with FIN alone, as recorded", () => {
  const { observed } = recorded("tls12-full-client-max");
  expect(observed.slice(-3).map(({ from, what }) => `${from} ${what}`)).toEqual([
    "client FIN ACK",
    "server FIN ACK",
    "client ACK",
  ]);
  const w = secureWorld(SERVER_CONFIG);
  secureServer(w, OK);
  const { socket } = secureClient(w, CURL);
  w.sim.runUntil(5e9);
  w.secure.close(socket);
  w.sim.runUntil(10e9);
  expect(transitionsOf(w, "TCP connection, client side").slice(-3)).toEqual([
    "sendFin",
    "receiveAckOfFin",
    "receiveLastFin",
  ]);
  expect(connectionsLeft(w)).toBe(0);
});
