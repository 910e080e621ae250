// Spans of time and the units of the calendar they are counted by.
import type { TimeInterval } from "./article-timeline.operations";

const DAY = 86_400_000;

/** The longest spans that are counted by an interval, in days. */
const LONGEST: [interval: TimeInterval, days: number][] = [
  ["DAY", 62],
  ["WEEK", 400],
  ["MONTH", 4_500],
];

export const INTERVALS: readonly TimeInterval[] = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];

/** The finest interval that leaves a span readable. */
export function fittingInterval(first: string, last: string): TimeInterval {
  const days = (Date.parse(last) - Date.parse(first)) / DAY;
  return LONGEST.find(([, longest]) => days <= longest)?.[0] ?? "YEAR";
}

/** What an address says, if it is an interval. */
export function intervalOf(text: string | null): TimeInterval | null {
  return INTERVALS.find((interval) => interval === text) ?? null;
}
