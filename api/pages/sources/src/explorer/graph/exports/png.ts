// PNG of what is seen: the drawing of the SVG on a canvas, twice as large.
import { pictureOf } from "../picture.ts";
import { type Inks, legendOf, PICTURE } from "./svg.ts";
import type { Exported } from "./whole.ts";

const SCALE = 2;

export function png(exported: Exported, inks: Inks, others: string): Promise<Blob> {
  const { seen, positions, sizes, colours, colourOf } = exported;
  const picture = pictureOf(seen, positions, sizes, colours, PICTURE);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * SCALE;
  canvas.height = picture.height * SCALE;
  const context = canvas.getContext("2d")!;
  context.scale(SCALE, SCALE);
  context.fillStyle = inks.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.strokeStyle = inks.line;
  for (const { x1, y1, x2, y2, isFaint } of picture.lines) {
    context.globalAlpha = isFaint ? 0.35 : 1;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const { node, x, y, radius, token } of picture.marks) {
    disc(context, x, y, radius, colourOf(token));
    if (!node.isHub) continue;
    context.strokeStyle = colourOf(token);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.stroke();
  }
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = inks.paper;
  for (const { text, x, y, anchor, fontSize } of picture.labels) {
    context.font = `${fontSize}px system-ui, sans-serif`;
    context.textAlign = anchor === "middle" ? "center" : anchor;
    context.strokeText(text, x, y);
    context.fillStyle = inks.ink;
    context.fillText(text, x, y);
  }
  context.textAlign = "start";
  context.font = `${PICTURE.fontSize}px system-ui, sans-serif`;
  for (const { x, y, group, text } of legendOf(colours.groups, picture, others)) {
    disc(context, x, y, 7, colourOf(group.token));
    context.fillStyle = inks.soft;
    context.fillText(text, x + 16, y);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser wrote no picture."))), "image/png");
  });
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
