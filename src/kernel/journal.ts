// The journal: what happened, one row of 14 bytes a transition, in columns: u32 time since the row
// before (ns), u32 entity, u16 transition, i32 value. A gap that does not fit in 32 bits (4.29 s) is
// written as escape rows first. Texts and causes are not here: they are in a recorder's side table,
// kept only for requests that somebody looks at.
import { HASH_START, hashWord } from "./hash.ts";

/** So few that memory which was given back serves again: fresh pages cost more than the rows in them. */
const ROWS_PER_CHUNK = 16_384;
/** The transition number of an escape row, which only carries time. */
export const ESCAPE = 0xffff;
const DELTA_MAX = 0xffff_ffff;

export interface JournalChunk {
  readonly startTime: number;
  length: number;
  readonly delta: Uint32Array;
  readonly entity: Uint32Array;
  readonly transition: Uint16Array;
  readonly value: Int32Array;
}

export interface JournalMark {
  readonly rowCount: number;
  readonly lastTime: number;
  readonly lastCommonTime: number;
  readonly commonHash: number;
  readonly innerHash: number;
}

export interface JournalRow {
  readonly row: number;
  readonly time: number;
  readonly entity: number;
  readonly transition: number;
  readonly value: number;
}

export class Journal {
  /** Rows written, escapes included; a row's number is its place in this count. */
  rowCount = 0;
  /**
   * Hash of the rows that every run writes, whoever looks: equal for a crowd and for the same crowd with
   * some of its requests recorded.
   */
  commonHash: number = HASH_START;
  /** When false rows are hashed and counted, but not kept. */
  keep: boolean;

  private readonly chunks: JournalChunk[] = [];
  private current: JournalChunk | null = null;
  private lastTime = 0;
  private lastCommonTime = 0;
  /** Hash of the rows that are written only where somebody looks; 0 while there are none. */
  private innerHash = 0;

  private readonly clock: Float64Array;

  constructor(clock: Float64Array, keep = true) {
    this.clock = clock;
    this.keep = keep;
  }

  /** Hash of every row so far: equal journals have equal hashes on every machine. */
  get hash(): number {
    return this.innerHash === 0 ? this.commonHash : hashWord(this.commonHash, this.innerHash);
  }

  /** Appends one row and returns its number. */
  append(entity: number, transition: number, value: number): number {
    const time = this.clock[0];
    let delta = time - this.lastCommonTime;
    this.lastCommonTime = time;
    while (delta > DELTA_MAX) {
      this.hashCommon(DELTA_MAX, 0, ESCAPE, 0);
      delta -= DELTA_MAX;
    }
    this.hashCommon(delta, entity, transition, value);
    return this.write(entity, transition, value);
  }

  /** Appends a row that is there only because somebody looks, and returns its number. */
  appendInner(entity: number, transition: number, value: number): number {
    const hash = hashWord(hashWord(this.innerHash, this.clock[0] % 2 ** 32), entity);
    this.innerHash = hashWord(hashWord(hash, transition), value);
    return this.write(entity, transition, value);
  }

  /** Every row from `from` on, escapes left out, in order. */
  *rows(from = 0): Generator<JournalRow> {
    let number = 0;
    for (const chunk of this.chunks) {
      let time = chunk.startTime;
      for (let i = 0; i < chunk.length; i++, number++) {
        time += chunk.delta[i];
        if (number < from || chunk.transition[i] === ESCAPE) continue;
        yield {
          row: number,
          time,
          entity: chunk.entity[i],
          transition: chunk.transition[i],
          value: chunk.value[i],
        };
      }
    }
  }

  /** Where the journal stands, for a keyframe. */
  mark(): JournalMark {
    const { rowCount, lastTime, lastCommonTime, commonHash, innerHash } = this;
    return { rowCount, lastTime, lastCommonTime, commonHash, innerHash };
  }

  /** Forgets what came after a mark, so that the run can take another way from there. */
  rewind(mark: JournalMark): void {
    this.rowCount = mark.rowCount;
    this.lastTime = mark.lastTime;
    this.lastCommonTime = mark.lastCommonTime;
    this.commonHash = mark.commonHash;
    this.innerHash = mark.innerHash;
    if (!this.keep) return;
    const chunksKept = Math.ceil(mark.rowCount / ROWS_PER_CHUNK);
    this.chunks.length = Math.min(this.chunks.length, chunksKept);
    this.current = this.chunks.at(-1) ?? null;
    if (this.current !== null)
      this.current.length = mark.rowCount - (chunksKept - 1) * ROWS_PER_CHUNK;
  }

  private hashCommon(delta: number, entity: number, transition: number, value: number): void {
    const hash = hashWord(hashWord(this.commonHash, delta), entity);
    this.commonHash = hashWord(hashWord(hash, transition), value);
  }

  /** Counts a row, and keeps it if rows are kept, behind escapes when the time since the last is long. */
  private write(entity: number, transition: number, value: number): number {
    const time = this.clock[0];
    let delta = time - this.lastTime;
    while (delta > DELTA_MAX) {
      if (this.keep) this.store(DELTA_MAX, 0, ESCAPE, 0);
      this.rowCount++;
      this.lastTime += DELTA_MAX;
      delta -= DELTA_MAX;
    }
    if (this.keep) this.store(delta, entity, transition, value);
    this.lastTime = time;
    return this.rowCount++;
  }

  private store(delta: number, entity: number, transition: number, value: number): void {
    const chunk = this.room();
    const i = chunk.length++;
    chunk.delta[i] = delta;
    chunk.entity[i] = entity;
    chunk.transition[i] = transition;
    chunk.value[i] = value;
  }

  private room(): JournalChunk {
    if (this.current !== null && this.current.length < ROWS_PER_CHUNK) return this.current;
    this.current = {
      startTime: this.lastTime,
      length: 0,
      delta: new Uint32Array(ROWS_PER_CHUNK),
      entity: new Uint32Array(ROWS_PER_CHUNK),
      transition: new Uint16Array(ROWS_PER_CHUNK),
      value: new Int32Array(ROWS_PER_CHUNK),
    };
    this.chunks.push(this.current);
    return this.current;
  }
}
