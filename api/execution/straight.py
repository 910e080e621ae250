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
from typing import Any, NamedTuple, NoReturn, TypeAlias, cast

from strawberry import Schema

from api.execution.arguments import Given
from api.execution.fragments import FragmentCache, SelectionKey
from api.execution.leaves import LeavesWriter, leaves_writer
from api.execution.plan import FallbackError, FieldPlan, Leaf, ListOf, Nullable, ObjectOf, Selection, Shape
from api.schema.answer_size import AnswerTooLargeError, heaviest
from api.schema.context import Context, settle, then
from graph.checkpoints import checkpoint
from graph.stores.protocol import Answer

Texts: TypeAlias = list[bytes]
Place: TypeAlias = "tuple[Place, str] | None"
"""The response path of a field, without places in lists: that of the field around it, and its own key."""
Code: TypeAlias = "Callable[[Run, Sequence[Any], Place], Answer[Texts]]"
"""Writes each value as JSON, at once or awaitably; what is written stands at this place in the answer."""

_WORTH_NOTING = 10_000
"""Bytes of all texts of a field on one level."""
_ROWS = 32
"""Objects whose values, which may be texts of any length, are written before their bytes are counted."""
_MOST_ROWS = 128
"""The same, after objects that were short."""
_SHORT = 1_000
"""Bytes of an object, on average."""
_NO_RECORD = (NoneType, Exception)
"""What can stand in the place of a record: nothing, or what went wrong."""
_LISTS = frozenset({list, tuple})


class Run:
    """One request on its way through the code."""

    __slots__ = ("_context", "_given", "_schema", "_sizes", "fragments", "most_bytes")

    def __init__(self, schema: Schema, context: Context, given: Given, fragments: FragmentCache | None) -> None:
        """`fragments`: what was rendered before, unless nothing is kept."""
        self._schema = schema
        self._context = context
        self._given = given
        self._sizes: dict[Place, int] = {}
        """Of fields, as far as they are worth noting."""
        self.fragments = fragments
        self.most_bytes = context.answer_size.limit

    def read(self, field: FieldPlan, parents: Sequence[Any], place: Place) -> Answer[Sequence[Any]]:
        """One value for each parent, by the resolver of the field."""
        checkpoint()
        assert field.resolve is not None
        return field.resolve(parents, self._context, **field.arguments.values(self._schema, self._given))

    def key(self, selection: Selection) -> SelectionKey:
        """What tells this selection's texts from others'."""
        texts = self._given.texts
        return (selection.signature, *[texts[name] for name in selection.variables])

    def note(self, size: int, place: Place) -> None:
        """Notes how many bytes the texts of a field have; each text stands in the answer once at least."""
        if size > _WORTH_NOTING:
            self._sizes[place] = self._sizes.get(place, 0) + size

    def refuse(self, place: Place) -> NoReturn:
        """The answer is too large, as was found at this place."""
        sizes = {keys_of(found): size for found, size in self._sizes.items()}
        raise AnswerTooLargeError(self._context.settings.max_answer_mb, heaviest(sizes, keys_of(place)))


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
        if field.resolve is None and (leaf := _leaf(field.shape)) is not None:
            return _Leaves(field.key, attrgetter(field.attribute), leaf)
        code = self._pages(field.shape) if field.is_of_nodes_alone else self._values(field.shape)
        return _Below(field.key, _read(field, code) if field.resolve else _attribute(field, code))

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
        self._below = [column for column in columns if isinstance(column, _Below)]
        self._leaves = [(number, *column) for number, column in enumerate(columns) if isinstance(column, _Leaves)]

    def write(self, run: Run, records: Sequence[Any], place: Place, below: list[Texts] | None = None) -> Answer[Texts]:
        """`below`: the texts of the first fields that have code of their own, if it goes on after these."""
        if not records:  # then nobody reads the arguments, which may have mistakes
            return []
        below = below or []
        for key, write in self._below[len(below) :]:
            texts = write(run, records, (place, key))
            if type(texts) is not list:
                return self._later(run, records, place, below, cast(Awaitable[Texts], texts))
            below.append(texts)
        if below:
            self._weigh(run, len(records), place, below)
        elif not self._leaves:
            return [self._template] * len(records)
        if len(records) <= _ROWS:
            return self._rows(run, records, place, below)
        return self._many_rows(run, records, place, below)

    async def _later(
        self, run: Run, records: Sequence[Any], place: Place, below: list[Texts], texts: Awaitable[Texts]
    ) -> Texts:
        below.append(await texts)
        return await settle(self.write(run, records, place, below))

    def _weigh(self, run: Run, count: int, place: Place, below: Sequence[Texts]) -> None:
        size = len(self._template) * count
        for (key, _), texts in zip(self._below, below, strict=True):
            length = sum(map(len, texts))
            size += length
            if length > _WORTH_NOTING:
                run.note(length, (place, key))
        if size > run.most_bytes:
            run.refuse(place)

    def _rows(self, run: Run, records: Sequence[Any], place: Place, below: Sequence[Texts]) -> Texts:
        columns = list(below)
        for number, _, attribute, write in self._leaves:
            columns.insert(number, write(list(map(attribute, records))))
        template = self._template
        objects = [template % row for row in zip(*columns, strict=True)]
        size = sum(map(len, objects))
        if size > _WORTH_NOTING:
            for number, key, _, _ in self._leaves:
                run.note(sum(map(len, columns[number])), (place, key))
            if size > run.most_bytes:
                run.refuse(place)
        return objects

    def _many_rows(self, run: Run, records: Sequence[Any], place: Place, below: Sequence[Texts]) -> Texts:
        objects: Texts = []
        start, rows, size = 0, _ROWS, 0
        while start < len(records):
            checkpoint()
            end = start + rows
            part = self._rows(run, records[start:end], place, [texts[start:end] for texts in below])
            length = sum(map(len, part))
            size += length
            if size > run.most_bytes:
                run.refuse(place)
            objects += part
            start = end
            rows = min(rows * 2, _MOST_ROWS) if length < rows * _SHORT else _ROWS
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
        if all(texts):
            return cast(Texts, texts)
        missing = [record for record, text in zip(records, texts, strict=True) if text is None]

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
        self._usual: set[type] = set()
        """Python's types of records, where there is one type of objects."""

    def write(self, run: Run, values: Sequence[Any], place: Place) -> Answer[Texts]:
        count = len(values)
        if not count:
            return []
        code = self._only if self._usual.issuperset(map(type, values)) else None
        code = code or self._code(values)
        if count == 1:
            return code(run, values, place)
        records = dict(zip(map(id, values), values, strict=True))
        if len(records) == count:
            return code(run, values, place)

        def placed(texts: Texts) -> Texts:
            text_of = dict(zip(records, texts, strict=True))
            found = list(map(text_of.__getitem__, map(id, values)))
            if sum(map(len, found)) > run.most_bytes:
                run.refuse(place)
            return found

        return then(code(run, list(records.values()), place), placed)

    def _code(self, values: Sequence[Any]) -> Code:
        if self._only is None:
            return self._by_type
        found = set(map(type, values))
        if any(issubclass(each, _NO_RECORD) for each in found):
            return self._by_type
        self._usual |= found
        return self._only

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
        if type(values) is list:
            return code(run, _fitting(values, records), place)
        return then(values, lambda values: code(run, _fitting(values, records), place))

    return write


def _fitting(values: Sequence[Any], records: Sequence[Any]) -> Sequence[Any]:
    if len(values) != len(records):
        raise FallbackError(f"{len(values)} values for {len(records)} parents")
    return values


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
            if size > run.most_bytes:
                run.refuse(place)
            texts += part
        return texts

    return write


def _nullable(code: Code) -> Code:
    def write(run: Run, values: Sequence[Any], place: Place) -> Answer[Texts]:
        present = [value for value in values if value is not None]
        if len(present) == len(values):
            return code(run, values, place)
        if not present:
            return [b"null"] * len(values)

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
            if len(values) == 1:
                return [around % b",".join(texts)]
            rest = iter(texts)
            return [around % b",".join(islice(rest, len(value))) for value in values]

        texts = code(run, values[0] if len(values) == 1 else list(chain.from_iterable(values)), place)
        return joined(texts) if type(texts) is list else then(texts, joined)

    return write
