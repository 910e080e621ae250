"""The names by which users know nodes (URLs, slugs, domains), and which node each of them finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.links import canonical_url, name_slug, provider_domain
from graph.merge import MergeResult
from graph.model import Article
from graph.problems import Problem, ProblemCode, quote, warning

_URL_FIELDS = {
    "webUrl": "web_url",
    "originalUrl": "original_url",
    "ampWebUrl": "amp_web_url",
    "cdnAmpWebUrl": "cdn_amp_web_url",
}
_BEFORE_ALL_DATES = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lookups:
    """Names → ids. Where several nodes claim a name, the newest article has it, and the others are reported."""

    articles_by_url: Mapping[str, str]
    """Every form of an article's URL, made canonical."""
    articles_by_slug: Mapping[str, str]
    providers_by_domain: Mapping[str, str]
    topics_by_slug: Mapping[str, str]
    problems_by_file: Mapping[str, tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    """Names that several articles claim."""

    def provider(self, domain: str) -> str | None:
        """The id of the provider with this domain, however it is written."""
        return self.providers_by_domain.get(provider_domain(domain) or "")

    def topic(self, name: str) -> str | None:
        """The id of the topic with this name or slug."""
        return self.topics_by_slug.get(name_slug(name) or "")


def build_lookups(merged: MergeResult) -> Lookups:
    """The look-ups of what was merged."""
    newest_first = sorted(merged.articles, key=_newest_first)
    problems: list[Problem] = []
    by_url = _claim(newest_first, (_identity, *map(_url_form, _URL_FIELDS.values()), _lost_urls), _url_shared, problems)
    by_slug = _claim(newest_first, (_own_slug, _other_slugs), _slug_shared, problems)
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in (*merged.problems, *problems):
        by_file[problem.file].append(problem)
    return Lookups(
        articles_by_url=by_url,
        articles_by_slug=by_slug,
        providers_by_domain={provider.domain: provider.id for provider in merged.providers if provider.domain},
        topics_by_slug={topic.slug: topic.id for topic in merged.topics},
        problems_by_file={file: tuple(sorted(found, key=Problem.sort_key)) for file, found in by_file.items()},
        problems=tuple(problems),
    )


Claims = Callable[[Article], Iterable[str]]


def _newest_first(article: Article) -> tuple[float, str]:
    return -(article.published_date_time or _BEFORE_ALL_DATES).timestamp(), article.id


def _claim(
    articles: Sequence[Article],
    rounds: Iterable[Claims],
    report: Callable[[str, Article, Article], Problem | None],
    problems: list[Problem],
) -> dict[str, str]:
    """Name → id. Names are given away in rounds, the strongest claims first; within a round the newest article wins."""
    owners: dict[str, Article] = {}
    disputed: set[tuple[str, str]] = set()
    for claims in rounds:
        for article in articles:
            for name in claims(article):
                owner = owners.setdefault(name, article)
                if owner is not article and (owner.id, article.id) not in disputed:
                    disputed.add((owner.id, article.id))
                    problem = report(name, article, owner)
                    problems.extend([problem] if problem else [])
    return {name: owner.id for name, owner in owners.items()}


def _identity(article: Article) -> Iterator[str]:
    if article.url:
        yield article.url


def _url_form(attribute: str) -> Claims:
    def claims(article: Article) -> Iterator[str]:
        url = canonical_url(getattr(article, attribute) or "")
        if url:
            yield url

    return claims


def _lost_urls(article: Article) -> Iterator[str]:
    for conflict in article.conflicts:
        if conflict.field in _URL_FIELDS and isinstance(conflict.value, str):
            url = canonical_url(conflict.value)
            if url:
                yield url


def _own_slug(article: Article) -> tuple[str, ...]:
    return article.slugs[:1]


def _other_slugs(article: Article) -> tuple[str, ...]:
    return article.slugs[1:]


def _url_shared(url: str, article: Article, owner: Article) -> Problem | None:
    if article.file is None:
        return None
    message = (
        f"{quote(url, 200)} is a URL of {owner.file or owner.url} too, which a look-up finds; correct one of them."
    )
    return warning(ProblemCode.URL_SHARED, message, file=article.file)


def _slug_shared(slug: str, article: Article, owner: Article) -> Problem | None:
    if article.file is None:
        return None
    message = f"{owner.file or owner.url} has the slug {quote(slug)} too, and a look-up finds it; name this one by its whole file name."
    return warning(ProblemCode.SLUG_SHARED, message, file=article.file)
