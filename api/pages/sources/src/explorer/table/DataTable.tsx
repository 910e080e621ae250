// Rows in columns that can be chosen and ordered, and taken away as CSV or JSON. Who shows it says where its state is kept.
import "./table.css";

import { type ReactNode, useId } from "react";

import { formatDay, formatNumber } from "../formats";
import { texts } from "../texts";
import type { Column, Sort } from "./columns";
import type { Format } from "./files";

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  /** The keys of those that are shown, in order. */
  shown: string[];
  onShown: (keys: string[]) => void;
  rows: Row[];
  rowKey: (row: Row) => string;
  /** What the first cell of a row leads to. */
  link?: (row: Row, text: string) => ReactNode;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
  onDownload: (format: Format) => void;
  /** Where a download is under way: how far it is. */
  progress?: ReactNode;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, shown, onShown, rows, rowKey, link, sort, onSort, onDownload, progress } = props;
  const id = useId();
  const visible = shown.flatMap((key) => columns.find((column) => column.key === key) ?? []);
  return (
    <div className="data-table">
      <div className="table-actions">
        <ColumnChoice columns={columns} shown={shown} onShown={onShown} />
        {progress ?? (
          <span role="group" aria-label={texts.table.download}>
            {(["csv", "json"] as const).map((format) => (
              <button key={format} type="button" className="quiet" onClick={() => onDownload(format)}>
                {texts.table.formats[format]}
              </button>
            ))}
          </span>
        )}
      </div>
      <div className="table-scrolls" tabIndex={0} role="region" aria-labelledby={id}>
        <table>
          <caption id={id} className="unseen">
            {caption}
          </caption>
          <thead>
            <tr>
              {visible.map((column) => (
                <Heading key={column.key} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {visible.map((column, index) => {
                  const text = shownText(column, row);
                  const content = index === 0 && link ? link(row, text) : text;
                  return index === 0 ? (
                    <th key={column.key} scope="row" className={column.type === "number" ? "number" : undefined}>
                      {content}
                    </th>
                  ) : (
                    <td key={column.key} className={column.type === "number" ? "number" : undefined}>
                      {content}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function shownText<Row>({ value, type }: Column<Row>, row: Row): string {
  const found = value(row);
  if (found === null) return "";
  if (typeof found === "number") return type === "number" ? formatNumber(found) : String(found);
  if (Array.isArray(found)) return found.join(", ");
  return type === "moment" ? formatDay(String(found)) : String(found);
}

interface HeadingProps<Row> {
  column: Column<Row>;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}

/** A press orders by the column, another one the other way round, a third one not at all. */
function Heading<Row>({ column: { key, name, type, isSortable }, sort, onSort }: HeadingProps<Row>) {
  const isSorted = sort?.key === key;
  const firstIsDescending = type === "number" || type === "moment";
  const next = !isSorted
    ? { key, isDescending: firstIsDescending }
    : sort.isDescending === firstIsDescending
      ? { key, isDescending: !firstIsDescending }
      : null;
  return (
    <th
      scope="col"
      className={type === "number" ? "number" : undefined}
      aria-sort={isSorted ? (sort.isDescending ? "descending" : "ascending") : undefined}
    >
      {isSortable ? (
        <button type="button" className="sort" onClick={() => onSort(next)}>
          {name}
          <span aria-hidden="true">{isSorted ? (sort.isDescending ? " ↓" : " ↑") : ""}</span>
        </button>
      ) : (
        name
      )}
    </th>
  );
}

function ColumnChoice<Row>({ columns, shown, onShown }: Pick<DataTableProps<Row>, "columns" | "shown" | "onShown">) {
  const choose = (key: string, isShown: boolean) =>
    onShown(columns.map((column) => column.key).filter((other) => (other === key ? isShown : shown.includes(other))));
  return (
    <details className="column-choice">
      <summary>{texts.table.columns(shown.length, columns.length)}</summary>
      <fieldset>
        <legend className="unseen">{texts.table.columnChoice}</legend>
        {columns.map(({ key, name }) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={shown.includes(key)}
              disabled={shown.length === 1 && shown.includes(key)}
              onChange={(event) => choose(key, event.target.checked)}
            />
            {name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
