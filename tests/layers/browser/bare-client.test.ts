import { expect, test } from "vitest";
import { ERRNO, fillerChunk } from "../../../src/host/network.ts";
import { installBareClient } from "../../../src/layers/browser/bare-client.ts";
import type { RequestSpec } from "../../../src/layers/browser/request-spec.ts";
import { installHttp2 } from "../../../src/layers/http2/install.ts";
import { type FakeServer, fakeHost } from "./fake-host.ts";

function ask(server: Partial<FakeServer>, ...specs: RequestSpec[]) {
  const fake = fakeHost({ answer: () => [], ...server });
  const finished: number[] = [];
  const client = installBareClient(fake.host, installHttp2(fake.host.sim, fake.host.network), {
    serverIp: "192.0.2.10",
    requests: specs,
    finished: (number) => finished.push(number),
  });
  specs.forEach((spec, number) => {
    client.request(number, spec);
    fake.host.sim.runUntil(fake.host.sim.now + 1e11);
  });
  return {
    ...fake,
    finished,
    pending: client.pending(),
    sent: fake.received.get(0) ?? "",
    seen: specs.map((_, i) => fake.observed.get(i) as Record<string, unknown>),
  };
}

const OK = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 3\r\n\r\nok\n";
const answerWith = (...replies: (string | number)[]) => ({
  answer: (text: string) => (text.includes("\r\n\r\n") ? replies : []),
});

test("a GET sends Host, User-Agent and Accept, and reports the answer", () => {
  const { sent, seen, finished } = ask(answerWith(OK), { url: "http://example.com/a?b=1#c" });
  expect(sent).toBe(
    "GET /a?b=1 HTTP/1.1\r\nHost: example.com\r\nUser-Agent: client/1.0\r\nAccept: */*\r\n\r\n",
  );
  expect(seen[0]).toEqual({
    status: 200,
    headers: [
      ["server", "x"],
      ["content-length", "3"],
    ],
    bodyBytes: 3,
    body: "ok\n",
    ms: 40,
  });
  expect(finished).toEqual([0]);
});

test("a name leads to the server, an address is taken as it is, `to` overrides both", () => {
  const { connections } = ask(
    answerWith(OK),
    { url: "http://anything.test/" },
    { url: "http://127.0.0.1:8000/" },
    { url: "http://a.test/", to: "unix:/run/second.sock", ip: "198.51.100.7" },
  );
  expect(connections.map(({ to, fromIp }) => [to, fromIp])).toEqual([
    [{ kind: "tcp", ip: "192.0.2.10", port: 80 }, "203.0.113.10"],
    [{ kind: "tcp", ip: "127.0.0.1", port: 8000 }, "203.0.113.10"],
    [{ kind: "unix", path: "/run/second.sock" }, "198.51.100.7"],
  ]);
});

test("the scenario's headers replace the client's own; null leaves one out", () => {
  const headers = { Host: null, accept: "text/html", "X-A": "1" };
  const { sent } = ask(answerWith(OK), { url: "http://e.com/", version: "1.0", headers });
  expect(sent).toBe(
    "GET / HTTP/1.0\r\nUser-Agent: client/1.0\r\naccept: text/html\r\nX-A: 1\r\n\r\n",
  );
});

test("a form body has a length and a type; a body of bytes is counted, not written out", () => {
  const { sent, seen } = ask(answerWith(OK), {
    url: "http://e.com/",
    method: "POST",
    body: { bytes: 1_000_000_000 },
  });
  expect(sent).toContain(
    "\r\nContent-Length: 1000000000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" +
      "<1000000000 bytes>",
  );
  expect(seen[0].status).toBe(200);
});

test("a chunked body, in chunks of the size that is asked for", () => {
  const { sent } = ask(answerWith(OK), {
    url: "http://e.com/",
    method: "POST",
    body: "abcde",
    chunked: 2,
  });
  expect(sent).toContain("Transfer-Encoding: chunked");
  expect(sent).not.toContain("Content-Length");
  expect(sent.split("\r\n\r\n").slice(1).join("\r\n\r\n")).toBe(
    "2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n",
  );
});

test("raw parts with a wait between them, and FIN at the end", () => {
  const { sent, seen } = ask(answerWith(OK), {
    url: "http://e.com/",
    raw: ["GET / HTTP/1.1\r\n", 600, "Host: é\r\n\r\n"],
    halfClose: true,
  });
  expect(sent).toBe("GET / HTTP/1.1\r\nHost: \xe9\r\n\r\n<FIN>");
  expect(seen[0].ms).toBe(640);
});

test("the ends of a connection without a response", () => {
  const error = (...replies: (string | number)[]) => {
    const { seen } = ask(answerWith(...replies), { url: "http://e.com/", timeout: 1500 });
    return [seen[0].status, seen[0].error, seen[0].body, seen[0].ms];
  };
  expect(error("FIN")).toEqual([null, "closed", undefined, 40]);
  expect(error("RST")).toEqual([null, "reset", undefined, 40]);
  expect(error()).toEqual([null, "timeout", undefined, 1500]);
  expect(error("HTTP/1.1 100 Continue\r\n\r\n")).toEqual([null, "timeout", undefined, 1500]);
  expect(error("<html>old</html>", "FIN")).toEqual([
    null,
    "no-status-line",
    "<html>old</html>",
    40,
  ]);
  expect(error("hello\r\n\r\n")).toEqual([null, "timeout", undefined, 1500]);
  expect(error("<html>old</html>")).toEqual([null, "no-status-line", "<html>old</html>", 1500]);
});

test("refused connections and failed handshakes", () => {
  const refused = ask({ connect: () => ERRNO.ECONNREFUSED }, { url: "http://e.com/" });
  expect(refused.seen[0]).toMatchObject({ status: null, error: "refused", bodyBytes: 0 });
  const tls = ask(
    { connect: () => ({ alert: "unrecognized_name", byPeer: true }) },
    { url: "https://e.com/" },
  );
  expect(tls.seen[0]).toMatchObject({ status: null, error: "tls" });
});

test("an upgrade is a final answer, and the silence after it a timeout", () => {
  const { seen } = ask(answerWith("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), {
    url: "http://e.com/",
    timeout: 1500,
  });
  expect(seen[0]).toEqual({
    status: 101,
    error: "timeout",
    headers: [["upgrade", "x"]],
    bodyBytes: 0,
    ms: 1500,
  });
});

test("interim responses, HTTP/1.0 answers, and bodies cut short", () => {
  const interim = ask(answerWith(`HTTP/1.1 100 Continue\r\n\r\n${OK}`), { url: "http://e.com/" });
  expect(interim.seen[0]).toMatchObject({ status: 200, interim: [100], body: "ok\n" });
  const old = ask(answerWith("HTTP/1.0 200 OK\r\n\r\nabc", "FIN"), { url: "http://e.com/" });
  expect(old.seen[0]).toMatchObject({ status: 200, version: "1.0", body: "abc" });
  expect(old.seen[0].truncated).toBeUndefined();
  const cut = ask(answerWith("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "FIN"), {
    url: "http://e.com/",
  });
  expect(cut.seen[0]).toMatchObject({ status: 200, truncated: true, bodyBytes: 2, body: "ok" });
});

test("a connection is kept only for a request that reuses it", () => {
  const twice = ask(answerWith(OK), { url: "http://e.com/" }, { url: "http://e.com/b" });
  expect(twice.connections.length).toBe(2);
  expect(twice.closed).toEqual([0, 1]);
  const answer = (text: string) => (text.endsWith("\r\n\r\n") ? [OK] : []);
  const kept = ask(
    { answer },
    { url: "http://e.com/" },
    { url: "http://e.com/b", keepalive: true },
  );
  expect(kept.connections.length).toBe(1);
  expect(kept.seen[1]).toMatchObject({ status: 200, ms: 20 });
});

test("a jar keeps cookies and the page's token, and fills them in", () => {
  const page = '<input type="hidden" name="csrfmiddlewaretoken" value="tok64">';
  const { received } = ask(
    answerWith(
      `HTTP/1.1 200 OK\r\nSet-Cookie: csrftoken=abc; Path=/\r\nSet-Cookie: s=1; Path=/; Secure\r\n` +
        `Content-Length: ${page.length}\r\n\r\n${page}`,
    ),
    { url: "http://e.com/form", jar: "a" },
    {
      url: "http://e.com/form",
      jar: "a",
      method: "POST",
      body: "csrfmiddlewaretoken={{csrf}}&a=1",
      headers: { "X-CSRFToken": "{{cookie:csrftoken}}" },
    },
    { url: "https://e.com/form", jar: "a" },
    { url: "http://e.com/form", body: "{{csrf}}", method: "POST" },
  );
  expect(received.get(1)).toContain("Accept: */*\r\nCookie: csrftoken=abc\r\nX-CSRFToken: abc\r\n");
  expect(received.get(1)).toContain("csrfmiddlewaretoken=tok64&a=1");
  expect(received.get(2)).toContain("Cookie: csrftoken=abc; s=1\r\n");
  expect(received.get(3)).toContain("Content-Length: 8\r\n");
});

test("long bodies are counted and not reported", () => {
  const answer = (text: string) =>
    text === "" ? [] : ["HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", fillerChunk(40, 3)];
  const { seen } = ask({ answer }, { url: "http://e.com/" });
  expect(seen[0].body).toBe("3456789abcdef0123456789abcdef0123456789a");
  const long = (text: string) =>
    text === ""
      ? []
      : ["HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", fillerChunk(5_000_000)];
  const { seen: longSeen } = ask({ answer: long }, { url: "http://e.com/" });
  expect(longSeen[0]).toMatchObject({ bodyBytes: 5_000_000 });
  expect(longSeen[0].body).toBeUndefined();
});

test("the certificate is reported, and a URL that is none fails", () => {
  const certificate = {
    names: ["example.com"],
    selfSigned: true,
    notBeforeMs: null,
    notAfterMs: null,
    file: "/c.pem",
  };
  const { seen } = ask({ ...answerWith(OK), certificate }, { url: "https://example.com/" });
  expect(seen[0].cert).toBe("example.com");
  expect(ask({}, { url: "ftp://x/" }).seen[0]).toMatchObject({ status: null, error: "refused" });
});
