// A picture that stands still, as SVG: for other pages, and where the browser draws no WebGL.
import { Link } from "wouter";

import { nodeAddress } from "../nodes";
import type { Mark, Picture } from "./picture";

interface DrawingProps {
  picture: Picture;
  label: string;
  /** Whether each node leads to its page. The list of the page names them too, so Tab passes them over. */
  hasLinks?: boolean;
}

export function Drawing({ picture, label, hasLinks = false }: DrawingProps) {
  const { width, height, lines, marks, labels } = picture;
  return (
    <svg className="graph-drawing" viewBox={`0 0 ${width} ${height}`} role={hasLinks ? "group" : "img"} aria-label={label}>
      {lines.map(({ key, x1, y1, x2, y2, isFaint }) => (
        <line key={key} x1={x1} y1={y1} x2={x2} y2={y2} className={isFaint ? "faint" : undefined} />
      ))}
      {marks.map((mark) =>
        hasLinks ? (
          <Link key={mark.node.id} href={nodeAddress(mark.node.kind, mark.node.id)} tabIndex={-1} aria-label={mark.node.label}>
            <Disc mark={mark} />
          </Link>
        ) : (
          <Disc key={mark.node.id} mark={mark} />
        ),
      )}
      <g aria-hidden="true">
        {labels.map(({ id, text, x, y, anchor, fontSize }) => (
          <text key={id} x={x} y={y + fontSize * 0.35} textAnchor={anchor} fontSize={fontSize}>
            {text}
          </text>
        ))}
      </g>
    </svg>
  );
}

function Disc({ mark: { node, x, y, radius, token } }: { mark: Mark }) {
  return (
    <g>
      <title>{node.label}</title>
      <circle cx={x} cy={y} r={radius} style={{ fill: `var(${token})` }} />
      {node.isHub && <circle className="ring" cx={x} cy={y} r={radius + 4} style={{ stroke: `var(${token})` }} />}
    </g>
  );
}
