// The database, the supervisor and the disk: cards most of the time, opened when they are at work.
import type { DjangoQuery } from "../../simulation/journey.ts";
import type { Placed } from "./arrangements.ts";
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { type BoxModel, durationText } from "./model.ts";
import { NARROW_CARD } from "./nodes.ts";
import { TITLE_HEIGHT } from "./parts.ts";
import { rect, rowsOf } from "./rect.ts";
import { Line } from "./text.tsx";
import { firstFitting, wrapText } from "./text-fit.ts";

export function DatabaseBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.database;
  const { connections, connectionsMax, query } = model.scene.database;
  const used = connectionsMax > 0 ? `${connections} of ${connectionsMax} connections` : "";
  const status = model.scene.status.database ?? used;
  return (
    <BoxFrame
      {...{ box, tint: "database", title: model.stage.databaseName || "Database", isActive }}
      aside={used}
      scene={arrangement.focus}
    >
      {box.mode === "card" && <CardStatus box={box} text={used} />}
      {box.mode === "open" && (
        <Queries
          {...{ box, query, queries: model.queries ?? [], status: status === used ? "" : status }}
          nowNs={model.nowNs ?? 0}
        />
      )}
    </BoxFrame>
  );
}

interface QueriesProps {
  readonly box: Placed;
  readonly query: string | null;
  readonly queries: readonly DjangoQuery[];
  readonly status: string;
  readonly nowNs: number;
}

const QUERY_LINE = 19;

/** The query that runs now, and under it those of this request with the time that each took. */
function Queries({ box, query, queries, status, nowNs }: QueriesProps) {
  const width = box.w - 32;
  const top = box.y + TITLE_HEIGHT + 20;
  const room = Math.max(1, Math.floor((box.h - TITLE_HEIGHT - 40) / QUERY_LINE));
  const now = wrapText(
    query ?? (queries.length === 0 ? "no query at this moment" : ""),
    { width, size: 13, face: "mono" },
    Math.min(room, 3),
  );
  const shown = queries.slice(-Math.max(0, room - now.length));
  return (
    <g>
      {now.map((text, i) => (
        <Line
          key={text}
          {...{ x: box.x + 16, y: top + i * QUERY_LINE, text, width, size: 13 }}
          face="mono"
        />
      ))}
      {shown.map((made, i) => (
        <QueryLine
          key={made.step}
          {...{ made, number: queries.length - shown.length + i + 1, width, nowNs }}
          x={box.x + 16}
          y={top + (now.length + i) * QUERY_LINE}
        />
      ))}
      <Line
        {...{ x: box.x + 16, y: box.y + box.h - 16, width }}
        text={[countText(queries, nowNs), status].filter(Boolean).join(" · ")}
        className="quiet"
      />
    </g>
  );
}

interface QueryLineProps {
  readonly made: DjangoQuery;
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly nowNs: number;
}

const TOOK_WIDTH = 72;

function QueryLine({ made, number, x, y, width, nowNs }: QueryLineProps) {
  const { sql, timeNs, tookNs } = made;
  const isDone = tookNs !== null && timeNs + tookNs <= nowNs;
  return (
    <g>
      <Line {...{ x, y, text: `${number}. ${sql}`, width: width - TOOK_WIDTH }} face="mono" />
      <Line
        {...{ x: x + width, y, width: TOOK_WIDTH - 8 }}
        text={isDone ? durationText(tookNs) : "runs"}
        anchor="end"
        className="quiet"
      />
    </g>
  );
}

/** `3 queries, 4.2 ms`: those that have been answered. */
function countText(queries: readonly DjangoQuery[], nowNs: number): string {
  if (queries.length === 0) return "";
  const done = queries.filter(({ timeNs, tookNs }) => tookNs !== null && timeNs + tookNs <= nowNs);
  const sum = done.reduce((total, { tookNs }) => total + (tookNs ?? 0), 0);
  return `${queries.length} ${queries.length === 1 ? "query" : "queries"} so far, ${durationText(sum)}`;
}

/** In a narrow card the sign that one can act on it stands beside the status. */
const SIGN_WIDTH = 20;

export function SupervisorBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.supervisor;
  const units = model.scene.supervisor;
  const status = units.map(({ name, state }) => `${name} ${state}`).join(" · ");
  const rows = rowsOf(
    rect(box.x + 16, box.y + TITLE_HEIGHT, box.w - 32, Math.max(1, box.h - TITLE_HEIGHT - 8)),
    Math.max(1, units.length),
    { gap: 4, heightMax: 26 },
  );
  return (
    <BoxFrame
      {...{ box, tint: "supervisor", title: model.stage.supervisorName || "Supervisor", isActive }}
      aside="keeps the programs running"
      scene={arrangement.focus}
    >
      {box.mode === "card" && (
        <CardStatus
          box={box}
          text={firstFitting(cardTexts(units, status), {
            width: box.w - (box.w < NARROW_CARD ? 28 + SIGN_WIDTH : 28),
            size: 12,
          })}
        />
      )}
      {box.mode === "open" &&
        units.map(({ name, state }, i) => (
          <g key={name} className="part is-done">
            <rect
              className="part-frame"
              {...{ x: rows[i].x, y: rows[i].y, width: rows[i].w, height: rows[i].h, rx: 6 }}
            />
            <Line
              {...{ x: rows[i].x + 12, y: rows[i].y + 17, text: name, width: rows[i].w / 2 }}
              face="mono"
            />
            <Line
              {...{
                x: rows[i].x + rows[i].w - 12,
                y: rows[i].y + 17,
                text: state,
                width: rows[i].w / 2 - 20,
              }}
              anchor="end"
            />
          </g>
        ))}
    </BoxFrame>
  );
}

/** The units with their states, longest first: each, all together, or how many run. */
function cardTexts(units: BoxModel["scene"]["supervisor"], all: string): readonly string[] {
  const [first] = units;
  if (first === undefined) return [""];
  const alike = units.filter(({ state }) => state === first.state);
  if (alike.length < units.length) {
    const other = units.find(({ state }) => state !== "active") ?? first;
    const count = units.filter(({ state }) => state === other.state).length;
    return [all, `${other.name} ${other.state}`, `${count} ${other.state}`];
  }
  const names = units.map(({ name }) => name).join(", ");
  const count = units.length === 1 ? "1 unit" : `${units.length} units`;
  return [
    all,
    `${names} ${first.state}`,
    `${count} ${first.state}`,
    `${units.length} ${first.state}`,
  ];
}

export function DiskBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.disk;
  return (
    <BoxFrame {...{ box, tint: "supervisor", title: "Disk", isActive, scene: arrangement.focus }}>
      <CardStatus
        box={box}
        text={model.scene.status.host ?? (box.w < 110 ? "files" : "files, sockets")}
      />
    </BoxFrame>
  );
}

/** The server that holds the programs: one machine around all of them. */
export function ServerBox({
  arrangement,
  model,
}: {
  arrangement: BoxProps["arrangement"];
  model: BoxModel;
}) {
  const box = arrangement.boxes.server;
  if (box.mode === "hidden") return null;
  const { serverAddress, os } = model.stage;
  const isNarrow = arrangement.boxes.queue.x < 300;
  return (
    <g className="server">
      <rect
        className="server-frame"
        rx={14}
        style={{ x: box.x, y: box.y, width: box.w, height: box.h }}
      />
      <g key={arrangement.focus} className="appear">
        <Line
          {...{ x: box.x + 20, y: box.y + 32, text: "Server", width: 80, size: 14 }}
          face="strong"
        />
        <Line
          x={box.x + 74}
          y={box.y + 32}
          text={isNarrow ? serverAddress : `${serverAddress} · ${os}`}
          width={isNarrow ? 116 : box.w - 94}
          className="quiet"
        />
      </g>
    </g>
  );
}
