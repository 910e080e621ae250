// The lists that an answer holds, each as rows of plain values.
import type { Value } from "../../explorer/table/columns";

export type Row = Record<string, Value>;

export interface AnswerList {
  /** Where it stands: `articles`, `articles › related`. */
  path: string;
  rows: Row[];
  /** Keys of the rows, in the order of the answer. */
  keys: string[];
}

/** The lists of an answer in its order; one that stands in every entry of another one is put together. */
export function listsIn(answer: unknown): AnswerList[] {
  const found = new Map<string, Row[]>();
  if (isRecord(answer) && isRecord(answer["data"])) walk(answer["data"], [], found);
  return [...found].map(([path, rows]) => ({ path, rows, keys: [...new Set(rows.flatMap((row) => Object.keys(row)))] }));
}

function walk(value: unknown, path: string[], found: Map<string, Row[]>): void {
  if (Array.isArray(value)) {
    const records = value.filter(isRecord);
    if (records.length > 0) {
      const name = path.join(" › ");
      found.set(name, [...(found.get(name) ?? []), ...records.map((record) => flat(record))]);
    }
    for (const record of records) walk(record, path, found);
  } else if (isRecord(value)) {
    // A part of the graph has nodes and edges of its own; a connection says the same by either.
    const hasBoth = "nodes" in value && "edges" in value;
    for (const [key, child] of Object.entries(value)) {
      walk(child, isWrapping(key) && (key === "node" || !hasBoth) ? path : [...path, key], found);
    }
  }
}

/** What Relay's connections wrap a list and its entries in. */
function isWrapping(key: string): boolean {
  return key === "nodes" || key === "edges" || key === "node";
}

function flat(record: Record<string, unknown>, prefix = ""): Row {
  const row: Row = {};
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key;
    if (isRecord(value)) Object.assign(row, flat(value, key === "node" ? prefix : `${name}.`));
    else if (!Array.isArray(value)) row[name] = value as Value;
    else if (!value.some(isRecord)) row[name] = value.map(String);
    else {
      const labels = value.flatMap((item) => (isRecord(item) ? (labelIn(item) ?? []) : []));
      if (labels.length === value.length) row[name] = labels;
    }
  }
  return row;
}

export function labelIn(record: Record<string, unknown>): string | null {
  for (const key of ["title", "name", "headline", "label"]) {
    if (typeof record[key] === "string") return record[key];
  }
  return null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
