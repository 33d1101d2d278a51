// Text to and from the compressed form that a link carries: UTF-8, deflate, base64 for URLs. Reading is
// bounded, because a link can come from anybody: a small one could unpack to gigabytes.

/** Longest link text that is read. Browsers take more, chat programs cut sooner. */
export const LINK_CHARACTERS_MAX = 64_000;
/** Most bytes that a link may unpack to: the limit of a scenario file. */
export const UNPACKED_BYTES_MAX = 2_000_000;

/** Packs a text. */
export async function packText(text: string): Promise<string> {
  const packed = await collect(
    new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")),
    Number.POSITIVE_INFINITY,
  );
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Unpacks a text; rejects when it is no packed text or is larger than allowed. */
export async function unpackText(packed: string): Promise<string> {
  if (packed.length > LINK_CHARACTERS_MAX) throw new RangeError("too long");
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const unpacked = await collect(stream, UNPACKED_BYTES_MAX);
  return new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  bytesMax: number,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total > bytesMax) {
      await reader.cancel();
      throw new RangeError("unpacks to more than allowed");
    }
    chunks.push(value);
  }
  const all = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}
