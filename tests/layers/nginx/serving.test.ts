import { describe, expect, test } from "vitest";
import { ask, headerOf, httpConfig, play, siteConfig } from "./sites.ts";

const page = (text: string) => ({
  "/var/www/index.html": text,
  "/var/www/a.txt": "0123456789",
  "/var/www/d/b.txt": "b",
});
const root = { config: siteConfig("root /var/www;"), files: page("hello\n") };

describe("files", () => {
  test("a file with its type, size, time and tag, in nginx's order", () => {
    const [answer] = ask(root, "/a.txt");
    expect(answer.headers.map(([name]) => name)).toEqual([
      "server",
      "date",
      "content-type",
      "content-length",
      "last-modified",
      "connection",
      "etag",
      "accept-ranges",
    ]);
    expect(headerOf(answer, "etag")).toBe('"65920080-a"');
  });

  test("index, directory without slash, missing file, methods", () => {
    const answers = ask(
      root,
      "/",
      "/d",
      "/d/",
      "/none",
      { method: "PUT" },
      { method: "POST", url: "http://example.com/a.txt" },
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 301, 403, 404, 405, 405]);
    expect(answers[0].nginx?.uri).toBe("/index.html");
    expect(headerOf(answers[1], "location")).toBe("http://example.com/d/");
    expect(answers[2].nginx?.errorLog?.[0]).toMatch(
      /^\[error\] directory index of "\/var\/www\/d\/" is forbidden, client/,
    );
    expect(answers[3].nginx?.errorLog?.[0]).toMatch(
      /open\(\) "\/var\/www\/none" failed \(2: No such file or directory\)/,
    );
  });

  test("conditions: 304 keeps the tag and drops the type, 412 has a page", () => {
    const tag = {
      headers: { "If-None-Match": '"x", W/"65920080-a"' },
      url: "http://example.com/a.txt",
    };
    const since = {
      headers: { "If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT" },
      url: "http://example.com/a.txt",
    };
    const [fresh, failed] = ask(root, tag, since);
    expect([fresh.status, headerOf(fresh, "etag"), headerOf(fresh, "content-type")]).toEqual([
      304,
      '"65920080-a"',
      undefined,
    ]);
    expect([failed.status, failed.bodyBytes]).toEqual([412, 173]);
  });

  test.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=8-", 206, "89", "bytes 8-9/10"],
    ["bytes=20-", 416, undefined, "bytes */10"],
    ["bytes=9-3", 416, undefined, "bytes */10"],
    ["lines=1-2", 200, "0123456789", undefined],
  ])("Range: %s", (range, status, body, contentRange) => {
    const [answer] = ask(root, { url: "http://example.com/a.txt", headers: { Range: range } });
    expect([answer.status, headerOf(answer, "content-range")]).toEqual([status, contentRange]);
    if (body !== undefined) expect(answer.body).toBe(body);
  });

  test("several ranges come as parts", () => {
    const [answer] = ask(root, {
      url: "http://example.com/a.txt",
      headers: { Range: "bytes=0-1,4-5" },
    });
    expect(headerOf(answer, "content-type")).toMatch(/^multipart\/byteranges; boundary=<n>$/);
    expect(answer.body).toContain("Content-Range: bytes 4-5/10\r\n\r\n45\r\n--");
    expect(Number(headerOf(answer, "content-length"))).toBe(answer.bodyBytes);
  });

  test("try_files: file, directory, fallback, code; alias replaces the name as text", () => {
    const config = siteConfig(`root /var/www;
      location / { try_files $uri $uri/index.html @app; }
      location /code { try_files /none =410; }
      location @app { return 200 "app $uri"; }
      location /x { alias /var/www/d/; }`);
    const answers = ask({ config, files: page("i") }, "/a.txt", "/zzz", "/code", "/xb.txt");
    expect(answers.map(({ status, body }) => [status, body?.slice(0, 10)])).toEqual([
      [200, "0123456789"],
      [200, "app /zzz"],
      [410, "<html>\r\n<h"],
      [200, "b"],
    ]);
    expect(answers[1].nginx?.trail).toEqual(["location /", "named @app"]);
  });

  test("a listing of a directory", () => {
    const [answer] = ask(
      {
        config: siteConfig("root /var/www; autoindex on;"),
        files: { "/var/www/l/a b.txt": "xyz", "/var/www/l/sub/": "" },
      },
      "/l/",
    );
    expect(answer.body).toBe(
      '<html>\r\n<head><title>Index of /l/</title></head>\r\n<body>\r\n<h1>Index of /l/</h1><hr><pre><a href="../">../</a>\r\n' +
        `<a href="sub/">sub/</a>${" ".repeat(46)} 01-Jan-2024 00:00                   -\r\n` +
        `<a href="a%20b.txt">a b.txt</a>${" ".repeat(43)} 01-Jan-2024 00:00                   3\r\n` +
        "</pre><hr></body>\r\n</html>\r\n",
    );
  });
});

describe("rewrites and errors", () => {
  test("rewrite with and without arguments, set, if, break", () => {
    const config = siteConfig(`
      location /r/ { rewrite ^/r/(.*)$ /t/$1?z=9 last; }
      location /t/ { set $n "$uri|$args"; if ($arg_z = 9) { return 200 $n; } return 200 none; }
      location /b/ { rewrite ^ /c break; rewrite ^ /d; return 200 "not reached"; }`);
    const answers = ask({ config }, "/r/x?q=1", "/t/", "/b/");
    expect(answers.map(({ status, body }) => (status === 200 ? body : status))).toEqual([
      "/t/x|z=9&q=1",
      "none",
      404,
    ]);
  });

  test("eleven changes of the URI are a cycle", () => {
    const [answer] = ask({ config: siteConfig("location / { rewrite ^ /x$uri last; }") }, "/");
    expect(answer.status).toBe(500);
    expect(answer.nginx?.errorLog?.[0]).toMatch(
      /^\[error\] rewrite or internal redirection cycle while processing "\/x/,
    );
  });

  test("error_page keeps, changes or takes the status", () => {
    const config = siteConfig(`
      location /a { error_page 404 /e; } location /b { error_page 404 =200 /e; } location /c { error_page 404 = @n; }
      location /d { error_page 404 http://other.test/; }
      location = /e { return 403 "never"; internal; } location @n { return 202 "named"; }`);
    const answers = ask({ config }, "/a", "/b", "/c", "/d");
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 202, 302]);
  });

  test("Chrome's padding makes a 404 of 555 bytes", () => {
    const [plain, chrome] = ask({ config: siteConfig("") }, "/none", {
      url: "http://example.com/none",
      headers: { "User-Agent": "Chrome/1" },
    });
    expect([plain.bodyBytes, chrome.bodyBytes]).toEqual([153, 555]);
  });

  test("map and split_clients make variables", () => {
    const http = `map $uri $kind { default other; ~^/s(?<rest>.*) "static$rest"; /exact hit; }
      split_clients $arg_k $half { 50% a; * b; }
      server { listen 80; return 200 "$kind $half"; }`;
    const answers = ask({ config: httpConfig(http) }, "/EXACT?k=1", "/sx?k=2", "/z");
    expect(answers.map(({ body }) => body?.split(" ")[0])).toEqual(["hit", "staticx", "other"]);
    expect(answers.every(({ body }) => /^\S+ [ab]$/.test(body ?? ""))).toBe(true);
  });
});

describe("connections", () => {
  test("two requests in one packet are answered one after the other and both logged", () => {
    const raw =
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const run = play({
      config: siteConfig('return 200 "$uri";'),
      actions: [{ at: 0, request: { url: "http://example.com/", raw, timeout: 500 } }],
    });
    expect(run.logs.access.map((line) => /"GET (\S+)/.exec(line)?.[1])).toEqual(["/1", "/2"]);
  });

  test("a header that comes too late is dropped without an answer and logged 408", () => {
    const config = httpConfig("client_header_timeout 1s; server { listen 80; return 200; }");
    const run = play({
      config,
      actions: [
        {
          at: 0,
          request: { url: "http://example.com/", raw: "GET / HTTP/1.1\r\n", timeout: 5000 },
        },
      ],
    });
    expect(run.requests[0].status).toBeNull();
    expect(run.logs.access[0]).toMatch(/"GET \/ HTTP\/1\.1" 408 0/);
  });

  test("headers beyond the buffers get the page for 494", () => {
    const long = { headers: { X: "a".repeat(9000) } };
    const many = {
      headers: Object.fromEntries([..."abcdef"].map((name) => [`X-${name}`, "v".repeat(6000)])),
    };
    const answers = ask({ config: siteConfig("return 200;") }, long, many, {
      target: `/${"u".repeat(9000)}`,
    });
    expect(answers.map(({ status, bodyBytes }) => [status, bodyBytes])).toEqual([
      [400, 233],
      [400, 233],
      [414, 177],
    ]);
  });

  test("a reload keeps the running request and takes the new configuration", () => {
    const config = (text: string) => siteConfig(`return 200 ${text};`);
    const run = play({
      config: config("one"),
      actions: [
        { at: 0, request: { url: "http://example.com/" } },
        { at: 20, write: { "/etc/nginx/nginx.conf": config("two") } },
        { at: 30, shell: "nginx -s reload" },
        { at: 300, request: { url: "http://example.com/" } },
        { at: 320, write: { "/etc/nginx/nginx.conf": "foo;" } },
        { at: 330, shell: "nginx -t" },
        { at: 340, shell: "kill -HUP nginx" },
        { at: 500, request: { url: "http://example.com/" } },
      ],
    });
    expect(run.requests.map(({ body }) => body)).toEqual(["one", "two", "two"]);
    expect(run.shell?.[1]).toMatchObject({
      exit: 1,
      output: [
        expect.stringContaining('unknown directive "foo"'),
        "nginx: configuration file /etc/nginx/nginx.conf test failed",
      ],
    });
  });

  test("a killed worker is replaced, a stopped nginx refuses", () => {
    const run = play({
      config: siteConfig("return 200 ok;"),
      actions: [
        { at: 0, shell: "kill -KILL nginx worker" },
        { at: 100, request: { url: "http://example.com/" } },
        { at: 200, shell: "kill -QUIT nginx" },
        { at: 300, request: { url: "http://example.com/" } },
      ],
    });
    expect(run.requests.map(({ status, error }) => status ?? error)).toEqual([200, "refused"]);
  });

  test("TLS by SNI, the server by Host; plain HTTP on the port is refused with a page", () => {
    const server = (name: string) =>
      `server { listen 443 ssl; server_name ${name}; ssl_certificate /c/${name}.pem; ssl_certificate_key /c/key; return 200 $server_name; }`;
    const files = {
      "/c/a.test.pem": { cert: ["a.test"] },
      "/c/b.test.pem": { cert: ["b.test"] },
      "/c/key": { key: true as const },
    };
    const config = httpConfig(server("a.test") + server("b.test"));
    const answers = ask(
      { config, files },
      { url: "https://b.test/" },
      { url: "https://b.test/", headers: { Host: "a.test" } },
    );
    expect(answers.map(({ body, cert }) => [body, cert])).toEqual([
      ["b.test", "b.test"],
      ["a.test", "b.test"],
    ]);
  });
});
