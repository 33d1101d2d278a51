import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERRNO } from "../../../src/host/network.ts";
import { installBrowser } from "../../../src/layers/browser/install.ts";
import type { BrowseSpec } from "../../../src/layers/browser/request-spec.ts";
import { installHttp2 } from "../../../src/layers/http2/install.ts";
import { type FakeServer, fakeHost, type Reply } from "./fake-host.ts";

interface Page {
  readonly status?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A server of pages by path; what is not there is 404. */
function site(pages: Readonly<Record<string, Page>>): FakeServer["answer"] {
  return (text) => {
    if (!text.includes("\r\n\r\n")) return [];
    const path = [...text.matchAll(/(?:GET|POST) (\S+) HTTP/g)].at(-1)?.[1] ?? "";
    const page = pages[path] ?? { status: "404 Not Found", body: "gone" };
    const body = page.body ?? "";
    const lines = [
      `HTTP/1.1 ${page.status ?? "200 OK"}`,
      `Content-Length: ${body.length}`,
      "Content-Type: text/html",
    ];
    return [`${[...lines, ...(page.headers ?? [])].join("\r\n")}\r\n\r\n${body}`];
  };
}

interface Watched {
  readonly machine: string;
  readonly transition: string;
  facts: {
    values?: Record<string, unknown>;
    messages?: { kind: string; html?: string; url?: string }[];
  };
}

function browse(server: Partial<FakeServer>, ...specs: BrowseSpec[]) {
  const fake = fakeHost({ answer: () => [], ...server });
  const requests: { method: string; url: string; kind: string }[] = [];
  const finished: number[] = [];
  const browser = installBrowser(fake.host, installHttp2(fake.host.sim, fake.host.network), {
    newRequest: (meta) => requests.push(meta) - 1,
    visitFinished: (visit) => finished.push(visit),
    serverIp: "192.0.2.10",
  });
  const rows: Watched[] = [];
  fake.host.sim.recorder = {
    wants: () => true,
    row: ({ machine, transition }) => {
      const name = machine.transitionNames[transition];
      rows.push({ machine: machine.spec.name, transition: name, facts: {} });
    },
    note: (_, facts) => {
      rows[rows.length - 1].facts = facts as Watched["facts"];
    },
  };
  for (const spec of specs) {
    browser.visit(spec);
    fake.host.sim.runUntil(fake.host.sim.now + 400e9);
  }
  const steps = rows
    .filter(({ machine }) => machine === "Navigation")
    .map(({ transition }) => transition);
  const sent = [...fake.received.values()].flatMap((text) =>
    text.split("\r\n\r\n").filter((head) => head !== "" && head.includes("HTTP/1.1")),
  );
  const pages = rows.flatMap(({ facts }) =>
    (facts.messages ?? []).filter(({ kind }) => kind === "page"),
  );
  return { ...fake, requests, finished, steps, sent, page: pages.at(-1), rows };
}

const refuse443: FakeServer["connect"] = ({ to }) =>
  to.kind === "tcp" && to.port === 443 ? ERRNO.ECONNREFUSED : null;

function recorded(name: string): { request_line: string; headers: string[] }[] {
  const url = new URL(`../../recordings/net/${name}.json`, import.meta.url);
  const { observed } = JSON.parse(readFileSync(url, "utf8"));
  return observed.filter((entry: { event: string }) => entry.event === "request");
}

/** The recorded browser ran headless; everything else is the same. */
const asRecorded = (requests: { request_line: string; headers: string[] }[]) =>
  requests.map(({ request_line, headers }) =>
    [request_line, ...headers].join("\r\n").replace("HeadlessChrome", "Chrome"),
  );

test("http:// typed, port 443 closed: back to http, the headers byte for byte", () => {
  const { sent, steps, requests } = browse(
    { connect: refuse443, answer: site({ "/": { body: "<title>t</title>" } }) },
    { url: "http://www.example.com/" },
  );
  expect(sent).toEqual(asRecorded(recorded("br-navigation-http-default-upgrade")));
  expect(steps).toEqual([
    "parse",
    "upgradeByDefault",
    "fetch",
    "fallBack",
    "fetch",
    "commit",
    "load",
  ]);
  expect(requests.map(({ url }) => url)).toEqual([
    "https://www.example.com/",
    "http://www.example.com/",
    "http://www.example.com/favicon.ico",
  ]);
});

test("http:// typed, https works: port 80 stays unused, client hints come after Accept", () => {
  const { sent, connections } = browse(
    { answer: site({ "/": { body: "<title>t</title>" } }) },
    { url: "http://www.example.com/" },
  );
  expect(sent).toEqual(asRecorded(recorded("br-navigation-http-upgrade-works")));
  expect(connections.filter(({ to }) => to.kind === "tcp" && to.port === 443).length).toBe(1);
});

test("the second page: the connection is reused, a missing favicon is not asked again", () => {
  const answer = site({ "/": { body: "a" }, "/two": { body: "b" } });
  const { sent, connections } = browse(
    { connect: refuse443, answer },
    { url: "http://www.example.com/" },
    { url: "http://www.example.com/two" },
  );
  expect(sent.map((head) => head.split("\r\n")[0])).toEqual(
    recorded("br-navigation-second-page").map(({ request_line }) => request_line),
  );
  expect(connections.filter(({ to }) => to.kind === "tcp" && to.port === 80).length).toBe(2);
});

test("a name typed without a scheme goes to https, with the usual order of headers", () => {
  const { sent, steps, page, finished } = browse(
    { answer: site({ "/a": { body: "<title>Shop</title><p>Hello" } }) },
    { url: "www.example.com/a" },
  );
  expect(steps).toEqual(["parse", "fetch", "commit", "load"]);
  expect(sent[0].split("\r\n").slice(0, 7)).toEqual([
    "GET /a HTTP/1.1",
    "Host: www.example.com",
    "Connection: keep-alive",
    'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"',
    "sec-ch-ua-mobile: ?0",
    'sec-ch-ua-platform: "Linux"',
    "Upgrade-Insecure-Requests: 1",
  ]);
  expect(sent[0]).toContain("Accept-Encoding: gzip, deflate, br, zstd");
  expect(page).toMatchObject({ title: "Shop", url: "https://www.example.com/a", status: 200 });
  expect(finished.length).toBe(1);
});

test("the same URL again: fresh ones from the cache, stale ones with their validators", () => {
  const image = (name: string) => `<img src="/${name}.png">`;
  const names = ["etag", "max", "nostore", "lm", "nocache", "imm", "bare"];
  const pages: Record<string, Page> = {
    "/": { body: names.map(image).join("") },
    "/etag.png": { headers: ['ETag: "e1"'], body: "x" },
    "/max.png": { headers: ["Cache-Control: max-age=600"], body: "x" },
    "/nostore.png": { headers: ["Cache-Control: no-store"], body: "x" },
    "/lm.png": {
      headers: [
        "Date: Sat, 21 Nov 2026 00:00:00 GMT",
        "Last-Modified: Fri, 21 Nov 2025 00:00:00 GMT",
      ],
      body: "x",
    },
    "/nocache.png": { headers: ['ETag: "n1"', "Cache-Control: no-cache"], body: "x" },
    "/imm.png": { headers: ["Cache-Control: max-age=31536000, immutable"], body: "x" },
    "/bare.png": { body: "x" },
  };
  const url = "https://www.example.com/";
  const { sent, connections, rows } = browse({ answer: site(pages) }, { url }, { url });
  const again = sent.filter((head) => head.startsWith("GET /") && head.includes(".png"));
  const count = (name: string) =>
    again.filter((head) => head.startsWith(`GET /${name}.png`)).length;
  expect(names.map(count)).toEqual([2, 1, 2, 1, 2, 1, 2]);
  expect(again.filter((head) => head.includes('If-None-Match: "e1"')).length).toBe(1);
  expect(connections.length).toBe(6);
  expect(rows.filter(({ transition }) => transition === "useCache").length).toBe(3);
});

test("a redirect keeps the fragment and ends after twenty", () => {
  const frag = browse(
    {
      answer: site({
        "/frag": { status: "302 Found", headers: ["Location: /x"] },
        "/x": { body: "t" },
      }),
    },
    { url: "https://www.example.com/frag#part" },
  );
  expect(frag.steps).toEqual(["parse", "fetch", "redirect", "fetch", "commit", "load"]);
  expect(frag.page?.url).toBe("https://www.example.com/x#part");
  const loop = browse(
    {
      answer: site({
        "/": {
          status: "301 Moved Permanently",
          headers: ["Cache-Control: no-store", "Location: /"],
        },
      }),
    },
    { url: "https://www.example.com/" },
  );
  expect(loop.sent.length).toBe(20);
  expect(loop.page?.html).toContain("ERR_TOO_MANY_REDIRECTS");
});

test("a server's redirect to https: Sec-Fetch before the client hints, HSTS afterwards without port 80", () => {
  const answer: FakeServer["answer"] = (text, request, options) =>
    options.tls === undefined
      ? site({ "/": { status: "301 Moved", headers: ["Location: https://shop/"] } })(
          text,
          request,
          options,
        )
      : site({ "/": { headers: ["Strict-Transport-Security: max-age=600"], body: "t" } })(
          text,
          request,
          options,
        );
  const { sent, steps } = browse({ answer }, { url: "http://shop/" }, { url: "http://shop/" });
  const secure = sent.filter(
    (head) => head.includes("sec-ch-ua-mobile") && head.includes("document"),
  );
  const names = secure[0].split("\r\n").map((line) => line.split(":")[0]);
  expect(names.indexOf("Sec-Fetch-Dest")).toBeLessThan(names.indexOf("sec-ch-ua"));
  expect(steps.slice(-5)).toEqual(["parse", "upgradeByHsts", "fetch", "commit", "load"]);
});

test("error pages: refused, empty answer, certificate, empty 502", () => {
  const failing = (server: Partial<FakeServer>, url = "https://www.example.com/") =>
    browse(server, { url }).page?.html;
  expect(failing({ connect: () => ERRNO.ECONNREFUSED })).toContain("ERR_CONNECTION_REFUSED");
  expect(failing({ answer: (text) => (text === "" ? [] : ["FIN"]) })).toContain(
    "ERR_EMPTY_RESPONSE",
  );
  const bad = {
    alert: "certificate_unknown",
    byPeer: false,
    certificateError: "authority" as const,
  };
  expect(failing({ connect: () => bad })).toContain("ERR_CERT_AUTHORITY_INVALID");
  expect(failing({ answer: site({ "/": { status: "502 Bad Gateway" } }) })).toContain(
    "HTTP ERROR 502",
  );
  expect(browse({}, { url: "https://www.example.com:25/" }).page?.html).toContain(
    "ERR_UNSAFE_PORT",
  );
});

test("a kept connection that the server has closed: the request is repeated on another", () => {
  let count = 0;
  const answer: FakeServer["answer"] = (text, request, options) => {
    const replies: readonly Reply[] = site({ "/": { body: "a" }, "/two": { body: "b" } })(
      text,
      request,
      options,
    );
    return text.includes("/two") && count++ === 0 ? ["FIN"] : replies;
  };
  const { rows, page } = browse(
    { answer },
    { url: "https://www.example.com/" },
    { url: "https://www.example.com/two" },
  );
  expect(rows.some(({ transition }) => transition === "retry")).toBe(true);
  expect(page).toMatchObject({ status: 200, url: "https://www.example.com/two" });
});

test("a form: POST with the page's token, Origin and Referer, then GET after the redirect", () => {
  const form = '<input type="hidden" name="csrfmiddlewaretoken" value="tok">';
  const { sent, steps } = browse(
    {
      answer: site({
        "/form": { headers: ["Set-Cookie: csrftoken=abc; Path=/; SameSite=Lax"], body: form },
        "/cart/add": { status: "302 Found", headers: ["Location: /cart"] },
        "/cart": { body: "done" },
      }),
    },
    { url: "https://www.example.com/form" },
    { url: "/cart/add", how: "submit", form: { product: "1 x" } },
  );
  const post = sent.find((head) => head.startsWith("POST")) ?? "";
  expect(post.split("\r\n").slice(1, 5)).toEqual([
    "Host: www.example.com",
    "Connection: keep-alive",
    "Content-Length: 35",
    "Cache-Control: max-age=0",
  ]);
  for (const line of [
    "Origin: https://www.example.com",
    "Referer: https://www.example.com/form",
    "Sec-Fetch-Site: same-origin",
    "Cookie: csrftoken=abc",
  ]) {
    expect(post).toContain(line);
  }
  expect(sent.some((head) => head.includes("GET /cart HTTP/1.1"))).toBe(true);
  expect(steps.slice(-6)).toEqual(["parse", "fetch", "redirect", "fetch", "commit", "load"]);
});

test("reload asks about the document, a hard reload passes the cache by, back needs no request", () => {
  const answer = site({
    "/": { headers: ['ETag: "d"', "Cache-Control: max-age=600"], body: "t" },
    "/b": { body: "b" },
  });
  const url = "https://www.example.com/";
  const { sent, steps } = browse(
    { answer },
    { url },
    { url, how: "reload" },
    { url, how: "hard-reload" },
    { url: "https://www.example.com/b", how: "link" },
    { url, how: "back" },
  );
  const documents = sent.filter((head) => head.includes("GET / HTTP"));
  expect(documents.length).toBe(3);
  expect(documents[1]).toMatch(/Cache-Control: max-age=0[\s\S]*If-None-Match: "d"$/);
  expect(documents[2]).toContain("Pragma: no-cache\r\nCache-Control: no-cache");
  expect(documents[2]).not.toContain("If-None-Match");
  expect(steps.at(-1)).toBe("restore");
});

test("what is no web address is not visited", () => {
  expect(browse({}, { url: "best lantern 2026" }).steps).toEqual(["reject"]);
});

test("a visit goes on from a keyframe exactly as it would have", () => {
  const fake = fakeHost({
    answer: site({ "/": { body: '<img src="/a.png"><img src="/b.png">' } }),
  });
  let requests = 0;
  const browser = installBrowser(fake.host, installHttp2(fake.host.sim, fake.host.network), {
    newRequest: () => requests++,
    serverIp: "192.0.2.10",
  });
  const { sim } = fake.host;
  browser.visit({ url: "https://www.example.com/" });
  sim.runUntil(45e6);
  const { world } = sim;
  sim.restore(sim.keyframe());
  expect(sim.world).not.toBe(world);
  expect(sim.world).toEqual(world);
  sim.runUntil(1e9);
  expect((sim.world.browser as { history: unknown[] }).history).toHaveLength(1);
});
