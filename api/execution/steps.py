"""What the executors did for one operation, noted only where a client asked for it: which field was read for how many parents.

Neither executor knows of it: a run and a context of these classes take the place of the plain ones.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode
from strawberry.dataloader import DataLoader

from api.execution.plan import FieldPlan
from api.execution.straight import Place, Run, keys_of
from api.schema.context import BatchLoad, Context, then
from graph.stores.protocol import Answer


@dataclass(slots=True)
class Step:
    """The reads of one field."""

    path: tuple[str, ...]
    """The response path, without places in lists."""
    reads: int = 0
    """Calls of its batch resolver."""
    parents: int = 0
    """For which it was asked, all together, each once in a read."""
    seconds: float = 0.0


class Steps:
    """Those of one operation, in the order of their first reads."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[str, ...], Step] = {}
        self.seconds = 0.0
        """Of the execution that came to an end."""
        self._begun = perf_counter()

    def begin(self) -> None:
        """The operation is executed, or executed anew."""
        self._by_path.clear()
        self._begun = perf_counter()

    def end(self) -> None:
        """It is executed."""
        self.seconds = perf_counter() - self._begun

    def add(self, path: Sequence[str], parents: int, seconds: float) -> None:
        """The field was read once."""
        step = self._by_path.setdefault(tuple(path), Step(tuple(path)))
        step.reads += 1
        step.parents += parents
        step.seconds += seconds

    def __iter__(self) -> Iterator[Step]:
        return iter(self._by_path.values())


class NotedRun(Run):
    """A request on its way through the code of a plan, whose reads are noted."""

    def __init__(self, steps: Steps, *run: Any) -> None:
        super().__init__(*run)
        self._steps = steps

    def read(self, field: FieldPlan, parents: Sequence[Any], place: Place) -> Answer[Sequence[Any]]:
        begun = perf_counter()

        def noted(values: Sequence[Any]) -> Sequence[Any]:
            self._steps.add(keys_of(place), len(parents), perf_counter() - begun)
            return values

        return then(super().read(field, parents, place), noted)


class NotedContext(Context):
    """The context of the reference executor, whose reads are noted."""

    def __init__(self, steps: Steps, paths: Mapping[int, tuple[str, ...]], *context: Any) -> None:
        super().__init__(*context)
        self._steps = steps
        self._paths = paths

    def loader(self, key: Hashable, load: Callable[[], BatchLoad]) -> DataLoader[Any, Any]:
        """As the plain context has it; the key is the `id` of the field's syntax node."""
        return super().loader(key, lambda: self._noted(self._paths.get(key, ()), load()))  # type: ignore[call-overload]

    def _noted(self, path: tuple[str, ...], load: BatchLoad) -> BatchLoad:
        async def read(parents: list[Any]) -> Sequence[Any]:
            begun = perf_counter()
            values = await load(parents)
            self._steps.add(path, len(parents), perf_counter() - begun)
            return values

        return read


def paths_by_node(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> dict[int, tuple[str, ...]]:
    """The response path of each field by the `id` of its syntax node; the first one, for the fields of fragments.

    Cost: linear in the operation with each fragment written out once.
    """
    found: dict[int, tuple[str, ...]] = {}
    visited: set[str] = set()
    pending: list[tuple[SelectionSetNode, tuple[str, ...]]] = [(selection_set, ())]
    while pending:
        inside, path = pending.pop()
        for node in inside.selections:
            match node:
                case FieldNode():
                    found[id(node)] = own = (*path, node.alias.value if node.alias else node.name.value)
                    if node.selection_set:
                        pending.append((node.selection_set, own))
                case InlineFragmentNode():
                    pending.append((node.selection_set, path))
                case FragmentSpreadNode() if node.name.value not in visited:
                    visited.add(node.name.value)
                    pending.append((fragments[node.name.value].selection_set, path))
    return found
