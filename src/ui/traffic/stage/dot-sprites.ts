// Pictures of the dots, one for each colour, shape and size, drawn once and stamped as often as there are
// dots: the outline of thousands of circles in one path costs several times as much. What failed is
// a cross and what was sent again is hollow: colour is never the only sign.
import { FAILED } from "./dot-field.ts";

/** What tells one picture from another. */
export interface DotLook {
  /** Index of the colour. */
  readonly colour: number;
  readonly isHollow: boolean;
  /** In device pixels. */
  readonly radius: number;
}

export interface DotSprite {
  readonly image: HTMLCanvasElement;
  /** From the left and upper edge to the middle, in device pixels. */
  readonly middle: number;
}

/** Line width of crosses and hollow dots, as a share of the radius. */
const LINE_SHARE = 0.45;

export type DotSprites = (look: DotLook) => DotSprite;

/** Makes pictures when they are first asked for; `colours` are those of the page's theme. */
export function createSprites(colours: readonly string[]): DotSprites {
  const made = new Map<number, DotSprite>();
  return (look) => {
    const key = (Math.round(look.radius * 16) * 2 + Number(look.isHollow)) * 16 + look.colour;
    let sprite = made.get(key);
    if (sprite === undefined) {
      sprite = draw(look, colours[look.colour]);
      made.set(key, sprite);
    }
    return sprite;
  };
}

function draw({ colour, isHollow, radius }: DotLook, paint: string): DotSprite {
  const middle = Math.ceil(radius * (1 + LINE_SHARE)) + 1;
  const image = document.createElement("canvas");
  image.width = 2 * middle;
  image.height = 2 * middle;
  const context = image.getContext("2d");
  if (context === null) return { image, middle };
  context.fillStyle = paint;
  context.strokeStyle = paint;
  context.lineWidth = radius * LINE_SHARE;
  context.translate(middle, middle);
  context.beginPath();
  if (colour === FAILED) {
    context.moveTo(-radius, -radius);
    context.lineTo(radius, radius);
    context.moveTo(radius, -radius);
    context.lineTo(-radius, radius);
    context.stroke();
  } else {
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    if (isHollow) context.stroke();
    else context.fill();
  }
  return { image, middle };
}
