"""The networkx view of a graph: a `DiGraph` over adjacency that exists already, without a copy of it.

Every networkx function and writer works on it. All that networkx asks for is made when it is asked for, so the view takes
no memory of its own, and nothing in it can be changed; `nx.DiGraph(view)` and `view.copy()` can.

networkx has no public way to put mappings of one's own under a graph. Its own views (`nx.subgraph_view`) set `_node`,
`_succ` (and with it `_adj`) and `_pred` of an empty frozen graph; so does this module, and no other.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NoReturn

import networkx as nx

_BACKEND = "frontgraph"
"""`graph.analysis.backend`."""

Relations = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Neighbors by relation and node; a node that has none may be absent."""


class SnapshotDiGraph(nx.DiGraph):  # type: ignore[type-arg]  # not generic at run time
    """The digraph of a snapshot; or a subgraph or a copy of it, which networkx makes of the same class."""

    def __init__(self, incoming_graph_data: Any = None, **attr: Any) -> None:
        super().__init__(incoming_graph_data, **attr)
        # Else networkx keeps what it converted for a backend, and warns whenever it uses that again.
        self.__networkx_cache__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickled as an ordinary graph: to be read without this package, and to be changed."""
        return nx.DiGraph, (), vars(nx.DiGraph(self))


def digraph_view(
    nodes: Collection[str], attributes: Callable[[str], Mapping[str, Any]], targets: Relations, sources: Relations
) -> SnapshotDiGraph:
    """The graph of these nodes with their `attributes`, and of the edges that lead to `targets`.

    Edges have their `relation` and their `position` in the list of their source, from 1. From one node to another there is
    one edge: where several relations connect them, that of the first. `sources` are the same edges from the other end.
    Cost: none, now; a node costs its attributes and an edge the list it stands in whenever they are asked for.
    """
    _use_backend()
    view: Any = nx.freeze(SnapshotDiGraph())  # Any: the names below have no public types
    view._node = _ByNode(nodes, lambda node: _Attributes(attributes(node)))
    view._succ = _ByNode(nodes, lambda node: _Successors(node, targets))
    view._pred = _ByNode(nodes, lambda node: _Predecessors(node, targets, sources))
    digraph: SnapshotDiGraph = view
    return digraph


@cache
def _use_backend() -> None:
    """Has networkx try our functions for these graphs, after those of all other backends that it was told to try.

    The graphs do not claim to be of the backend: networkx would then convert them to no other one, and fail wherever the
    backend lacks a function.
    """
    priority: Any = nx.config.backend_priority
    if _BACKEND in nx.config.backends and _BACKEND not in priority.algos:
        priority.algos = [*priority.algos, _BACKEND]


class _Attributes(dict[str, Any]):
    """Attributes that cannot be changed: made anew for whoever asks, they would not keep a change."""

    __slots__ = ()

    def _frozen(self, *_: object, **__: object) -> NoReturn:
        raise nx.NetworkXError("Frozen graph can't be modified")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _frozen

    def __deepcopy__(self, _: object) -> dict[str, Any]:
        return dict(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class _ByNode(Mapping[str, Any]):
    """What `make` answers for each of the nodes."""

    __slots__ = ("_make", "_nodes")

    def __init__(self, nodes: Collection[str], make: Callable[[str], Any]) -> None:
        self._nodes = nodes
        self._make = make

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __contains__(self, node: object) -> bool:
        return node in self._nodes

    def __getitem__(self, node: str) -> Any:
        if node not in self._nodes:
            raise KeyError(node)
        return self._make(node)


class _Neighbors(Mapping[str, _Attributes]):
    """Neighbors of a node in one direction, with the attributes of the edges that connect them."""

    __slots__ = ("_lists", "_node", "_targets")

    def __init__(self, node: str, targets: Relations, neighbors: Relations) -> None:
        self._node = node
        self._targets = targets
        self._lists = [lists[node] for lists in neighbors.values() if node in lists]

    def __len__(self) -> int:
        return len(self._lists[0]) if len(self._lists) == 1 else len(set().union(*self._lists))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(chain.from_iterable(self._lists)))


class _Successors(_Neighbors):
    __slots__ = ("_edges",)

    def __init__(self, node: str, targets: Relations) -> None:
        super().__init__(node, targets, targets)
        self._edges: dict[str, _Attributes] | None = None

    def __contains__(self, target: object) -> bool:
        return any(target in targets for targets in self._lists)

    def __getitem__(self, target: str) -> _Attributes:
        if self._edges is None:  # all at once: who asks for one mostly asks for the others
            self._edges = {}
            for relation, lists in self._targets.items():
                for position, found in enumerate(lists.get(self._node, ()), 1):
                    self._edges.setdefault(found, _edge(relation, position))
        return self._edges[target]


class _Predecessors(_Neighbors):
    # A topic may have very many; the lists of these are short, so that is where to look for each.
    __slots__ = ()

    def __init__(self, node: str, targets: Relations, sources: Relations) -> None:
        super().__init__(node, targets, sources)

    def __contains__(self, source: object) -> bool:
        return any(self._node in lists.get(source, ()) for lists in self._targets.values())  # type: ignore[call-overload]

    def __getitem__(self, source: str) -> _Attributes:
        for relation, lists in self._targets.items():
            targets = lists.get(source, ())
            if self._node in targets:
                return _edge(relation, targets.index(self._node) + 1)
        raise KeyError(source)


@lru_cache(4096)
def _edge(relation: str, position: int) -> _Attributes:
    """Shared by all edges that have the same attributes, since these cannot change."""
    return _Attributes(relation=relation, position=position)
