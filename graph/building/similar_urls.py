"""Addresses in `related` lists that were probably meant to be those of articles that have files."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from graph.building.related import RelatedList
from graph.problems import Problem, ProblemCode, quote, warning
from graph.reading.records import Document, Reference, is_url_key
from graph.typos import SortedWords, has_one_typo

_FEW = 2
"""Items; an address that more of them have is meant."""
_SHORTEST = 8
"""Letters of the last part of an address; of shorter ones one letter is different by chance."""
_ENDING = re.compile(r"(?:/(?:index|amp))?(?:\.(?:html?|php|aspx|mdx?|markdown))?/?\Z", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")


def similar_urls(
    lists: Iterable[RelatedList],
    copies: Mapping[str, Mapping[Reference, int]],
    files: Mapping[str, Sequence[Document]],
    hidden: Collection[str],
) -> Iterator[Problem]:
    """A problem for each item that names an article without a file by an address that is nearly one of an article with a file.

    `copies` are how often the items name each article; `hidden` are addresses of what is not published, which are right.
    Cost: linear in the addresses, but for sorting them.
    """
    rare = [
        key
        for key, same in copies.items()
        if key not in files and is_url_key(key) and key not in hidden and sum(same.values()) <= _FEW
    ]
    addresses = _Addresses(key for key in files if is_url_key(key)) if rare else None
    near = {key: wanted for key in rare if addresses and (wanted := addresses.nearest(key))}
    for found in lists if near else ():
        for place, (key, copy) in enumerate(zip(found.keys, found.copies, strict=True)):
            if copy is not None and (wanted := near.get(key or "")) is not None:
                message = (
                    f"No file has the address {quote(key or '', 200)}, which is nearly that of {files[wanted][0].file}; "
                    f"correct it to {quote(wanted, 200)} if that is what is meant."
                )
                path = ("related", place, "webUrl" if copy.web_url else "originalUrl")
                yield warning(ProblemCode.RELATED_SIMILAR, message, file=found.file, path=path)


class _Addresses:
    """The addresses of articles, to be found by addresses that are nearly the same."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._by_last: dict[str, list[str]] = defaultdict(list)
        self._by_rest: dict[str, str] = {}
        for url in urls:
            self._by_last[_last(url)].append(url)
            self._by_rest.setdefault(_bare(url), url)

    def nearest(self, url: str) -> str | None:
        """The address that differs in its ending alone, else by one letter; None if there is none."""
        if same := self._by_rest.get(_bare(url)):
            return same
        last = _last(url)
        names = [last, *(self._words.near(last) if len(last) >= _SHORTEST else ())]
        digits = _NOT_DIGITS.sub("", url)
        near = [
            wanted
            for name in names
            for wanted in self._by_last.get(name, ())
            if has_one_typo(url, wanted) and _NOT_DIGITS.sub("", wanted) == digits
        ]
        return min(near, default=None)

    @cached_property
    def _words(self) -> SortedWords:
        return SortedWords(self._by_last)


def _last(url: str) -> str:
    return url.rpartition("/")[2]


def _bare(url: str) -> str:
    return _ENDING.sub("", url)
