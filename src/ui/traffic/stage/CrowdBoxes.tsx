// The two boxes that a crowd fills: the accept queue, with a place for each connection that waits, and
// the workers, each with the share of the last second that it was busy.
import type { TrafficFrame } from "../../../worker/traffic-protocol.ts";
import type { Arrangement } from "../../diagram/arrangements.ts";
import { BoxFrame } from "../../diagram/BoxFrame.tsx";
import { serverName } from "../../diagram/GunicornBox.tsx";
import type { BoxModel } from "../../diagram/model.ts";
import type { Rect } from "../../diagram/rect.ts";
import { Line } from "../../diagram/text.tsx";
import { textWidth, wrapText } from "../../diagram/text-fit.ts";
import { countText, percentText } from "../numbers.ts";
import {
  connectionGrid,
  connectionPlace,
  queueGrid,
  requestPlace,
  wireOf,
  workerGrid,
} from "./crowd-parts.ts";
import { queueLength } from "./dot-places.ts";

export interface CrowdBoxProps {
  readonly arrangement: Arrangement;
  readonly model: BoxModel;
  readonly frame: TrafficFrame;
}

/** So wide is the word over a queue; on the narrowest screens its number stands alone. */
const NAME_WIDTH = 38;

function QueueName({ box, isCompact }: { readonly box: Rect; readonly isCompact: boolean }) {
  const line = { x: box.x + box.w / 2, width: box.w, anchor: "middle" as const, size: 12 };
  return (
    <>
      {!isCompact && <Line {...line} y={box.y + 22} text="accept" className="quiet" />}
      {box.w >= NAME_WIDTH && (
        <Line {...line} y={box.y + (isCompact ? 18 : 37)} text="queue" className="quiet" />
      )}
    </>
  );
}

export function CrowdQueue({ arrangement, frame }: Omit<CrowdBoxProps, "model">) {
  const { isCompact } = arrangement;
  const box = arrangement.boxes.queue;
  const max = frame.queues.find(({ id }) => id === "accept queue")?.max ?? null;
  const { length, left } = queueLength(frame);
  const grid = queueGrid(box, { length, left }, isCompact);
  const x = box.x + box.w / 2;
  const line = { x, width: box.w - 6, anchor: "middle" as const };
  const rows = Math.ceil(Math.min(length, grid.room) / grid.perRow);
  return (
    <g className={`tint-gunicorn ${length > 0 ? "is-waiting" : ""}`}>
      <rect
        className="slot-frame"
        {...{ x: box.x, y: box.y, width: box.w, height: box.h, rx: 10 }}
      />
      <QueueName box={box} isCompact={isCompact} />
      <Line
        {...line}
        y={box.y + (isCompact ? 35 : 57)}
        size={isCompact ? 13 : 15}
        text={countText(length)}
        face="strong"
        className={`queue-count ${length > 0 ? "tinted" : "quiet"}`}
      />
      {rows > 0 && (
        <rect
          className="queue-level"
          {...{ x: grid.area.x, y: grid.area.y + grid.area.h - rows * grid.cell }}
          {...{ width: grid.area.w, height: rows * grid.cell, rx: 3 }}
        />
      )}
      {!isCompact && (
        <Line
          {...line}
          y={box.y + box.h - 13}
          text={max === null ? "" : `of ${countText(max)}`}
          className="quiet"
        />
      )}
      {left > 0 && (
        <LeftInQueue {...line} left={left} bottom={box.y + box.h - (isCompact ? 9 : 31)} />
      )}
    </g>
  );
}

interface LeftInQueueProps {
  readonly x: number;
  readonly width: number;
  readonly anchor: "middle";
  readonly left: number;
  /** The baseline of the last line. */
  readonly bottom: number;
}

/** How many of those in the queue have nobody waiting for them any more; in two lines where it is narrow. */
function LeftInQueue({ left, bottom, ...line }: LeftInQueueProps) {
  const lines = wrapText(`${countText(left)} gone`, { width: line.width, size: 12 }, 2);
  return lines.map((text, i) => (
    <Line
      key={text}
      {...line}
      y={bottom - (lines.length - 1 - i) * 14}
      text={text}
      className="queue-left"
    />
  ));
}

export function CrowdWorkers({ arrangement, model, frame }: CrowdBoxProps) {
  const box = arrangement.boxes.gunicorn;
  const { workers } = frame;
  const { cells, unseen } = workerGrid(box, workers.length, arrangement.isCompact);
  const busy = workers.reduce((sum, worker) => sum + worker.busy, 0) / Math.max(1, workers.length);
  const name = serverName(model);
  const nameOf = (index: number): string => `worker ${index + 1}`;
  // All have their name or all their number only.
  const longest = textWidth(nameOf(cells.length - 1), 12, "strong");
  const isNamed = cells.length > 0 && longest <= cells[0].w - BESIDE_NAME;
  const aside = unseen > 0 ? `and ${unseen} more workers` : `busy ${percentText(busy)}`;
  return (
    <BoxFrame
      {...{ box, tint: "gunicorn", title: name, isActive: false, scene: "crowd" }}
      aside={workers.length === 0 ? "not running" : aside}
    >
      {cells.map((at, i) => (
        <Worker
          key={workers[i].pid}
          {...{ at, worker: workers[i] }}
          name={isNamed ? nameOf(i) : String(i + 1)}
        />
      ))}
    </BoxFrame>
  );
}

interface WorkerProps {
  readonly at: Rect;
  readonly name: string;
  readonly worker: TrafficFrame["workers"][number];
}

/** What a cell keeps free beside its text. */
const BESIDE_NAME = 14;
/** From these sizes on a cell says what it shows. */
const NAMED_WIDTH_MIN = 60;
const SHARE_HEIGHT_MIN = 60;
const SERVES_HEIGHT_MIN = 100;

/** From this width on a cell has room for words beside its numbers. */
const WORDS_WIDTH_MIN = 92;

/** Whom a worker serves: one request by its number, several by how many they are. */
function servesText(requests: readonly number[], hasWords: boolean): string {
  if (requests.length === 0) return "idle";
  if (requests.length > 1) return hasWords ? `${requests.length} requests` : `${requests.length}`;
  return `${hasWords ? "request " : "#"}${countText(requests[0])}`;
}

/** A ring with nobody in it for each request whose client has left: the work goes on, for nobody. */
function Unawaited({ at, worker }: Omit<WorkerProps, "name">) {
  const { requests, unawaited } = worker;
  if (unawaited === 0) return null;
  const rings = Array.from({ length: unawaited }, (_, i) =>
    requestPlace(at, requests.length - unawaited + i),
  );
  const [first] = rings;
  return (
    <>
      {rings.map(({ x, y }) => (
        <circle key={`${x} ${y}`} className="unawaited" cx={x} cy={y} r={3.5} />
      ))}
      {unawaited === 1 && at.w >= WORDS_WIDTH_MIN && (
        <Line
          x={first.x + 9}
          width={at.w - 24}
          y={first.y + 4}
          text="nobody waits"
          className="queue-left"
        />
      )}
    </>
  );
}

function Worker({ at, name, worker }: WorkerProps) {
  const hasWords = at.w >= WORDS_WIDTH_MIN;
  const hasShare = at.w >= NAMED_WIDTH_MIN && at.h >= SHARE_HEIGHT_MIN;
  const line = { x: at.x + 9, width: at.w - BESIDE_NAME };
  const isAtWork = worker.state === "idle" || worker.state === "busy";
  const text = isAtWork ? `${hasWords ? "busy " : ""}${percentText(worker.busy)}` : worker.state;
  const isIdle = worker.requests.length === 0;
  const serves = isIdle && !isAtWork ? "" : servesText(worker.requests, hasWords);
  const bar = { x: at.x + 1, y: at.y + at.h - 6, height: 5, rx: 2.5 };
  return (
    <g className={`chip is-${worker.state}`}>
      <rect className="chip-frame" {...{ x: at.x, y: at.y, width: at.w, height: at.h, rx: 6 }} />
      <Line {...line} y={at.y + 18} text={name} face="strong" className="tinted" />
      {at.h >= SERVES_HEIGHT_MIN && (
        <Line
          {...line}
          y={at.y + 60}
          text={textWidth(serves, 12) <= line.width ? serves : ""}
          className="quiet"
        />
      )}
      <Unawaited {...{ at, worker }} />
      {hasShare && <Line {...line} y={at.y + at.h - 14} text={text} className="quiet" />}
      <rect className="meter" {...bar} width={at.w - 2} />
      <rect className="meter-value" {...bar} width={Math.max(0, (at.w - 2) * worker.busy)} />
    </g>
  );
}

/** The wire between the clients and the server, with room for dots on both of its sides. */
export function CrowdWire({ arrangement, model, frame }: CrowdBoxProps) {
  const { from, to } = wireOf(arrangement);
  const { hits, asked } = frame.hits.tls;
  const resumed = asked === 0 ? "" : `${percentText(hits / asked)} resumed`;
  const { server } = arrangement.boxes;
  const right = server.mode === "hidden" ? to.x : Math.min(to.x, server.x);
  const line = { x: (from.x + right) / 2, width: right - from.x - 4, anchor: "middle" as const };
  return (
    <g className="tint-network">
      <line className="wire is-trunk" x1={from.x} x2={to.x} y1={from.y} y2={to.y} />
      {!arrangement.isCompact && (
        <>
          <Line {...line} y={from.y - 26} text={model.stage.linkLabel} className="quiet" />
          <Line
            {...line}
            y={from.y + 36}
            text={asked === 0 ? "" : "TLS sessions"}
            className="quiet"
          />
          <Line {...line} y={from.y + 50} text={resumed} className="quiet" />
        </>
      )}
    </g>
  );
}

/** In a narrower box there is room for their number only. */
const CONNECTIONS_WIDTH_MIN = 240;

/** The connections of the database: a ring for each that could be, as many as there is room for. */
export function CrowdConnections({ arrangement, model }: Omit<CrowdBoxProps, "frame">) {
  const box = arrangement.boxes.database;
  const isTold = box.w >= CONNECTIONS_WIDTH_MIN && model.stage.databaseName === "PostgreSQL";
  if (box.mode === "hidden" || !isTold) return null;
  const { connections, connectionsMax } = model.scene.database;
  const grid = connectionGrid(box, connectionsMax);
  return (
    <g className="tint-database">
      {Array.from({ length: Math.min(grid.room, connectionsMax) }, (_, slot) => {
        const at = connectionPlace(grid, slot);
        return (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: connections are told apart by number.
            key={slot}
            className={slot < connections ? "connection-place is-open" : "connection-place"}
            cx={at.x}
            cy={at.y}
            r={grid.pitch / 3}
          />
        );
      })}
    </g>
  );
}
