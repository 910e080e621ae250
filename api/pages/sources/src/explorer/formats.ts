// Numbers and moments as the reader's language writes them. Moments are in UTC, as the service answers them.
import { language } from "./texts";

const number = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** 4,944 */
export const formatNumber = (value: number): string => number.format(value);
/** 4.9K */
export const formatCompact = (value: number): string => compact.format(value);
/** Mar 2, 2021 */
export const formatDay = (value: string): string => day.format(new Date(value));
/** Mar 2021 */
export const formatMonth = (value: string): string => month.format(new Date(value));
/** 16:05 */
export const formatTime = (value: string): string => time.format(new Date(value));
/** Mar 2, 2021, 4:05 PM */
export const formatMoment = (value: string): string => moment.format(new Date(value));

/** Mar 2021 – May 2021; one name where both ends have the same. */
export function formatSpan(from: string, to: string, format: (value: string) => string = formatDay): string {
  const [start, end] = [format(from), format(to)];
  return start === end ? start : `${start} – ${end}`;
}
