// HPACK with the worked numbers of RFC 7541, appendix C.
import { describe, expect, it, test } from "vitest";
import { decodeBlock, encodeInteger, readInteger } from "../../src/wire/hpack.ts";
import { encodeBlock } from "../../src/wire/hpack-policy.ts";
import {
  EMPTY_TABLE,
  findField,
  type HeaderField,
  type HpackTable,
  withSize,
} from "../../src/wire/hpack-table.ts";
import { huffmanBytes, huffmanDecode, huffmanEncode } from "../../src/wire/huffman.ts";
import { bytesOf, hexOf } from "./hex.ts";

test("numbers fill their prefix and go on in sevens of bits (C.1)", () => {
  expect(hexOf(encodeInteger(10, 5))).toBe("0a");
  expect(hexOf(encodeInteger(1337, 5))).toBe("1f9a0a");
  expect(hexOf(encodeInteger(42, 8))).toBe("2a");
  expect(readInteger(bytesOf("1f9a0a"), 0, 5)).toEqual({ value: 1337, end: 3 });
  expect(readInteger(bytesOf("1f9a"), 0, 5)).toBeNull();
  expect(readInteger(bytesOf("1fffffffffff01"), 0, 5)).toBeNull();
});

/** Decodes blocks one after the other with one table. */
function decodeAll(blocks: readonly string[], table: HpackTable = EMPTY_TABLE) {
  let now = table;
  return blocks.map((block) => {
    const decoded = decodeBlock(now, bytesOf(block));
    if (decoded === null) throw new Error("not decoded");
    now = decoded.table;
    return {
      fields: decoded.fields.map(({ field: [name, value] }) => `${name}: ${value}`),
      forms: decoded.fields.map(({ form }) => form),
      tableBytes: now.bytes,
      newest: now.entries[0]?.join(": "),
    };
  });
}

describe("the forms of a field (C.2)", () => {
  it("reads a field that goes into the table", () => {
    const [{ fields, forms, tableBytes }] = decodeAll([
      "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
    ]);
    expect(fields).toEqual(["custom-key: custom-header"]);
    expect(forms).toEqual(["added"]);
    expect(tableBytes).toBe(55);
  });

  it("reads fields that do not, and one that nobody may keep", () => {
    const read = decodeAll(["040c2f73616d706c652f70617468", "100870617373776f726406736563726574"]);
    expect(read.map(({ fields }) => fields[0])).toEqual([
      ":path: /sample/path",
      "password: secret",
    ]);
    expect(read.map(({ forms }) => forms[0])).toEqual(["literal", "never"]);
    expect(read[1].tableBytes).toBe(0);
  });

  it("reads a field by its number alone", () => {
    expect(decodeAll(["82"])[0].fields).toEqual([":method: GET"]);
  });
});

const REQUESTS: readonly (readonly HeaderField[])[] = [
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
  ],
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
    ["cache-control", "no-cache"],
  ],
  [
    [":method", "GET"],
    [":scheme", "https"],
    [":path", "/index.html"],
    [":authority", "www.example.com"],
    ["custom-key", "custom-value"],
  ],
];
const PLAIN = [
  "828684410f7777772e6578616d706c652e636f6d",
  "828684be58086e6f2d6361636865",
  "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
];
const CODED = [
  "828684418cf1e3c2e5f23a6ba0ab90f4ff",
  "828684be5886a8eb10649cbf",
  "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
];

describe("three requests on one connection (C.3, C.4)", () => {
  it.each([PLAIN, CODED])("are decoded with a table that grows", (...blocks) => {
    const read = decodeAll(blocks);
    expect(read.map(({ fields }) => fields)).toEqual(
      REQUESTS.map((fields) => fields.map((field) => field.join(": "))),
    );
    expect(read.map(({ tableBytes }) => tableBytes)).toEqual([57, 110, 164]);
  });

  it("are written as the appendix writes them, Huffman-coded", () => {
    let table = EMPTY_TABLE;
    const blocks = REQUESTS.map((fields) => {
      const encoded = encodeBlock("nghttp2", table, fields);
      table = encoded.table;
      return hexOf(encoded.block);
    });
    expect(blocks).toEqual(CODED);
    expect(table.entries.map(([name]) => name)).toEqual([
      "custom-key",
      "cache-control",
      ":authority",
    ]);
  });
});

const RESPONSES = {
  plain: [
    "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54" +
      "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
    "4803333037c1c0bf",
    "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f" +
      "3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076" +
      "657273696f6e3d31",
  ],
  coded: [
    "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f" +
      "0b97c8e9ae82ae43d3",
    "4883640effc1c0bf",
    "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335df" +
      "dfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
  ],
};

describe("three responses with a table of 256 bytes (C.5, C.6)", () => {
  it.each([RESPONSES.plain, RESPONSES.coded])("throw the oldest entries out", (...blocks) => {
    const read = decodeAll(blocks, withSize(EMPTY_TABLE, 256));
    expect(read.map(({ tableBytes }) => tableBytes)).toEqual([222, 222, 215]);
    expect(read[1].fields[0]).toBe(":status: 307");
    expect(read[2].fields).toEqual([
      ":status: 200",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
      "location: https://www.example.com",
      "content-encoding: gzip",
      "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ]);
    expect(read[2].newest).toMatch(/^set-cookie: foo=/);
  });
});

describe("what is no block", () => {
  it.each([
    ["80", "index 0"],
    ["be", "an entry that is not there"],
    ["41", "a value that is missing"],
    ["4103616263".slice(0, 6), "a text that is cut off"],
    ["008161018161", "a Huffman code without its ones at the end"],
  ])("%s: %s", (block) => {
    expect(decodeBlock(EMPTY_TABLE, bytesOf(block))).toBeNull();
  });
});

describe("the Huffman code", () => {
  it("gives back every byte", () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    expect(huffmanDecode(huffmanEncode(all))).toBe(all);
    expect(huffmanEncode(all).length).toBe(huffmanBytes(all));
  });

  it("codes www.example.com in twelve bytes (C.4.1)", () => {
    expect(hexOf(huffmanEncode("www.example.com"))).toBe("f1e3c2e5f23a6ba0ab90f4ff");
  });
});

test("a field is looked for in the static table first, then among the newest", () => {
  const { table } = encodeBlock("chromium", EMPTY_TABLE, [
    ["accept", "*/*"],
    ["x-a", "1"],
  ]);
  expect(findField(table, [":method", "POST"])).toEqual({ whole: 3, name: 2 });
  expect(findField(table, ["accept", "*/*"])).toEqual({ whole: 63, name: 19 });
  expect(findField(table, ["x-a", "2"])).toEqual({ whole: 0, name: 62 });
});
