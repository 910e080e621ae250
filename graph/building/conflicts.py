"""What does not count: values that other files of an article, or copies of it, say differently from the one that won.

Copies are compared once each, although one stands in hundreds of lists: reading makes equal copies one object.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from graph.building.related import RelatedList
from graph.dates import format_date_time
from graph.fields import FieldKind
from graph.links import canonical_url
from graph.model import ARTICLE_FIELDS, FieldConflict, Image, JsonValue
from graph.reading.records import Document, ProviderMention, Reference

Differences = tuple[tuple[str, JsonValue], ...]
"""The names of fields, and what is said of them that does not count."""


class _Comparison(NamedTuple):
    """How the values of a field are compared, and told."""

    attribute: str
    name: str
    """As in the front matter."""
    identity: Callable[[Any], object]
    """What two values must share to count as the same."""
    to_json: Callable[[Any], JsonValue]


def _as_it_is(value: Any) -> Any:
    return value


def _image_urls(images: Iterable[Image]) -> object:
    return frozenset(image.url for image in images)


def _images_json(images: Iterable[Image]) -> JsonValue:
    return [image.to_json() for image in images]


def _provider_key(provider: ProviderMention) -> object:
    return provider.key


def _provider_json(provider: ProviderMention) -> JsonValue:
    said: dict[str, JsonValue] = {"name": provider.name, "domain": provider.domain}
    return {name: value for name, value in said.items() if value is not None}


_IDENTITIES: Mapping[FieldKind, Callable[[Any], object]] = {
    FieldKind.URL: canonical_url,
    FieldKind.IMAGES: _image_urls,
}
_WRITERS: Mapping[FieldKind, Callable[[Any], JsonValue]] = {
    FieldKind.MOMENT: format_date_time,
    FieldKind.IMAGES: _images_json,
}
_COMPARISONS = (
    *(
        _Comparison(
            field.attribute, field.name, _IDENTITIES.get(field.kind, _as_it_is), _WRITERS.get(field.kind, _as_it_is)
        )
        for field in ARTICLE_FIELDS
    ),
    _Comparison("provider", "provider", _provider_key, _provider_json),
)
COMPARED = tuple(comparison.attribute for comparison in _COMPARISONS)
"""The attributes whose values win or lose, as documents and copies have them."""


_read = attrgetter(*COMPARED)


def compared_values(source: Document | Reference) -> dict[str, Any]:
    """What a source says, by attribute."""
    return dict(zip(COMPARED, _read(source), strict=True))


def is_absent(value: Any) -> bool:
    """Whether this stands for no value."""
    return value is None or value == ()


def differences(winners: Mapping[str, Any], source: Document | Reference) -> Differences:
    """What the source says of fields that have another value.

    A gap that copies could fill differs too: what only a copy says of an article that has a file is not taken over.
    """
    return tuple(
        (comparison.name, comparison.to_json(value))
        for comparison, value in zip(_COMPARISONS, _read(source), strict=True)
        if not is_absent(value) and _differs(comparison, value, winners[comparison.attribute])
    )


def _differs(comparison: _Comparison, value: Any, winner: Any) -> bool:
    if value == winner:  # nearly always, and to make canonical URLs and the like takes longer
        return False
    return is_absent(winner) or comparison.identity(value) != comparison.identity(winner)


def file_conflicts(
    winners: Mapping[str, Any], body: str | None, front_matter: Mapping[str, JsonValue], losers: Iterable[Document]
) -> Iterator[FieldConflict]:
    """What the other files of an article say differently from its values, its body and its unknown keys."""
    for document in losers:
        for name, value in differences(winners, document):
            yield FieldConflict(name, value, document.file, name)
        if document.body and document.body != body:
            yield FieldConflict("body", document.body, document.file, "body")
        for name, value in document.front_matter.items():
            if value != front_matter[name]:
                yield FieldConflict(name, value, document.file, name)


def copy_conflicts(
    lists: Iterable[RelatedList], losing: Mapping[Reference, Mapping[str, Differences]]
) -> dict[str, list[FieldConflict]]:
    """For the key of each article, what copies in other files say differently, in the order of the lists.

    `losing` are the copies that say anything that does not count, of each article that they are of.
    Cost: linear in all items of all lists, but next to nothing for lists without such a copy.
    """
    conflicts: dict[str, list[FieldConflict]] = defaultdict(list)
    for found in lists:
        if losing.keys().isdisjoint(found.copies):
            continue
        for place, (key, copy) in enumerate(zip(found.keys, found.copies, strict=True)):
            if key is not None and copy is not None and copy in losing:
                conflicts[key].extend(_of_item(found.file, place, losing[copy].get(key, ())))
    return conflicts


def _of_item(file: str, place: int, found: Differences) -> Iterator[FieldConflict]:
    return (FieldConflict(name, value, file, f"related[{place}].{name}") for name, value in found)
