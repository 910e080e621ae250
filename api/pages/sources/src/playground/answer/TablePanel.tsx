// A list of an answer as a table.
import { useMemo, useState } from "react";

import { texts } from "../../explorer/texts";
import { type Column, type Sort, type Value } from "../../explorer/table/columns";
import { DataTable } from "../../explorer/table/DataTable";
import { fileOf, save, textOf } from "../../explorer/table/files";
import { type AnswerList, listsIn, type Row } from "./lists";

export default function TablePanel({ answer }: { answer: unknown }) {
  const lists = useMemo(() => listsIn(answer), [answer]);
  const [path, setPath] = useState("");
  const list = lists.find((candidate) => candidate.path === path) ?? lists[0];
  if (!list) return <p>{texts.answer.noLists}</p>;
  return (
    <>
      {lists.length > 1 && (
        <label className="answer-list">
          {texts.answer.list}{" "}
          <select value={list.path} onChange={(event) => setPath(event.target.value)}>
            {lists.map((candidate) => (
              <option key={candidate.path}>{candidate.path}</option>
            ))}
          </select>
        </label>
      )}
      <ListTable key={list.path + list.keys.join()} list={list} />
    </>
  );
}

function ListTable({ list: { path, rows, keys } }: { list: AnswerList }) {
  const [shown, setShown] = useState(() => keys.filter((key) => key !== "__typename" && key !== "cursor"));
  const [sort, setSort] = useState<Sort | null>(null);
  const [words, setWords] = useState("");
  const columns = useMemo(() => keys.map((key) => columnOf(key, rows)), [keys, rows]);
  const visible = columns.filter(({ key }) => shown.includes(key));
  const passing = rows.filter((row) => visible.some(({ value }) => textOf(value(row)).toLowerCase().includes(words.toLowerCase())));
  const ordered = sort ? passing.toSorted((one, other) => compared(one[sort.key], other[sort.key], sort.isDescending)) : passing;
  return (
    <>
      <label className="answer-list">
        {texts.answer.filter} <input type="search" value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      <DataTable
        caption={path}
        columns={columns}
        shown={shown}
        onShown={setShown}
        rows={ordered}
        rowKey={(row) => String(rows.indexOf(row))}
        sort={sort}
        onSort={setSort}
        onDownload={(format) => save(fileOf(format, visible, ordered), `answer.${format}`)}
      />
    </>
  );
}

function columnOf(key: string, rows: Row[]): Column<Row> {
  const isNumber = rows.some((row) => typeof row[key] === "number");
  return { key, name: key, value: (row) => row[key] ?? null, isSortable: true, ...(isNumber && { type: "number" as const }) };
}

/** Numbers by size, texts as the reader's language has them; what is missing stands last either way. */
function compared(one: Value | undefined, other: Value | undefined, isDescending: boolean): number {
  if (one == null || other == null) return Number(one == null) - Number(other == null);
  const order = typeof one === "number" && typeof other === "number" ? one - other : textOf(one).localeCompare(textOf(other));
  return isDescending ? -order : order;
}
