"""`MergeResult`: the nodes and edges of a graph as they come out of merging, before they are sorted and indexed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.building.inventory import Inventory
from graph.model import Article, EdgeKind, Person, Provider, Topic
from graph.problems import Problem
from graph.sites.site import Site

Targets = dict[EdgeKind, dict[str, tuple[str, ...]]]


@dataclass(slots=True)
class MergeResult:
    """The nodes and edges of a graph, in an order that depends on the files alone."""

    articles: list[Article] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    targets: Targets = field(default_factory=lambda: {kind: {} for kind in EdgeKind})
    """The edges of each kind: where those of a node lead, in their order. Nodes without any are missing."""
    problems: list[Problem] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    inventory: Inventory = field(default_factory=Inventory)
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Every path that means an article with a file, by its id, in the form of `graph.links.path_name`, the strongest first."""
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The ids of the parts of an article or a topic, in their order: the PART_OF edges that lead to it."""
    next: dict[str, str] = field(default_factory=dict)
    """The article that follows another one."""
    previous: dict[str, str] = field(default_factory=dict)
    """The article that goes before another one."""
    sites: tuple[Site, ...] = ()
    """The sites that the files belong to."""
