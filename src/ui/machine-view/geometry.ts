// Where a machine's states and arrows are drawn: from the hand-laid sketch, turned on its side when it
// is wider than the space. Pure.
import type { DrawnTransition, MachineDrawing } from "../../worker/protocol.ts";

export interface StateBox {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface EdgePath {
  readonly transition: string;
  readonly from: string;
  readonly to: string;
  readonly d: string;
  /** Where the label stands, and the direction of the arrow's tip there in degrees. */
  readonly tip: { readonly x: number; readonly y: number; readonly degrees: number };
}

export interface MachineGeometry {
  readonly width: number;
  readonly height: number;
  readonly states: readonly StateBox[];
  readonly edges: readonly EdgePath[];
}

const COLUMNS_MAX = 4;
const BOX_HEIGHT = 40;
const ROW_HEIGHT = 78;

/** Lays `machine` out in `width`. */
export function machineGeometry(machine: MachineDrawing, width: number): MachineGeometry {
  const at = new Map(machine.states.map((state) => [state.name, state.at]));
  const columnsUsed = ranks([...at.values()].map(([column]) => column));
  const rowsUsed = ranks([...at.values()].map(([, row]) => row));
  const isTurned = columnsUsed.size > COLUMNS_MAX && rowsUsed.size < columnsUsed.size;
  const [across, down] = isTurned ? [rowsUsed, columnsUsed] : [columnsUsed, rowsUsed];
  const cell = width / Math.max(1, across.size);
  const w = Math.min(150, cell - 14);
  const states = machine.states.map(({ name, at: [column, row] }): StateBox => {
    const [a, d] = isTurned ? [row, column] : [column, row];
    const x = ((across.get(a) ?? 0) + 0.5) * cell - w / 2;
    return { name, x, y: (down.get(d) ?? 0) * ROW_HEIGHT + 16, w, h: BOX_HEIGHT };
  });
  const boxes = new Map(states.map((box) => [box.name, box]));
  const edges = machine.transitions.flatMap((transition) => edgesOf(transition, boxes));
  return { width, height: down.size * ROW_HEIGHT, states, edges };
}

/** Numbers in use, packed without gaps: 0, 2, 5 become 0, 1, 2. */
function ranks(values: readonly number[]): ReadonlyMap<number, number> {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return new Map(sorted.map((value, rank) => [value, rank]));
}

function edgesOf(
  transition: DrawnTransition,
  boxes: ReadonlyMap<string, StateBox>,
): readonly EdgePath[] {
  const target = boxes.get(transition.to);
  if (target === undefined) return [];
  return transition.from.flatMap((name) => {
    const origin = boxes.get(name);
    if (origin === undefined) return [];
    const shape = origin === target ? loop(origin) : curve(origin, target, [...boxes.values()]);
    return [{ transition: transition.name, from: name, to: transition.to, ...shape }];
  });
}

function loop({ x, y, w }: StateBox): Pick<EdgePath, "d" | "tip"> {
  const right = x + w - 10;
  return {
    d: `M${right - 24},${y} C${right - 24},${y - 18} ${right},${y - 18} ${right},${y - 1}`,
    tip: { x: right, y, degrees: 90 },
  };
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A line from edge to edge; it bends aside where another state stands in the way. */
function curve(a: StateBox, b: StateBox, boxes: readonly StateBox[]): Pick<EdgePath, "d" | "tip"> {
  const from = middle(a);
  const to = middle(b);
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const normal = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const isBlocked = boxes.some((box) => box !== a && box !== b && crosses(from, to, box));
  const bend = isBlocked ? Math.min(90, length * 0.42) : 10;
  const control = {
    x: (from.x + to.x) / 2 + normal.x * bend,
    y: (from.y + to.y) / 2 + normal.y * bend,
  };
  const start = leaves(a, control);
  const end = leaves(b, control);
  const degrees = (Math.atan2(end.y - control.y, end.x - control.x) * 180) / Math.PI;
  return {
    d: `M${start.x},${start.y} Q${control.x},${control.y} ${end.x},${end.y}`,
    tip: { ...end, degrees },
  };
}

function middle({ x, y, w, h }: StateBox): Spot {
  return { x: x + w / 2, y: y + h / 2 };
}

/** Where the line from the middle of `box` towards `target` leaves it. */
function leaves(box: StateBox, target: Spot): Spot {
  const center = middle(box);
  const [dx, dy] = [target.x - center.x, target.y - center.y];
  const shares = [
    dx === 0 ? Number.POSITIVE_INFINITY : box.w / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : box.h / 2 / Math.abs(dy),
  ];
  const share = Math.min(1, ...shares);
  return { x: round(center.x + dx * share), y: round(center.y + dy * share) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const SAMPLES = 12;

function crosses(from: Spot, to: Spot, box: StateBox): boolean {
  for (let i = 1; i < SAMPLES; i += 1) {
    const x = from.x + ((to.x - from.x) * i) / SAMPLES;
    const y = from.y + ((to.y - from.y) * i) / SAMPLES;
    if (x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h) return true;
  }
  return false;
}
