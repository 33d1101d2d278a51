// The network: closed, a wire with its protocol and its distance; open, the exchange between the two
// ends, one arrow for each thing that went over it, oldest above.
import type { Scene } from "../../simulation/journey.ts";
import type { Placed } from "./arrangements.ts";
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { durationText, type LadderRow } from "./model.ts";
import { ladderCapacity, ladderRows, TITLE_HEIGHT } from "./parts.ts";
import { centerOf } from "./rect.ts";
import { Line } from "./text.tsx";

export function NetworkBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.network;
  const protocol = protocolText(model.scene.status);
  if (box.mode === "hidden") return null;
  if (box.mode === "medium")
    return <OpenWire {...{ box, protocol, isActive }} distance={model.stage.linkLabel} />;
  const isCard = box.mode === "card";
  return (
    <BoxFrame
      {...{ box, tint: "network", title: "Network", isActive, scene: arrangement.focus }}
      aside={model.stage.linkLabel}
    >
      {isCard ? (
        <CardStatus box={box} text={protocol} />
      ) : (
        <Ladder box={box} rows={model.ladder} client={model.clientName} />
      )}
    </BoxFrame>
  );
}

/** "TLS connected": the innermost protocol and its state. */
export function protocolText({ tls, tcp }: Scene["status"]): string {
  const [name, state] = tls !== undefined ? ["TLS", tls] : ["TCP", tcp ?? ""];
  return state.startsWith(name) || state === "" ? state : `${name} ${state.toLowerCase()}`;
}

interface OpenWireProps {
  readonly box: Placed;
  readonly protocol: string;
  readonly distance: string;
  readonly isActive: boolean;
}

function OpenWire({ box, protocol, distance, isActive }: OpenWireProps) {
  const { x, y } = centerOf(box);
  const width = box.w - 4;
  return (
    <g className={`tint-network ${isActive ? "is-active" : ""}`}>
      <line className="wire is-trunk" x1={box.x} x2={box.x + box.w} y1={y} y2={y} />
      <Line
        {...{ x, y: y - 12, text: protocol, width }}
        face="strong"
        anchor="middle"
        className="tinted"
      />
      <Line {...{ x, y: y + 22, text: distance, width }} anchor="middle" className="quiet" />
    </g>
  );
}

interface LadderProps {
  readonly box: Placed;
  readonly rows: readonly LadderRow[];
  readonly client: string;
}

function Ladder({ box, rows, client }: LadderProps) {
  const shown = rows.slice(-ladderCapacity(box));
  const cells = ladderRows(box, shown.length);
  const [left, right] = [box.x + 28, box.x + box.w - 28];
  const top = box.y + TITLE_HEIGHT + 32;
  return (
    <g>
      <Line
        {...{ x: left - 8, y: top - 10, text: client.toLowerCase(), width: 90 }}
        className="quiet"
      />
      <Line
        {...{ x: right + 8, y: top - 10, text: "server", width: 90 }}
        anchor="end"
        className="quiet"
      />
      <line className="lifeline" x1={left} x2={left} y1={top} y2={box.y + box.h - 14} />
      <line className="lifeline" x1={right} x2={right} y1={top} y2={box.y + box.h - 14} />
      {shown.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of an exchange are told apart by place.
        <Rung key={i} row={row} span={[left, right]} y={cells[i].y + cells[i].h - 12} />
      ))}
    </g>
  );
}

interface RungProps {
  readonly row: LadderRow;
  readonly span: readonly [left: number, right: number];
  readonly y: number;
}

function Rung({ row, span: [left, right], y }: RungProps) {
  const isOut = row.direction === "request";
  const tip = isOut ? right - 3 : left + 3;
  const back = isOut ? -7 : 7;
  return (
    <g className={`rung ${row.isNow ? "is-now" : ""}`}>
      <line className="wire is-done" x1={left + 3} x2={right - 3} y1={y} y2={y} />
      <path className="tip" d={`M${tip},${y} l${back},-4.5 v9 z`} />
      {!row.isNow && (
        <Line
          {...{ x: (left + right) / 2, y: y - 7, text: row.label, width: right - left - 110 }}
          face="mono"
          anchor="middle"
        />
      )}
      <Line
        {...{
          x: isOut ? left + 8 : right - 8,
          y: y - 7,
          text: durationText(row.timeNs),
          width: 70,
        }}
        size={11}
        anchor={isOut ? "start" : "end"}
        className="quiet"
      />
    </g>
  );
}
