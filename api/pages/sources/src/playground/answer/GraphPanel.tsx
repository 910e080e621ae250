// The nodes of an answer as a picture.
import "../../explorer/graph/graph.css";

import { useMemo } from "react";

import { colouring, sizes as sizesOf } from "../../explorer/graph/appearance";
import { Drawing } from "../../explorer/graph/Drawing";
import { arrange } from "../../explorer/graph/layout";
import { MOST_EDGES, MOST_NODES } from "../../explorer/graph/model";
import { pictureOf } from "../../explorer/graph/picture";
import { texts } from "../../explorer/texts";
import { networkIn } from "./network";

const SIZE = { width: 440, height: 420, fontSize: 12, mostLetters: 26, mostLabels: 24 };

export default function GraphPanel({ answer }: { answer: unknown }) {
  const { nodes, edges } = useMemo(() => shownOf(answer), [answer]);
  const picture = useMemo(() => {
    const sizes = sizesOf(nodes, "degree");
    const positions = arrange({
      nodes: nodes.map(({ id, isHub }) => ({ id, size: sizes.get(id) ?? 1, isHub })),
      edges,
      before: {},
    });
    const colours = colouring(nodes, "kind", { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community });
    return pictureOf({ nodes, edges, moreNodes: 0, moreEdges: 0 }, positions, sizes, colours, { ...SIZE, first: [] });
  }, [nodes, edges]);
  if (nodes.length === 0) return <p>{texts.answer.noNodes}</p>;
  return <Drawing picture={picture} label={texts.answer.picture(nodes.length, edges.length)} />;
}

/** As much as can be seen at once, from the beginning of the answer. */
function shownOf(answer: unknown) {
  const network = networkIn(answer);
  const nodes = network.nodes.slice(0, MOST_NODES);
  const shown = new Set(nodes.map(({ id }) => id));
  const edges = network.edges.filter(({ source, target }) => shown.has(source) && shown.has(target)).slice(0, MOST_EDGES);
  return { nodes, edges };
}
