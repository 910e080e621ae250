// A table as a file: CSV as RFC 4180 has it, or JSON.
import type { Column, Value } from "./columns";

export type Format = "csv" | "json";

export function fileOf<Row>(format: Format, columns: Column<Row>[], rows: Row[]): Blob {
  return format === "csv"
    ? new Blob([csvOf(columns, rows)], { type: "text/csv;charset=utf-8" })
    : new Blob([jsonOf(columns, rows)], { type: "application/json" });
}

function csvOf<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [columns.map(({ key }) => key), ...rows.map((row) => columns.map(({ value }) => textOf(value(row))))];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function jsonOf<Row>(columns: Column<Row>[], rows: Row[]): string {
  const records = rows.map((row) => Object.fromEntries(columns.map(({ key, value }) => [key, value(row)])));
  return `${JSON.stringify(records, null, 2)}\n`;
}

/** Lists are joined by a bar, as in the service's own exports. */
export function textOf(value: Value): string {
  if (value === null) return "";
  return Array.isArray(value) ? value.join("|") : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a file to the reader's browser. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
