// How many bytes a text has when zlib compresses it. The matching is zlib's own for the fast levels (hash chains,
// greedy), the cost that of its three kinds of blocks; the bits themselves are never written.
// Source: zlib 1.2.13, deflate.c (deflate_fast, configuration_table) and trees.c (_tr_flush_block).
// Simplification: levels 4 to 9 match greedily, too, only with longer chains; Huffman codes longer than 15 bits are
// not shortened.

/** By level: longest chain, a length that is good enough, longest match whose inner positions are hashed. */
const LEVELS: readonly (readonly [chain: number, nice: number, insert: number])[] = [
  [0, 0, 0],
  [4, 8, 4],
  [8, 16, 5],
  [32, 32, 6],
  [16, 16, 258],
  [32, 32, 258],
  [128, 128, 258],
  [256, 128, 258],
  [1024, 258, 258],
  [4096, 258, 258],
];
const MATCH_MIN = 3;
const MATCH_MAX = 258;
/** A match may not begin farther back than the window less the longest look-ahead (MAX_DIST). */
const LOOKAHEAD_MIN = MATCH_MAX + MATCH_MIN + 1;
const LENGTH_CODES = 29;
const END_OF_BLOCK = 256;
/** gzip's header and trailer (RFC 1952). */
const GZIP_FRAME_BYTES = 18;

export interface DeflateOptions {
  readonly level: number;
  /** log2 of the window. */
  readonly windowBits: number;
  readonly memoryLevel: number;
}

interface Block {
  readonly literals: Int32Array;
  readonly distances: Int32Array;
  symbols: number;
  extraBits: number;
  /** Bytes of text it covers. */
  textBytes: number;
}

/** Bytes of the gzip file of a text (latin-1). */
export function gzipBytes(text: string, options: DeflateOptions): number {
  return GZIP_FRAME_BYTES + Math.ceil(deflateBits(text, options) / 8);
}

function deflateBits(text: string, options: DeflateOptions): number {
  const blockSymbols = (1 << (options.memoryLevel + 6)) - 1;
  const matcher = newMatcher(text, options);
  let block = newBlock();
  let bits = 0;
  let at = 0;
  while (at < text.length) {
    const length = findMatch(matcher, at);
    if (length >= MATCH_MIN) countMatch(block, length, at - matcher.matchStart);
    else countLiteral(block, text.charCodeAt(at) & 255);
    const step = length >= MATCH_MIN ? length : 1;
    insertInner(matcher, at, step);
    block.textBytes += step;
    at += step;
    if (block.symbols < blockSymbols) continue;
    bits += blockBits(block);
    block = newBlock();
  }
  return bits + blockBits(block);
}

interface Matcher {
  readonly text: string;
  readonly head: Map<number, number>;
  readonly previous: Int32Array;
  readonly windowMask: number;
  readonly hashShift: number;
  readonly hashMask: number;
  readonly distanceMax: number;
  readonly chain: number;
  readonly nice: number;
  readonly insert: number;
  matchStart: number;
}

function newMatcher(text: string, options: DeflateOptions): Matcher {
  const [chain, nice, insert] = LEVELS[Math.min(9, Math.max(1, options.level))];
  const windowBytes = 1 << options.windowBits;
  const hashBits = options.memoryLevel + 7;
  return {
    text,
    head: new Map(),
    previous: new Int32Array(windowBytes).fill(-1),
    windowMask: windowBytes - 1,
    hashShift: Math.floor((hashBits + 2) / 3),
    hashMask: (1 << hashBits) - 1,
    distanceMax: windowBytes - LOOKAHEAD_MIN,
    chain,
    nice,
    insert,
    matchStart: -1,
  };
}

/** Adds a position to the chains and returns the head before it, or -1. */
function insertPosition(matcher: Matcher, at: number): number {
  const { text, head, previous } = matcher;
  if (at + MATCH_MIN > text.length) return -1;
  const { hashShift, hashMask } = matcher;
  const first = (text.charCodeAt(at) & 255) << (2 * hashShift);
  const second = (text.charCodeAt(at + 1) & 255) << hashShift;
  const key = (first ^ second ^ (text.charCodeAt(at + 2) & 255)) & hashMask;
  const before = head.get(key) ?? -1;
  previous[at & matcher.windowMask] = before;
  head.set(key, at);
  return before;
}

function findMatch(matcher: Matcher, at: number): number {
  let candidate = insertPosition(matcher, at);
  const limit = Math.min(MATCH_MAX, matcher.text.length - at);
  let best = MATCH_MIN - 1;
  // Position 0 is never found again: zlib uses 0 for "no position".
  for (let left = matcher.chain; left > 0 && candidate > 0; left--) {
    if (at - candidate > matcher.distanceMax) break;
    const length = commonLength(matcher.text, candidate, at, limit);
    if (length > best) {
      best = length;
      matcher.matchStart = candidate;
      if (length >= Math.min(matcher.nice, limit)) break;
    }
    const next = matcher.previous[candidate & matcher.windowMask];
    if (next >= candidate) break;
    candidate = next;
  }
  return best;
}

function commonLength(text: string, a: number, b: number, limit: number): number {
  let length = 0;
  while (length < limit && text.charCodeAt(a + length) === text.charCodeAt(b + length)) length++;
  return length;
}

/** Positions inside a short match enter the chains, too; those of a long one do not. */
function insertInner(matcher: Matcher, at: number, step: number): void {
  if (step < MATCH_MIN || step > matcher.insert) return;
  for (let i = 1; i < step; i++) insertPosition(matcher, at + i);
}

function newBlock(): Block {
  return {
    literals: new Int32Array(END_OF_BLOCK + 1 + LENGTH_CODES),
    distances: new Int32Array(30),
    symbols: 0,
    extraBits: 0,
    textBytes: 0,
  };
}

function countLiteral(block: Block, byte: number): void {
  block.literals[byte]++;
  block.symbols++;
}

function countMatch(block: Block, length: number, distance: number): void {
  const [lengthCode, lengthExtra] = lengthCodeOf(length);
  const [distanceCode, distanceExtra] = distanceCodeOf(distance);
  block.literals[END_OF_BLOCK + 1 + lengthCode]++;
  block.distances[distanceCode]++;
  block.extraBits += lengthExtra + distanceExtra;
  block.symbols++;
}

/** Code and extra bits of a match's length (RFC 1951, section 3.2.5). */
function lengthCodeOf(length: number): readonly [number, number] {
  if (length === MATCH_MAX) return [28, 0];
  const value = length - MATCH_MIN;
  if (value < 8) return [value, 0];
  const extra = 29 - Math.clz32(value);
  return [4 * extra + (value >> extra), extra];
}

/** Code and extra bits of a distance (RFC 1951, section 3.2.5). */
function distanceCodeOf(distance: number): readonly [number, number] {
  const value = distance - 1;
  if (value < 4) return [value, 0];
  const extra = 30 - Math.clz32(value);
  return [2 * extra + (value >> extra), extra];
}

/** The cheapest of stored, fixed and dynamic. */
function blockBits(block: Block): number {
  block.literals[END_OF_BLOCK] = 1;
  const stored = block.textBytes * 8 + 40;
  const fixed = 3 + fixedBits(block) + block.extraBits;
  const literalLengths = huffmanLengths(block.literals);
  const distanceLengths = huffmanLengths(block.distances);
  const dynamic =
    3 +
    treeBits(literalLengths, distanceLengths) +
    weightedBits(block.literals, literalLengths) +
    weightedBits(block.distances, distanceLengths) +
    block.extraBits;
  return Math.min(stored, fixed, dynamic);
}

function fixedBits(block: Block): number {
  let bits = 0;
  block.literals.forEach((count, symbol) => {
    const length = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
    bits += count * length;
  });
  return block.distances.reduce((sum, count) => sum + count * 5, bits);
}

function weightedBits(counts: Int32Array, lengths: readonly number[]): number {
  return counts.reduce((sum, count, symbol) => sum + count * lengths[symbol], 0);
}

/** Code lengths of a Huffman tree; at least two symbols have one, as zlib forces. */
function huffmanLengths(counts: ArrayLike<number>): number[] {
  const lengths = new Array<number>(counts.length).fill(0);
  let trees = Array.from(counts, (weight, symbol) => ({ weight, symbols: [symbol] })).filter(
    (tree) => tree.weight > 0,
  );
  for (let symbol = 0; trees.length < 2; symbol++) {
    if (!trees.some((tree) => tree.symbols[0] === symbol))
      trees.push({ weight: 1, symbols: [symbol] });
  }
  trees = trees.sort((a, b) => a.weight - b.weight);
  while (trees.length > 1) {
    const [first, second, ...rest] = trees;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) lengths[symbol]++;
    const joined = { weight: first.weight + second.weight, symbols };
    const place = rest.findIndex((tree) => tree.weight > joined.weight);
    rest.splice(place < 0 ? rest.length : place, 0, joined);
    trees = rest;
  }
  return lengths;
}

/** The order in which the lengths of the length codes are written (RFC 1951, section 3.2.7). */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Bits of the trees' own description: run lengths of the code lengths, themselves Huffman coded. */
function treeBits(literals: readonly number[], distances: readonly number[]): number {
  const counts = new Int32Array(19);
  const extra =
    scanRuns(literals.slice(0, lastUsed(literals, 256) + 1), counts) +
    scanRuns(distances.slice(0, lastUsed(distances, 0) + 1), counts);
  const lengths = huffmanLengths(counts);
  let written = 18;
  while (written > 3 && lengths[LENGTH_ORDER[written]] === 0) written--;
  return 14 + 3 * (written + 1) + weightedBits(counts, lengths) + extra;
}

function lastUsed(lengths: readonly number[], least: number): number {
  let last = lengths.length - 1;
  while (last > least && lengths[last] === 0) last--;
  return last;
}

/** Counts the symbols of the run-length code and returns the extra bits (scan_tree). */
function scanRuns(lengths: readonly number[], counts: Int32Array): number {
  let extra = 0;
  let at = 0;
  while (at < lengths.length) {
    const value = lengths[at];
    let run = 1;
    while (at + run < lengths.length && lengths[at + run] === value) run++;
    extra += value === 0 ? zeroRun(run, counts) : valueRun(value, run, counts);
    at += run;
  }
  return extra;
}

function zeroRun(run: number, counts: Int32Array): number {
  let left = run;
  let extra = 0;
  while (left > 0) {
    const taken = Math.min(left, 138);
    if (taken < 3) counts[0] += taken;
    else counts[taken <= 10 ? 17 : 18]++;
    extra += taken < 3 ? 0 : taken <= 10 ? 3 : 7;
    left -= taken;
  }
  return extra;
}

function valueRun(value: number, run: number, counts: Int32Array): number {
  counts[value]++;
  let left = run - 1;
  let extra = 0;
  while (left > 0) {
    const taken = Math.min(left, 6);
    if (taken < 3) counts[value] += taken;
    else counts[16]++;
    extra += taken < 3 ? 0 : 2;
    left -= taken;
  }
  return extra;
}
