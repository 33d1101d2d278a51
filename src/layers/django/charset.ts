// DEFAULT_CHARSET: the encoding of an HttpResponse whose type names none. Bodies are made as UTF-8 and
// encoded here, where a view, a middleware or an error page hands its response on.
// Source: django/http/response.py, HttpResponseBase.charset and make_bytes, 3.2; Python's codecs.
import { type Chunk, textChunk } from "../../host/network.ts";
import { type Django, settingsOf } from "./django.ts";
import { DEFAULT_TYPE, type Response } from "./http-response.ts";
import type { PyException } from "./python-values.ts";
import type { Run } from "./run.ts";
import { setting } from "./settings.ts";
import { decodeUtf8 } from "./url-encoding.ts";

type Codec = "utf-8" | "latin-1" | "ascii";

/** The charsets whose bytes are simulated, by the names that Python knows them by. */
export const CHARSETS: Readonly<Record<string, Codec | undefined>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  utf_8: "utf-8",
  "latin-1": "latin-1",
  latin1: "latin-1",
  latin_1: "latin-1",
  "iso-8859-1": "latin-1",
  iso8859_1: "latin-1",
  ascii: "ascii",
  "us-ascii": "ascii",
};

/** The first code point that the codec has no byte for, plus one. */
const LIMITS: Readonly<Record<Codec, number>> = { "utf-8": 0x110000, "latin-1": 256, ascii: 128 };

/**
 * Gives a response its charset: in the Content-Type that Django chose, and in its bytes. Done once for
 * each content; the exception is UnicodeEncodeError.
 */
export function encodeResponse(django: Django, run: Run, response: Response): PyException | null {
  if (response.encoded) return null;
  response.encoded = true;
  const charset = setting<string>(settingsOf(django, run), "DEFAULT_CHARSET");
  if (charset === "utf-8") return null;
  const type = response.headers.find(([name]) => name.toLowerCase() === "content-type");
  if (type?.[1] === DEFAULT_TYPE && response.typeIsDefault)
    type[1] = `text/html; charset=${charset}`;
  const named = /;\s*charset=(?<charset>[^\s;]+)/i.exec(type?.[1] ?? "")?.groups?.charset;
  const codec = CHARSETS[(named ?? charset).replaceAll('"', "").toLowerCase()] ?? "utf-8";
  if (codec === "utf-8") return null;
  const content: Chunk[] = [];
  for (const chunk of response.content) {
    const encoded = chunk.text === null ? chunk : encodeText(chunk.text, codec);
    if ("message" in encoded) return encoded;
    content.push(encoded);
  }
  response.content = content;
  return null;
}

function encodeText(utf8Text: string, codec: Codec): Chunk | PyException {
  const text = decodeUtf8(utf8Text) as string;
  const limit = LIMITS[codec];
  const at = [...text].findIndex((character) => (character.codePointAt(0) as number) >= limit);
  return at < 0 ? textChunk(text) : encodeError([...text][at], at, codec);
}

/** As Python says it; Simplification: of a run of such characters only the first is named. */
function encodeError(character: string, at: number, codec: Codec): PyException {
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  const shown =
    code < 0x100
      ? `\\x${hex.padStart(2, "0")}`
      : code < 0x10000
        ? `\\u${hex.padStart(4, "0")}`
        : `\\U${hex.padStart(8, "0")}`;
  return {
    name: "UnicodeEncodeError",
    message: `'${codec}' codec can't encode character '${shown}' in position ${at}: ordinal not in range(${LIMITS[codec]})`,
  };
}
