"""Copies of articles, as the items of `related` lists hold them: each different one is checked once."""

from dataclasses import replace

import orjson

from graph.links import canonical_url, clean_url, rooted_url
from graph.model import JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, error, warning
from graph.reading.article_values import article_values
from graph.reading.field_reader import FieldReader
from graph.reading.mentions import provider_mention
from graph.reading.names import plain_name
from graph.reading.open_keys import SECURED, public_json
from graph.reading.records import Reference, SharedReferences, is_url_key, path_key, slug_key
from graph.reading.related_items import RelatedItems
from graph.sites.vocabulary import DOCUMENT

_COPY_LIMIT = 8 * 1024
"""Bytes of JSON; larger copies are rare, and are checked each time."""
_MET_LIMIT = 16_384
"""Items that are known without being written as JSON."""
_SECURED_KEY = f'"{SECURED}"'.encode()

CheckedCopy = tuple[Reference | None, tuple[Problem, ...]]
"""None for an item that names no article; the paths of the problems count from the item."""


class CheckedCopies:
    """The copies of articles that were checked so far: a corpus embeds the same few thousand again and again."""

    def __init__(self, references: SharedReferences | None = None) -> None:
        self._checked: dict[bytes, CheckedCopy] = {}
        self._met: dict[tuple[int, str | None], tuple[JsonValue, CheckedCopy]] = {}
        """By the identity of the value, which is kept so that no other gets it: `items` answers equal items with one object."""
        self._references = SharedReferences() if references is None else references
        self.items = RelatedItems(without=SECURED)
        """The same copies, as they are written."""

    def check(self, value: JsonValue, base: str | None = None) -> CheckedCopy:
        """The reference that an item of a `related` list is, the same object for equal items. Nobody may change the value.

        `base` is the address of the site's start page, which a path counts from.
        """
        if met := self._met.get((id(value), base)):
            return met[1]
        try:
            data = orjson.dumps(value)
            if is_secured := _SECURED_KEY in data:  # not even as a key of the cache
                data = orjson.dumps(public_json(value))
        except TypeError:  # a lone surrogate, which JSON cannot carry
            return _check_reference(value, base)
        if len(data) > _COPY_LIMIT:
            return _check_reference(value, base)
        if base is not None:
            data += base.encode()
        checked = self._checked.get(data)
        if checked is None:
            reference, problems = _check_reference(value, base)
            shared = reference and self._references.share(reference)
            checked = self._checked[data] = shared, problems
        if not is_secured:
            if len(self._met) >= _MET_LIMIT:
                self._met.clear()
            self._met[id(value), base] = value, checked
        return checked


def _check_reference(value: JsonValue, base: str | None) -> CheckedCopy:
    """The reference that an item of a `related` list is, with problems whose paths count from the item."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        value = {"webUrl": value} if clean_url(value) or rooted_url(value, base) else {"slug": plain_name(value)}
    if not isinstance(value, dict):
        message = "A related item is a URL, a slug, or a mapping with a webUrl; this one is left out."
        return None, (error(ProblemCode.FIELD_TYPE, message),)
    said = DOCUMENT.resolve(value)
    reader = FieldReader(said.values, places=said.paths, base=base)
    values, slug = article_values(reader), reader.text("slug", 500)
    url = values["web_url"] or values["original_url"]
    key = (canonical_url(url) or path_key(url)) if url else slug_key(slug) if slug else None
    if key is None:
        message = "The related item has no webUrl, originalUrl or slug, so it names no article; add one of them."
        reader.problems.append(error(ProblemCode.RELATED_UNIDENTIFIED, message))
        return None, tuple(reader.problems)
    reference = Reference(key=key, slug=slug, provider=provider_mention(reader), **values)
    return reference, tuple(reader.problems)


def related_references(reader: FieldReader, own_url: str | None, copies: CheckedCopies) -> tuple[Reference | None, ...]:
    """The items of the `related` list as written, None for one that is of no use."""
    references: list[Reference | None] = []
    seen: dict[str, int] = {}
    is_text = isinstance(reader.fields.get("related"), str)
    for index, (value, path) in enumerate(reader.listed("related") if is_text else reader.items("related")):
        reference, problems = copies.check(value, reader.base)
        if problems:
            reader.problems.extend(replace(problem, path=(*path, *problem.path)) for problem in problems)
        references.append(reference)
        if reference is None or not is_url_key(key := reference.key):
            continue  # what a name or path stands for is known when all files are
        first = seen.setdefault(key, index)
        if (key == own_url or first != index) and (problem := link_problem(path, key == own_url, first)):
            reader.problems.append(problem)
    return tuple(references)


def link_problem(path: FieldPath, is_own: bool, first_index: int) -> Problem | None:
    """What is wrong with an item of a `related` list that names the article itself, or one that an item before it names."""
    if is_own:
        message = "The article lists itself as related; take the item out."
        return error(ProblemCode.RELATED_TO_ITSELF, message, path=path)
    if path[-1] != first_index:
        message = f"The item names the same article as related[{first_index}]; keep one."
        return warning(ProblemCode.RELATED_REPEATED, message, path=path)
    return None
