// A list of the graph as a table, whose state stands in the address.
import "../browse/browse.css";

import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "wouter";

import { addressOf, useParameters } from "../address";
import { WordsBox } from "../browse/WordsBox";
import { AskError } from "../client/ask";
import { useQuery } from "../client/useQuery";
import { NotFound } from "../layout/NotFound";
import { Answer } from "../parts/Answer";
import { EmptyState } from "../parts/EmptyState";
import { NodeLink } from "../parts/NodeLink";
import { Page } from "../parts/Page";
import { FIRST_PAGE, Pager, pageVariables } from "../parts/Pager";
import { texts } from "../texts";
import { ChosenNodes } from "./ChosenNodes";
import { sortOf, sortText } from "./columns";
import { DataTable } from "./DataTable";
import { allRows } from "./download";
import { fileOf, type Format, save } from "./files";
import type { ListSource } from "./source";
import { type ListName, LISTS } from "./sources";
import { SpanBox } from "./SpanBox";

const PAGE = 50;

export default function TablePage() {
  const { list } = useParams<{ list: string }>();
  if (!(list in LISTS)) return <NotFound />;
  const source = LISTS[list as ListName] as unknown as ListSource<{ id: string; label: string }, unknown, unknown>;
  return <ListTable key={list} name={list as ListName} source={source} />;
}

interface ListTableProps<Row extends { id: string; label: string }, Data, Variables> {
  name: ListName;
  source: ListSource<Row, Data, Variables>;
}

function ListTable<Row extends { id: string; label: string }, Data, Variables>({
  name,
  source,
}: ListTableProps<Row, Data, Variables>) {
  const [parameters, change] = useParameters();
  const shown = columnsIn(parameters, source);
  const sort = sortOf(parameters.get("sort"));
  const variables = source.variables(parameters, shown, sort, pageVariables(parameters, PAGE));
  const asked = useQuery(source.operation, variables);
  const download = useDownload(name, source, parameters, shown);
  const title = texts.table.lists[name];
  return (
    <Page title={title} kicker={texts.table.kicker}>
      <nav aria-label={texts.table.choose}>
        <ul className="lists">
          {Object.keys(LISTS).map((list) => (
            <li key={list}>
              <Link href={addressOf(`/table/${list}`)} aria-current={list === name ? "page" : undefined}>
                {texts.table.lists[list as ListName]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="filters" role="group" aria-label={texts.browse.filters}>
        <WordsBox label={source.kind === "ARTICLE" || source.kind === "STORY" ? texts.browse.words : texts.table.inName} />
        {source.hasTime && <SpanBox />}
        <ChosenNodes names={source.nodeFilters} />
      </div>
      <Answer asked={asked}>
        {(data) => {
          const { nodes, totalCount, pageInfo } = source.page(data);
          if (totalCount === 0) {
            const isFiltered = ["words", "from", "to", ...source.nodeFilters].some((filter) => parameters.has(filter));
            return <EmptyState title={texts.table.none}>{isFiltered ? texts.browse.noneAdvice : texts.table.noneAdvice[name]}</EmptyState>;
          }
          return (
            <>
              <p className="found" role="status">
                {texts.counts[source.kind](totalCount)}
              </p>
              <DataTable
                caption={title}
                columns={source.columns}
                shown={shown}
                onShown={(keys) => change({ columns: keys.join(",") }, { replace: true })}
                rows={nodes}
                rowKey={({ id }) => id}
                link={({ id }, text) => (
                  <NodeLink kind={source.kind} id={id}>
                    {text}
                  </NodeLink>
                )}
                sort={sort}
                onSort={(next) => change({ sort: next && sortText(next), ...FIRST_PAGE })}
                onDownload={download.start}
                progress={download.progress}
              />
              <Pager info={pageInfo} />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function columnsIn(
  parameters: URLSearchParams,
  { columns, shown }: { columns: { key: string }[]; shown: string[] },
): string[] {
  const wanted = (parameters.get("columns") ?? "").split(",").filter((key) => columns.some((column) => column.key === key));
  return wanted.length > 0 ? wanted : shown;
}

/** Fetches all rows for a file; another page of the list is not waited for. */
function useDownload<Row extends { id: string; label: string }, Data, Variables>(
  name: ListName,
  source: ListSource<Row, Data, Variables>,
  parameters: URLSearchParams,
  shown: string[],
) {
  const [state, setState] = useState<{ done: number; total: number } | AskError | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  async function start(format: Format) {
    const { signal } = (controller.current = new AbortController());
    setState({ done: 0, total: 0 });
    try {
      const rows = await allRows(
        source.operation,
        (page) => source.variables(parameters, shown, sortOf(parameters.get("sort")), page),
        source.page,
        (done, total) => setState({ done, total }),
        signal,
      );
      const columns = shown.flatMap((key) => source.columns.find((column) => column.key === key) ?? []);
      save(fileOf(format, columns, rows), `${name}.${format}`);
      setState(null);
    } catch (error) {
      setState(error instanceof AskError ? error : null);
    }
  }

  const progress =
    state === null ? undefined : state instanceof AskError ? (
      <span role="alert">{texts.table.failed(state.message)}</span>
    ) : (
      <span role="status">
        <progress aria-label={texts.table.download} max={state.total || 1} value={state.done} />{" "}
        {texts.table.fetched(state.done, state.total)}{" "}
        <button type="button" className="link" onClick={() => controller.current?.abort()}>
          {texts.table.cancel}
        </button>
      </span>
    );
  return { start, progress };
}
