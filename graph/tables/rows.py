"""A snapshot as tables of plain values, and the snapshot of such tables.

| table | a row is | sorted by |
| --- | --- | --- |
| articles, providers, topics, persons | a node: a column for each field of its record, then what else is known of it | id |
| edges | an edge, with its place among those of its kind from its source | kind, source, position |
| problems | an author's mistake | file, line, field |
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import orjson

from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind, NodeKind
from graph.problems import Problem, ProblemCode, Severity
from graph.tables.columns import Column, ColumnType, record_columns, to_json

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what its columns are, and its rows, which can be read once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]


NODE_TABLES: Mapping[NodeKind, str] = MappingProxyType(
    {
        NodeKind.ARTICLE: "articles",
        NodeKind.PROVIDER: "providers",
        NodeKind.TOPIC: "topics",
        NodeKind.PERSON: "persons",
    }
)
_PARTS = Column("parts", ColumnType.TEXTS)
_BESIDE: Mapping[NodeKind, tuple[Column, ...]] = MappingProxyType(
    {
        NodeKind.ARTICLE: (
            Column("paths", ColumnType.TEXTS),
            _PARTS,
            Column("next", ColumnType.TEXT),
            Column("previous", ColumnType.TEXT),
        ),
        NodeKind.PROVIDER: (),
        NodeKind.TOPIC: (_PARTS,),
        NodeKind.PERSON: (),
    }
)
"""What is known of nodes beside their records: see `MergeResult`."""
_EDGES = (
    Column("kind", ColumnType.TEXT),
    Column("source", ColumnType.TEXT),
    Column("target", ColumnType.TEXT),
    Column("position", ColumnType.NUMBER),
)
_PROBLEMS = (
    Column("severity", ColumnType.TEXT),
    Column("code", ColumnType.TEXT),
    Column("message", ColumnType.TEXT),
    Column("file", ColumnType.TEXT),
    Column("line", ColumnType.NUMBER),
    Column("path", ColumnType.JSON),
)
TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        **{name: (*record_columns(kind).columns, *_BESIDE[kind]) for kind, name in NODE_TABLES.items()},
        "edges": _EDGES,
        "problems": _PROBLEMS,
    }
)
"""The columns of each table, by its name."""


class RowsError(ValueError):
    """Rows that are not those of a graph."""


def tables_of(snapshot: GraphSnapshot) -> Iterator[Table]:
    """All tables, in the order of `TABLES`."""
    rows = {name: _node_rows(snapshot, kind) for kind, name in NODE_TABLES.items()}
    rows |= {"edges": _edge_rows(snapshot), "problems": _problem_rows(snapshot.problems)}
    return (Table(name, columns, rows[name]) for name, columns in TABLES.items())


def _node_rows(snapshot: GraphSnapshot, kind: NodeKind) -> Iterator[Row]:
    to_row = record_columns(kind).to_row
    beside: list[tuple[Mapping[str, Any], Any]] = []
    for column in _BESIDE[kind]:
        found = snapshot.lookups.paths if column.name == "paths" else getattr(snapshot, column.name)
        beside.append((found, () if column.type is ColumnType.TEXTS else None))
    for node_id in snapshot.ids[kind]:
        values = [found.get(node_id, missing) for found, missing in beside]
        yield to_row(snapshot.nodes[node_id]) + [list(value) if isinstance(value, tuple) else value for value in values]


def _edge_rows(snapshot: GraphSnapshot) -> Iterator[Row]:
    for kind in sorted(EdgeKind, key=attrgetter("value")):
        for source, targets in snapshot.targets[kind].items():
            for position, target in enumerate(targets, 1):
                yield [kind.value, source, target, position]


def _problem_rows(problems: Iterable[Problem]) -> Iterator[Row]:
    for problem in problems:
        path = to_json(problem.path)
        yield [problem.severity.value, problem.code.value, problem.message, problem.file, problem.line, path]


def merged(tables: Iterable[Table]) -> MergeResult:
    """The graph of which these are the tables, without its inventory and its sites, of which they tell nothing.

    Raises:
        RowsError: the rows are not those of a graph.
    """
    result = MergeResult()
    kinds = {name: kind for kind, name in NODE_TABLES.items()}
    for table in tables:
        try:
            if table.name in kinds:
                _add_nodes(result, kinds[table.name], table.rows)
            elif table.name == "edges":
                _add_edges(result, table.rows)
            else:
                result.problems.extend(map(_problem, table.rows))
        except (TypeError, ValueError, LookupError) as cause:
            raise RowsError(f"A row of the table of {table.name} is none of a graph.") from cause
    return result


def _add_nodes(result: MergeResult, kind: NodeKind, rows: Iterable[Row]) -> None:
    to_record, width = record_columns(kind).to_record, len(record_columns(kind).columns)
    nodes = _list_of(result, kind)
    beside = [(getattr(result, column.name), column.type) for column in _BESIDE[kind]]
    for row in rows:
        node = to_record(*row[:width])
        nodes.append(node)
        for (found, column_type), value in zip(beside, row[width:], strict=True):
            if value:
                found[node.id] = tuple(value) if column_type is ColumnType.TEXTS else value


def _list_of(result: MergeResult, kind: NodeKind) -> list[Any]:
    lists: dict[NodeKind, list[Any]] = {
        NodeKind.ARTICLE: result.articles,
        NodeKind.PROVIDER: result.providers,
        NodeKind.TOPIC: result.topics,
        NodeKind.PERSON: result.persons,
    }
    return lists[kind]


def _add_edges(result: MergeResult, rows: Iterable[Row]) -> None:
    found: dict[EdgeKind, dict[str, list[str]]] = {kind: {} for kind in EdgeKind}
    kinds = {kind.value: found[kind] for kind in EdgeKind}
    for kind, source, target, position in rows:
        targets = kinds[kind].setdefault(source, [])
        targets.append(target)
        if position != len(targets):
            raise RowsError(f"The {kind} edges of {source} are not in their order.")
    result.targets = {kind: {source: tuple(ids) for source, ids in lists.items()} for kind, lists in found.items()}


def _problem(row: Row) -> Problem:
    severity, code, message, file, line, path = row
    return Problem(Severity(severity), ProblemCode(code), message, file, line, tuple(orjson.loads(path)))
