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
