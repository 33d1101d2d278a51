import fc from "fast-check";
import { expect, test } from "vitest";
import { buildTree } from "../../../src/layers/dns/tree.ts";
import { parseTtl, readZoneFile } from "../../../src/layers/dns/zone-file.ts";

const read = (text: string) => readZoneFile("example.com", text, "zone:example.com");
const SOA = "@ IN SOA ns1 hostmaster ( 1 2h 1h ; refresh, retry\n  2w 300 )\n@ IN NS ns1\n";

test("owners, times and origins are taken over; names are made absolute", () => {
  const { records, diagnostics } = read(
    `$TTL 1h\n${SOA}www 60 IN A 192.0.2.1\n    IN A 192.0.2.2\n$ORIGIN sub.example.com.\n@ MX 10 mail\n`,
  );
  expect(diagnostics).toEqual([]);
  expect(records.map(({ name, ttl, type, data, line }) => [name, ttl, type, data, line])).toEqual([
    [
      "example.com.",
      3600,
      "SOA",
      "ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 300",
      2,
    ],
    ["example.com.", 3600, "NS", "ns1.example.com.", 4],
    ["www.example.com.", 60, "A", "192.0.2.1", 5],
    ["www.example.com.", 3600, "A", "192.0.2.2", 6],
    ["sub.example.com.", 3600, "MX", "10 mail.sub.example.com.", 8],
  ]);
});

test("what is wrong is said with its line", () => {
  const { diagnostics } = read(
    `$TTL 300\n${SOA}www IN A 192.0.2.300\na IN FOO x\nb CNAME c\nb A 192.0.2.1\nx.org. A 192.0.2.1\n`,
  );
  expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "5 bad dotted quad near '192.0.2.300'",
    "6 unknown RR type 'FOO'",
    "9 ignoring out-of-zone data (x.org.)",
    "8 b.example.com.: CNAME and other data",
  ]);
  expect(read("www A 192.0.2.1\n").diagnostics.map(({ message }) => message)).toEqual([
    "no TTL specified",
    "zone example.com/IN: has 0 SOA records",
    "zone example.com/IN: has no NS records",
  ]);
});

test("times with units", () => {
  expect([parseTtl("1h30m"), parseTtl("2W"), parseTtl("x"), parseTtl("99999999999")]).toEqual([
    5400,
    1_209_600,
    null,
    null,
  ]);
});

test("any text is read without throwing", () => {
  const pieces = fc.constantFrom(
    "@",
    " ",
    "\n",
    "(",
    ")",
    ";",
    '"',
    "\\",
    "IN",
    "A",
    "SOA",
    "$TTL",
    "1h",
    "a.b",
    "$ORIGIN",
  );
  fc.assert(fc.property(fc.array(pieces), (words) => void read(words.join(""))));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void read(text)));
});

test("the root and the top-level domain are implied around a zone, with glue", () => {
  const tree = buildTree({
    "example.com": `$TTL 300\n${SOA}ns1 A 198.51.100.53\nwww A 192.0.2.10\n`,
  });
  expect([...tree.servers.values()].map(({ ip, name, role }) => [ip, name, role])).toEqual([
    ["198.51.100.53", "ns1.example.com.", "authoritative"],
    ["192.5.6.30", "a.gtld-servers.net.", "tld"],
    ["198.41.0.4", "a.root-servers.net.", "root"],
  ]);
});
