"""Keeps the merged graph of a set of folders, which serves for as long as every file in them stays the same.

Nothing is trusted by name, size or time: every file is read and compared by its `content_key`. The cache file has a block
of keys, one for the problems of finding the files, blocks of articles, and one for all the rest.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any, BinaryIO

from graph.building.merge import MergeResult
from graph.model import Article, ArticleOrigin, EdgeKind, FieldConflict, GraphNode, Provider, Topic
from graph.problems import Problem
from graph.reading.cache_files import cache_file, mark_used, opened, read_block, write_cache_file
from graph.reading.files import SourceFile, read_source
from graph.reading.parsing import KEY_LENGTH, content_key
from graph.reading.rows import (
    PROBLEM,
    Record,
    Row,
    RowError,
    read_images,
    read_mapping,
    read_moment,
    read_rows,
    write_rows,
)

_PART_LENGTH = 8_192
"""Articles in one block, so that a large graph is never unpacked at once."""


class MergedCache:
    """The merged graph of a set of folders as it was the last time."""

    def __init__(self, folder: Path, roots: Sequence[Path], include_unpublished: bool) -> None:
        self._path = cache_file(folder, "merged, all" if include_unpublished else "merged, published", roots)

    def find(self, sources: Iterable[SourceFile], count: int, problems: Iterable[Problem]) -> MergeResult | None:
        """The graph, if it was merged from these files as they are now; `problems` are those of finding them.

        Cost: reads every file, up to the first that differs.
        """
        with opened(self._path) as file:
            keys = read_block(file) if file else None
            if file is None or keys is None or len(keys) != KEY_LENGTH * count or read_block(file) != _hash(problems):
                return None
            if not all(map(_is_same, sources, _keys(keys))):
                return None
            try:
                merged = _read(file)
            except RowError:
                return None
        mark_used(self._path)
        return merged

    def save(self, keys: Sequence[bytes], problems: Iterable[Problem], merged: MergeResult) -> None:
        """Keeps the graph for the next time; `keys` are those of all files, in their order."""
        write_cache_file(self._path, _blocks(keys, problems, merged))


def _is_same(source: SourceFile, key: bytes) -> bool:
    data = read_source(source)
    return not isinstance(data, Problem) and content_key(source, data) == key


def _keys(keys: bytes) -> Iterator[bytes]:
    return (keys[start : start + KEY_LENGTH] for start in range(0, len(keys), KEY_LENGTH))


def _hash(problems: Iterable[Problem]) -> bytes:
    return hashlib.blake2b(write_rows(list(problems))).digest()


def _blocks(keys: Sequence[bytes], problems: Iterable[Problem], merged: MergeResult) -> Iterator[bytes]:
    yield b"".join(keys)
    yield _hash(problems)
    yield write_rows(len(merged.articles))
    for start in range(0, len(merged.articles), _PART_LENGTH):
        yield write_rows(merged.articles[start : start + _PART_LENGTH])
    yield write_rows([merged.providers, merged.topics, _edges(merged), merged.problems])


def _edges(merged: MergeResult) -> list[tuple[list[int], list[list[int]]]]:
    """For each kind of edge, the nodes that have some and where these lead; nodes are numbered in their order."""
    numbers = {node_id: number for number, node_id in enumerate(_ids(merged))}
    number = numbers.__getitem__
    return [
        (list(map(number, lists)), [list(map(number, targets)) for targets in lists.values()])
        for lists in (merged.targets[kind] for kind in EdgeKind)
    ]


def _ids(merged: MergeResult) -> list[str]:
    nodes: list[GraphNode] = [*merged.articles, *merged.providers, *merged.topics]
    return [node.id for node in nodes]


def _read(file: BinaryIO) -> MergeResult:
    merged = MergeResult()
    try:
        count = _next(file)
        while len(merged.articles) < count:
            merged.articles.extend(map(_ARTICLE.read, _next(file)))
        if len(merged.articles) != count:
            raise RowError(f"There are {len(merged.articles):,} articles, not {count}.")
        providers, topics, edges, problems = _next(file)
        merged.providers.extend(map(_PROVIDER.read, providers))
        merged.topics.extend(map(_TOPIC.read, topics))
        merged.problems.extend(map(PROBLEM.read, problems))
        node_id = _ids(merged).__getitem__
        for kind, (sources, lists) in zip(EdgeKind, edges, strict=True):
            found = (tuple(map(node_id, targets)) for targets in lists)
            merged.targets[kind].update(zip(map(node_id, sources), found, strict=True))
    except (ValueError, TypeError, LookupError) as cause:
        raise RowError("The rows are no merged graph.") from cause
    return merged


def _next(file: BinaryIO) -> Any:
    return read_rows(read_block(file) or b"")


def _conflicts(rows: list[Row]) -> tuple[FieldConflict, ...]:
    return tuple(starmap(FieldConflict, rows))


_ARTICLE = Record(
    Article,
    {
        "origin": ArticleOrigin,
        "slugs": tuple,
        "published_date_time": read_moment,
        "images": read_images,
        "front_matter": read_mapping,
        "duplicate_files": tuple,
        "conflicts": _conflicts,
    },
)
_PROVIDER = Record(Provider, {"aliases": tuple, "images": read_images})
_TOPIC = Record(Topic, {"keywords": tuple, "hashtags": tuple, "images": read_images})
