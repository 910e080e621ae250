"""Paths into front matter: `series`, `seo.title`, `authors.name`; to filter and group articles by keys without a field.

A path names keys from the root, with dots between them. A key that has dots itself is found by its whole name (`ms.date`), and
case matters only where two keys differ in nothing else. Lists are gone through: a path leads to a value in each of their items.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from graph.errors import FilterError
from graph.model import JsonValue

PATH_LIMIT = 500
"""Characters."""
Values: TypeAlias = Callable[[Mapping[str, JsonValue]], list[JsonValue]]


def values_at(path: str) -> Values:
    """A function that reads the values that front matter has at the path: of lists each item, for null and missing keys none.

    Raises:
        FilterError: the path is empty, too long, or has an empty key.
    """
    keys = path.split(".")
    if len(path) > PATH_LIMIT or not all(key.strip() for key in keys):
        raise FilterError(
            f"`path` must name keys of the front matter, with dots between them and at most {PATH_LIMIT} characters long: `series`, `seo.title`."
        )
    return lambda front_matter: list(_at(front_matter, keys))


def _at(value: object, keys: list[str]) -> Iterator[JsonValue]:
    """What the keys lead to from the value on."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, keys)
    elif not keys:
        if value is not None:
            yield value  # type: ignore[misc]
    elif isinstance(value, Mapping):
        for count in range(len(keys), 0, -1):
            found = _key(value, ".".join(keys[:count]))
            if found is not None:
                yield from _at(value[found], keys[count:])
                return


def _key(mapping: Mapping[str, object], wanted: str) -> str | None:
    """The key of the mapping, in whatever case."""
    if wanted in mapping:
        return wanted
    folded = wanted.casefold()
    return next((key for key in mapping if key.casefold() == folded), None)


class JsonScalar(NamedTuple):
    """A text, number or boolean of JSON. Equal ones are of one type: 1 is not true."""

    type: type
    """`float` of all numbers."""
    value: str | int | float | bool


def scalars(values: Iterable[object]) -> Iterator[JsonScalar]:
    """Those of the values that are texts, numbers or booleans."""
    for value in values:
        if isinstance(value, bool):
            yield JsonScalar(bool, value)
        elif isinstance(value, int | float):
            yield JsonScalar(float, value)
        elif isinstance(value, str):
            yield JsonScalar(str, value)
