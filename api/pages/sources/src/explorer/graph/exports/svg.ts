// SVG of what is seen: a drawing that needs no other file.
import type { Group } from "../appearance.ts";
import { pictureOf, type Picture, type PictureOptions } from "../picture.ts";
import { element, escaped } from "../xml.ts";
import { type Exported, rounded } from "./whole.ts";

export const PICTURE: PictureOptions = { width: 1600, height: 1200, fontSize: 15, mostLetters: 44, mostLabels: 90, first: [] };
const LEGEND_LINE = 24;

export interface Inks {
  paper: string;
  ink: string;
  soft: string;
  line: string;
}

/** The legend's entries with their places, below each other at the lower left. */
export function legendOf(groups: readonly Group[], picture: Picture, others: string): { x: number; y: number; group: Group; text: string }[] {
  return groups.map((group, index) => ({
    group,
    text: `${group.label ?? others} (${group.count})`,
    x: 28,
    y: picture.height - 28 - (groups.length - 1 - index) * LEGEND_LINE,
  }));
}

export function svg(exported: Exported, inks: Inks, others: string): string {
  const { seen, positions, sizes, colours, colourOf, title } = exported;
  const picture = pictureOf(seen, positions, sizes, colours, PICTURE);
  const lines = picture.lines.map(({ x1, y1, x2, y2, isFaint }) =>
    element("line", { x1: rounded(x1), y1: rounded(y1), x2: rounded(x2), y2: rounded(y2), "stroke-opacity": isFaint ? 0.35 : null }),
  );
  const marks = picture.marks.flatMap(({ node, x, y, radius, token }) => [
    element("circle", { cx: rounded(x), cy: rounded(y), r: rounded(radius), fill: colourOf(token) }, element("title", {}, escaped(node.label))),
    ...(node.isHub ? [element("circle", { cx: rounded(x), cy: rounded(y), r: rounded(radius + 4), fill: "none", stroke: colourOf(token), "stroke-width": 2 })] : []),
  ]);
  const labels = picture.labels.map(({ text, x, y, anchor, fontSize }) =>
    element("text", { x: rounded(x), y: rounded(y + fontSize * 0.35), "text-anchor": anchor, "font-size": fontSize }, escaped(text)),
  );
  const legend = legendOf(colours.groups, picture, others).flatMap(({ x, y, group, text }) => [
    element("circle", { cx: x, cy: y, r: 7, fill: colourOf(group.token) }),
    element("text", { x: x + 16, y: y + 5, "font-size": 15 }, escaped(text)),
  ]);
  const { width, height } = picture;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">`,
    element("title", {}, escaped(title)),
    element("rect", { width, height, fill: inks.paper }),
    element("g", { stroke: inks.line, "stroke-width": 1 }, lines.join("\n") || "\n"),
    element("g", { stroke: inks.paper, "stroke-width": 1 }, marks.join("\n") || "\n"),
    element("g", { fill: inks.ink, stroke: inks.paper, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }, labels.join("\n") || "\n"),
    element("g", { fill: inks.soft }, legend.join("\n") || "\n"),
    "</svg>",
    "",
  ].join("\n");
}
