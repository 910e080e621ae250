"""Follows a plan: reads and renders one level after the other, each with all its parents at once.

    articles(first: 2)            values of the field, for the one root
      nodes                       2 articles
        provider { name }         the providers of both in one read; one that both have is rendered once
        related(first: 5)         the pages of both in one read, then all their nodes in the next level

Reading goes down, rendering comes back up: what a level renders to fills the templates of the level above.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from types import NoneType
from typing import Any, TypeAlias, cast

import orjson
from graphql import VariableValues
from strawberry import Schema

from api.execution.fragments import FragmentCache, SelectionKey
from api.execution.leaves import LeafWriter
from api.execution.plan import FallbackError, FieldPlan, Leaf, ListOf, Nullable, ObjectOf, Selection, Shape
from api.schema.answer_size import AnswerTooLargeError, heaviest
from api.schema.context import Context
from graph.checkpoints import checked_if_many, checkpoint

Texts: TypeAlias = list[bytes]

_WORTH_NOTING = 10_000
"""Bytes of all texts of a field on one level."""
_WRITTEN_AT_ONCE = 16
"""Values, which may be texts of any length, before their bytes are counted."""
_NO_RECORD = (NoneType, Exception)
"""What can stand in the place of a record: nothing, or what went wrong."""


class Run:
    """One request on its way through a plan."""

    def __init__(
        self,
        schema: Schema,
        context: Context,
        variables: VariableValues,
        variable_texts: Mapping[str, bytes],
        fragments: FragmentCache,
    ) -> None:
        self._schema = schema
        self._context = context
        self._variables = variables
        self._variable_texts = variable_texts
        self._fragments = fragments
        self._most_bytes = context.answer_size.limit
        self._path: list[str] = []
        """Of the field that is being rendered."""
        self._sizes: Counter[tuple[str, ...]] = Counter()
        """Of fields by their response paths, as far as they are worth noting."""

    async def objects(self, selection: Selection, records: Sequence[Any]) -> Texts:
        """Each record as an object in JSON."""
        if not records:  # then nobody reads the arguments, which may have mistakes
            return []
        columns: list[Texts] = []
        size = len(selection.template) * len(records)
        for field in selection.fields:
            self._path.append(field.key)
            columns.append(await self._texts(field.shape, await self._values(field, records)))
            size += self._weighed(columns[-1])
            self._path.pop()
            self._check_size(size)
        if not columns:
            return [selection.template] * len(records)
        return [selection.template % row for row in checked_if_many(list(zip(*columns, strict=True)))]

    def _weighed(self, texts: Texts) -> int:
        """Bytes of a field's texts; each of them stands in the answer once at least."""
        size = sum(map(len, texts))
        if size > _WORTH_NOTING:
            self._sizes[(*self._path,)] += size
        return size

    def _check_size(self, size: int) -> None:
        if size > self._most_bytes:
            path = heaviest(self._sizes, self._path)
            raise AnswerTooLargeError(self._context.settings.max_answer_mb, path)

    async def _values(self, field: FieldPlan, records: Sequence[Any]) -> Sequence[Any]:
        checkpoint()
        if field.resolve is None:
            return [getattr(record, field.attribute) for record in records]
        arguments = field.arguments.values(self._schema, self._variables, self._variable_texts)
        values = await field.resolve(records, self._context, **arguments)
        if len(values) != len(records):
            raise FallbackError(f"{len(values)} values for {len(records)} parents")
        return values

    async def _texts(self, shape: Shape, values: Sequence[Any]) -> Texts:
        match shape:
            case Leaf(write):
                if None in values:
                    raise FallbackError("null where there must be a value")
                return self._written(write, values)
            case Nullable(Leaf(write)):
                return self._written(lambda value: b"null" if value is None else write(value), values)
            case Nullable(inner):
                return await self._nullable(inner, values)
            case ListOf(inner):
                return await self._lists(inner, values)
            case ObjectOf():
                return await self._unique(shape, values)

    def _written(self, write: LeafWriter, values: Sequence[Any]) -> Texts:
        if len(values) <= _WRITTEN_AT_ONCE:
            return list(map(write, values))
        texts: Texts = []
        size = 0
        for start in range(0, len(values), _WRITTEN_AT_ONCE):
            checkpoint()
            part = list(map(write, values[start : start + _WRITTEN_AT_ONCE]))
            size += sum(map(len, part))
            self._check_size(size)
            texts += part
        return texts

    async def _nullable(self, inner: Shape, values: Sequence[Any]) -> Texts:
        texts = iter(await self._texts(inner, [value for value in values if value is not None]))
        return [b"null" if value is None else next(texts) for value in values]

    async def _lists(self, inner: Shape, values: Sequence[Any]) -> Texts:
        if not all(isinstance(value, list | tuple) for value in values):
            raise FallbackError("something else where there must be a list")
        texts = iter(await self._texts(inner, list(chain.from_iterable(values))))
        return [b"[%b]" % b",".join(islice(texts, len(value))) for value in values]

    async def _unique(self, shape: ObjectOf, values: Sequence[Any]) -> Texts:
        """Renders each record once, however often it stands among the values."""
        records = {id(value): value for value in values}
        texts: dict[int, bytes] = {}
        for selection, group in self._by_selection(shape, records):
            rendered = await (self._nodes if selection.is_node else self.objects)(selection, list(group.values()))
            texts.update(zip(group, rendered, strict=True))
        placed = [texts[id(value)] for value in values]
        self._check_size(sum(map(len, placed)))
        return placed

    def _by_selection(self, shape: ObjectOf, records: dict[int, Any]) -> Iterator[tuple[Selection, dict[int, Any]]]:
        if len(shape.types) == 1 and not any(isinstance(value, _NO_RECORD) for value in records.values()):
            yield shape.selections[shape.types[0].name], records
            return
        groups: dict[str, dict[int, Any]] = {}
        for key, record in records.items():
            groups.setdefault(self._type_of(shape, record), {})[key] = record
        for name, group in groups.items():
            yield shape.selections[name], group

    def _type_of(self, shape: ObjectOf, record: Any) -> str:
        for found in shape.types:
            if found.is_type_of and found.is_type_of(record, None):  # type: ignore[arg-type]  # ours need no info
                return found.name
        if isinstance(record, Exception):  # as the root field `node` answers an id that cannot be one
            raise FallbackError(f"a field failed: {type(record).__name__}")
        raise FallbackError(f"{type(record).__name__} of no known type")

    async def _nodes(self, selection: Selection, records: list[Any]) -> Texts:
        """Takes what other requests have rendered, renders the rest, and keeps it."""
        key = selection_key(selection, self._variable_texts)
        texts = self._fragments.get_all(key, [record.id for record in records])
        missing = [record for record, text in zip(records, texts, strict=True) if text is None]
        if not missing:
            return cast(Texts, texts)
        rendered = await self.objects(selection, missing)
        self._fragments.put_all(key, zip([record.id for record in missing], rendered, strict=True))
        added = iter(rendered)
        return [next(added) if text is None else text for text in texts]


def selection_key(selection: Selection, variable_texts: Mapping[str, bytes]) -> SelectionKey:
    """What tells this selection's texts from others'."""
    return (selection.signature, *(variable_texts[name] for name in selection.variables))


def texts_of(variables: Mapping[str, Any], left_out: Mapping[str, bytes]) -> dict[str, bytes]:
    """The variables as a client gave them, comparable; another mapping says what stands for one that was left out."""
    return {
        name: orjson.dumps(variables[name], option=orjson.OPT_SORT_KEYS) if name in variables else text
        for name, text in left_out.items()
    }
