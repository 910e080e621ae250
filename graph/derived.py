"""What follows from a snapshot: computed when it is first asked for, once, and gone with the snapshot."""

from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from graph.snapshot import GraphSnapshot

T_co = TypeVar("T_co", covariant=True)


class Derivation(Protocol[T_co]):
    """A function of a snapshot and of further arguments, few and hashable."""

    def __call__(self, snapshot: GraphSnapshot, *args: Any) -> T_co: ...


def once_per_snapshot(derive: Derivation[T_co]) -> Derivation[T_co]:
    """Keeps with each snapshot what `derive` answered for it, for each set of further arguments.

    Threads that ask while it is computed wait for the same answer.
    """

    @wraps(derive)
    def derived(snapshot: GraphSnapshot, *args: Any) -> T_co:
        key = (derive, args)
        if key not in snapshot.derived:
            with snapshot.derived_lock:
                if key not in snapshot.derived:
                    snapshot.derived[key] = derive(snapshot, *args)
        return cast(T_co, snapshot.derived[key])

    return derived
