// Gunicorn: the arbiter, which only watches, and its workers, which serve. Django has no box of its own:
// it runs inside each worker, so the worker that serves this request opens up.
import type { WorkerView } from "../../simulation/journey.ts";
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { DjangoRings } from "./DjangoRings.tsx";
import { type BoxModel, durationText } from "./model.ts";
import { arbiterAndWorkers, chipGrid, columnsOfChips, workerParts } from "./parts.ts";
import { centerOf, type Rect, rect, sideOf } from "./rect.ts";
import { Line } from "./text.tsx";
import { firstFitting, textWidth } from "./text-fit.ts";
import { isWorkerItself } from "./worker-rect.ts";

export function serverName({ stage }: BoxModel): string {
  return stage.applicationServer === "uwsgi" ? "uWSGI" : "Gunicorn";
}

function statusOfServer({ scene }: BoxModel): string {
  const { arbiter, workers } = scene.gunicorn;
  const status = scene.status.gunicorn ?? scene.status.uwsgi ?? "";
  return status === "" && arbiter === null && workers.length === 0 ? "not running" : status;
}

export function GunicornBox(props: BoxProps) {
  const { arrangement, model, isActive } = props;
  const box = arrangement.boxes.gunicorn;
  if (box.mode === "hidden") return null;
  const shared = { box, tint: "gunicorn", isActive, scene: arrangement.focus } as const;
  if (box.mode === "card") {
    return (
      <BoxFrame {...shared} title={serverName(model)}>
        <CardStatus box={box} text={statusOfServer(model)} />
        <SmallWorkers box={box} model={model} />
      </BoxFrame>
    );
  }
  if (isWorkerItself(arrangement)) return <OpenedWorker {...props} />;
  if (box.mode === "open") {
    return (
      <BoxFrame
        {...shared}
        title={serverName(model)}
        aside={model.stage.upstreamLabel}
        asideFace="mono"
      >
        <ArbiterAndWorkers box={box} model={model} />
      </BoxFrame>
    );
  }
  const { arbiter, queued, queueMax } = model.scene.gunicorn;
  const aside =
    arbiter === null ? "not running" : `arbiter ${arbiter.pid} · queue ${queued} / ${queueMax}`;
  return (
    <BoxFrame {...shared} title={serverName(model)} aside={aside}>
      <ChipsAndWorker {...props} />
    </BoxFrame>
  );
}

/** What is said of a worker's process, longest first. */
function processTexts(worker: WorkerView | undefined): readonly string[] {
  if (worker === undefined) return [];
  const pid = `pid ${worker.pid}`;
  if (worker.timeoutNs <= 0) return [pid];
  const beat = `${pid} · heartbeat ${durationText(worker.heartbeatNs)} ago`;
  return [`${beat} of ${durationText(worker.timeoutNs)}`, beat, pid];
}

/** Gunicorn's box as the worker that serves, with the others as chips at its right. */
function OpenedWorker(props: BoxProps) {
  const { arrangement, model, isActive } = props;
  const box = arrangement.boxes.gunicorn;
  const number = model.servingWorker ?? 1;
  const { workers } = model.scene.gunicorn;
  const worker = workers.find((candidate) => candidate.number === number);
  const others = box.w > 480 ? workers.filter((candidate) => candidate !== worker) : [];
  const chips = columnsOfChips(box, others.length);
  const title = `${serverName(model)} worker ${number}`;
  const titleWidth = textWidth(title, 15, "strong") + 32;
  const width = box.w - titleWidth - 52 - chips.length * 72;
  return (
    <BoxFrame {...{ box, tint: "gunicorn", isActive, scene: arrangement.focus }} title={title}>
      <Line
        x={box.x + titleWidth}
        y={box.y + 28}
        text={firstFitting(processTexts(worker), { width, size: 12 })}
        width={width}
        className="quiet"
      />
      {chips.map((at, i) => (
        <Chip key={others[i].number} worker={others[i]} at={at} isTiny />
      ))}
      <DjangoRings arrangement={arrangement} model={model} />
    </BoxFrame>
  );
}

function ChipsAndWorker({ arrangement, model }: BoxProps) {
  const box = arrangement.boxes.gunicorn;
  const { workers } = model.scene.gunicorn;
  const number = model.servingWorker ?? workers[0]?.number;
  const others = workers.filter((worker) => worker.number !== number);
  const { chips, open, unseen } = workerParts(box, others.length);
  if (open === null || number === undefined)
    return (
      <Line x={box.x + 16} y={box.y + 62} text="no process" width={box.w - 32} className="quiet" />
    );
  const isServing = model.servingWorker !== null;
  return (
    <g>
      {chips.map((at, i) => (
        <Chip key={others[i].number} worker={others[i]} at={at} />
      ))}
      <rect
        className={`worker-frame ${isServing ? "is-serving" : ""}`}
        {...{ x: open.x, y: open.y, width: open.w, height: open.h, rx: 8 }}
      />
      <Line
        {...{ x: open.x + 12, y: open.y + 21, text: `worker ${number}`, width: 90, size: 13 }}
        face="strong"
        className="tinted"
      />
      <Line
        {...{ x: open.x + open.w - 12, y: open.y + 21, width: open.w - 120 }}
        text={unseen > 0 ? `and ${unseen} more · Django runs in each` : "Django runs in here"}
        anchor="end"
        className="quiet"
      />
      <DjangoRings arrangement={arrangement} model={model} />
    </g>
  );
}

interface ChipProps {
  readonly worker: WorkerView;
  readonly at: Rect;
  readonly isTiny?: boolean;
}

function Chip({ worker, at, isTiny = false }: ChipProps) {
  const line = {
    x: at.x + (isTiny ? 7 : 10),
    width: at.w - (isTiny ? 8 : 16),
    size: isTiny ? 11.5 : 12,
  };
  return (
    <g className={`chip ${worker.busy ? "is-busy" : ""}`}>
      <rect className="chip-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={6} />
      <Line
        {...line}
        y={at.y + 18}
        text={`worker ${worker.number}`}
        face="strong"
        className="tinted"
      />
      {!isTiny && <Line {...line} y={at.y + 34} text={worker.state} className="quiet" />}
      {worker.busy && (
        <rect
          className="chip-bar"
          x={at.x}
          y={at.y + at.h - 4}
          width={at.w * 0.6}
          height={4}
          rx={2}
        />
      )}
    </g>
  );
}

function SmallWorkers({ box, model }: { readonly box: Rect; readonly model: BoxModel }) {
  const { workers } = model.scene.gunicorn;
  if (box.h < 110 || workers.length === 0) return null;
  return chipGrid(box, workers.length).map((at, i) => (
    <Chip key={workers[i].number} worker={workers[i]} at={at} isTiny />
  ));
}

function ArbiterAndWorkers({ box, model }: { readonly box: Rect; readonly model: BoxModel }) {
  const { arbiter, workers } = model.scene.gunicorn;
  const parts = arbiterAndWorkers(box, workers.length);
  const at = parts.arbiter;
  const text = arbiter === null ? "not running" : `pid ${arbiter.pid} · ${arbiter.state}`;
  return (
    <g>
      {parts.workers.map((worker, i) => {
        const x = centerOf(worker).x;
        const from = sideOf(at, "bottom").y;
        const key = workers[i].number;
        return <line key={key} className="tether" x1={x} x2={x} y1={from} y2={worker.y} />;
      })}
      <rect className="worker-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={8} />
      <Line
        {...{ x: at.x + 14, y: at.y + 22, text: "arbiter", width: 90, size: 13 }}
        face="strong"
        className="tinted"
      />
      <Line {...{ x: at.x + 14, y: at.y + 39, text, width: at.w * 0.5 }} className="quiet" />
      <Line
        {...{ x: at.x + at.w - 14, y: at.y + 39, width: at.w * 0.5 - 20 }}
        text={
          parts.unseen > 0 ? `and ${parts.unseen} more workers` : "watches, never touches a request"
        }
        anchor="end"
        className="quiet"
      />
      {parts.workers.map((card, i) => (
        <WorkerCard key={workers[i].number} worker={workers[i]} at={card} />
      ))}
    </g>
  );
}

/** The heartbeat against the timeout, longest first. */
function beatTexts({ heartbeatNs, timeoutNs }: WorkerView): readonly string[] {
  const [silent, limit] = [durationText(heartbeatNs), durationText(timeoutNs)];
  return [
    `heartbeat ${silent} ago of ${limit}`,
    `beat ${silent} of ${limit}`,
    `${silent} / ${limit}`,
  ];
}

function WorkerCard({ worker, at }: { readonly worker: WorkerView; readonly at: Rect }) {
  const line = { x: at.x + 14, width: at.w - 26 };
  const share = worker.timeoutNs > 0 ? Math.min(1, worker.heartbeatNs / worker.timeoutNs) : 0;
  const barY = at.y + Math.min(at.h - 14, 88);
  return (
    <g className={`chip ${worker.busy ? "is-busy" : ""}`}>
      <rect className="chip-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={8} />
      <Line
        {...line}
        y={at.y + 24}
        text={`worker ${worker.number}`}
        size={13}
        face="strong"
        className="tinted"
      />
      <Line {...line} y={at.y + 43} text={worker.state} />
      <Line {...line} y={at.y + 60} text={`pid ${worker.pid}`} className="quiet" />
      {worker.timeoutNs > 0 && at.h > 86 && (
        <>
          <Line
            {...line}
            y={barY - 6}
            size={11}
            text={firstFitting(beatTexts(worker), { width: line.width, size: 11 })}
            className="quiet"
          />
          <rect className="meter" x={line.x} y={barY} width={line.width} height={5} rx={2.5} />
          <rect
            className="meter-value"
            x={line.x}
            y={barY}
            width={line.width * share}
            height={5}
            rx={2.5}
          />
        </>
      )}
      {at.h > 170 && <DjangoGlyph at={rect(at.x + 14, at.y + 106, at.w - 28, at.h - 120)} />}
    </g>
  );
}

/** Django as it sits in every worker, asleep until a request comes: rings without names. */
function DjangoGlyph({ at }: { readonly at: Rect }) {
  return (
    <g className="tint-django django-glyph">
      {[0, 6, 12].map((by) => (
        <rect
          key={by}
          className="ring-frame"
          {...{ x: at.x + by, y: at.y + by, width: at.w - 2 * by, height: at.h - 2 * by, rx: 6 }}
        />
      ))}
      <Line
        {...{ x: at.x + at.w / 2, y: at.y + at.h / 2 + 4, text: "Django", width: at.w - 30 }}
        anchor="middle"
        className="tinted"
      />
    </g>
  );
}
