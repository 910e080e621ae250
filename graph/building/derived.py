"""What follows from a snapshot: computed when it is first asked for, once, and gone with the snapshot."""

from functools import wraps
from typing import Any, Protocol, TypeVar

from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind

T_co = TypeVar("T_co", covariant=True)


class Derivation(Protocol[T_co]):
    """A function of a snapshot and of further arguments, few and hashable."""

    def __call__(self, snapshot: GraphSnapshot, *args: Any) -> T_co: ...


class EdgeDerivation(Protocol[T_co]):
    """A function of a snapshot's edges of one kind, and of further arguments, few and hashable."""

    def __call__(self, snapshot: GraphSnapshot, kind: EdgeKind, *args: Any) -> T_co: ...


def once_per_snapshot(derive: Derivation[T_co]) -> Derivation[T_co]:
    """Keeps with each snapshot what `derive` answered for it, for each set of further arguments.

    Threads that ask while it is computed wait for the same answer. Derivations may build on one another, not in a circle.
    """

    @wraps(derive)
    def derived(snapshot: GraphSnapshot, *args: Any) -> T_co:
        return snapshot.derived.once((derive, args), lambda: derive(snapshot, *args))

    return derived


def once_per_structure(derive: Derivation[T_co]) -> Derivation[T_co]:
    """As `once_per_snapshot`, for what follows from the ids of the nodes, the origins of articles and the edges, and from nothing else.

    Such an answer serves for later snapshots too, as long as these stay the same. So it may not hold the snapshot itself.
    """

    @wraps(derive)
    def derived(snapshot: GraphSnapshot, *args: Any) -> T_co:
        return snapshot.structure.once((derive, args), lambda: derive(snapshot, *args))

    return derived


def once_per_edges(derive: EdgeDerivation[T_co]) -> EdgeDerivation[T_co]:
    """As `once_per_structure`, for what follows from the edges of a kind, and from nothing else."""

    @wraps(derive)
    def derived(snapshot: GraphSnapshot, kind: EdgeKind, *args: Any) -> T_co:
        return snapshot.edge_structures[kind].once((derive, args), lambda: derive(snapshot, kind, *args))

    return derived
