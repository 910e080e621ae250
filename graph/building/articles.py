"""Files and copies → articles: the values of each, and where the edges from it lead.

What is made of an article's files follows from these files, from their languages and from where their lists and links lead. As
long as none of that changes, later loads take over what was made (`Made`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from graph.building.catalogues import PersonNames, ProviderNames, TopicNames, topic_slug
from graph.building.conflicts import (
    COMPARED,
    Differences,
    compared_values,
    copy_conflicts,
    differences,
    file_conflicts,
    is_absent,
)
from graph.building.languages import Spoken
from graph.building.merged_graph import MergeResult
from graph.building.names import names_of
from graph.building.related import Copies, RelatedList
from graph.links import name_slug, node_id
from graph.model import Article, ArticleLink, ArticleOrigin, BodyFormat, EdgeKind, FieldConflict, JsonValue, NodeKind
from graph.reading.records import Document, PersonMention, Reference, TopicMention, is_url_key
from graph.sites.locations import standing_path

Sources = Sequence[Document] | Sequence[Reference]
"""What an article's values come from, the strongest first: its files or, if it has none, its copies."""
Links = Mapping[str, ArticleLink]
"""The articles that a body links to, by key, and how."""

_NO_LINKS: Links = MappingProxyType({})


class Made(NamedTuple):
    """What was made of the files of an article."""

    files: Sequence[Document]
    speech: Sequence[Spoken]
    """What these are versions of."""
    lists: Sequence[RelatedList]
    """What they name as related."""
    links: Links
    values: Mapping[str, Any]
    article: Article
    topics: Sequence[TopicMention]
    about: tuple[str, ...]
    """The ids of these."""
    authors: Sequence[PersonMention]
    written_by: tuple[str, ...]
    related: tuple[str, ...]


class Mentions(NamedTuple):
    """Those whom articles name."""

    providers: ProviderNames
    topics: TopicNames
    persons: PersonNames


class Told(NamedTuple):
    """What files say of the articles, by the keys of these unless it says otherwise."""

    ids: Mapping[str, str]
    """Of all articles, those included that only copies mention."""
    files: Mapping[str, Sequence[Document]]
    copies: Mapping[str, Copies]
    lists: Mapping[str, RelatedList]
    """By file."""
    links: Mapping[str, Links]
    speech: Mapping[str, Spoken]
    """By file."""


def add_articles(result: MergeResult, told: Told, mentions: Mentions, known: dict[str, Made]) -> None:
    """The articles and the edges that lead from them.

    `known` is what was made of files before; afterwards it is what was made of these.
    """
    values = {key: _values(key, told, known) for key in told.ids}
    made_of: dict[str, Made] = {}
    topics: list[tuple[str, str]] = []
    conflicts = copy_conflicts(told.lists.values(), _losing(told.copies, values))
    published_by, about_of, written_by, related_to, links_to = map(result.targets.__getitem__, _FROM_ARTICLES)
    for key, article_id in told.ids.items():
        if (provider := values[key]["provider"]) is not None:
            mentions.providers.add_own(provider)
            published_by[article_id] = (node_id(NodeKind.PROVIDER, provider.key),)
        if key not in told.files:  # as most articles are: what follows comes from files alone
            result.articles.append(
                _article_of_copies(key, article_id, values[key], told.copies[key], conflicts.get(key, ()))
            )
            continue
        made = made_of[key] = _made(key, told, values[key], conflicts.get(key, ()), known.get(key))
        result.articles.append(made.article)
        topics.extend((topic.name, topic.taxonomy) for topic in made.topics)
        for author in made.authors:
            mentions.persons.add(author)
        if made.about:
            about_of[article_id] = made.about
        if made.written_by:
            written_by[article_id] = made.written_by
        if made.related:
            related_to[article_id] = made.related
        if made.links:
            links_to[article_id] = tuple(map(told.ids.__getitem__, made.links))
    for (name, taxonomy), count in Counter(topics).items():
        mentions.topics.add(TopicMention(name, taxonomy), count)
    known.clear()
    known.update(made_of)


_FROM_ARTICLES = (
    *(EdgeKind.PUBLISHED_BY, EdgeKind.ABOUT, EdgeKind.WRITTEN_BY),
    *(EdgeKind.RELATED_TO, EdgeKind.LINKS_TO),
)


def _values(key: str, told: Told, known: Mapping[str, Made]) -> Mapping[str, Any]:
    """The values of an article by attribute: of each field the first that any of its sources has."""
    files = told.files.get(key)
    if files is None:
        return _winners(tuple(told.copies[key]))
    made = known.get(key)
    return made.values if made is not None and made.files == files else _winners(files)


def _made(
    key: str,
    told: Told,
    values: Mapping[str, Any],
    copy_conflicts: Sequence[FieldConflict],
    made: Made | None,
) -> Made:
    """What is made of the files of an article; if copies say otherwise, anew each time."""
    files, links = told.files[key], told.links.get(key, _NO_LINKS)
    speech = [told.speech[document.file] for document in files]
    lists = [told.lists[document.file] for document in files if document.related]
    if (
        made is not None
        and made.links is links
        and made[:3] == (files, speech, lists)
        and files[0].names  # else it is called as copies call it
        and not (copy_conflicts or made.article.conflicts)
    ):
        return made
    topics, authors = tuple(_topics(files)), tuple(_authors(files))
    return Made(
        files,
        speech,
        lists,
        links,
        values,
        _article(key, told, values, links, copy_conflicts),
        topics,
        tuple(node_id(NodeKind.TOPIC, topic_slug(topic)) for topic in topics),
        authors,
        tuple(node_id(NodeKind.PERSON, author.key) for author in authors),
        _related_ids(key, told.ids, lists),
    )


def _losing(
    copies: Mapping[str, Copies], values: Mapping[str, Mapping[str, Any]]
) -> Mapping[Reference, Mapping[str, Differences]]:
    """What copies say that does not count, by copy and by the key of the article."""
    losing: dict[Reference, dict[str, Differences]] = defaultdict(dict)
    for key, same in copies.items():
        for copy in same:
            if found := differences(values[key], copy):
                losing[copy][key] = found
    return losing


def _winners(sources: Sources) -> dict[str, Any]:
    if len(sources) == 1:
        return compared_values(sources[0])
    return {attribute: _first_value(sources, attribute) for attribute in COMPARED}


def _first_value(sources: Sources, attribute: str) -> Any:
    return next((value for source in sources if not is_absent(value := getattr(source, attribute))), None)


def _article(
    key: str,
    told: Told,
    values: Mapping[str, Any],
    links: Links,
    copy_conflicts: Sequence[FieldConflict],
) -> Article:
    files = told.files[key]
    slugs, spoken_as = (
        names_of(files, told.speech) or _mentioned_slugs(told.copies.get(key, ())),
        told.speech[files[0].file],
    )
    body, front_matter = _first_value(files, "body"), _front_matter(files)
    return Article(
        id=told.ids[key],
        url=key if is_url_key(key) else None,
        origin=ArticleOrigin.DOCUMENT,
        slug=slugs[0] if slugs else None,
        slugs=slugs,
        path=files[0].address or standing_path(files[0].file) or "/",
        aliases=tuple(dict.fromkeys(alias for document in files for alias in document.aliases)),
        language=spoken_as.language,
        version=spoken_as.version,
        body=body,
        body_format=next((document.body_format for document in files if document.body), BodyFormat.MARKDOWN),
        links=tuple(links.values()),
        published=files[0].hidden is None,
        front_matter=front_matter,
        file=files[0].file,
        duplicate_files=tuple(document.file for document in files[1:]),
        conflicts=(*file_conflicts(values, body, front_matter, files[1:]), *copy_conflicts),
        **_own_values(values),
    )


def _article_of_copies(
    key: str, article_id: str, values: Mapping[str, Any], copies: Copies, copy_conflicts: Sequence[FieldConflict]
) -> Article:
    slugs = _mentioned_slugs(copies)
    return Article(
        id=article_id,
        url=key if is_url_key(key) else None,
        origin=ArticleOrigin.REFERENCE,
        slug=slugs[0] if slugs else None,
        slugs=slugs,
        conflicts=tuple(copy_conflicts),
        **_own_values(values),
    )


def _own_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the article, and not who publishes it."""
    return {attribute: value for attribute, value in values.items() if attribute != "provider" and value is not None}


def _mentioned_slugs(copies: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(copy.slug for copy in copies if copy.slug))


def _front_matter(files: Sequence[Document]) -> Mapping[str, JsonValue]:
    if len(files) == 1:
        return files[0].front_matter
    merged: dict[str, JsonValue] = {}
    for document in files:
        merged = {**document.front_matter, **merged}
    return MappingProxyType(merged)


def _topics(files: Iterable[Document]) -> Iterable[TopicMention]:
    """The topics that the files name, in their order; the first spelling of each."""
    topics: dict[str | None, TopicMention] = {}
    for document in files:
        for topic in document.topics:
            topics.setdefault(name_slug(topic.name), topic)
    return topics.values()


def _authors(files: Iterable[Document]) -> Iterable[PersonMention]:
    """The authors that the files name, in their order; the first mention of each."""
    authors: dict[str, PersonMention] = {}
    for document in files:
        for author in document.authors:
            authors.setdefault(author.key, author)
    return authors.values()


def _related_ids(key: str, ids: Mapping[str, str], lists: Iterable[RelatedList]) -> tuple[str, ...]:
    """Links in list order, the winner's before the loser's, each target once, without self-links."""
    targets: dict[Any, None] = dict.fromkeys(chain.from_iterable(found.keys for found in lists))
    for no_target in (None, key):
        targets.pop(no_target, None)
    return tuple(map(ids.__getitem__, targets))
