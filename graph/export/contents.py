"""What a file is made of, whichever its format: nodes, the edges between them, and how a picture shows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, Protocol, TypeAlias

from graph.building.snapshot import GraphSnapshot
from graph.errors import SelectionError
from graph.export.formats import AttributeType
from graph.model import Node, NodeKind

Scalar: TypeAlias = str | int | float | bool


SIGNIFICANT_DIGITS = 6
"""Of computed numbers. More would be noise, and would make large files larger."""


def significant(number: float) -> float:
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")


class Edge(NamedTuple):
    id: str
    """Unique in the file."""
    source: str
    target: str
    values: tuple[Scalar, ...]
    """Of the file's edge attributes, in their order."""


class Picture(NamedTuple):
    """How a node looks in a picture of all."""

    x: float
    y: float
    size: float
    """Its radius."""
    rgb: tuple[int, int, int]

    @property
    def color(self) -> str:
        """As CSS writes it."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


class Contents(Protocol):
    """A simple graph."""

    @property
    def snapshot(self) -> GraphSnapshot: ...

    @property
    def nodes(self) -> Mapping[str, Node]:
        """By id, in the order of ids."""

    @property
    def is_directed(self) -> bool: ...

    @property
    def edge_attributes(self) -> Mapping[str, AttributeType]: ...

    def edges(self) -> Iterator[Edge]:
        """All edges between these nodes, none of them parallel."""

    def picture(self, node_id: str) -> Picture: ...


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is made of the selected nodes.

    Raises:
        SelectionError: the options exclude each other.
    """

    stories: bool = False
    """Whether the stories of the selected articles are nodes; excludes `projection`."""
    projection: NodeKind | None = None
    """Whether only the nodes of this kind are, with what they share."""
    backbone: bool = False
    """Whether a projection has its significant edges alone."""
    byte_order_mark: bool = False
    """Whether tables of CSV begin with one, by which some spreadsheets know UTF-8."""

    def __post_init__(self) -> None:
        if self.backbone and self.projection is None:
            raise SelectionError("`backbone` leaves edges out of a projection; say which one in `projection`.")
        if self.stories and self.projection is not None:
            raise SelectionError("`stories` and `projection` exclude each other; give one of them.")


_COLORS = (
    *("4e79a7", "f28e2b", "59a14f", "e15759", "b07aa1", "499894", "b6992d", "d37295", "9d7660", "2f4b7c"),
    *("a0cbe8", "ffbe7d", "8cd17d", "ff9d9a", "d4a6c8", "86bcb6", "f1ce63", "fabfd2", "d7b5a6", "006d2c"),
)
_PALETTE = tuple((int(color[:2], 16), int(color[2:4], 16), int(color[4:], 16)) for color in _COLORS)
_GREY = (176, 176, 176)
_LARGEST = 20.0


def size_of(degree: int) -> float:
    """The radius of a node with so many edges: it grows with the square root, as the radius of an area does."""
    return min(round(2 + sqrt(degree) / 2, 1), _LARGEST)


def color_of(community: int) -> tuple[int, int, int]:
    """The color of a community by its number: each of the largest twenty has its own, all others are grey."""
    return _PALETTE[community] if community < len(_PALETTE) else _GREY
