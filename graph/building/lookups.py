"""The names by which users know nodes (URLs, slugs, domains), and which node each of them finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from graph.building.merged_graph import MergeResult
from graph.building.slug_owners import by_precedence, name_owners, slug_owners
from graph.fields import FieldKind
from graph.links import canonical_url, composed, name_slug, provider_domain
from graph.model import ARTICLE_FIELDS, Article, Person
from graph.problems import Problem, ProblemCode, quote, sorted_problems, warning

_URL_FIELDS = tuple(field for field in ARTICLE_FIELDS if field.kind is FieldKind.URL)
_URL_NAMES = frozenset(field.name for field in _URL_FIELDS)


@dataclass(frozen=True, slots=True)
class Lookups:
    """Names → ids. Where several articles claim a name, `graph.building.slug_owners` says which has it, and the others are reported."""

    articles_by_url: Mapping[str, str]
    """Every form of an article's URL, made canonical."""
    articles_by_slug: Mapping[str, str]
    providers_by_domain: Mapping[str, str]
    topics_by_slug: Mapping[str, str]
    persons_by_slug: Mapping[str, str]
    """By name too, where nobody has it for a slug."""
    problems_by_file: Mapping[str, tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    """Names that several articles claim."""

    def article(self, slug: str) -> str | None:
        """The id of the article with this slug."""
        return self.articles_by_slug.get(composed(slug))

    def provider(self, domain: str) -> str | None:
        """The id of the provider with this domain, however it is written."""
        return self.providers_by_domain.get(provider_domain(domain) or "")

    def topic(self, name: str) -> str | None:
        """The id of the topic with this name or slug."""
        return self.topics_by_slug.get(name_slug(name) or "")

    def person(self, name: str) -> str | None:
        """The id of the person with this name or slug."""
        return self.persons_by_slug.get(name_slug(name) or "")


def build_lookups(merged: MergeResult) -> Lookups:
    """The look-ups of what was merged."""
    problems: list[Problem] = []
    articles = by_precedence(merged.articles)
    by_url = name_owners(articles, _URL_CLAIMS, lambda *dispute: problems.extend(_url_shared(*dispute)))
    by_slug = slug_owners(articles, lambda *dispute: problems.extend(_slug_shared(*dispute)))
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in (*merged.problems, *problems):
        by_file[problem.file].append(problem)
    return Lookups(
        articles_by_url={url: article.id for url, article in by_url.items()},
        articles_by_slug={slug: article.id for slug, article in by_slug.items()},
        providers_by_domain={provider.domain: provider.id for provider in merged.providers if provider.domain},
        topics_by_slug={topic.slug: topic.id for topic in merged.topics},
        persons_by_slug=_persons_by_slug(merged.persons),
        problems_by_file={file: sorted_problems(found) for file, found in by_file.items()},
        problems=tuple(problems),
    )


def _persons_by_slug(persons: Sequence[Person]) -> dict[str, str]:
    """Slugs first, then names, then other spellings; of several persons with one name the first by slug has it."""
    found = {person.slug: person.id for person in persons}
    in_order = sorted(persons, key=lambda person: person.slug)
    for person in in_order:
        found.setdefault(name_slug(person.name) or person.slug, person.id)
    for person in in_order:
        for alias in person.aliases:
            found.setdefault(name_slug(alias) or person.slug, person.id)
    return found


Claims = Callable[[Article], Iterable[str]]


def _identity(article: Article) -> tuple[str, ...]:
    return (article.url,) if article.url else ()


def _url_form(attribute: str) -> Claims:
    read = attrgetter(attribute)

    def claims(article: Article) -> tuple[str, ...]:
        url = read(article)
        if url and url != article.url and (canonical := canonical_url(url)):
            return (canonical,)
        return ()

    return claims


def _lost_urls(article: Article) -> Iterator[str]:
    for conflict in article.conflicts:
        if conflict.field in _URL_NAMES and isinstance(conflict.value, str):
            url = canonical_url(conflict.value)
            if url:
                yield url


_URL_CLAIMS = (_identity, *(_url_form(field.attribute) for field in _URL_FIELDS), _lost_urls)


def _url_shared(url: str, article: Article, owner: Article) -> Iterator[Problem]:
    if article.file is not None:
        message = (
            f"{quote(url, 200)} is a URL of {owner.file or owner.url} too, which a look-up finds; correct one of them."
        )
        yield warning(ProblemCode.URL_SHARED, message, file=article.file)


def _slug_shared(slug: str, article: Article, owner: Article) -> Iterator[Problem]:
    """Says nothing of a mere file name: the article has a slug that finds it."""
    if article.file is not None and slug == article.slug:
        message = (
            f"{owner.file} has the slug {quote(slug)} too, and a look-up finds it; give this article a slug of its own."
        )
        yield warning(ProblemCode.SLUG_SHARED, message, file=article.file)
