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
});
