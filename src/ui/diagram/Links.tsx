// The lines between the boxes of the stage.
import type { Link } from "./arrangements.ts";

/** The links, faded in anew whenever `scene` changes. */
export function Links({
  links,
  scene,
}: {
  readonly links: readonly Link[];
  readonly scene: string;
}) {
  return (
    <g key={scene} className="links appear">
      {links
        .filter(({ points }) => points.length > 1)
        .map(({ a, b, points, isAside }) => (
          <polyline
            key={`${a}-${b}`}
            className={`link link-${a}-${b} ${isAside === true ? "is-aside" : ""}`}
            points={points.map(({ x, y }) => `${x},${y}`).join(" ")}
          />
        ))}
    </g>
  );
}
