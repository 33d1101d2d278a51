// Two ends of HTTP/2 on a pair of sockets: what each hears of the other, whatever the pieces are that
// the bytes arrive in, and what the windows let through.
import { describe, expect, it, test } from "vitest";
import { sliceChunk } from "../../../src/host/chunk-slices.ts";
import { type Chunk, fillerChunk, type Network, textChunk } from "../../../src/host/network.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { installHttp2 } from "../../../src/layers/http2/install.ts";
import type { Http2Profile } from "../../../src/layers/http2-session.ts";
import {
  readFrameHeader,
  settingsFrame,
  windowUpdateFrame,
} from "../../../src/wire/http2-frame.ts";

const CLIENT = 1;
const SERVER = 2;

const profile = (role: "client" | "server", windowBytes: number): Http2Profile => ({
  role,
  name: role,
  settings: [[4, windowBytes]],
  connectionWindowBytes: 1_000_000,
  refillsAfter: 1 / 2,
  policy: role === "client" ? "chromium" : "nginx",
});

/** Two sockets that hand over what is sent in pieces of at most `pieceBytes`. */
function pairOfEnds(
  options: { clientWindow?: number; serverWindow?: number; pieceBytes?: number } = {},
) {
  const { clientWindow = 65_535, serverWindow = 65_535, pieceBytes = Infinity } = options;
  const sim = new Simulation({ seed: 1 });
  const queues = new Map<number, Chunk[]>([
    [CLIENT, []],
    [SERVER, []],
  ]);
  const sent = { bytes: 0 };
  const network = {
    send: (socket: number, chunk: Chunk) => {
      sent.bytes += chunk.bytes;
      for (let at = 0; at < chunk.bytes; at += pieceBytes) {
        const bytes = Math.min(pieceBytes, chunk.bytes - at);
        queues.get(socket === CLIENT ? SERVER : CLIENT)?.push(sliceChunk(chunk, at, bytes));
      }
    },
    read: (socket: number) => queues.get(socket)?.shift() ?? null,
    info: () => ({ request: 0 }),
  } as unknown as Network;
  const http2 = installHttp2(sim, network);
  const heard: string[] = [];
  const bodies = { [CLIENT]: 0, [SERVER]: 0 } as Record<number, number>;
  const handlers = http2.handlers({
    headers: (socket, stream, { fields, end }) =>
      heard.push(
        `${socket}: head ${stream} ${fields.map((f) => f.join("=")).join(" ")}${end ? " end" : ""}`,
      ),
    data: (socket, stream, chunk, end) => {
      bodies[socket] += chunk.bytes;
      if (end) heard.push(`${socket}: end ${stream} after ${bodies[socket]}`);
    },
    reset: (socket, stream, code) => heard.push(`${socket}: reset ${stream} ${code}`),
    goAway: (socket, last) => heard.push(`${socket}: goaway ${last}`),
    drained: (socket, stream) => heard.push(`${socket}: drained ${stream}`),
    failed: (socket, problem) => heard.push(`${socket}: failed ${problem}`),
  });
  http2.open({ socket: CLIENT, handlers, profile: profile("client", clientWindow), request: 0 });
  http2.open({ socket: SERVER, handlers, profile: profile("server", serverWindow), request: 0 });
  const settle = (): void => {
    while ([...queues.values()].some((queue) => queue.length > 0)) {
      http2.receive(SERVER);
      http2.receive(CLIENT);
    }
  };
  const ask = (path: string, end = true) =>
    http2.request(CLIENT, {
      fields: [
        [":method", "GET"],
        [":path", path],
      ],
      end,
      priority: null,
      request: 0,
    });
  return { http2, network, heard, bodies, sent, settle, ask };
}

describe.each([1, 7, 1000, Infinity])("in pieces of %d bytes", (pieceBytes) => {
  it("three requests share a connection, and each hears its own answer", () => {
    const { http2, heard, settle, ask } = pairOfEnds({ pieceBytes });
    expect([ask("/a"), ask("/b"), ask("/c")]).toEqual([1, 3, 5]);
    settle();
    expect(http2.streams(SERVER)).toBe(3);
    for (const stream of [5, 1, 3]) {
      http2.respond(SERVER, stream, [[":status", "200"]], false);
      http2.data(SERVER, stream, { chunks: [fillerChunk(10)], end: true, frameBytes: 8192 });
    }
    settle();
    expect(heard.filter((line) => line.startsWith("1: end"))).toEqual([
      "1: end 5 after 10",
      "1: end 1 after 20",
      "1: end 3 after 30",
    ]);
    expect([http2.streams(CLIENT), http2.streams(SERVER)]).toEqual([0, 0]);
  });
});

describe("windows", () => {
  it("hold a long answer back until the client has taken half of what it allowed", () => {
    const { http2, heard, bodies, settle, ask } = pairOfEnds({ clientWindow: 20_000 });
    const stream = ask("/");
    settle();
    http2.respond(SERVER, stream, [[":status", "200"]], false);
    http2.data(SERVER, stream, { chunks: [fillerChunk(50_000)], end: true, frameBytes: 8192 });
    expect(http2.isHeld(SERVER, stream)).toBe(true);
    settle();
    expect(bodies[CLIENT]).toBe(50_000);
    expect(heard).toContain("2: drained 1");
    expect(heard.at(-1)).toBe("1: end 1 after 50000");
  });

  it("grow for a server that wants the body", () => {
    const { http2, bodies, settle, ask } = pairOfEnds({ serverWindow: 1000 });
    settle();
    const stream = ask("/", false);
    http2.data(CLIENT, stream, { chunks: [fillerChunk(90_000)], end: true, frameBytes: 16_384 });
    http2.receive(SERVER);
    expect(bodies[SERVER]).toBe(1000);
    http2.widen(SERVER, stream);
    settle();
    expect(bodies[SERVER]).toBe(90_000);
  });
});

test("what is counted in the loop is what the bytes make", () => {
  let state = 7;
  const draw = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let round = 0; round < 200; round++) {
    const { http2, sent, bodies, settle, ask } = pairOfEnds({ pieceBytes: 1 + draw(3000) });
    const stream = ask("/");
    settle();
    const before = sent.bytes;
    const bytes = draw(60_000);
    const frameBytes = 1 + draw(20_000);
    const cut = draw(bytes + 1);
    const chunks = [textChunk("x".repeat(cut)), fillerChunk(bytes - cut)];
    const head = http2.respond(SERVER, stream, [[":status", "200"]], false);
    const body = http2.data(SERVER, stream, { chunks, end: true, frameBytes });
    expect(sent.bytes - before).toBe(head + body);
    const frames = Math.max(1, Math.ceil(bytes / Math.min(frameBytes, 16_384)));
    expect(body).toBe(bytes + 9 * frames);
    settle();
    expect(bodies[CLIENT]).toBe(bytes);
  }
});

test("a stream that is given up ends for both, and the others go on", () => {
  const { http2, heard, settle, ask } = pairOfEnds();
  ask("/a");
  ask("/b");
  settle();
  http2.reset(CLIENT, 1, 8);
  settle();
  expect(heard.at(-1)).toBe("2: reset 1 8");
  expect(http2.streams(SERVER)).toBe(1);
  http2.respond(SERVER, 3, [[":status", "204"]], true);
  settle();
  expect(heard.at(-1)).toBe("1: head 3 :status=204 end");
});

test("after GOAWAY no stream is taken", () => {
  const { http2, heard, settle, ask } = pairOfEnds();
  ask("/a");
  settle();
  http2.goAway(SERVER, 0);
  settle();
  expect(heard.at(-1)).toBe("1: goaway 1");
  ask("/late");
  settle();
  expect(http2.streams(SERVER)).toBe(1);
  expect(http2.isGoingAway(CLIENT)).toBe(true);
});

test("settings may change, and widen what was held back", () => {
  const { http2, network, bodies, settle, ask } = pairOfEnds({ clientWindow: 100 });
  const stream = ask("/");
  settle();
  // The window is wide for refills, so that only the new settings let the rest through.
  http2.respond(SERVER, stream, [[":status", "200"]], false);
  http2.data(SERVER, stream, { chunks: [fillerChunk(150)], end: true, frameBytes: 8192 });
  expect(http2.isHeld(SERVER, stream)).toBe(true);
  network.send(CLIENT, textChunk(settingsFrame([[4, 1000]])), 0);
  settle();
  expect(bodies[CLIENT]).toBe(150);
});

test("a request of HTTP/1.1 is no preface", () => {
  const { http2, network, heard } = pairOfEnds();
  http2.forget(CLIENT);
  while (network.read(SERVER) !== null);
  network.send(CLIENT, textChunk("GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"), 0);
  http2.receive(SERVER);
  expect(heard).toEqual(["2: failed invalid connection preface"]);
  expect(http2.isGoingAway(SERVER)).toBe(true);
});

test("frames for streams that are over are passed by", () => {
  const { http2, network, heard, settle } = pairOfEnds();
  settle();
  network.send(CLIENT, textChunk(windowUpdateFrame(99, 10)), 0);
  settle();
  expect(heard).toEqual([]);
  expect(readFrameHeader(windowUpdateFrame(99, 10)).stream).toBe(99);
  expect(http2.streams(SERVER)).toBe(0);
});
