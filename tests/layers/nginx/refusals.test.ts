// What `nginx -t` of Debian's 1.22.1 printed for these lines, and what this program says of them.
import { describe, expect, test } from "vitest";
import { createDisk } from "../../../src/host/file-system.ts";
import { Simulation } from "../../../src/kernel/simulation.ts";
import { checkConfiguration } from "../../../src/layers/nginx/program.ts";

/** nginx's messages without the frame of `nginx: ` and ` in FILE:LINE`. */
function messages(parts: { main?: string; events?: string; http?: string; server?: string }) {
  const disk = createDisk(new Simulation({ seed: 1 }), () => 0);
  const { main = "", events = "", http = "", server = "" } = parts;
  disk.write("/var/log/nginx/access.log", "");
  disk.write(
    "/etc/nginx/nginx.conf",
    `${main}\nevents { ${events} }\nhttp { limit_req_zone $uri zone=z:1m rate=1r/s; ${http}\nserver { ${server} }\n}\n`,
  );
  const { output } = checkConfiguration(disk, "/etc/nginx/nginx.conf", {
    resolveAtStart: () => null,
  });
  return output
    .filter((line) => line.includes("["))
    .map((line) => line.replace(/^nginx: /, "").replace(/ in \S+:\d+$/, ""));
}

describe("in a server", () => {
  test.each([
    ["sendfile x;", '[emerg] invalid value "x" in "sendfile" directive, it must be "on" or "off"'],
    ["types_hash_max_size x;", '[emerg] "types_hash_max_size" directive invalid number'],
    ["postpone_output x;", '[emerg] "postpone_output" directive invalid value'],
    [
      "client_max_body_size 99999999999999999999;",
      '[emerg] "client_max_body_size" directive invalid value',
    ],
    ["gzip_comp_level 10;", "[emerg] value must be between 1 and 9"],
    ["limit_req_status 399;", "[emerg] value must be between 400 and 599"],
    ["gzip_types text/html;", '[warn] duplicate MIME type "text/html"'],
    ["allow 1.2.3.4/8;", "[warn] low address bits of 1.2.3.4/8 are meaningless"],
    ["set_real_ip_from x;", '[emerg] host not found in set_real_ip_from "x"'],
    ["set $host a;", '[emerg] the duplicate "host" variable'],
    ["if () { }", '[emerg] invalid condition ")"'],
    ["if ($host { }", '[emerg] invalid condition "$host"'],
    ["root ${a;", '[emerg] the closing bracket in "a" variable is missing'],
    ["resolver 1.2.3.4 valid=x;", "[emerg] invalid parameter: valid=x"],
    ["resolver ns.example;", '[emerg] host not found in resolver "ns.example"'],
    ["listen 80 so_keepalive=x;", '[emerg] invalid so_keepalive value: "x"'],
    ["location / { proxy_pass http://[::1; }", '[emerg] invalid host in upstream "[::1"'],
    [
      "proxy_redirect default;",
      '[emerg] "proxy_redirect default" should be placed after the "proxy_pass" directive',
    ],
    ["proxy_redirect off; proxy_redirect a b;", '[emerg] "proxy_redirect" directive is duplicate'],
    ["proxy_next_upstream error error;", '[warn] duplicate value "error"'],
    ["proxy_cache nozone;", '[emerg] "proxy_cache" zone "nozone" is unknown'],
    ["proxy_buffers 1 4k;", '[emerg] there must be at least 2 "proxy_buffers"'],
    [
      "proxy_buffer_size 64k;",
      '[emerg] "proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer',
    ],
    ["ssl_session_cache shared:x;", '[emerg] invalid session cache "shared:x"'],
    ['index "";', '[emerg] index "" in "index" directive is invalid'],
    ["error_log /tmp/e warn error;", '[emerg] duplicate log level "error"'],
  ])("%s", (server, message) => {
    expect(messages({ server })).toEqual([message]);
  });
});

describe("in http", () => {
  test.each([
    ["map $host $b { hostnames; *.a 1; .a 2; }", '[emerg] conflicting parameter ".a"'],
    ["map $host $b { hostnames; *.a.b.* 1; }", '[emerg] invalid hostname or wildcard "*.a.b.*"'],
    ["map $host $uri { a b; }", '[emerg] the duplicate "uri" variable'],
    [
      "geo $g { 1.2.3.4 a; 1.2.3.4 b; }",
      '[warn] duplicate network "1.2.3.4", value: "b", old value: "a"',
    ],
    ["geo $g { 1.2.3.4 ; }", "[emerg] invalid number of the geo parameters"],
    ["split_clients $host $b { 0% a; }", '[emerg] invalid percent value "0%"'],
    ["upstream u { server; }", '[emerg] invalid number of arguments in "server" directive'],
    [
      "upstream u { least_conn; hash $uri; server 127.0.0.1; }",
      "[warn] load balancing method redefined",
    ],
    ["upstream u { zone x 1k; server 127.0.0.1; }", '[emerg] zone "x" is too small'],
    [
      "limit_req_zone $host zone=z:1m rate=1r/s;",
      '[emerg] limit_req_zone "z" is already bound to key "$uri"',
    ],
    ["limit_req_zone $host zone=a:1k rate=1r/s;", '[emerg] zone "zone=a:1k" is too small'],
    [
      "proxy_cache_path /var/cache/a keys_zone=a:1k;",
      '[emerg] keys zone "keys_zone=a:1k" is too small',
    ],
    ["log_format a '$';", '[emerg] invalid parameter "$"'],
  ])("%s", (http, message) => {
    expect(messages({ http })).toEqual([message]);
  });
});

describe("at the top", () => {
  test("a user that Debian does not have: nginx.org's package makes one, Debian's does not", () => {
    expect(messages({ main: "user nginx;" })).toEqual(['[emerg] getpwnam("nginx") failed']);
  });

  test("worker_connections and the event method", () => {
    expect(messages({ events: "worker_connections x;" })).toEqual(['[emerg] invalid number "x"']);
    expect(messages({ events: "use poll;" })).toEqual(['[emerg] invalid event type "poll"']);
  });
});
