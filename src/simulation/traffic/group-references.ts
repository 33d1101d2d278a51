// The texts and frozen values that the keyframes of a group refer to. Each one knows by which of them it is used,
// so that those of a message long gone are let go with the last keyframe that holds it.
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

  override close(): void {
    super.close();
    this.values = this.values.slice();
    this.users = this.users.slice(0, this.values.length);
  }

  /** Lets go of those that no others than these use; called when the list is closed. */
  keepThoseOf(users: readonly number[]): void {
    const wanted = users.reduce((bits, user) => bits | (1 << user), 0);
    const isWanted = (number: number): boolean => (this.users[number] & wanted) !== 0;
    this.values = this.values.map((value, number) => (isWanted(number) ? value : undefined));
    this.count = this.values.reduce<number>(
      (sum, _, number) => sum + (isWanted(number) ? 1 : 0),
      0,
    );
  }
}
