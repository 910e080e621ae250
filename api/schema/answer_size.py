"""`AnswerSize`: how many bytes one answer has, counted while it is rendered: what costs little to find can weigh much."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo, get_named_type, is_leaf_type
from strawberry.extensions import SchemaExtension

from api.errors import ErrorCode, RequestError
from api.json_text import to_json

MEGABYTE = 1_000_000

_IN_PAGES = ("nodes", "edges", "node")
"""Fields that end no response path, since how many of them there are is set by the connection around them."""
_PUNCTUATION = 4
"""Bytes around a field's name in JSON."""


class AnswerTooLargeError(RequestError):
    """An answer that has more bytes than it may; the message says where most of them are."""

    def __init__(self, megabytes: int, path: Sequence[str]) -> None:
        message = (
            f"The answer would have more than {megabytes:,} MB, which is the limit. Most of it is `{'.'.join(path)}`:"
            " ask for fewer entries there, with a smaller `first`, or for fewer fields."
        )
        super().__init__(ErrorCode.ANSWER_TOO_LARGE, message)


def heaviest(sizes: Mapping[tuple[str, ...], int], within: Sequence[str] = ()) -> list[str]:
    """The response path of the innermost field that has more than half of what its siblings have, `within` one or not.

    `sizes` are those of fields by their response paths, without the places in lists, as far as they are worth noting.
    """
    path = tuple(within)
    while True:
        inner = {key: size for key, size in sizes.items() if len(key) == len(path) + 1 and key[:-1] == path}
        found = max(inner, key=inner.__getitem__, default=None)
        if found is None or (path and inner[found] * 2 <= sum(inner.values())):
            break
        path = found
    named = list(path)
    while len(named) > 1 and named[-1] in _IN_PAGES:
        named.pop()
    return named


class AnswerSize:
    """Of one answer that graphql-core makes; the planned executor counts what it renders itself."""

    def __init__(self, megabytes: int) -> None:
        self.limit = megabytes * MEGABYTE
        self.is_exceeded = False
        self._megabytes = megabytes
        self._total = 0
        self._sizes: Counter[tuple[str, ...]] = Counter()

    def add(self, info: "GraphQLResolveInfo[Any]", value: Any) -> None:
        """Counts a field with its value, about: how many bytes it has as JSON is known when it is written."""
        size = len(str(info.path.key)) + _PUNCTUATION
        if is_leaf_type(get_named_type(info.return_type)):
            size += _length(value)
        self._total += size
        self._sizes[tuple(key for key in info.path.as_list() if isinstance(key, str))] += size
        self.is_exceeded |= self._total > self.limit

    def refusal(self) -> AnswerTooLargeError:
        """What to tell in place of the answer."""
        sizes: Counter[tuple[str, ...]] = Counter()
        for path, size in self._sizes.items():
            for end in range(len(path)):
                sizes[path[: end + 1]] += size
        return AnswerTooLargeError(self._megabytes, heaviest(sizes))


def _length(value: Any) -> int:
    """Of a leaf, or a list of leaves."""
    match value:
        case str():
            return len(value)
        case Mapping():
            return len(to_json(value))
        case list() | tuple():
            return sum(map(_length, value)) + _PUNCTUATION * len(value)
    return 0


class CountedAnswer(SchemaExtension):
    """Ends an operation that graphql-core executes when its answer has more bytes than it may."""

    def resolve(
        self, _next: Callable[..., Any], root: Any, info: "GraphQLResolveInfo[Any]", *args: Any, **kwargs: Any
    ) -> Any:
        return counted(_next, root, info, *args, **kwargs)


def counted(resolve: Callable[..., Any], root: Any, info: "GraphQLResolveInfo[Any]", *args: Any, **kwargs: Any) -> Any:
    """What the field's resolver answers; nothing more is resolved once the answer is too large."""
    size: AnswerSize | None = getattr(info.context, "answer_size", None)
    if size is None:
        return resolve(root, info, *args, **kwargs)
    if size.is_exceeded:
        raise size.refusal()
    value = resolve(root, info, *args, **kwargs)
    if isinstance(value, asyncio.Future):
        value.add_done_callback(partial(_count_later, size, info))
    else:
        size.add(info, value)
    return value


def _count_later(size: AnswerSize, info: "GraphQLResolveInfo[Any]", value: "asyncio.Future[Any]") -> None:
    if not value.cancelled() and value.exception() is None:
        size.add(info, value.result())
