// The shapes of plain objects: which keys one has, in which order. State has a few dozen of them however
// much of it there is, so a packed object names its shape by a number. The table only grows, and says
// nothing about any run.

const BLANKS = 16;

export class Shape {
  readonly number: number;
  readonly keys: readonly string[];
  /** While something is packed or unpacked: the values of the last object of this shape. */
  last: unknown[] = [];
  inUse = false;
  /** An object of this shape as JSON, with values like those that it had in the run. */
  private example: string | null = null;
  private blanks: Record<string, unknown>[] = [];
  private firstKey = "";
  private firstShape: Shape | null = null;
  private readonly others = new Map<string, Shape>();

  constructor(number: number, keys: readonly string[]) {
    this.number = number;
    this.keys = keys;
  }

  /** No object of this shape has been met yet. */
  begin(): Shape {
    this.inUse = true;
    this.last = this.keys.map(() => undefined);
    return this;
  }

  forget(): void {
    this.inUse = false;
    this.last = [];
  }

  /** Remembers what an object of this shape looks like. */
  learn(object: Record<string, unknown>): void {
    this.example ??= JSON.stringify(object, (key, value) => (key === "" ? value : likeness(value)));
  }

  /** An object with these keys, whose values are still to be set. */
  blank(): Record<string, unknown> {
    const made = this.blanks.pop();
    if (made !== undefined) return made;
    const example = this.example ?? "{}";
    this.blanks = JSON.parse(`[${new Array(BLANKS).fill(example).join()}]`);
    return this.blanks.pop() ?? {};
  }

  /** The shape with one key more. */
  with(key: string): Shape {
    if (this.firstKey === key && this.firstShape !== null) return this.firstShape;
    const known = this.others.get(key);
    if (known !== undefined) return known;
    const made = new Shape(shapes.length, [...this.keys, key]);
    shapes.push(made);
    if (this.firstShape === null) {
      this.firstKey = key;
      this.firstShape = made;
    } else this.others.set(key, made);
    return made;
  }
}

/** Of the kind of a value, so that a field is of the same kind. */
function likeness(value: unknown): unknown {
  if (typeof value === "string") return "";
  if (Array.isArray(value)) return [];
  if (typeof value === "object" && value !== null) return {};
  return value === undefined ? null : value;
}

export const NO_KEYS = new Shape(0, []);
const shapes = [NO_KEYS];

export function shapeNumbered(number: number): Shape {
  return shapes[number];
}
