// A regular expression that PCRE gives up on: nginx answers 500 and says so in its error log.
import { describe, expect, it } from "vitest";
import { runJourney } from "../../../src/simulation/run-journey.ts";

const answerOf = (inServer: string) => {
  const conf = `events {}\nhttp { server { listen 80; ${inServer} } }\n`;
  const { requests, logs } = runJourney({
    format: 1,
    name: "match limit",
    files: { "/etc/nginx/nginx.conf": conf },
    processes: ["nginx"],
    timeline: [{ at: 0, request: { url: `http://localhost/${"a".repeat(40)}!` } }],
  });
  return { status: requests[0].status, error: logs.map(({ text }) => text).join("\n") };
};

const SUBJECT = `/${"a".repeat(40)}!`;

describe("a regular expression whose match takes too many steps", () => {
  it.each([
    ["location ~ ^/(a+)+$ { return 200; }", "^/(a+)+$"],
    ["location / { rewrite ^/(a+)+$ /b; return 200; }", "^/(a+)+$"],
    ["location / { if ($uri ~ ^/(a+)+$) { return 204; } return 200; }", "^/(a+)+$"],
  ])("ends the request with 500 and an alert: %s", (inServer, pattern) => {
    const { status, error } = answerOf(inServer);
    expect(status).toBe(500);
    expect(error).toContain(`pcre2_match() failed: -47 on "${SUBJECT}" using "${pattern}"`);
    expect(error).toContain("[alert]");
  });

  it("does nothing where it is not reached", () => {
    const { status } = answerOf(
      "location ^~ /a { return 200; } location ~ ^/(a+)+$ { return 204; }",
    );
    expect(status).toBe(200);
  });
});
