// The columns of a table: what a row has in them, and how a list is ordered by them.

/** What a cell holds, as CSV and JSON tell it. */
export type Value = string | number | boolean | null | readonly string[];

export interface Column<Row> {
  /** In the address, in CSV and in JSON. */
  key: string;
  name: string;
  value: (row: Row) => Value;
  /** Moments are shown as days; numbers stand at the end of their cell. */
  type?: "moment" | "number";
  /** Whether the rows can be ordered by it. */
  isSortable?: boolean;
}

export interface Sort {
  key: string;
  isDescending: boolean;
}

/** `-quality` is by quality, the highest first. */
export function sortOf(text: string | null): Sort | null {
  if (!text) return null;
  return text.startsWith("-") ? { key: text.slice(1), isDescending: true } : { key: text, isDescending: false };
}

export function sortText({ key, isDescending }: Sort): string {
  return isDescending ? `-${key}` : key;
}
