// Django inside the worker: the middleware as rings in one another, and in the middle the URL resolver,
// the view and what the view uses. A request goes inwards through every ring and out again.
import type { LayerRing, Scene } from "../../simulation/journey.ts";
import type { Arrangement } from "./arrangements.ts";
import type { BoxModel } from "./model.ts";
import { coreCells, DETAILED_WIDTH_MIN, NAMED_TITLE_MIN, type Rings } from "./parts.ts";
import { centerOf, type Rect } from "./rect.ts";
import { Line } from "./text.tsx";
import { textWidth } from "./text-fit.ts";
import { djangoRings } from "./worker-rect.ts";

interface DjangoRingsProps {
  readonly arrangement: Arrangement;
  readonly model: BoxModel;
}

export function DjangoRings({ arrangement, model }: DjangoRingsProps) {
  const rings = djangoRings(arrangement, model);
  if (rings === null) return null;
  const { middleware, inside } = model.scene.django;
  return (
    <g className="tint-django">
      {rings.rings.map((at, i) => (
        <Ring
          key={middleware[i].name}
          ring={middleware[i]}
          at={at}
          titleHeight={rings.titleHeight}
        />
      ))}
      <Core rings={rings} inside={inside} />
    </g>
  );
}

const signs: Readonly<Record<LayerRing["state"], string>> = {
  "to come": "",
  in: "↓",
  now: "▸",
  out: "↑",
  skipped: "–",
};

interface RingProps {
  readonly ring: LayerRing;
  readonly at: Rect;
  readonly titleHeight: number;
}

function Ring({ ring, at, titleHeight }: RingProps) {
  const size = titleHeight < 18 ? 11 : 12.5;
  const y = at.y + titleHeight / 2 + size * 0.36;
  const name = `${signs[ring.state]} ${ring.name}`.trim();
  // The message stands at the right of the ring that is at work.
  const room = ring.state === "now" ? 210 : 60;
  const nameWidth = textWidth(name, size, "strong");
  return (
    <g className={`ring is-${ring.state.replace(" ", "-")}`}>
      <rect className="ring-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={8} />
      {titleHeight >= NAMED_TITLE_MIN && (
        <Line {...{ x: at.x + 12, y, text: name, width: at.w - 20, size }} face="strong" />
      )}
      {at.w > 380 && titleHeight >= NAMED_TITLE_MIN && (
        <Line
          {...{ x: at.x + 24 + nameWidth, y, text: ring.detail, width: at.w - nameWidth - room }}
          className="quiet"
        />
      )}
    </g>
  );
}

/** The route of `path('products/<int:pk>/')`, the name of `shop.views.product`; a template's own name. */
function plainDetail(detail: string): string {
  const route = /^re_?path\(r?['"](.*?)['"]|^path\(r?['"](.*?)['"]/.exec(detail);
  if (route !== null) return route[1] ?? route[2] ?? detail;
  const isTemplate = /\.(?:html|txt|xml|json)$/.test(detail);
  return isTemplate ? detail : (detail.split(".").at(-1) ?? detail);
}

interface CoreProps {
  readonly rings: Rings;
  readonly inside: Scene["django"]["inside"];
}

function Core({ rings: { core }, inside }: CoreProps) {
  const cells = coreCells(
    core,
    inside.map(({ name }) => name),
  );
  // One size for all, the one that the narrowest can have.
  const size = cells.some(({ w }) => w < 72) ? 11 : 12;
  return (
    <g>
      {cells.slice(1).map((cell, i) => {
        const y = centerOf(cell).y;
        const from = cells[i].x + cells[i].w;
        return <line key={cell.x} className="wire" x1={from} x2={cell.x} y1={y} y2={y} />;
      })}
      {inside.map((part, i) => {
        const at = cells[i];
        const x = at.x + at.w / 2;
        const detail = plainDetail(part.detail);
        const isTall = at.h >= 44 && core.w >= DETAILED_WIDTH_MIN && detail !== "";
        const y = at.y + at.h / 2 + (isTall ? -3 : 4);
        const width = at.w - 4;
        return (
          <g key={part.name} className={`part is-${part.state.replace(" ", "-")}`}>
            <rect className="part-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={7} />
            <Line {...{ x, y, text: part.name, width, size }} face="strong" anchor="middle" />
            {isTall && (
              <Line
                {...{ x, y: y + 17, text: detail, width, size: core.w > 480 ? 11.5 : 11 }}
                face="mono"
                anchor="middle"
                className="quiet"
              />
            )}
          </g>
        );
      })}
    </g>
  );
}
