// How dots get onto a canvas: a field becomes a picture of numbers, pictures that show something new are
// sent, and what paints them does not fall behind.
import { describe, expect, it } from "vitest";
import { compactCrowd, wideCrowd } from "../../../src/ui/diagram/crowd-arrangement.ts";
import { DotField, OUTCOME_REFUSED } from "../../../src/ui/traffic/stage/dot-field.ts";
import { FAILED, lookCode, lookOfCode } from "../../../src/ui/traffic/stage/dot-look.ts";
import { createDotPainter } from "../../../src/ui/traffic/stage/dot-painter.ts";
import { blankPicture, layOutDots } from "../../../src/ui/traffic/stage/dot-picture.ts";
import { createPictureSender } from "../../../src/ui/traffic/stage/dot-surface.ts";
import type { ToDotWorker } from "../../../src/ui/traffic/stage/dot-worker-protocol.ts";
import type { PaintContext } from "../../../src/ui/traffic/stage/paint-context.ts";
import { frameOf, type TestDot } from "../fixtures/traffic.ts";

const wide = wideCrowd();
const layout = { fit: { scale: 0.5, left: 10, top: 20 }, density: 2 };

function fieldOf(dots: readonly TestDot[], arrangement = wide): DotField {
  const field = new DotField();
  field.take(arrangement, frameOf(dots), true);
  return field;
}

/** The dots of a picture, each as its four numbers. */
function dotsIn(picture: Float32Array, numbers: number): readonly (readonly number[])[] {
  return Array.from({ length: numbers / 4 }, (_, dot) => [
    ...picture.subarray(dot * 4, dot * 4 + 4),
  ]);
}

describe("a picture of the dots", () => {
  it("has their places and sizes in device pixels", () => {
    const field = fieldOf([{ request: 7, place: "nginx" }]);
    [field.x[0], field.y[0]] = [100.3, 40];
    const picture = blankPicture();
    const numbers = layOutDots(field, layout, picture);
    // (100.3 * 0.5 + 10) * 2 is 120.3: round dots stand on whole pixels.
    expect(dotsIn(picture, numbers)).toEqual([[120, 80, 4, 0]]);
  });

  it("has what failed last, so that it lies over the others", () => {
    const field = fieldOf([
      { request: 7, place: "link down", outcome: OUTCOME_REFUSED },
      { request: 8, place: "nginx", ageMs: 4_000 },
      { request: 9, place: "nginx" },
    ]);
    const picture = blankPicture();
    const looks = dotsIn(picture, layOutDots(field, layout, picture)).map(([, , , code]) => code);
    expect(looks.map((code) => lookOfCode(code).colour)).toEqual([0, 3, FAILED]);
  });

  it("shows the dots of a long queue as squares, at parts of pixels", () => {
    const small = compactCrowd(378, 280);
    const field = new DotField();
    const queues = [{ id: "accept queue", length: 2_000, max: 2_049 }] as const;
    const dots = [{ request: 7, place: "accept queue", slot: 3 }] as const;
    field.take(small, frameOf(dots, { queues }), true);
    const picture = blankPicture();
    const [[x, , , code]] = dotsIn(picture, layOutDots(field, layout, picture));
    expect(lookOfCode(code)).toEqual({ colour: 0, isHollow: false, isSquare: true });
    expect(x).toBeCloseTo((field.x[0] * 0.5 + 10) * 2, 3);
  });

  it("tells every look by a number of its own", () => {
    const flags = [false, true];
    const looks = [0, 1, 2, 3, 4, 5].flatMap((colour) =>
      flags.flatMap((isHollow) => flags.map((isSquare) => ({ colour, isHollow, isSquare }))),
    );
    expect(looks.map((look) => lookOfCode(lookCode(look)))).toEqual(looks);
    expect(new Set(looks.map(lookCode)).size).toBe(looks.length);
  });
});

describe("the pictures on their way", () => {
  type Sent = Exclude<ToDotWorker, { readonly kind: "canvas" }>;

  function sender() {
    const sent: Sent[] = [];
    const pictures = createPictureSender((message) => sent.push(message));
    const show = (...numbers: number[]): boolean =>
      pictures.show((picture) => {
        picture.set(numbers);
        return numbers.length;
      });
    return { ...pictures, sent, show };
  }

  it("are sent when they show something else than the one before", () => {
    const { show, sent } = sender();
    expect([show(1, 2, 3, 0), show(1, 2, 3, 0), show(1, 2, 3, 4)]).toEqual([true, true, true]);
    expect(sent.map((message) => message.kind === "picture" && message.picture[3])).toEqual([0, 4]);
  });

  it("are two at most: a third is written when one has been painted", () => {
    const { show, sent, takeBack } = sender();
    expect([show(1, 1, 1, 0), show(2, 2, 2, 0), show(3, 3, 3, 0)]).toEqual([true, true, false]);
    const [first] = sent;
    if (first.kind === "picture") takeBack(first.picture);
    expect(show(3, 3, 3, 0)).toBe(true);
    expect(sent).toHaveLength(3);
  });

  it("are sent again, the same or not, when colours or size have changed", () => {
    const { show, sent, prepare } = sender();
    show(1, 2, 3, 0);
    prepare({ width: 10, height: 10, colours: ["red"] });
    show(1, 2, 3, 0);
    expect(sent.map(({ kind }) => kind)).toEqual(["picture", "form", "picture"]);
  });
});

describe("the painter", () => {
  /** A canvas that writes down what is done to it. */
  function canvasOf(width: number, height: number) {
    const done: string[] = [];
    const context = {
      canvas: {
        get width() {
          return width;
        },
        set width(value: number) {
          width = value;
          done.push(`width ${value}`);
        },
        height,
      },
      fillStyle: "",
      clearRect: (...box: number[]) => done.push(`clear ${box}`),
      fillRect: (...box: number[]) => done.push(`${context.fillStyle} ${box}`),
    };
    return { context: context as unknown as PaintContext, done };
  }

  const square = [5, 6, 1, lookCode({ colour: 1, isHollow: false, isSquare: true })];

  it("shows nothing before it knows size and colours", () => {
    const { context, done } = canvasOf(20, 10);
    createDotPainter(context).paint(Float32Array.from(square), 4);
    expect(done).toEqual([]);
  });

  it("paints small dots as squares around their middle, over a canvas that it has cleared", () => {
    const { context, done } = canvasOf(20, 10);
    const painter = createDotPainter(context);
    painter.prepare({ width: 20, height: 10, colours: ["blue", "orange"] });
    painter.paint(Float32Array.from(square), 4);
    expect(done).toEqual(["clear 0,0,20,10", "orange 4,5,2,2"]);
  });

  it("takes a new size with the next picture, and not before it", () => {
    const { context, done } = canvasOf(20, 10);
    const painter = createDotPainter(context);
    painter.prepare({ width: 40, height: 20, colours: ["blue", "orange"] });
    expect(done).toEqual([]);
    painter.paint(Float32Array.from(square), 4);
    expect(done).toEqual(["width 40", "orange 4,5,2,2"]);
  });
});
