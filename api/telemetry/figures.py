"""Figures that other parts of the service keep anyway, and metrics read when they are asked for."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from graph.building.snapshot import GraphSnapshot
from graph.problems import ProblemCode, Severity


class Figure(Enum):
    """A number that each worker has for itself: name, kind, meaning. Several workers' are added up."""

    REQUESTS_IN_FLIGHT = ("requests_in_flight", "gauge", "Requests that are being answered.")
    CONNECTIONS_OPEN = ("connections_open", "gauge", "Connections of clients.")
    SUBSCRIPTIONS_OPEN = ("subscriptions_open", "gauge", "Subscriptions that are told of changes.")
    HEAVY_WORK_WAITING = ("heavy_work_waiting", "gauge", "Pieces of longer work, at work or waiting for their turn.")
    FRAGMENT_CACHE_BYTES = ("fragment_cache_bytes", "gauge", "Size of the rendered parts of answers that are kept.")
    FRAGMENT_CACHE_HITS = ("fragment_cache_hits", "counter", "Parts of answers that were kept.")
    FRAGMENT_CACHE_MISSES = ("fragment_cache_misses", "counter", "Parts of answers that had to be rendered.")
    ANSWER_CACHE_BYTES = ("answer_cache_bytes", "gauge", "Size of the whole answers that are kept.")
    LOG_LINES_LOST = ("log_lines_lost", "counter", "Lines of the log that could not be written.")

    def __init__(self, title: str, kind: str, meaning: str) -> None:
        self.title = title
        self.kind = kind
        self.meaning = meaning


@dataclass(frozen=True, slots=True)
class SnapshotFigures:
    """What there is to count in the snapshot that is served."""

    version: str
    age: float
    """Seconds since it was loaded."""
    nodes: Mapping[str, int]
    edges: Mapping[str, int]
    problems: Mapping[tuple[Severity, ProblemCode], int]


def snapshot_figures(snapshot: GraphSnapshot) -> SnapshotFigures:
    """Of a snapshot; stories are not among the nodes, since they are first made when somebody asks for them."""
    return SnapshotFigures(
        snapshot.version,
        time.time() - snapshot.loaded_at.timestamp(),
        {kind.value: len(ids) for kind, ids in snapshot.ids.items()},
        {kind.value: count for kind, count in snapshot.edge_counts.items()},
        Counter((problem.severity, problem.code) for problem in snapshot.problems),
    )
