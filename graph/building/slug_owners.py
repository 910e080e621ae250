"""Which article a slug or URL finds where several claim it: one order of precedence, for look-ups and for related items."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

BEFORE_ALL_DATES = datetime.min.replace(tzinfo=UTC)


class Named(Protocol):
    """What decides which names an article gets."""

    @property
    def file(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def published_date_time(self) -> datetime | None: ...
    @property
    def slugs(self) -> tuple[str, ...]:
        """Its own slug first, then its other names."""


_N = TypeVar("_N", bound=Named)


def latest_first(moment: datetime | None) -> float:
    """A key that sorts the latest moment first, and what has none last."""
    return -(moment or BEFORE_ALL_DATES).timestamp()


def by_precedence(articles: Iterable[_N]) -> list[_N]:
    """Those with a file first: the newest, then by file name. The others follow by URL."""
    return sorted(articles, key=_precedence)


def name_owners(
    articles: Sequence[_N],
    claims: Callable[[_N], Iterable[Sequence[str]]],
    report: Callable[[str, _N, _N], None] = lambda name, loser, owner: None,
) -> dict[str, _N]:
    """Name → article. `claims` are the names that an article claims in each round; names are given away in rounds, the first one first.

    Within a round the articles come as they stand: by precedence. Of every two that claim one name, the loser and the
    owner are reported once.
    """
    rounds: dict[int, list[tuple[int, _N, Sequence[str]]]] = defaultdict(list)
    for place, article in enumerate(articles):
        for number, names in enumerate(claims(article)):
            if names:
                rounds[number].append((place, article, names))
    owners: dict[str, tuple[int, _N]] = {}
    disputes: set[tuple[int, int]] = set()
    for number in sorted(rounds):
        for place, article, names in rounds[number]:
            for name in names:
                owner = owners.setdefault(name, (place, article))
                if owner[0] != place and (owner[0], place) not in disputes:
                    disputes.add((owner[0], place))
                    report(name, article, owner[1])
    return {name: owner for name, (_, owner) in owners.items()}


def slug_owners(
    articles: Sequence[_N], report: Callable[[str, _N, _N], None] = lambda slug, loser, owner: None
) -> dict[str, _N]:
    """Slug → article: own slugs of files before their other names, and before slugs that only copies mention."""
    return name_owners(articles, _slug_claims, report)


def _precedence(article: Named) -> tuple[bool, float, str]:
    if article.file is None:
        return True, 0, article.url or ""
    return False, latest_first(article.published_date_time), article.file


def _slug_claims(article: Named) -> tuple[tuple[str, ...], ...]:
    """Its own slug, its other names, and what only copies call it."""
    return (article.slugs[:1], article.slugs[1:]) if article.file is not None else ((), (), article.slugs)
