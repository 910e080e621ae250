"""The names by which users know nodes (URLs, slugs, domains), and which node each of them finds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from operator import attrgetter

from graph.building.merged_graph import MergeResult
from graph.building.slug_owners import by_precedence, name_owners, slug_owners
from graph.errors import UrlError
from graph.fields import FieldKind
from graph.links import canonical_url, composed, name_slug, path_name, provider_domain
from graph.model import ARTICLE_FIELDS, Article, EdgeKind, Person, Topic
from graph.problems import Problem, ProblemCode, quote, sorted_problems, warning
from graph.sites.addresses import own_path
from graph.sites.site import Site

_URL_FIELDS = tuple(field for field in ARTICLE_FIELDS if field.kind is FieldKind.URL)
_URL_NAMES = frozenset(field.name for field in _URL_FIELDS)


class Lookup(Enum):
    """A kind of key that identifies one node."""

    ARTICLE_BY_SLUG = "ARTICLE_BY_SLUG"
    ARTICLE_BY_URL = "ARTICLE_BY_URL"
    ARTICLE_BY_PATH = "ARTICLE_BY_PATH"
    PROVIDER_BY_DOMAIN = "PROVIDER_BY_DOMAIN"
    TOPIC_BY_SLUG = "TOPIC_BY_SLUG"
    TOPIC_BY_NAME = "TOPIC_BY_NAME"
    PERSON_BY_SLUG = "PERSON_BY_SLUG"
    PERSON_BY_NAME = "PERSON_BY_NAME"


@dataclass(frozen=True, slots=True)
class Lookups:
    """Names → ids. Where several articles claim a name, `graph.building.slug_owners` says which has it, and the others are reported."""

    articles_by_url: Mapping[str, str]
    """Every form of an article's URL, made canonical."""
    articles_by_slug: Mapping[str, str]
    """Beside every name as it is written the same in small letters, where that is nobody's name."""
    articles_by_path: Mapping[str, str]
    """Addresses below the start page, paths of files and former addresses, in the form of `path_name`."""
    providers_by_domain: Mapping[str, str]
    topics_by_slug: Mapping[str, str]
    """Names are there too, and other names, where no topic has them for a slug."""
    persons_by_slug: Mapping[str, str]
    """As those of topics."""
    problems_by_file: Mapping[str, tuple[Problem, ...]]
    problems: tuple[Problem, ...]
    """Names that several articles claim."""
    paths: Mapping[str, tuple[str, ...]]
    """From which the articles by path follow: every path that means one, by its id."""
    sites: tuple[Site, ...] = ()
    """Those that the files belong to."""

    def find(self, lookup: Lookup, name: str) -> str | None:
        """The id of the node that the name identifies.

        Raises:
            UrlError: a name that should be a URL is not one.
        """
        match lookup:
            case Lookup.ARTICLE_BY_SLUG:
                return self.article(name)
            case Lookup.ARTICLE_BY_URL:
                return self.article_of(name)
            case Lookup.ARTICLE_BY_PATH:
                return self.article_at(name)
            case Lookup.PROVIDER_BY_DOMAIN:
                return self.provider(name)
            case Lookup.TOPIC_BY_SLUG:
                return self.topics_by_slug.get(composed(name))
            case Lookup.TOPIC_BY_NAME:
                return self.topic(name)
            case Lookup.PERSON_BY_SLUG:
                return self.persons_by_slug.get(composed(name))
            case Lookup.PERSON_BY_NAME:
                return self.person(name)

    def article(self, slug: str) -> str | None:
        """The id of the article with this slug or name, whatever the case unless two articles differ in that."""
        name = composed(slug).strip()
        return self.articles_by_slug.get(name) or self.articles_by_slug.get(name.casefold())

    def article_at(self, path: str) -> str | None:
        """The id of the article with this address below the start page, or with this path of its file."""
        return self.articles_by_path.get(path_name(path))

    def article_of(self, url: str) -> str | None:
        """The id of the article with this URL or, of the own sites, with this former address or address without a host.

        Raises:
            UrlError: the text is neither.
        """
        canonical = canonical_url(url)
        if canonical is None:
            if not url.strip().startswith("/"):
                raise UrlError(
                    "The url is no http or https address; write the whole address, https:// included, or a path that begins with a slash."
                )
            return self.article_at(url)
        if found := self.articles_by_url.get(canonical):
            return found
        paths = (own_path(site, url) for site in self.sites if site.url)
        return next((found for path in paths if path is not None and (found := self.article_at(path))), None)

    def provider(self, domain: str) -> str | None:
        """The id of the provider with this domain, however it is written."""
        return self.providers_by_domain.get(provider_domain(domain) or "")

    def topic(self, name: str) -> str | None:
        """The id of the topic with this name, slug or alias."""
        return self.topics_by_slug.get(name_slug(name) or "")

    def person(self, name: str) -> str | None:
        """The id of the person with this name or slug."""
        return self.persons_by_slug.get(name_slug(name) or "")


def build_lookups(merged: MergeResult, before: Lookups | None = None) -> Lookups:
    """The look-ups of what was merged.

    `before`: those of the same articles, called the same (`article_names`), with the same paths and translations.
    """
    articles = before or _of_articles(merged)
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in (*merged.problems, *articles.problems):
        by_file[problem.file].append(problem)
    return replace(
        articles,
        providers_by_domain={provider.domain: provider.id for provider in merged.providers if provider.domain},
        topics_by_slug=_ids_by_name(merged.topics),
        persons_by_slug=_ids_by_name(merged.persons),
        problems_by_file={file: sorted_problems(found) for file, found in by_file.items()},
        sites=merged.sites,
    )


def _of_articles(merged: MergeResult) -> Lookups:
    """Those that find articles."""
    problems: list[Problem] = []
    translations = merged.targets[EdgeKind.TRANSLATION_OF]
    articles = sorted(
        by_precedence(merged.articles), key=lambda article: article.id in translations or bool(article.version)
    )
    by_url = name_owners(articles, _url_claims, lambda *dispute: problems.extend(_url_shared(*dispute)))
    by_slug = slug_owners(articles, lambda *dispute: problems.extend(_slug_shared(*dispute)))
    return Lookups(
        articles_by_url={url: article.id for url, article in by_url.items()},
        articles_by_slug=_in_any_case({slug: article.id for slug, article in by_slug.items()}),
        articles_by_path=_ids_by_path(articles, merged.paths),
        providers_by_domain={},
        topics_by_slug={},
        persons_by_slug={},
        problems_by_file={},
        problems=tuple(problems),
        paths=merged.paths,
    )


def _ids_by_name(nodes: Sequence[Topic | Person]) -> dict[str, str]:
    """Slugs first, then names, then other spellings; of several nodes with one name the first by slug has it."""
    found = {node.slug: node.id for node in nodes}
    in_order = sorted(nodes, key=lambda node: node.slug)
    for node in in_order:
        found.setdefault(name_slug(node.name) or node.slug, node.id)
    for node in in_order:
        for alias in node.aliases:
            found.setdefault(name_slug(alias) or node.slug, node.id)
    return found


def _in_any_case(ids: Mapping[str, str]) -> dict[str, str]:
    found = dict(ids)
    for name, article_id in ids.items():
        found.setdefault(name.casefold(), article_id)
    return found


def _ids_by_path(articles: Iterable[Article], paths: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Own addresses before all other paths; of several articles with one path the first has it."""
    found: dict[str, str] = {}
    in_order = [(article.id, paths[article.id]) for article in articles if article.id in paths]
    for article_id, own in in_order:
        found.setdefault(own[0], article_id)
    for article_id, own in in_order:
        for path in own[1:]:
            found.setdefault(path, article_id)
    return found


article_names = attrgetter(
    *("id", "file", "published_date_time", "slugs", "url", "conflicts", "path", "language", "version"),
    *(field.attribute for field in _URL_FIELDS),
)
"""All that look-ups, and what is wrong with names, follow from in an article itself."""

_url_forms = attrgetter(*(field.attribute for field in _URL_FIELDS))


def _url_claims(article: Article) -> tuple[tuple[str, ...], ...]:
    """Its identity, the other forms of its URL, and those that lost against these."""
    own = (article.url,) if article.url else ()
    forms = _url_forms(article)
    if not article.conflicts and all(url is None or url == article.url for url in forms):
        return (own,)
    canonical = (canonical_url(url) if url and url != article.url else None for url in forms)
    return own, *((url,) if url else () for url in canonical), tuple(_lost_urls(article))


def _lost_urls(article: Article) -> Iterator[str]:
    for conflict in article.conflicts:
        if conflict.field in _URL_NAMES and isinstance(conflict.value, str):
            url = canonical_url(conflict.value)
            if url:
                yield url


def _url_shared(url: str, article: Article, owner: Article) -> Iterator[Problem]:
    if article.file is not None:
        message = (
            f"{quote(url, 200)} is a URL of {owner.file or owner.url} too, which a look-up finds; correct one of them."
        )
        yield warning(ProblemCode.URL_SHARED, message, file=article.file)


def _are_told_apart(article: Article, owner: Article) -> bool:
    """Whether nobody expects two articles to have slugs of their own: both have addresses, or they are versions of one."""
    has_addresses = all((found.path or "").startswith("/") for found in (article, owner))
    return has_addresses or (article.language, article.version) != (owner.language, owner.version)


def _slug_shared(slug: str, article: Article, owner: Article) -> Iterator[Problem]:
    """Says nothing of a mere file name: the article has a slug that finds it."""
    if article.file is not None and slug == article.slug and not _are_told_apart(article, owner):
        message = (
            f"{owner.file} has the slug {quote(slug)} too, and a look-up finds it; give this article a slug of its own."
        )
        yield warning(ProblemCode.SLUG_SHARED, message, file=article.file)
