// What was looked up last in a map by number, in front of that map: a crowd asks for the same connection
// dozens of times for each request, and a read of two arrays is an eighth of a hash. It lies outside the
// world, and a run cannot tell whether it is there: the map is changed through it.

/** A power of two, and more than the connections that are busy at a time. */
const PLACES = 4096;
const NOBODY = -1;

export class Recent<T> {
  /** What the map belongs to: another world, after going back, has other things under the same numbers. */
  private owner: object | null = null;
  private readonly numbers = new Int32Array(PLACES).fill(NOBODY);
  private readonly things = new Array<T | undefined>(PLACES).fill(undefined);

  /** The owner's thing of this number, or undefined; `known` is asked when it was not looked up before. */
  find(owner: object, number: number, known: ReadonlyMap<number, T>): T | undefined {
    if (this.owner !== owner) this.begin(owner);
    const place = number & (PLACES - 1);
    if (this.numbers[place] === number) return this.things[place];
    const thing = known.get(number);
    this.numbers[place] = number;
    this.things[place] = thing;
    return thing;
  }

  /** Puts something under a number into the map. */
  keep(known: Map<number, T>, number: number, thing: T): void {
    known.set(number, thing);
    this.forget(number);
  }

  /** Takes what is under a number out of the map; false when there is nothing. */
  drop(known: Map<number, T>, number: number): boolean {
    this.forget(number);
    return known.delete(number);
  }

  private forget(number: number): void {
    const place = number & (PLACES - 1);
    if (this.numbers[place] !== number) return;
    this.numbers[place] = NOBODY;
    this.things[place] = undefined;
  }

  private begin(owner: object): void {
    this.owner = owner;
    this.numbers.fill(NOBODY);
    this.things.fill(undefined);
  }
}
