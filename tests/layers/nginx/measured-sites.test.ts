// Rules that random sites showed: some thousand requests were asked of Debian's nginx 1.22.1 and of the simulator, and
// each test here stands for one answer that differed.
import { describe, expect, test } from "vitest";
import { asked, get } from "./asked.ts";

const header = (
  answer: { readonly headers: readonly (readonly [string, string])[] },
  name: string,
) => answer.headers.filter(([key]) => key === name).map(([, value]) => value);

describe("headers", () => {
  test("a redirect by 301 or 302 gets no charset; a page does", () => {
    const { requests } = asked({
      server: "charset utf-8; location /m { return 301 /x; } location /s { return 303 /x; }",
      requests: [get("/m"), get("/s"), get("/none")],
    });
    expect(requests.map((answer) => header(answer, "content-type"))).toEqual([
      ["text/html"],
      ["text/html; charset=utf-8"],
      ["text/html; charset=utf-8"],
    ]);
  });

  test("an empty default_type means no Content-Type", () => {
    const { requests } = asked({
      server: 'default_type ""; location / { return 200 x; }',
      requests: [get("/")],
    });
    expect(header(requests[0], "content-type")).toEqual([]);
  });

  test("an added Last-Modified stands among the other headers, whatever the status; an added ETag takes the place of the file's", () => {
    const { requests } = asked({
      server:
        "add_header Last-Modified never always; add_header ETag mine; location /e { return 404; }",
      files: { "/srv/f.txt": "f" },
      requests: [get("/f.txt"), get("/e")],
    });
    expect(requests[0].headers.slice(4).map(([name]) => name)).toEqual([
      "connection",
      "etag",
      "last-modified",
      "accept-ranges",
    ]);
    expect(header(requests[0], "etag")).toEqual(["mine"]);
    expect(header(requests[1], "last-modified")).toEqual(["never"]);
  });
});

describe("the connection", () => {
  test("is closed after 412, though the header says keep-alive", () => {
    const condition = "If-Match: x\r\n";
    const { requests, logs } = asked({
      server: "",
      files: { "/srv/f.txt": "f" },
      requests: [get("/f.txt", condition) + get("/f.txt")],
    });
    expect(requests[0].status).toBe(412);
    expect(header(requests[0], "connection")).toEqual(["keep-alive"]);
    expect(logs.access).toHaveLength(1);
  });

  test("is reset by 444 where timed-out connections are", () => {
    const answers = (setting: string) =>
      asked({ server: `${setting} return 444;`, requests: [get("/")] }).requests[0].error;
    expect(answers("")).toBe("closed");
    expect(answers("reset_timedout_connection on;")).toBe("reset");
  });

  test("is not kept for a POST of an old Internet Explorer", () => {
    const agent = "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0)\r\nContent-Length: 0\r\n";
    const { requests } = asked({
      server: "location / { return 200 x; } location /k { keepalive_disable none; return 200 x; }",
      requests: ["/", "/k"].map((uri) => get(uri, agent).replace("GET", "POST")),
    });
    expect(requests.map((answer) => header(answer, "connection")[0])).toEqual([
      "close",
      "keep-alive",
    ]);
  });
});

describe("error_page", () => {
  test("leads a request whose line is wrong to a page, without `while reading client request line`", () => {
    const { requests } = asked({
      server: "error_page 400 /none;",
      requests: [get("/%zz")],
    });
    expect(requests[0].status).toBe(404);
    expect(requests[0].nginx?.errorLog?.at(-1)).toMatch(
      /^\[error\] open\(\) "\/srv\/none" failed \(2: No such file or directory\), client/,
    );
  });

  test("cannot lead it to a named location, for it has no URI", () => {
    const { requests, errors } = asked({
      server: "error_page 400 @n; location @n { return 200 n; }",
      requests: [get("/%zz")],
    });
    expect(requests[0].status).toBe(500);
    expect(errors[0]).toEqual(['[error] empty URI in redirect to named location "@n"']);
  });

  test("holds for the subrequest of auth_request, too", () => {
    const { requests } = asked({
      server: `error_page 404 =200 /yes; location = /yes { return 200 yes; }
        location /in { auth_request /none; }`,
      files: { "/srv/in": "in" },
      requests: [get("/in")],
    });
    expect(requests[0].status).toBe(200);
  });

  test("without =200 keeps Expect: 100-continue unanswered", () => {
    const { requests } = asked({
      server: "error_page 403 @n; deny all; location @n { allow all; return 200 n; }",
      requests: [get("/", "Expect: 100-continue\r\n")],
    });
    expect(requests[0].interim).toBeUndefined();
  });
});

describe("files", () => {
  test("open_file_cache serves a file that is gone; without it 404", () => {
    const link = { link: "/srv/a.txt" };
    const { errors, requests } = asked({
      server: `location /c { open_file_cache max=9; try_files $uri /a.txt =404; }
        location /l { disable_symlinks on; } location /m { disable_symlinks if_not_owner; }`,
      files: {
        "/srv/a.txt": "a",
        "/srv/c/x.txt": { text: "x", mode: "600" },
        "/srv/l/x.txt": link,
        "/srv/m/x.txt": link,
      },
      requests: [get("/c/x.txt"), get("/l/x.txt"), get("/l/none"), get("/m/x.txt")],
    });
    expect(requests.map((answer) => answer.status)).toEqual([200, 403, 404, 200]);
    expect(errors.flat()).toEqual([
      '[crit] open() "/srv/c/x.txt" failed (13: Permission denied)',
      '[error] openat() "/srv/l/x.txt" failed (40: Too many levels of symbolic links)',
      '[error] openat() "/srv/l/none" failed (2: No such file or directory)',
    ]);
  });
});

test("of `= /d/` and `/d/` the exact one redirects a request that lacks the slash", () => {
  const { requests } = asked({
    server: `location = /d/ { proxy_pass http://127.0.0.1:9; }
      location /d/ { internal; proxy_pass http://127.0.0.1:9; }`,
    requests: [get("/d")],
  });
  expect(requests[0].status).toBe(301);
});

test("try_files with =200 ends without an answer, logged as 000", () => {
  const { logs } = asked({ server: "try_files /none =200;", requests: [get("/")] });
  expect(logs.access[0].split("|").slice(1, 3)).toEqual(["000", "0"]);
});

test("a server's name is compared with others only where servers share the address", () => {
  const warnings = (listen: string) =>
    asked({
      server: "",
      http: `server { listen ${listen}; server_name b.test .b.test; }`,
      requests: [],
    }).logs.nginxStart;
  expect(warnings("81")).toBeUndefined();
  expect(warnings("80")?.[0]).toContain('conflicting server name ".b.test" on 0.0.0.0:80, ignored');
});

test("an answer that may be cached is compared with the client's conditions, even when it is not kept", () => {
  const { requests } = asked({
    http: "proxy_cache_path /var/cache/z keys_zone=z:1m;",
    server: `location / { proxy_pass http://127.0.0.1:9001; }
      location /c { proxy_cache z; proxy_pass http://127.0.0.1:9001; }`,
    upstream: ['HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 2\r\n\r\nok'],
    requests: [get("/", 'If-None-Match: "e"\r\n'), get("/c", 'If-None-Match: "e"\r\n')],
  });
  expect(requests.map((answer) => answer.status)).toEqual([200, 304]);
});

describe("compressed files", () => {
  const files = {
    "/srv/a.css": "a".repeat(500),
    "/srv/a.css.gz": { bytes: 40, mtime: "2024-02-01T00:00:00Z" },
    "/srv/b.css": "b",
  };
  const ask = (server: string, ...headers: readonly string[]) =>
    asked({ server, files, requests: headers.map((text) => get("/a.css", text)) }).requests;

  test("gzip_static on sends the file beside the original to those who accept gzip", () => {
    const [gets, plain] = ask("gzip_static on;", "Accept-Encoding: gzip\r\n", "");
    expect(gets.headers.slice(2).map(([name, value]) => `${name}: ${value}`)).toEqual([
      "content-type: text/plain",
      "content-length: 40",
      "last-modified: Thu, 01 Feb 2024 00:00:00 GMT",
      "connection: keep-alive",
      'etag: "65badf00-28"',
      "content-encoding: gzip",
    ]);
    expect(header(plain, "content-length")).toEqual(["500"]);
    expect(header(plain, "vary")).toEqual([]);
  });

  test("with gzip_vary the original says so, too; always asks nobody", () => {
    const [varied] = ask("gzip_static on; gzip_vary on;", "");
    expect(header(varied, "vary")).toEqual(["Accept-Encoding"]);
    const [always] = ask("gzip_static always; gzip_vary on;", "");
    expect([header(always, "content-length"), header(always, "vary")]).toEqual([["40"], []]);
  });

  test("gzip_disable leaves out the browsers that it names", () => {
    const agent = (name: string) => `Accept-Encoding: gzip\r\nUser-Agent: ${name}\r\n`;
    const answers = ask(
      'gzip on; gzip_types text/plain; gzip_disable msie6 "^curl/";',
      agent("curl/8"),
      agent("Mozilla/4.0 (compatible; MSIE 6.0)"),
      agent("Firefox"),
    );
    expect(answers.map((answer) => header(answer, "content-encoding"))).toEqual([[], [], ["gzip"]]);
  });
});

describe("what an upstream answers", () => {
  const pass = (server: string, answer: readonly (string | number)[], http = "") =>
    asked({ server, http, upstream: answer, requests: [get("/")] });

  test("X-Accel-Charset names a character set that `charset` made known, or is an error", () => {
    const answer = [
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Accel-Charset: utf-8\r\nContent-Length: 1\r\n\r\nx",
    ];
    const known = pass(
      "charset utf-8; location / { charset off; proxy_pass http://127.0.0.1:9001; }",
      answer,
    );
    expect(header(known.requests[0], "content-type")).toEqual(["text/html; charset=utf-8"]);
    const unknown = pass("location / { proxy_pass http://127.0.0.1:9001; }", answer);
    expect(unknown.errors[0]).toEqual(['[error] unknown charset "utf-8" to override']);
  });

  test("directives that take several words may stand several times", () => {
    const { requests } = pass(
      `proxy_next_upstream error; proxy_next_upstream timeout; proxy_ignore_headers Vary;
       proxy_ignore_headers Expires; location / { proxy_pass http://127.0.0.1:9001; }`,
      ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"],
    );
    expect(requests[0].status).toBe(200);
  });

  test("is lost with its header when a bad chunk comes with it, without buffering", () => {
    const { requests, logs } = pass(
      "proxy_buffering off; location / { proxy_pass http://127.0.0.1:9001; }",
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    );
    expect(requests[0]).toMatchObject({ status: null, error: "closed" });
    expect(logs.access[0].split("|").slice(1, 3)).toEqual(["200", "0"]);
  });

  test("an end that comes with the header is met while sending to the client, without buffering", () => {
    const { requests } = pass(
      "proxy_buffering off; location / { proxy_pass http://127.0.0.1:9001; }",
      ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"],
    );
    expect(requests[0].nginx?.errorLog?.[0]).toMatch(
      /^\[error\] upstream prematurely closed connection while sending to client, /,
    );
  });

  test("a reset loses what lies in a buffer that is not full", () => {
    const { requests } = pass("location / { proxy_pass http://127.0.0.1:9001; }", [
      `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5000)}`,
      50,
      "RST",
    ]);
    expect(requests[0]).toMatchObject({ status: 200, truncated: true });
    // The first buffer holds 4096 bytes with the header's 19; the rest of the body is in the next one.
    expect(requests[0].bodyBytes).toBe(4096 - 19);
  });
});

test("a request whose URI is wrong has no $request_uri; its $uri is empty", () => {
  const { requests, logs } = asked({
    server: "error_page 400 https://b.example$request_uri;",
    requests: [get("/%zz")],
  });
  expect(header(requests[0], "location")).toEqual(["https://b.example"]);
  expect(logs.access[0].split("|")[3]).toBe("");
});

test("an if of the server comes before keepalive_timeout is looked at", () => {
  const { requests } = asked({
    server: "keepalive_timeout 0; if ($request_method = GET) { return 410 gone; }",
    requests: [get("/")],
  });
  expect(header(requests[0], "connection")).toEqual(["keep-alive"]);
});

describe("asked in the last round", () => {
  test("Accept-Encoding of `gzip;` without a quality allows gzip, and $gzip_ratio says how much it saved", () => {
    const { requests, logs } = asked({
      http: "log_format ratio '$gzip_ratio';",
      server: "gzip on; access_log /var/log/nginx/access.log ratio;",
      files: { "/srv/f.html": "z".repeat(400) },
      requests: [get("/f.html", "Accept-Encoding: gzip;\r\n")],
    });
    expect(header(requests[0], "content-encoding")).toEqual(["gzip"]);
    expect(logs.access).toEqual(["15.38"]);
  });

  test("a chunk that goes beyond client_max_body_size is refused by the size it announces", () => {
    const chunks = `${"64\r\n".concat("a".repeat(100), "\r\n").repeat(3)}19\r\n`;
    const { requests, errors } = asked({
      server: "client_max_body_size 310; location / { proxy_pass http://127.0.0.1:9001; }",
      upstream: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
      requests: [
        `POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
      ],
    });
    expect(requests[0].status).toBe(413);
    expect(errors[0]).toEqual([
      "[error] client intended to send too large chunked body: 300+25 bytes",
    ]);
  });

  test("of two WWW-Authenticate an intercepted 401 keeps the first; an unsafe X-Accel-Redirect is logged", () => {
    const { requests } = asked({
      server: `location / { proxy_pass http://127.0.0.1:9001; proxy_intercept_errors on; error_page 401 /p; }
        location = /p { return 200 page; }`,
      upstream: [
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nWWW-Authenticate: Digest\r\nContent-Length: 0\r\n\r\n",
      ],
      requests: [get("/")],
    });
    expect(header(requests[0], "www-authenticate")).toEqual(["Basic realm=x"]);
    const { requests: refused, errors } = asked({
      server: "location / { proxy_pass http://127.0.0.1:9001; }",
      upstream: ["HTTP/1.1 200 OK\r\nX-Accel-Redirect: /a/../../x\r\nContent-Length: 0\r\n\r\n"],
      requests: [get("/")],
    });
    expect(refused[0].status).toBe(404);
    expect(errors[0]).toEqual(['[error] unsafe URI "/a/../../x" was detected']);
  });

  test("an answer that the upstream cut short counts as complete once it is flushed", () => {
    const { logs } = asked({
      http: "log_format end '$request_completion'; ",
      server:
        "access_log /var/log/nginx/access.log end; location / { proxy_pass http://127.0.0.1:9001; }",
      upstream: ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"],
      requests: [get("/")],
    });
    expect(logs.access).toEqual(["OK"]);
  });

  test("$sent_http_location is absolute once the header is written, and $status is the one that return sends", () => {
    const { requests, logs } = asked({
      http: "log_format sent '$sent_http_location';",
      server: `access_log /var/log/nginx/access.log sent; location /r { return 301 /x; }
        location /s { return 202 $status; }`,
      requests: [get("/r"), get("/s")],
    });
    expect(logs.access).toEqual(["http://a.example/x", "-"]);
    expect(requests[1].body).toBe("202");
  });

  test("a map with hostnames: `.a.example` holds for the name itself, `*.b.example` does not", () => {
    const { requests } = asked({
      http: "map $arg_h $kind { hostnames; default none; .a.example dot; *.b.example star; }",
      server: "return 200 $kind;",
      requests: ["a.example", "x.a.example", "b.example", "x.b.example"].map((h) =>
        get(`/?h=${h}`),
      ),
    });
    expect(requests.map(({ body }) => body)).toEqual(["dot", "dot", "none", "star"]);
  });

  test("with underscores_in_headers X_Y and X-Y are both $http_x_y, and the first of them counts", () => {
    const { requests } = asked({
      server: "underscores_in_headers on; return 200 [$http_x_y];",
      requests: [get("/", "X_Y: 1\r\n"), get("/", "X_Y: 1\r\nX-Y: 2\r\n"), get("/", "X-Y: 2\r\n")],
    });
    expect(requests.map(({ body }) => body)).toEqual(["[1]", "[1]", "[2]"]);
  });

  test("an address from a header has no port", () => {
    const { requests } = asked({
      server: `set_real_ip_from 127.0.0.1; return 200 "$remote_addr [$remote_port]";`,
      requests: [get("/", "X-Real-IP: 10.1.2.3\r\n"), get("/", "X-Real-IP: 10.1.2.3:99\r\n")],
    });
    expect(requests.map(({ body }) => body)).toEqual(["10.1.2.3 []", "10.1.2.3 [99]"]);
  });
});
