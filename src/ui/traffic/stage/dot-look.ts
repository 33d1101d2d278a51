// What tells one dot from another by the eye: colours, shapes, and how a worker is told of them in a number.

/** Colours: four ages, then answered, then refused or failed. */
export const OLDEST = 3;
export const ANSWERED = 4;
export const FAILED = 5;
export const COLOURS = 6;

export interface DotLook {
  /** Index of the colour. */
  readonly colour: number;
  readonly isHollow: boolean;
  readonly isSquare: boolean;
}

/** In a picture each dot is four numbers: its middle's x and y and its radius in device pixels, its look. */
export const NUMBERS_OF_DOT = 4;

/** A look as one number. */
export function lookCode({ colour, isHollow, isSquare }: DotLook): number {
  return colour * 4 + Number(isHollow) * 2 + Number(isSquare);
}

/** The look that `lookCode` made a number of. */
export function lookOfCode(code: number): DotLook {
  return { colour: code >> 2, isHollow: (code & 2) !== 0, isSquare: (code & 1) !== 0 };
}
