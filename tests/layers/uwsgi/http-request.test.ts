// The vars that uWSGI makes of an HTTP request, as Debian's uWSGI 2.0.21 was seen making them.
import { expect, test } from "vitest";
import { decodePath, parseHttp } from "../../../src/layers/uwsgi/http-request.ts";

const PLACE = {
  bufferSize: 4096,
  remoteIp: "203.0.113.10",
  port: "8000",
  hostname: "server",
  routedFrom: null,
  managesScriptName: false,
};
const vars = (data: string, place: Partial<typeof PLACE> | { routedFrom: string } = {}) => {
  const result = parseHttp(data, { ...PLACE, ...place });
  return result.kind === "vars" ? Object.fromEntries(result.vars) : result.kind;
};

test("dot segments go, double slashes stay, and what was encoded is not looked at again", () => {
  expect(decodePath("/any/a//b/../c")).toBe("/any/a//c");
  expect(decodePath("/any/%41%2fx")).toBe("/any/A/x");
  expect(decodePath("/a/%2e%2e/b")).toBe("/a/../b");
  expect(decodePath("/a/./b/.")).toBe("/a/b/");
});

test("headers of one name are joined with a comma", () => {
  expect(vars("GET / HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\n\r\n")).toMatchObject({ HTTP_X_A: "1, 2" });
});

test("a line without blanks makes four vars, one without a protocol five and an empty path", () => {
  expect(vars("GARBAGE\r\n\r\n")).toEqual({
    ...{ SCRIPT_NAME: "", SERVER_NAME: "server", SERVER_PORT: "8000" },
    REMOTE_ADDR: "203.0.113.10",
  });
  expect(Object.keys(vars("GET /echo\r\n\r\n"))).toHaveLength(5);
});

test("the router adds its name and the client's port, and drops what is no request", () => {
  expect(vars("GET / HTTP/1.1\r\n\r\n", { routedFrom: "40000" })).toMatchObject({
    UWSGI_ROUTER: "http",
    REMOTE_PORT: "40000",
  });
  expect(vars("GARBAGE\r\n\r\n", { routedFrom: "40000" })).toBe("bad");
});

test("a head beyond buffer-size is too large for a worker, whatever is in it", () => {
  expect(vars(`GET / HTTP/1.1\r\nX: ${"b".repeat(5000)}\r\n\r\n`)).toBe("too large");
});
