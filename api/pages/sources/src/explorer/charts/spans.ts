// A span of time that is chosen in a chart, in whole buckets.
import type uPlot from "uplot";

export interface Span {
  from: string;
  /** The first moment after it. */
  to: string;
}

interface Bucket {
  start: string;
  end: string;
}

/** From one bucket to another, whichever comes first. */
export function spanOf(buckets: Bucket[], one: number, other: number): Span | null {
  const first = buckets[Math.min(one, other)];
  const last = buckets[Math.max(one, other)];
  return first && last ? { from: first.start, to: last.end } : null;
}

/** The buckets that the mouse was dragged over; null for a click. */
export function dragged(plot: uPlot, buckets: Bucket[]): Span | null {
  const { left, width } = plot.select;
  if (width < 4) return null;
  const [from, to] = [plot.posToVal(left, "x") * 1000, plot.posToVal(left + width, "x") * 1000];
  const touched = buckets.filter(({ start, end }) => Date.parse(end) > from && Date.parse(start) < to);
  return spanOf(touched, 0, touched.length - 1);
}
