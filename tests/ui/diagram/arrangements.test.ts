// The hand-laid pictures: nothing overlaps, nothing leaves the picture, and every place can be reached.
import { describe, expect, it } from "vitest";
import {
  type Arrangement,
  compactArrangement,
  wideArrangement,
} from "../../../src/ui/diagram/arrangements.ts";
import { waypoints } from "../../../src/ui/diagram/path.ts";
import { type BoxId, boxIds, focuses } from "../../../src/ui/diagram/places.ts";
import type { Rect } from "../../../src/ui/diagram/rect.ts";

const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const holds = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.w <= outer.x + outer.w &&
  inner.y + inner.h <= outer.y + outer.h;

const onTheServer = ["nginx", "queue", "gunicorn", "database", "supervisor", "disk"] as const;
const shown = ({ boxes }: Arrangement): readonly BoxId[] =>
  boxIds.filter((id) => boxes[id].mode !== "hidden");

describe.each(focuses)("the wide picture with %s open", (focus) => {
  const arrangement = wideArrangement(focus);
  const { boxes, world } = arrangement;

  it("keeps every box inside the picture", () => {
    for (const id of shown(arrangement))
      expect(holds({ x: 0, y: 0, ...world }, boxes[id]), id).toBe(true);
  });

  it("keeps what runs on the server inside the server", () => {
    for (const id of onTheServer) expect(holds(boxes.server, boxes[id]), id).toBe(true);
  });

  it("lets no two boxes overlap", () => {
    const ids = shown(arrangement).filter((id) => id !== "server" && id !== "network");
    for (const a of ids)
      for (const b of ids)
        if (a !== b) expect(overlaps(boxes[a], boxes[b]), `${a} over ${b}`).toBe(false);
  });

  it("gives the open layer the most room", () => {
    const open = focus === "django" ? "gunicorn" : focus;
    expect(boxes[open].mode).toBe("open");
  });

  it("joins the browser to every other box", () => {
    for (const id of shown(arrangement)) {
      if (id === "browser" || id === "server") continue;
      expect(waypoints(arrangement, "browser", id).length, id).toBeGreaterThan(0);
    }
  });
});

describe("the small picture", () => {
  it("shows the open box alone, as large as the space", () => {
    const arrangement = compactArrangement("django", 360, 400);
    expect(shown(arrangement)).toEqual(["gunicorn"]);
    expect(arrangement.boxes.gunicorn).toMatchObject({ x: 6, y: 6, w: 348, h: 388 });
  });

  it.each(focuses)(
    "has a neighbour beside %s where it is wide, and the two do not overlap",
    (focus) => {
      const arrangement = compactArrangement(focus, 960, 340);
      const [a, b] = shown(arrangement);
      expect(shown(arrangement)).toHaveLength(2);
      expect(overlaps(arrangement.boxes[a], arrangement.boxes[b])).toBe(false);
      expect(arrangement.boxes[focus === "django" ? "gunicorn" : focus].mode).toBe("open");
    },
  );
});
