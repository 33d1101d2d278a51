// Draws any state machine from its definition: the current state filled, the transition just taken
// lit, where it can go from here in the list below.
import type { MachineDrawing } from "../../worker/protocol.ts";
import { type EdgePath, machineGeometry, type StateBox } from "./geometry.ts";

export interface MachineDiagramProps {
  readonly machine: MachineDrawing;
  readonly from: string;
  readonly to: string;
  readonly transition: string;
  readonly width: number;
}

export function MachineDiagram({ machine, from, to, transition, width }: MachineDiagramProps) {
  const { height, states, edges } = machineGeometry(machine, width);
  const drawn = edgesToDraw(machine, edges, to);
  const rankOf = (edge: EdgePath): number =>
    edge.transition === transition && edge.from === from ? 2 : edge.from === to ? 1 : 0;
  const ordered = [...drawn].sort((a, b) => rankOf(a) - rankOf(b));
  const finals = new Set(machine.states.filter((state) => state.final).map(({ name }) => name));
  return (
    <svg
      className="machine"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${machine.name}: state ${to}, reached from ${from} by ${transition}.`}
    >
      {ordered.map((edge) => (
        <g key={`${edge.transition}-${edge.from}`} className={`edge ${edgeMarks[rankOf(edge)]}`}>
          <path className="edge-line" d={edge.d} />
          <path
            className="edge-tip"
            d="M0,0 l-8,-4 v8 z"
            transform={`translate(${edge.tip.x},${edge.tip.y}) rotate(${edge.tip.degrees})`}
          />
        </g>
      ))}
      {states.map((box) => (
        <State
          key={box.name}
          box={box}
          mark={box.name === to ? "is-current" : box.name === from ? "is-before" : ""}
          isFinal={finals.has(box.name)}
        />
      ))}
    </svg>
  );
}

const edgeMarks = ["", "is-exit", "is-taken"] as const;

/** A transition that so many states share (an error, an abort) would hide the others. */
const SHARED_BY = 4;

/** Every arrow, but of those that many states share only the ones that touch the current state. */
function edgesToDraw(
  machine: MachineDrawing,
  edges: readonly EdgePath[],
  current: string,
): readonly EdgePath[] {
  const shared = new Set(
    machine.transitions.filter((item) => item.from.length >= SHARED_BY).map(({ name }) => name),
  );
  return edges.filter(
    (edge) => !shared.has(edge.transition) || edge.from === current || edge.to === current,
  );
}

interface StateProps {
  readonly box: StateBox;
  readonly mark: string;
  readonly isFinal: boolean;
}

/** Roughly how many characters of the state's name fit on a line. */
const CHARACTER_WIDTH = 6.6;
const FONT_SIZE = 11.5;

function State({ box, mark, isFinal }: StateProps) {
  const room = Math.floor((box.w - 8) / CHARACTER_WIDTH);
  const longestWord = Math.max(room, ...box.name.split(/[ _-]/).map((word) => word.length));
  const lines = nameLines(box.name, longestWord);
  const longest = Math.max(room, ...lines.map((line) => line.length));
  const fontSize = Math.max(9, (FONT_SIZE * room) / longest);
  const lineHeight = lines.length > 2 ? 12 : 14;
  const x = box.x + box.w / 2;
  const y = box.y + box.h / 2 + 4 - ((lines.length - 1) * lineHeight) / 2;
  return (
    <g className={`state ${mark}`}>
      {isFinal && (
        <rect
          className="state-final"
          {...{ x: box.x - 3, y: box.y - 3, width: box.w + 6, height: box.h + 6, rx: 11 }}
        />
      )}
      <rect
        className="state-frame"
        {...{ x: box.x, y: box.y, width: box.w, height: box.h, rx: 8 }}
      />
      {lines.map((line, i) => (
        <text key={line} x={x} y={y + i * lineHeight} textAnchor="middle" fontSize={fontSize}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** As many lines as a box holds. */
const LINES_MAX = 3;

/**
 * A name in at most three lines, cut at spaces, hyphens and underscores alone: it is never shortened, the
 * last line is longer instead, and smaller with the others.
 */
export function nameLines(name: string, charactersMax: number): readonly string[] {
  const lines: string[] = [];
  for (const word of name.match(/[^ _-]*[ _-]?/g) ?? []) {
    const last = lines.at(-1);
    const joined = (last ?? "") + word;
    const fits = joined.trimEnd().length <= charactersMax || lines.length === LINES_MAX;
    if (last !== undefined && fits) lines[lines.length - 1] = joined;
    else if (word !== "") lines.push(word);
  }
  return lines.map((line) => line.trimEnd());
}
