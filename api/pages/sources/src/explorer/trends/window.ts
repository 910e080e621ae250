// The span of time that trends are looked for in, as the address says it.
import type { Span } from "../charts/spans";
import type { TimeInterval, TrendKind, TrendWindow } from "./trends.operations";

const DAY = 86_400_000;

/** The length of each window, and what its time is counted by in the chart of five of them. */
const WINDOWS: Record<TrendWindow, { days: number; interval: TimeInterval }> = {
  DAY: { days: 1, interval: "DAY" },
  WEEK: { days: 7, interval: "DAY" },
  MONTH: { days: 30, interval: "WEEK" },
  QUARTER: { days: 91, interval: "MONTH" },
};

export const WINDOW_NAMES = Object.keys(WINDOWS) as TrendWindow[];

/** The service compares a window with four before it. */
const COMPARED = 5;

/** What may have risen. */
export const KINDS: TrendKind[] = ["TOPIC", "PROVIDER", "STORY"];

export function windowIn(parameters: URLSearchParams): TrendWindow {
  return WINDOW_NAMES.find((name) => name === parameters.get("window")) ?? "MONTH";
}

export function kindIn(parameters: URLSearchParams): TrendKind {
  return KINDS.find((kind) => kind === parameters.get("kind")) ?? "TOPIC";
}

/** The moment after the window: what the address says, else the one after the latest article. */
export function endIn(parameters: URLSearchParams, lastPublished: string): string {
  const until = parameters.get("until");
  if (until && !Number.isNaN(Date.parse(until))) return until;
  return new Date(Date.parse(lastPublished) + 1_000).toISOString();
}

export function windowBefore(end: string, window: TrendWindow): Span {
  return { from: daysBefore(end, WINDOWS[window].days), to: end };
}

/** All windows that are compared, and what they are counted by. */
export function comparedBefore(end: string, window: TrendWindow): Span & { interval: TimeInterval } {
  const { days, interval } = WINDOWS[window];
  return { from: daysBefore(end, days * COMPARED), to: end, interval };
}

/** The window that is nearest to a span. */
export function nearestWindow({ from, to }: Span): TrendWindow {
  const days = (Date.parse(to) - Date.parse(from)) / DAY;
  const distance = (name: TrendWindow) => Math.abs(Math.log(days / WINDOWS[name].days));
  return WINDOW_NAMES.reduce((nearest, name) => (distance(name) < distance(nearest) ? name : nearest));
}

function daysBefore(moment: string, days: number): string {
  return new Date(Date.parse(moment) - days * DAY).toISOString();
}
