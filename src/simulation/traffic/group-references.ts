// The texts and frozen values that the keyframes of a group refer to. Each one knows by which of them it is used,
// so that those of a message long gone are let go with the last keyframe that holds it.
import { assert } from "../../kernel/assert.ts";
import { References } from "../../kernel/pack-state.ts";

/** So many keyframes a group has at most: a bit of a number for each. */
export const GROUP_MAX = 32;
/** What one counts for, with what is remembered by it. Source: measured with json-api and first-visit. */
const SIZE_OF_REFERENCE = 50;

export class GroupReferences extends References {
  /** Which keyframe of the group is being written. */
  user = 0;
  /** Bytes of memory, about. */
  get size(): number {
    return SIZE_OF_REFERENCE * this.count;
  }
  private count = 0;
  /** Once it is closed: the numbers of the values that are left, in order. */
  private numbersLeft: Uint32Array | null = null;
  /** By reference: a bit for each keyframe that uses it. */
  private users = new Uint32Array(GROUP_MAX);

  override numberOf(value: unknown): number {
    const number = super.numberOf(value);
    if (number === this.users.length) {
      const longer = new Uint32Array(2 * number);
      longer.set(this.users);
      this.users = longer;
    }
    if (this.users[number] === 0) this.count++;
    this.users[number] |= 1 << this.user;
    return number;
  }

  /** Each value at the place of its number. */
  all(): readonly unknown[] {
    const { values, numbersLeft } = this;
    if (numbersLeft === null) return values;
    const all: unknown[] = new Array((numbersLeft.at(-1) ?? -1) + 1).fill(undefined);
    for (let i = 0; i < values.length; i++) all[numbersLeft[i]] = values[i];
    return all;
  }

  override close(): void {
    super.close();
    this.values = this.values.slice();
    this.users = this.users.slice(0, this.values.length);
    this.numbersLeft = Uint32Array.from(this.values.keys());
  }

  /** Lets go of those that no others than these use; called when the list is closed. */
  keepThoseOf(users: readonly number[]): void {
    const { values, users: usersOf, numbersLeft } = this;
    assert(numbersLeft !== null, "the list is closed");
    const wanted = users.reduce((bits, user) => bits | (1 << user), 0);
    let count = 0;
    for (let i = 0; i < values.length; i++) {
      if ((usersOf[i] & wanted) === 0) continue;
      values[count] = values[i];
      usersOf[count] = usersOf[i];
      numbersLeft[count] = numbersLeft[i];
      count++;
    }
    this.values = values.slice(0, count);
    this.users = usersOf.slice(0, count);
    this.numbersLeft = numbersLeft.slice(0, count);
    this.count = count;
  }
}
