// The nodes of an answer as a picture.
import "../../explorer/graph/graph.css";

import { useMemo, useRef } from "react";

import { colouring, sizes as sizesOf } from "../../explorer/graph/appearance";
import { Drawing } from "../../explorer/graph/Drawing";
import { arrange } from "../../explorer/graph/layout";
import { MOST_EDGES, MOST_NODES } from "../../explorer/graph/model";
import { pictureOf } from "../../explorer/graph/picture";
import { useWidth } from "../../explorer/graph/useWidth";
import { texts } from "../../explorer/texts";
import { networkIn } from "./network";

/** Of its letters in pixels, however wide the panel is. */
const FONT_SIZE = 12;

export default function GraphPanel({ answer }: { answer: unknown }) {
  const { nodes, edges } = useMemo(() => shownOf(answer), [answer]);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const picture = useMemo(() => {
    const sizes = sizesOf(nodes, "degree");
    const positions = arrange({
      nodes: nodes.map(({ id, isHub }) => ({ id, size: sizes.get(id) ?? 1, isHub })),
      edges,
      before: {},
    });
    const colours = colouring(nodes, "kind", { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community });
    return pictureOf({ nodes, edges, moreNodes: 0, moreEdges: 0 }, positions, sizes, colours, {
      width,
      height: width * 0.95,
      fontSize: FONT_SIZE,
      mostLetters: Math.round(width / 14),
      mostLabels: Math.round(width / 16),
      first: [],
    });
  }, [nodes, edges, width]);
  return (
    <div ref={place}>
      {nodes.length === 0 ? (
        <p>{texts.answer.noNodes}</p>
      ) : (
        <Drawing picture={picture} label={texts.answer.picture(nodes.length, edges.length)} />
      )}
    </div>
  );
}

/** As much as can be seen at once, from the beginning of the answer. */
function shownOf(answer: unknown) {
  const network = networkIn(answer);
  const nodes = network.nodes.slice(0, MOST_NODES);
  const shown = new Set(nodes.map(({ id }) => id));
  const edges = network.edges.filter(({ source, target }) => shown.has(source) && shown.has(target)).slice(0, MOST_EDGES);
  return { nodes, edges };
}
