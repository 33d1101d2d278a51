// A proxy_pass with variables: nginx asks DNS itself. What is expected was seen of nginx 1.22.1 with a DNS server beside
// it, and without one.
import { describe, expect, test } from "vitest";
import { observeScenario } from "../../../../src/simulation/observe-scenario.ts";

const ZONES = {
  "site.net":
    "$TTL 60\n@ IN NS ns\n@ IN SOA ns h 1 2 3 4 5\nns IN A 198.51.100.53\n@ IN A 127.0.0.1\n",
  "app.net": `$TTL 2
@ IN SOA ns h 1 2 3 4 5
@ IN NS ns
ns IN A 198.51.100.54
one IN A 127.0.0.1
alias IN CNAME one
six IN TXT "no address"
`,
};

interface Question {
  readonly resolver: string;
  readonly hosts: readonly string[];
  readonly zones?: Readonly<Record<string, string>>;
  /** Milliseconds between requests. */
  readonly apartMs?: number;
}

function ask({ resolver, hosts, zones = ZONES, apartMs = 100 }: Question) {
  const { requests, logs } = observeScenario({
    format: 1,
    name: "resolver",
    files: {
      "/etc/nginx/nginx.conf": `events {} error_log /var/log/nginx/error.log;
http { ${resolver} server { listen 127.0.0.1:9001; return 200 "$request $http_host"; }
  server { listen 80; location / { proxy_pass http://$arg_to:9001; } } }
`,
    },
    processes: ["nginx"],
    ...(Object.keys(zones).length > 0 && { zones }),
    timeline: hosts.map((host, i) => ({
      at: i * apartMs,
      request: { url: `http://site.net/?to=${host}` },
    })),
  });
  const errors = requests.map(
    ({ nginx }) => nginx?.errorLog?.[0]?.replace(/, client: .*/, "") ?? "",
  );
  return { requests, errors, worker: logs.error ?? [] };
}

describe("with a DNS server", () => {
  const { requests, errors } = ask({
    resolver: "resolver 198.51.100.53 ipv6=off;",
    hosts: ["one.app.net", "ALIAS.app.net.", "none.app.net", "six.app.net", "127.0.0.1"],
  });

  test("a name is resolved, an alias followed; the request is passed as it came", () => {
    expect(requests.map(({ status }) => status)).toEqual([200, 200, 502, 502, 200]);
    expect(requests[0].body).toBe("GET /?to=one.app.net HTTP/1.0 one.app.net:9001");
  });

  test("a name that does not exist, or has no address, is 502", () => {
    expect(errors.slice(2, 4)).toEqual([
      "[error] none.app.net could not be resolved (3: Host not found)",
      "[error] six.app.net could not be resolved (3: Host not found)",
    ]);
  });
});

test("an answer is kept for its TTL, or as long as valid= says", () => {
  const waits = (resolver: string) =>
    ask({
      resolver,
      hosts: ["one.app.net", "one.app.net", "one.app.net"],
      apartMs: 2500,
    }).requests.map(({ ms }) => (ms ?? 0) > 12);
  // The client asks its resolver each time, which takes 8 ms; nginx asking again takes 8 ms more.
  expect(waits("resolver 198.51.100.53;")).toEqual([true, false, true]);
  expect(waits("resolver 198.51.100.53 valid=1m;")).toEqual([true, false, false]);
});

describe("where nobody answers", () => {
  const hosts = ["one.app.net"];

  test("resolver_timeout ends the wait with 502; each question is told, again after 5 s", () => {
    const { errors, requests, worker } = ask({
      resolver: "resolver 127.0.0.1 ipv6=off; resolver_timeout 7s;",
      hosts,
      zones: {},
    });
    expect(requests[0].ms).toBeCloseTo(7000, -2);
    expect(errors).toEqual([
      "[error] one.app.net could not be resolved (110: Operation timed out)",
    ]);
    const line = "recv() failed (111: Connection refused) while resolving, resolver: 127.0.0.1:53";
    expect(worker.map((text) => text.replace(/^.*\[error\] (?:\S+#\S+ )?/, ""))).toEqual([
      line,
      line,
    ]);
  });

  test("with IPv6 the second question meets the error in send(), twice at first", () => {
    const { worker } = ask({
      resolver: "resolver 127.0.0.1; resolver_timeout 7s;",
      hosts,
      zones: {},
    });
    expect(worker.map((text) => /(\w+)\(\) failed/.exec(text)?.[1])).toEqual([
      "send",
      "send",
      "send",
    ]);
  });
});

test("without a resolver the name is refused at once; an empty one is no URL", () => {
  const { errors, requests } = ask({ resolver: "", hosts: ["one.app.net", ""], zones: {} });
  expect(requests.map(({ status }) => status)).toEqual([502, 500]);
  expect(errors[0]).toBe("[error] no resolver defined to resolve one.app.net");
});
