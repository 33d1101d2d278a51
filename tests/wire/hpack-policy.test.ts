// What each program writes, against what was recorded of it: sizes of Chromium's and curl's requests, and
// the very bytes of nginx's answers.
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { decodeBlock } from "../../src/wire/hpack.ts";
import { encodeBlock, type HpackPolicy, listed } from "../../src/wire/hpack-policy.ts";
import { EMPTY_TABLE, type HeaderField } from "../../src/wire/hpack-table.ts";
import { bytesOf, hexOf } from "./hex.ts";

interface Answer {
  readonly request: string;
  readonly block: string;
  readonly fields: readonly string[];
}

const recorded = JSON.parse(readFileSync("tests/wire/nginx-blocks.json", "utf8")) as {
  readonly answers: readonly Answer[];
};

/** The sizes of blocks that follow each other on one connection. */
function sizes(policy: HpackPolicy, requests: readonly (readonly HeaderField[])[]): number[] {
  let table = EMPTY_TABLE;
  return requests.map((fields) => {
    const encoded = encodeBlock(policy, table, fields);
    table = encoded.table;
    return encoded.block.length;
  });
}

function fields(lines: readonly string[]): readonly HeaderField[] {
  return lines.map((line) => {
    const colon = line.indexOf(": ", 1);
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
}

describe("nginx 1.22.1", () => {
  it.each(recorded.answers)("writes its answer to $request in these bytes", (answer) => {
    const decoded = decodeBlock(EMPTY_TABLE, bytesOf(answer.block));
    expect(decoded?.fields.map(({ field }) => field.join(": "))).toEqual(answer.fields);
    // What stands as a literal with its name written out is nginx's list of other headers.
    const given = decoded?.fields.map(({ field, form }) =>
      form === "literal" ? listed(field) : field,
    );
    const shrinks = answer.request.includes("HEADER_TABLE_SIZE");
    const { block } = encodeBlock("nginx", EMPTY_TABLE, given ?? [], shrinks);
    expect(hexOf(block)).toBe(answer.block);
  });
});

test("curl's three requests take 43, 15 and 6 bytes (net/http2-three-gets.json)", () => {
  const ask = (path: string) =>
    fields([
      ...[":method: GET", `:path: ${path}`, ":scheme: https", ":authority: www.example.com:8443"],
      ...["user-agent: curl/7.88.1", "accept: */*"],
    ]);
  expect(sizes("nghttp2", ["/1024.bin", "/14336.bin", "/"].map(ask))).toEqual([43, 15, 6]);
});

describe("Chromium 156 (net/br-http2-page.json)", () => {
  const AGENT =
    "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36";
  const BRANDS = 'sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"';
  const start = (path: string) => [
    ...[":method: GET", ":authority: www.example.com", ":scheme: https", `:path: ${path}`],
  ];
  const END = ["accept-encoding: gzip, deflate, br, zstd", "accept-language: en-US,en;q=0.9"];
  const page = fields([
    ...start("/"),
    ...[BRANDS, "sec-ch-ua-mobile: ?0", 'sec-ch-ua-platform: "Linux"'],
    ...["upgrade-insecure-requests: 1", AGENT],
    "accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    ...["sec-fetch-site: none", "sec-fetch-mode: navigate", "sec-fetch-user: ?1"],
    ...["sec-fetch-dest: document", ...END, "priority: u=0, i"],
  ]);
  const image = (path: string) =>
    fields([
      ...start(path),
      ...['sec-ch-ua-platform: "Linux"', AGENT, BRANDS, "sec-ch-ua-mobile: ?0"],
      "accept: image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
      ...["sec-fetch-site: same-origin", "sec-fetch-mode: no-cors", "sec-fetch-dest: image"],
      ...["referer: https://www.example.com/", ...END, "priority: u=2, i"],
    ]);

  it("asks for a page in 433 bytes, for its first image in 129, for the next in 22 each", () => {
    const requests = [page, image("/i0.png"), image("/i1.png"), image("/i2.png")];
    // Of a frame's size: nine bytes are its head, five the priority.
    expect(sizes("chromium", requests)).toEqual([447, 143, 36, 36].map((bytes) => bytes - 14));
  });

  it("gives each cookie an entry of its own", () => {
    const { table } = encodeBlock("chromium", EMPTY_TABLE, [["cookie", "a=1; b=2"]]);
    expect(table.entries).toEqual([
      ["cookie", "b=2"],
      ["cookie", "a=1"],
    ]);
  });
});

test("nghttp2 never lets a short cookie or a password be kept", () => {
  const { block } = encodeBlock("nghttp2", EMPTY_TABLE, [
    ["cookie", "a=1"],
    ["authorization", "Basic eDp5"],
    ["cookie", "sessionid=0123456789abcdef"],
  ]);
  const forms = decodeBlock(EMPTY_TABLE, block)?.fields.map(({ form }) => form);
  expect(forms).toEqual(["never", "never", "added"]);
});
