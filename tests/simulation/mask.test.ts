import { describe, expect, it } from "vitest";
import {
  maskErrorLine,
  maskHeaders,
  maskLogLine,
  maskTokens,
  sessionKeys,
} from "../../src/simulation/mask.ts";

describe("masks", () => {
  it("stand for dates relative to the response's own", () => {
    const headers: [string, string][] = [
      ["Date", "Sat, 21 Nov 2026 09:30:00 GMT"],
      ["Expires", "Sat, 21 Nov 2026 09:40:01 GMT"],
      ["Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"],
    ];
    expect(maskHeaders(headers, 0)).toEqual([
      ["date", "<date>"],
      ["expires", "<date+600>"],
      ["last-modified", "Mon, 01 Jan 2024 00:00:00 GMT"],
    ]);
  });

  it("stand for tokens, whatever their cookies are called", () => {
    const key = "a1".repeat(16);
    const keys = sessionKeys(
      [`sid=${key}; Path=/`, `theme=${"d0".repeat(16)}; Path=/`],
      `a scenario that sets ${"d0".repeat(16)}`,
    );
    expect(
      maskTokens(`sid=${key}; token=${"aB3x".repeat(16)}; theme=${"d0".repeat(16)}`, keys),
    ).toBe(`sid=<sessionid>; token=<csrftoken>; theme=${"d0".repeat(16)}`);
  });

  it.each([
    [
      "[2026-11-21 09:30:00 +0000] [812] [INFO] Booting worker with pid: 812",
      "[<time>] [<pid>] [INFO] Booting worker with pid: <pid>",
    ],
    [
      "[2026-11-21 09:30:00 -0600] [812] [CRITICAL] WORKER TIMEOUT (pid:812)",
      "[<time>] [<pid>] [CRITICAL] WORKER TIMEOUT (pid:<pid>)",
    ],
    [
      "[2026-11-21 09:30:00 +0000] [8] [INFO] Listening at: unix:/run/g.sock (8)",
      "[<time>] [<pid>] [INFO] Listening at: unix:/run/g.sock (<pid>)",
    ],
    [
      '203.0.113.10 - - [21/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 5 "-" "client/1.0"',
      '203.0.113.10 - - [<time>] "GET / HTTP/1.1" 200 5 "-" "client/1.0"',
    ],
    [
      "2026-11-21 09:30:00,123 INFO spawned: 'shop' with pid 812",
      "<time> INFO spawned: 'shop' with pid <pid>",
    ],
  ])("of log lines: %s", (line, masked) => {
    expect(maskLogLine(line)).toBe(masked);
  });

  it("stand for the excess of limit_req, which depends on the millisecond", () => {
    expect(maskErrorLine('[error] limiting requests, excess: 0.985 by zone "z"')).toBe(
      '[error] limiting requests, excess: <n> by zone "z"',
    );
  });
});
