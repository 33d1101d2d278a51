// What the message on the stage says: the question, the flight or the statement, not the request's name.
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/layers/layer.ts";
import { travelOf } from "../../../src/ui/diagram/travel.ts";
import { fixtureJourney } from "../fixtures/journey.ts";

const [anyStep] = fixtureJourney().steps;
const question = { name: "Question", value: "www.example.com. IN A" };
const flags = { name: "RCODE", value: "NOERROR" };

function labelOf(layer: "dns" | "tls" | "database" | "tcp", message: Message): string {
  return travelOf({ ...anyStep, layer, messages: [message] }).label;
}

type Frames = Extract<Message, { kind: "http2" }>["frames"];

function framesOf(from: "client" | "server", frames: Frames): string {
  const message: Message = { kind: "http2", title: "", from, frames, left: 0, bytes: 0 };
  const { label, direction } = travelOf({ ...anyStep, layer: "http2", messages: [message] });
  return `${label}, the ${direction}'s way`;
}

function frame(name: string, stream: number, headers: Record<string, string> = {}): Frames[number] {
  const fields = Object.entries(headers);
  return {
    ...{ name, stream, flags: [], bytes: 9, fields: [], shown: [] },
    headers: fields.map(([field, value]) => ({ name: field, value, bytes: 1, from: "static" })),
  };
}

describe("the label of the message", () => {
  it("is the question of the DNS, and its answer", () => {
    const dns = (...fields: readonly { name: string; value: string }[]): string =>
      labelOf("dns", { kind: "dns", title: "Question", fields, bytes: [] });
    expect(dns(question)).toBe("www.example.com A?");
    const answer = { name: "Answer", value: "www.example.com. 300 IN A 192.0.2.10" };
    expect(dns(flags, question, answer)).toBe("A 192.0.2.10");
    const referral = { name: "Authority", value: "com. 172800 IN NS a.gtld-servers.net." };
    expect(dns(flags, question, referral)).toBe("ask com's servers");
    expect(dns({ name: "RCODE", value: "NXDOMAIN" }, question)).toBe("NXDOMAIN");
  });

  it("is the first and the last record of a flight", () => {
    const tls = (...titles: readonly string[]): string =>
      labelOf("tls", {
        kind: "tls",
        title: "The server's flight",
        records: titles.map((title) => ({ title, bytes: 10, fields: [] })),
      });
    expect(tls("ServerHello (TLS 1.3)", "Certificate", "Finished")).toBe("ServerHello … Finished");
    expect(tls("ChangeCipherSpec", "Finished")).toBe("Finished");
  });

  it("is the verb and the table of a statement, and the rows of its result", () => {
    const sql = 'SELECT "id" FROM "shop_product" WHERE "id" = 42';
    expect(labelOf("database", { kind: "sql", title: "SELECT", sql, fields: [] })).toBe(
      "SELECT shop_product",
    );
    const fields = [{ name: "rows", value: "1" }];
    expect(labelOf("database", { kind: "sql", title: "Result", sql, fields })).toBe("1 row");
  });

  it("names the stream and what its frames ask or answer", () => {
    const asked = frame("HEADERS", 5, { ":method": "GET", ":path": "/i0.png" });
    expect(framesOf("client", [asked])).toBe("stream 5: GET /i0.png, the request's way");
    const answered = frame("HEADERS", 5, { ":status": "200" });
    expect(framesOf("server", [answered])).toBe("stream 5: 200, the response's way");
    expect(framesOf("server", [frame("DATA", 5)])).toBe("stream 5: DATA, the response's way");
    const begun = [frame("connection preface", 0), frame("SETTINGS", 0), frame("WINDOW_UPDATE", 0)];
    expect(framesOf("client", begun)).toBe("SETTINGS … WINDOW_UPDATE, the request's way");
  });
});
