// Nginx: the phases of a request under one another, as its worker runs them.
import type { PhaseView } from "../../simulation/journey.ts";
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { phaseRows } from "./parts.ts";
import type { Rect } from "./rect.ts";
import { Line } from "./text.tsx";
import { textWidth } from "./text-fit.ts";

export function NginxBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.nginx;
  const { nginx, status } = model.scene;
  const workers = nginx.workers.filter(({ role }) => role.startsWith("worker")).length;
  const aside = workers === 1 ? "1 worker" : workers > 1 ? `${workers} workers` : "not running";
  const isCard = box.mode === "card";
  const rows = isCard ? [] : phaseRows(box, nginx.phases.length);
  return (
    <BoxFrame
      {...{ box, tint: "nginx", title: "Nginx", aside, isActive, scene: arrangement.focus }}
    >
      {isCard && <CardStatus box={box} text={status.nginx ?? ""} />}
      {!isCard &&
        nginx.phases.map((phase, i) => <Phase key={phase.name} phase={phase} at={rows[i]} />)}
    </BoxFrame>
  );
}

const signs: Readonly<Record<PhaseView["state"], string>> = {
  "to come": "",
  now: "▸",
  done: "✓",
  skipped: "–",
};

function Phase({ phase, at }: { readonly phase: PhaseView; readonly at: Rect }) {
  const y = at.y + at.h / 2 + 4;
  const size = at.h < 22 ? 11.5 : 12.5;
  const nameWidth = Math.min(textWidth(phase.name, size, "strong"), at.w * 0.6);
  return (
    <g className={`part is-${phase.state.replace(" ", "-")}`}>
      <rect className="part-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={6} />
      <Line {...{ x: at.x + 9, y, text: signs[phase.state], width: 12, size: 11 }} />
      <Line {...{ x: at.x + 24, y, text: phase.name, width: at.w * 0.6, size }} face="strong" />
      <Line
        {...{
          x: at.x + at.w - 10,
          y,
          text: phase.detail,
          width: at.w - nameWidth - 44,
          size: 11.5,
        }}
        anchor="end"
        face="mono"
      />
    </g>
  );
}
