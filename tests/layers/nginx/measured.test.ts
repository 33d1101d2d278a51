// Small rules that were measured on Debian's nginx 1.22.1: each test asks what was asked there, and
// expects what came back.
import { describe, expect, test } from "vitest";
import { asked, get } from "./asked.ts";

describe("the access log", () => {
  test("shows `-` for what is not found and nothing for what is empty", () => {
    const { logs } = asked({
      server: "location / { return 204; }",
      requests: [get("/?"), get("/?#x"), get("/%zz"), get("/", "X-A:\r\n"), "get / HTTP/1.1\r\n"],
    });
    expect(logs.access.map((line) => line.split("|").slice(3, 6))).toEqual([
      ["/", "-", "-"],
      ["/", "", "-"],
      ["", "-", "-"],
      ["/", "-", ""],
      ["-", "-", "-"],
    ]);
  });

  test("counts the request's bytes without the empty lines before it", () => {
    const { logs } = asked({ server: "", requests: [`\r\n\r\n${get("/")}`] });
    expect(logs.access[0].split("|").at(-1)).toBe("35");
  });

  test("keeps $args after an index, and has none after error_page", () => {
    const { logs } = asked({
      server: "error_page 404 /e; location = /e { return 200 e; }",
      files: { "/srv/d/index.html": "d" },
      requests: [get("/d/?a=1"), get("/none?a=1")],
    });
    expect(logs.access.map((line) => line.split("|").slice(3, 5))).toEqual([
      ["/d/index.html", "a=1"],
      ["/e", "-"],
    ]);
  });
});

test("a wrong chunk that has come already is 400 even where the body is not wanted", () => {
  const raw = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n";
  const { requests, errors } = asked({ server: "location / { return 200 x; }", requests: [raw] });
  expect(requests[0].status).toBe(400);
  expect(errors[0]).toEqual(["[error] client sent invalid chunked body"]);
});

test("a set that did not run leaves its variable empty, and warns once", () => {
  const { requests, errors } = asked({
    server: 'location /a { set $x 1; } location /b { return 200 "<$x$x>"; }',
    requests: [get("/b")],
  });
  expect(requests[0].body).toBe("<>");
  expect(errors[0]).toEqual(['[warn] using uninitialized "x" variable']);
});

test("try_files under alias strips the prefix only off candidates with variables", () => {
  const { requests } = asked({
    server:
      "location /t/ { alias /srv/; try_files $uri /t/b =404; } location /u/ { alias /srv/; try_files /b =404; }",
    files: { "/srv/a": "a", "/srv/b": "b" },
    requests: [get("/t/a"), get("/t/none"), get("/u/x")],
  });
  expect(requests.map(({ status, body }) => [status, status === 200 ? body : ""])).toEqual([
    [200, "a"],
    [404, ""],
    [200, "b"],
  ]);
});

describe("an upstream that resets the connection in the middle of its body", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";

  test("loses what lies in a buffer that is not full", () => {
    const { requests, errors } = asked({
      server: "location / { proxy_pass http://127.0.0.1:9001; }",
      upstream: [`${head}abc`, 50, "RST"],
      requests: [get("/")],
    });
    expect([requests[0].status, requests[0].bodyBytes]).toEqual([200, 0]);
    expect(errors[0]).toEqual(["[error] readv() failed (104: Connection reset by peer)"]);
  });

  test("passes on what was read where nothing is buffered", () => {
    const { requests, errors } = asked({
      server: "location / { proxy_buffering off; proxy_pass http://127.0.0.1:9001; }",
      upstream: [`${head}abc`, 50, "RST"],
      requests: [get("/")],
    });
    expect(requests[0].bodyBytes).toBe(3);
    expect(errors[0]).toEqual(["[error] recv() failed (104: Connection reset by peer)"]);
  });
});

test("geo with ranges", () => {
  const { requests } = asked({
    http: "geo $arg_ip $g { ranges; default none; 10.0.0.1-10.0.0.5 few; 192.0.2.0-192.0.2.255 net; }",
    server: 'location / { return 200 "$g"; }',
    requests: ["10.0.0.1", "10.0.0.5", "10.0.0.6", "192.0.2.77"].map((ip) => get(`/?ip=${ip}`)),
  });
  expect(requests.map(({ body }) => body)).toEqual(["few", "few", "none", "net"]);
});

describe("autoindex", () => {
  const listing = (options: string, target = "/d/") =>
    asked({
      server: `location / { autoindex on; ${options} }`,
      files: { "/srv/d/a&b.txt": "0123456789" },
      requests: [get(target)],
    }).requests[0];

  test("as json, as a call of a function, as xml", () => {
    const file =
      '{ "name":"a&b.txt", "type":"file", "mtime":"Mon, 01 Jan 2024 00:00:00 GMT", "size":10 }';
    expect(listing("autoindex_format json;").body).toBe(`[\r\n${file}\r\n]`);
    const called = listing("autoindex_format jsonp;", "/d/?callback=f");
    expect(called.body).toBe(`/* callback */\r\nf([\r\n${file}\r\n]);`);
    const xml = listing("autoindex_format xml;");
    expect(xml.body).toBe(
      '<?xml version="1.0"?>\r\n<list>\r\n<file mtime="2024-01-01T00:00:00Z" size="10">a&amp;b.txt</file>\r\n</list>\r\n',
    );
    expect(xml.headers).toContainEqual(["content-type", "text/xml; charset=utf-8"]);
  });

  test("with rounded sizes in a narrower column", () => {
    const line = (options: string): string =>
      /00:00 .*/.exec(listing(options).body ?? "")?.[0] ?? "";
    expect(line("")).toBe(`00:00 ${"10".padStart(19)}`);
    expect(line("autoindex_exact_size off;")).toBe(`00:00 ${"10".padStart(7)}`);
  });
});
