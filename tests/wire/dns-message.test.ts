import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ALL_TAILS, BIND_TAILS, dnsQuery, emitDns, parseDns } from "../../src/wire/dns-message.ts";
import { labelsOf, nameBytes, nameOf, nameProblem } from "../../src/wire/dns-name.ts";

interface Recorded {
  readonly from: string;
  readonly hex?: string;
  readonly bytes: number;
  readonly answer?: readonly string[];
  readonly edns?: { readonly options?: unknown };
}

const folder = new URL("../recordings/net/", import.meta.url);

function* recordedMessages(): Generator<{ file: string; message: Recorded }> {
  for (const file of readdirSync(folder).filter((name) => name.startsWith("dns-"))) {
    const { observed } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    for (const message of observed) if (message.hex !== undefined) yield { file, message };
  }
}

const bytesOf = (hex: string) => (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: readonly number[]) =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

test("every recorded message is read and written again byte for byte", () => {
  let count = 0;
  for (const { file, message } of recordedMessages()) {
    const parsed = parseDns(bytesOf(message.hex ?? ""));
    expect(parsed, file).not.toBeNull();
    if (parsed === null) continue;
    const isBind = !["stub", "resolver"].includes(message.from);
    const bytes = emitDns(parsed, isBind ? BIND_TAILS : ALL_TAILS);
    expect(hexOf(bytes), `${file} ${JSON.stringify(message.answer)}`).toBe(message.hex);
    const answer = parsed.answer.map((r) => `${r.name} ${r.ttl} ${r.type} ${r.data}`);
    expect(answer).toEqual(message.answer);
    count++;
  }
  expect(count).toBeGreaterThan(300);
});

test("the question for www.example.com is 12 + 17 + 4 = 33 bytes", () => {
  const query = dnsQuery(1, { name: "www.example.com.", type: "A" }, { recursionDesired: true });
  expect(emitDns(query).length).toBe(33);
});

test("names: labels, escapes, lengths", () => {
  expect(labelsOf("a\\.b.c.")).toEqual(["a.b", "c"]);
  expect(nameOf(["a.b", "c"])).toBe("a\\.b.c.");
  expect(labelsOf("\\065x.")).toEqual(["Ax"]);
  expect(nameBytes("www.example.com.")).toBe(17);
  expect(nameProblem(`${"x".repeat(64)}.com.`)).toBe("label too long");
  expect(nameProblem(`${"x.".repeat(128)}`)).toBe("name too long");
});

test("bytes that are no message are read as null or as something, never an endless loop", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 80 }), (bytes) => {
      parseDns(bytes);
    }),
  );
  const loop = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1];
  expect(parseDns(loop)).toBeNull();
});
