import { describe, expect, test } from "vitest";
import { createDisk } from "../../../src/host/file-system.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { checkConfiguration } from "../../../src/layers/nginx/program.ts";
import { httpConfig, play, siteConfig } from "./sites.ts";

/** What nginx says at its start, without the time. */
function startOf(config: string, files = {}): readonly string[] {
  return (play({ config, files, actions: [] }).logs.nginxStart ?? []).map((line) =>
    line.replace("<time> ", ""),
  );
}

const where = (line: number) => ` in /etc/nginx/nginx.conf:${line}`;

describe("what nginx -t refuses, in its words", () => {
  test.each([
    ["location / { foo 1; }", '[emerg] unknown directive "foo"', 11],
    ["location / { return; }", '[emerg] invalid number of arguments in "return" directive', 11],
    ["location / { listen 81; }", '[emerg] "listen" directive is not allowed here', 11],
    ["location / { root /a; root /b; }", '[emerg] "root" directive is duplicate', 11],
    [
      "location / { gzip maybe; }",
      '[emerg] invalid value "maybe" in "gzip" directive, it must be "on" or "off"',
      11,
    ],
    [
      "location / { client_max_body_size x; }",
      '[emerg] "client_max_body_size" directive invalid value',
      11,
    ],
    ["location ~ ( { }", '[emerg] pcre2_compile() failed: missing closing parenthesis in "("', 11],
    [
      "location ~ a) { }",
      '[emerg] pcre2_compile() failed: unmatched closing parenthesis in "a)" at ")"',
      11,
    ],
    [
      "location ~ [a { }",
      '[emerg] pcre2_compile() failed: missing terminating ] for character class in "[a"',
      11,
    ],
    [
      "location = /a { location /a/b { } }",
      '[emerg] location "/a/b" cannot be inside the exact location "/a"',
      11,
    ],
    ["location /a { location /b { } }", '[emerg] location "/b" is outside location "/a"', 11],
    [
      "location /a { location @x { } }",
      '[emerg] named location "@x" can be on the server level only',
      11,
    ],
    ["location ^ /a { }", '[emerg] invalid location modifier "^"', 11],
    ["if (a) { return 200; }", '[emerg] invalid condition "a"', 11],
    ["return 200 $; ", "[emerg] invalid variable name", 11],
    ["location / { return 200", '[emerg] unexpected "}"', 12],
    ["location / { return 200;", '[emerg] unexpected end of file, expecting "}"', 14],
    ["error_page 200 /x;", '[emerg] value "200" must be between 300 and 599', 11],
    [
      "location / { internal on; }",
      '[emerg] invalid number of arguments in "internal" directive',
      11,
    ],
    [
      "location / { error_page 404; }",
      '[emerg] invalid number of arguments in "error_page" directive',
      11,
    ],
    ["access_log /x nosuch;", '[emerg] unknown log format "nosuch"', 11],
  ])("%s", (server, message, line) => {
    expect(startOf(siteConfig(server))).toEqual([`${message}${where(line)}`]);
  });

  test("an error without a place: a variable that nobody makes", () => {
    expect(startOf(siteConfig("return 200 $nosuch;"))).toEqual([
      '[emerg] unknown "nosuch" variable',
    ]);
  });

  test("the duplicate is named at its own line, after all has been read", () => {
    expect(startOf(siteConfig("location /a { }\nlocation ^~ /a { }\nfoo;"))).toEqual([
      `[emerg] unknown directive "foo"${where(13)}`,
    ]);
    expect(startOf(siteConfig("location /a { }\nlocation ^~ /a { }"))).toEqual([
      `[emerg] duplicate location "/a"${where(12)}`,
    ]);
  });

  test("listen: bad ports, hosts and parameters", () => {
    const listen = (text: string) => startOf(httpConfig(`server { listen ${text}; }`));
    expect(listen("8x")).toEqual([
      `[emerg] host not found in "8x" of the "listen" directive${where(10)}`,
    ]);
    expect(listen("80 foo")).toEqual([`[emerg] invalid parameter "foo"${where(10)}`]);
    expect(listen("1.2.3.4:99999")).toEqual([
      `[emerg] invalid port in "1.2.3.4:99999" of the "listen" directive${where(10)}`,
    ]);
    expect(
      startOf(
        httpConfig("server { listen 80 default_server; } server { listen 80 default_server; }"),
      ),
    ).toEqual([`[emerg] a duplicate default server for 0.0.0.0:80${where(10)}`]);
  });

  test("warnings let it start", () => {
    const two = "server { server_name a.test; return 200 one; }";
    const config = httpConfig(`${two}\n${two}`);
    expect(startOf(config)).toEqual([
      '[warn] conflicting server name "a.test" on 0.0.0.0:80, ignored',
    ]);
    expect(play({ config, actions: [] }).exits).toBeUndefined();
  });

  test("a refused configuration ends with exit code 1 and nothing listens", () => {
    const run = play({
      config: siteConfig("foo;"),
      actions: [{ at: 0, request: { url: "http://example.com/" } }],
    });
    expect(run.exits).toEqual({ nginx: 1 });
    expect(run.requests[0].error).toBe("refused");
  });

  test("includes by pattern; a missing one is named", () => {
    const config = siteConfig("include /etc/nginx/sites/*.conf;");
    const files = { "/etc/nginx/sites/a.conf": "foo;\n", "/etc/nginx/sites/.b.conf": "bar;" };
    expect(startOf(config, files)).toEqual([
      '[emerg] unknown directive "foo" in /etc/nginx/sites/a.conf:1',
    ]);
    expect(startOf(config)).toEqual([]);
    expect(startOf(siteConfig("include none.conf;"))).toEqual([
      `[emerg] open() "/etc/nginx/none.conf" failed (2: No such file or directory)${where(11)}`,
    ]);
  });
});

describe("inheritance", () => {
  const answer = (server: string) =>
    play({
      config: siteConfig(server),
      actions: [{ at: 0, request: { url: "http://example.com/a/x" } }],
    }).requests[0];

  test("add_header passes inwards only where none is set", () => {
    const outer = "add_header X-Outer 1;";
    const names = (server: string) =>
      answer(server)
        .headers.map(([name]) => name)
        .filter((name) => name.startsWith("x-"));
    expect(names(`${outer} location /a/ { return 200; }`)).toEqual(["x-outer"]);
    expect(names(`${outer} location /a/ { add_header X-Inner 1; return 200; }`)).toEqual([
      "x-inner",
    ]);
  });

  test("return does not pass into locations, try_files not into if", () => {
    expect(answer("location /a/ { location /a/b { } try_files /none =418; }").status).toBe(418);
    expect(answer("location /a/ { try_files /none =418; if ($uri) { set $x 1; } }").status).toBe(
      404,
    );
  });
});

describe("checkConfiguration", () => {
  const check = (text: string) => {
    const disk = createDisk(new Simulation({ seed: 1 }), () => 0);
    disk.write("/etc/nginx/nginx.conf", text);
    disk.write("/var/log/nginx/access.log", "");
    return checkConfiguration(disk, "/etc/nginx/nginx.conf", { resolveAtStart: () => null });
  };

  test("says what nginx -t says, and what is known but not simulated", () => {
    const good = check("events {}\nhttp { server { listen 80; ssi on; } }\n");
    expect(good.exit).toBe(0);
    expect(good.output[1]).toBe(
      "nginx: configuration file /etc/nginx/nginx.conf test is successful",
    );
    expect(good.diagnostics).toMatchObject([{ severity: "not-simulated", line: 2 }]);
    expect(check("http { }").output).toEqual([
      'nginx: [emerg] no "events" section in configuration',
      "nginx: configuration file /etc/nginx/nginx.conf test failed",
    ]);
  });
});
