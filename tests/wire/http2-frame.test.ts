// The frames of HTTP/2, byte for byte.
import { expect, test } from "vitest";
import {
  FLAG,
  FRAME,
  flagNames,
  goAwayFrame,
  headersFrames,
  readFrameHeader,
  readPriority,
  readSettings,
  resetFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../../src/wire/http2-frame.ts";
import { bytesOf, hexOf } from "./hex.ts";

test("nginx's first frames are these (recorded)", () => {
  const settings = [
    [3, 128],
    [4, 65_536],
    [5, 16_777_215],
  ] as const;
  expect(hexOf(settingsFrame(settings))).toBe(
    "000012040000000000000300000080000400010000000500ffffff",
  );
  expect(hexOf(windowUpdateFrame(0, 2_147_418_112))).toBe("00000408000000000" + "07fff0000");
  expect(hexOf(SETTINGS_ACK)).toBe("000000040100000000");
  expect(hexOf(goAwayFrame(1, 0))).toBe("0000080700000000000000000100000000");
  expect(hexOf(resetFrame(1, 8))).toBe("00000403000000000100000008");
});

test("settings are read back in their order", () => {
  const frame = settingsFrame([
    [1, 65_536],
    [2, 0],
  ]);
  expect(readSettings(frame.slice(9))).toEqual([
    [1, 65_536],
    [2, 0],
  ]);
});

test("a request with a priority carries five bytes before its block", () => {
  const priority = { exclusive: true, dependsOn: 5, weight: 220 };
  const frame = headersFrames({ stream: 7, block: bytesOf("82"), end: true, priority });
  const header = readFrameHeader(frame);
  expect(header).toEqual({ length: 6, type: FRAME.headers, flags: 0x25, stream: 7 });
  expect(flagNames(header)).toEqual(["END_STREAM", "END_HEADERS", "PRIORITY"]);
  expect(readPriority(frame.slice(9))).toEqual(priority);
  expect(hexOf(frame.slice(9))).toBe("80000005" + "db" + "82");
});

test("a block that is longer than a frame goes on in CONTINUATION", () => {
  const block = "x".repeat(20_000);
  const frames = headersFrames({ stream: 1, block, end: false, priority: null });
  const first = readFrameHeader(frames);
  const second = readFrameHeader(frames, 9 + first.length);
  expect([first.type, first.length, first.flags]).toEqual([FRAME.headers, 16_384, 0]);
  expect([second.type, second.length, second.flags]).toEqual([
    FRAME.continuation,
    3616,
    FLAG.endHeaders,
  ]);
});
