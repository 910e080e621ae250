"""Straight code: what a selection's objects are written by, made of its plan once.

    articles(first: 2)            values of the field, for the one root
      nodes                       2 articles
        title                     their titles, written in one go
        provider { name }         the providers of both in one read; one that both have is rendered once
        related(first: 5)         the pages of both in one read, then all their nodes in one go

A function for each selection takes all parents of a level, and answers a text for each. Reading goes down, rendering comes back
up: what it has of the fields below fills the objects above. What a store answers at once is gone on with at once; for what it
hands out to be awaited, the rest of the function waits (`then`). It is the same function either way.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, cast

from strawberry import Schema

from api.execution.arguments import Given
from api.execution.fragments import FragmentCache, SelectionKey
from api.execution.leaves import LeavesWriter, leaves_writer
from api.execution.plan import FallbackError, FieldPlan, Leaf, ListOf, Nullable, ObjectOf, Selection, Shape
from api.schema.answer_size import AnswerTooLargeError, heaviest
from api.schema.context import Context, is_ready, settle, then
from graph.checkpoints import checkpoint
from graph.stores.protocol import Answer

Texts: TypeAlias = list[bytes]
Place: TypeAlias = "tuple[Place, str] | None"
"""The response path of a field, without places in lists: that of the field around it, and its own key."""


Code: TypeAlias = "Callable[[Run, Sequence[Any], Place], Answer[Texts]]"
"""Writes each value as JSON, at once or awaitably; what is written stands at this place in the answer."""

_WORTH_NOTING = 10_000
"""Bytes of all texts of a field on one level."""
_ROWS = 16
"""Objects whose values, which may be texts of any length, are written before their bytes are counted."""
_NO_RECORD = (NoneType, Exception)
"""What can stand in the place of a record: nothing, or what went wrong."""
_LISTS = frozenset({list, tuple})


class Run:
    """One request on its way through the code."""

    __slots__ = ("_context", "_given", "_most_bytes", "_schema", "_sizes", "fragments")

    def __init__(self, schema: Schema, context: Context, given: Given, fragments: FragmentCache | None) -> None:
        """`fragments`: what was rendered before, unless nothing is kept."""
        self._schema = schema
        self._context = context
        self._given = given
        self._most_bytes = context.answer_size.limit
        self._sizes: dict[Place, int] = {}
        """Of fields, as far as they are worth noting."""
        self.fragments = fragments

    def read(self, field: FieldPlan, parents: Sequence[Any], place: Place) -> Answer[Sequence[Any]]:
        """One value for each parent, by the resolver of the field."""
        checkpoint()
        resolve = field.resolve_nodes or field.resolve
        assert resolve is not None
        return resolve(parents, self._context, **field.arguments.values(self._schema, self._given))

    def key(self, selection: Selection) -> SelectionKey:
        """What tells this selection's texts from others'."""
        texts = self._given.texts
        return (selection.signature, *[texts[name] for name in selection.variables])

    def weigh(self, texts: Texts, place: Place) -> int:
        """Bytes of a field's texts; each of them stands in the answer once at least."""
        size = sum(map(len, texts))
        if size > _WORTH_NOTING:
            self._sizes[place] = self._sizes.get(place, 0) + size
        return size

    def check_size(self, size: int, place: Place) -> None:
        """Refuses an answer of which so many bytes were made."""
        if size > self._most_bytes:
            sizes = {keys_of(found): size for found, size in self._sizes.items()}
            path = heaviest(sizes, keys_of(place))
            raise AnswerTooLargeError(self._context.settings.max_answer_mb, path)


def keys_of(place: Place) -> tuple[str, ...]:
    """The keys of a response path, from the root on."""
    keys: list[str] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return tuple(reversed(keys))


def straight(plan: Selection) -> Code:
    """The code of a plan: it takes the root, as the one parent."""
    return _Compiler().objects(plan)


class _Compiler:
    """Makes each selection's code once, in however many places it stands."""

    def __init__(self) -> None:
        self._known: dict[int, Code] = {}

    def objects(self, selection: Selection) -> Code:
        """Writes records of one type."""
        found = self._known.get(id(selection))
        if found is None:
            objects = _Objects(selection, list(map(self._column, selection.fields)))
            found = self._known[id(selection)] = (
                _Nodes(selection, objects).write if selection.is_node else objects.write
            )
        return found

    def _column(self, field: FieldPlan) -> "_Leaves | _Below":
        if field.resolve_nodes is not None:
            return _Below(field.key, _read(field, self._pages(field.shape)))
        leaf = _leaf(field.shape)
        if field.resolve is not None:
            return _Below(field.key, _read(field, self._values(field.shape)))
        if leaf is not None:
            return _Leaves(field.key, attrgetter(field.attribute), leaf)
        return _Below(field.key, _attribute(field, self._values(field.shape)))

    def _pages(self, shape: Shape) -> Code:
        """Writes pages of which nothing but the nodes is selected, and given."""
        assert isinstance(shape, ObjectOf)
        (page,) = shape.selections.values()
        (nodes,) = page.fields
        assert isinstance(nodes.shape, ListOf)
        begin, _, end = page.template.partition(b"%b")
        code = _lists(self._values(nodes.shape.inner), begin + b"[", b"]" + end)
        return lambda run, values, place: code(run, values, (place, nodes.key))

    def _values(self, shape: Shape) -> Code:
        leaf = _leaf(shape)
        if leaf is not None:
            return _written(leaf)
        match shape:
            case Nullable(inner):
                return _nullable(self._values(inner))
            case ListOf(inner):
                return _lists(self._values(inner), b"[", b"]")
            case ObjectOf(selections):
                codes = {name: self.objects(found) for name, found in selections.items()}
                return _Unique(shape, codes).write
        raise AssertionError(shape)


def _leaf(shape: Shape) -> LeavesWriter | None:
    match shape:
        case Leaf(of_type):
            return leaves_writer(of_type, is_nullable=False)
        case Nullable(Leaf(of_type)):
            return leaves_writer(of_type, is_nullable=True)
    return None


class _Leaves(NamedTuple):
    """A field that writes an attribute of each record."""

    key: str
    attribute: Callable[[Any], Any]
    write: LeavesWriter


class _Below(NamedTuple):
    """A field that has code of its own, for all records."""

    key: str
    write: Code


class _Objects:
    """Writes each record as an object."""

    def __init__(self, selection: Selection, columns: Sequence[_Leaves | _Below]) -> None:
        self._template = selection.template
        self._keys = [column.key for column in columns]
        self._below = [(number, column) for number, column in enumerate(columns) if isinstance(column, _Below)]
        self._leaves = [(number, column) for number, column in enumerate(columns) if isinstance(column, _Leaves)]

    def write(self, run: Run, records: Sequence[Any], place: Place) -> Answer[Texts]:
        if not records:  # then nobody reads the arguments, which may have mistakes
            return []
        return self._go_on(run, records, place, iter(self._below), {})

    def _go_on(
        self,
        run: Run,
        records: Sequence[Any],
        place: Place,
        rest: Iterator[tuple[int, _Below]],
        below: dict[int, Texts],
    ) -> Answer[Texts]:
        """`below`: the texts of fields by their numbers; they are made of the others first, and then of what stands in the records."""
        for number, (key, write) in rest:
            texts = write(run, records, (place, key))
            if type(texts) is not list:
                return self._later(run, records, place, rest, below, number, cast(Awaitable[Texts], texts))
            below[number] = texts
        return self._rows(run, records, place, below)

    async def _later(
        self,
        run: Run,
        records: Sequence[Any],
        place: Place,
        rest: Iterator[tuple[int, _Below]],
        below: dict[int, Texts],
        number: int,
        texts: Awaitable[Texts],
    ) -> Texts:
        below[number] = await texts
        return await settle(self._go_on(run, records, place, rest, below))

    def _rows(self, run: Run, records: Sequence[Any], place: Place, below: Mapping[int, Texts]) -> Texts:
        template, leaves, count = self._template, self._leaves, len(records)
        size = len(template) * count
        for number, texts in below.items():
            size += run.weigh(texts, (place, self._keys[number]))
        run.check_size(size, place)
        if not self._keys:
            return [template] * count
        if not leaves:
            return [template % row for row in zip(*below.values(), strict=True)]
        objects: Texts = []
        size = 0
        for start in range(0, count, _ROWS):
            checkpoint()
            part = records if count <= _ROWS else records[start : start + _ROWS]
            columns: list[Texts] = [[]] * len(self._keys)
            for number, texts in below.items():
                columns[number] = texts if part is records else texts[start : start + _ROWS]
            for number, (_, attribute, write) in leaves:
                columns[number] = write(list(map(attribute, part)))
            written = [template % row for row in zip(*columns, strict=True)]
            length = sum(map(len, written))
            if length > _WORTH_NOTING:
                for number, (key, _, _) in leaves:
                    run.weigh(columns[number], (place, key))
            size += length
            run.check_size(size, place)
            objects += written
        return objects


class _Nodes:
    """Takes what other requests have rendered, has the rest written, and keeps it."""

    def __init__(self, selection: Selection, objects: _Objects) -> None:
        self._selection = selection
        self._objects = objects

    def write(self, run: Run, records: Sequence[Any], place: Place) -> Answer[Texts]:
        fragments = run.fragments
        if fragments is None:
            return self._objects.write(run, records, place)
        key = run.key(self._selection)
        texts = fragments.get_all(key, [record.id for record in records])
        missing = [record for record, text in zip(records, texts, strict=True) if text is None]
        if not missing:
            return cast(Texts, texts)

        def keep(rendered: Texts) -> Texts:
            fragments.put_all(key, zip([record.id for record in missing], rendered, strict=True))
            added = iter(rendered)
            return [next(added) if text is None else text for text in texts]

        return then(self._objects.write(run, missing, place), keep)


class _Unique:
    """Has each record written once, however often it stands among the values, and by the code of its type."""

    def __init__(self, shape: ObjectOf, codes: Mapping[str, Code]) -> None:
        self._types = shape.types
        self._codes = codes
        self._only = codes[shape.types[0].name] if len(shape.types) == 1 else None

    def write(self, run: Run, values: Sequence[Any], place: Place) -> Answer[Texts]:
        records = dict(zip(map(id, values), values, strict=True))
        is_plain = self._only and not any(issubclass(found, _NO_RECORD) for found in set(map(type, values)))
        code = self._only if is_plain and self._only else self._by_type
        texts = code(run, values if len(records) == len(values) else list(records.values()), place)
        if len(records) == len(values) and type(texts) is list:
            return texts

        def placed(texts: Texts) -> Texts:
            text_of = dict(zip(records, texts, strict=True))
            found = list(map(text_of.__getitem__, map(id, values)))
            run.check_size(sum(map(len, found)), place)
            return found

        return then(texts, placed)

    def _by_type(self, run: Run, records: Sequence[Any], place: Place) -> Answer[Texts]:
        groups: dict[str, list[int]] = {}
        for number, record in enumerate(records):
            groups.setdefault(self._type_of(record), []).append(number)
        return self._go_on(run, records, place, iter(groups.items()), [b""] * len(records))

    def _go_on(
        self,
        run: Run,
        records: Sequence[Any],
        place: Place,
        rest: Iterator[tuple[str, list[int]]],
        done: Texts,
    ) -> Answer[Texts]:
        for name, numbers in rest:

            def fill(texts: Texts, numbers: Sequence[int] = numbers) -> Answer[Texts]:
                for number, text in zip(numbers, texts, strict=True):
                    done[number] = text
                return self._go_on(run, records, place, rest, done)

            return then(self._codes[name](run, [records[number] for number in numbers], place), fill)
        return done

    def _type_of(self, record: Any) -> str:
        for found in self._types:
            if found.is_type_of and found.is_type_of(record, None):  # type: ignore[arg-type]  # ours need no info
                return found.name
        if isinstance(record, Exception):  # as the root field `node` answers an id that cannot be one
            raise FallbackError(f"a field failed: {type(record).__name__}")
        raise FallbackError(f"{type(record).__name__} of no known type")


def _read(field: FieldPlan, code: Code) -> Code:
    """Has the field's resolver read a value for each record, and writes these."""

    def write(run: Run, records: Sequence[Any], place: Place) -> Answer[Texts]:
        values = run.read(field, records, place)
        if not is_ready(values):
            return then(values, lambda values: fitting(run, values, len(records), place))
        return fitting(run, values, len(records), place)

    def fitting(run: Run, values: Sequence[Any], count: int, place: Place) -> Answer[Texts]:
        if len(values) != count:
            raise FallbackError(f"{len(values)} values for {count} parents")
        return code(run, values, place)

    return write


def _attribute(field: FieldPlan, code: Code) -> Code:
    """Writes an attribute of each record."""
    attribute = attrgetter(field.attribute)
    return lambda run, records, place: code(run, list(map(attribute, records)), place)


def _written(leaf: LeavesWriter) -> Code:
    """Writes leaves that do not stand in the objects themselves, and counts them meanwhile."""

    def write(run: Run, values: Sequence[Any], place: Place) -> Texts:
        if len(values) <= _ROWS:
            return leaf(values)
        texts: Texts = []
        size = 0
        for start in range(0, len(values), _ROWS):
            checkpoint()
            part = leaf(values[start : start + _ROWS])
            size += sum(map(len, part))
            run.check_size(size, place)
            texts += part
        return texts

    return write


def _nullable(code: Code) -> Code:
    def write(run: Run, values: Sequence[Any], place: Place) -> Answer[Texts]:
        present = [value for value in values if value is not None]
        if len(present) == len(values):
            return code(run, values, place)

        def filled(texts: Texts) -> Texts:
            rest = iter(texts)
            return [b"null" if value is None else next(rest) for value in values]

        return then(code(run, present, place), filled)

    return write


def _lists(code: Code, begin: bytes, end: bytes) -> Code:
    """Writes lists, each between these."""
    around = begin + b"%b" + end

    def write(run: Run, values: Sequence[Any], place: Place) -> Answer[Texts]:
        if not _LISTS.issuperset(map(type, values)) and not all(isinstance(value, list | tuple) for value in values):
            raise FallbackError("something else where there must be a list")

        def joined(texts: Texts) -> Texts:
            rest = iter(texts)
            return [around % b",".join(islice(rest, len(value))) for value in values]

        return then(code(run, list(chain.from_iterable(values)), place), joined)

    return write
