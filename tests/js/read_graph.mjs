// Reads a GraphML or GEXF file with graphology and prints the graph it became as JSON.
// Usage: node read_graph.mjs (graphml | gexf) FILE [undirected]

import { readFileSync } from "node:fs";
import { DirectedGraph, UndirectedGraph } from "graphology";
import * as gexf from "graphology-gexf";
import * as graphml from "graphology-graphml";

const [format, file, direction] = process.argv.slice(2);
const Graph = direction === "undirected" ? UndirectedGraph : DirectedGraph;
const graph = { gexf, graphml }[format].parse(Graph, readFileSync(file, "utf8"));

const nodes = Object.fromEntries(graph.mapNodes((id, attributes) => [id, attributes]));
const edges = Object.fromEntries(
  graph.mapEdges((id, attributes, source, target) => [id, { source, target, ...attributes }]),
);
const { type, multi } = graph;
process.stdout.write(JSON.stringify({ type, multi, attributes: graph.getAttributes(), nodes, edges }));
