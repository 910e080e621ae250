// What a bucket of time is called: a day, a week by its Monday, a month, a quarter, a year.
import { formatDay, formatMonth } from "../formats";
import { texts } from "../texts";
import type { TimeInterval } from "./article-timeline.operations";

export function bucketName(start: string, interval: TimeInterval): string {
  const year = start.slice(0, 4);
  switch (interval) {
    case "YEAR":
      return year;
    case "QUARTER":
      return texts.chart.quarter(Math.floor(Number(start.slice(5, 7)) / 3) + 1, year);
    case "MONTH":
      return formatMonth(start);
    case "WEEK":
      return texts.chart.week(formatDay(start));
    default:
      return formatDay(start);
  }
}
