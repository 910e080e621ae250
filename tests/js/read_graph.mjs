// Reads a GraphML or GEXF file with graphology and prints the graph it became as JSON.
// Usage: node read_graph.mjs (graphml | gexf) FILE

import { readFileSync } from "node:fs";
import { DirectedGraph } from "graphology";
import * as gexf from "graphology-gexf";
import * as graphml from "graphology-graphml";

const [format, file] = process.argv.slice(2);
const graph = { gexf, graphml }[format].parse(DirectedGraph, readFileSync(file, "utf8"));

const nodes = Object.fromEntries(graph.mapNodes((id, attributes) => [id, attributes]));
const edges = Object.fromEntries(
  graph.mapEdges((id, attributes, source, target) => [id, { source, target, ...attributes }]),
);
const { type, multi } = graph;
process.stdout.write(JSON.stringify({ type, multi, attributes: graph.getAttributes(), nodes, edges }));
