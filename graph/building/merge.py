"""Documents → nodes and edges: one id, one value; every value that loses stays as a conflict with its source.

An article may stand in a file of its own, in several, and as a copy in the `related` lists of hundreds of others. Its
values come from its files alone, the winner's first; only an article without a file has those of its copies. Why: a copy
was made when its list was written, and nobody mends it when the article changes.

The modules of `graph.building` in the order in which they come:

1. `timing` and `inventory`: what is shown at this moment, and what is not; `repeats`: problems that all files have.
2. `descriptions`: whom and what documents mean by their names; `similar_names`: names that were probably meant to be others.
3. `naming`: which files are one article, and which of them wins (`identity`), its language and translations (`languages`), and what
   all are called (`names`).
4. `related`: which article each item of a `related` list names; `_copies_by_key` turns that round; `similar_urls`: which one it may
   have meant.
5. `body_links`: which articles the links of bodies lead to (`link_targets`).
6. `_winners`: the values of each article; `conflicts`: what loses against them.
7. `sequences`: what is a part of what, and what follows what.
8. `catalogues`: providers, topics and persons, which articles name and catalogues describe.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from graph.building.body_links import body_links
from graph.building.catalogues import Catalogue, PersonNames, ProviderNames, TopicNames
from graph.building.conflicts import (
    COMPARED,
    Differences,
    compared_values,
    copy_conflicts,
    differences,
    file_conflicts,
    is_absent,
)
from graph.building.descriptions import as_described
from graph.building.identity import files_by_key
from graph.building.inventory import Inventory, hidden_by_reason
from graph.building.languages import Spoken
from graph.building.link_targets import LinkTargets
from graph.building.merged_graph import MergeResult
from graph.building.names import ArticleNames, names_of
from graph.building.naming import Earlier
from graph.building.related import RelatedList, related_lists
from graph.building.repeats import summarised
from graph.building.sequences import Sequences, sequences
from graph.building.similar_names import similar_names
from graph.building.similar_urls import similar_urls
from graph.building.timing import as_of, far_dates
from graph.links import name_slug, node_id
from graph.memory import paused_collection
from graph.model import Article, ArticleLink, ArticleOrigin, BodyFormat, EdgeKind, FieldConflict, JsonValue, NodeKind
from graph.problems import Problem
from graph.reading.loader import LoadResult
from graph.reading.records import CatalogueEntry, Document, PersonMention, Reference, TopicMention, is_url_key
from graph.sites.locations import standing_path

Copies = dict[Reference, int]
"""The different copies of one article, the latest-published first, and how often each stands in a list."""

Sources = Sequence[Document] | Sequence[Reference]
"""What an article's values come from, the strongest first: its files or, if it has none, its copies."""


@paused_collection()
def merge(
    loaded: LoadResult, include_unpublished: bool = False, now: datetime | None = None, earlier: Earlier | None = None
) -> MergeResult:
    """The graph's content at a moment, which is this one. Hidden files leave no trace unless included: no values, no problems.

    `earlier` belongs to all graphs of one set of folders: it makes the next one faster, and no other difference.
    Cost: linear in documents and copies.
    """
    now = now or datetime.now(UTC)
    current = as_of(loaded.documents, now)
    documents, entries, problems = _visible(loaded, current, include_unpublished)
    hidden = () if include_unpublished else [document.hidden for document in current if document.hidden]
    inventory = Inventory(loaded.sites_read, loaded.file_count, hidden_by_reason(hidden), loaded.left_out)
    result = MergeResult(problems=summarised(problems, len(documents)), inventory=inventory)
    documents = as_described(documents, entries)
    shown = {document.file for document in documents}
    result.problems.extend(far_dates((document for document in loaded.documents if document.file in shown), now))
    result.problems.extend(similar_names(documents, entries))
    naming = (earlier or Earlier()).naming(documents, loaded.sites)
    result.problems.extend(naming.problems)
    files, keys, names = naming.files, naming.keys, naming.names
    lists = related_lists(documents, names, keys)
    for document in documents:
        result.problems.extend(lists[document.file].problems)
    copies = _copies_by_key(lists.values())
    result.problems.extend(similar_urls(lists.values(), copies, files, _addresses(loaded.documents, shown)))
    ids = {**naming.ids, **{key: node_id(NodeKind.ARTICLE, key) for key in copies if key not in files}}
    providers, topics, persons = ProviderNames(), TopicNames(), PersonNames()
    targets, known = naming.targets(copies)
    links = body_links(files, targets, _hidden_targets(loaded, documents), known)
    result.problems.extend(links.problems)
    _add_articles(result, ids, files, copies, lists, links.targets, providers, topics, persons, naming.speech)
    result.paths = naming.paths
    result.sites = tuple({site.fingerprint: site for site in loaded.sites.values()}.values())
    for same in copies.values():
        for copy, count in same.items():
            if copy.provider is not None:
                providers.add_copies(copy.provider, count)
    _add_sequences(result, sequences(documents, names, keys), ids, topics)
    for key, original in naming.originals.items():
        result.targets[EdgeKind.TRANSLATION_OF][ids[key]] = (ids[original],)
    catalogue = Catalogue(entries, result.problems)
    result.providers.extend(providers.build(catalogue, result.sites))
    result.topics.extend(topics.build(catalogue, result))
    result.persons.extend(persons.build())
    return result


def _visible(
    loaded: LoadResult, current: Sequence[Document], include_unpublished: bool
) -> tuple[Sequence[Document], Sequence[CatalogueEntry], list[Problem]]:
    if include_unpublished:
        return current, loaded.catalogue, list(loaded.problems)
    documents = [document for document in current if document.hidden is None]
    entries = [entry for entry in loaded.catalogue if entry.hidden is None]
    hidden = {document.file for document in current if document.hidden is not None}
    hidden.update(entry.file for entry in loaded.catalogue if entry.hidden is not None)
    return documents, entries, [problem for problem in loaded.problems if problem.file not in hidden]


def _hidden_targets(loaded: LoadResult, visible: Sequence[Document]) -> Callable[[], LinkTargets]:
    """What is hidden, by all that links may call it; found out if that is asked for."""

    @cache
    def targets() -> LinkTargets:
        shown = {document.file for document in visible}
        documents = [document for document in loaded.documents if document.file not in shown]
        files = files_by_key(documents, [])
        return LinkTargets(files, ArticleNames(documents, files, loaded.sites, {}).by_path, loaded.sites)

    return targets


def _addresses(documents: Iterable[Document], shown: Collection[str]) -> set[str]:
    """The addresses of the files that are not shown."""
    return {document.url for document in documents if document.url and document.file not in shown}


def _copies_by_key(lists: Iterable[RelatedList]) -> dict[str, Copies]:
    """The copies of each article. A copy that says a slug alone may be of several: in each list of the one in its language."""
    counts = Counter(chain.from_iterable(zip(found.keys, found.copies, strict=True) for found in lists))
    copies: dict[str, Copies] = defaultdict(dict)
    for (key, copy), count in counts.items():
        if key is not None and copy is not None:
            copies[key][copy] = count
    return dict(copies)


def _add_articles(
    result: MergeResult,
    ids: Mapping[str, str],
    files: Mapping[str, Sequence[Document]],
    copies: Mapping[str, Copies],
    lists: Mapping[str, RelatedList],
    links: Mapping[str, Mapping[str, ArticleLink]],
    providers: ProviderNames,
    topics: TopicNames,
    persons: PersonNames,
    speech: Mapping[str, Spoken],
) -> None:
    """The articles and the edges that lead from them."""
    winners = {key: _winners(files.get(key) or tuple(copies[key])) for key in ids}
    conflicts = copy_conflicts(lists.values(), _losing(copies, winners))
    published_by, about_of, written_by, related_to, links_to = map(result.targets.__getitem__, _FROM_ARTICLES)
    for key, article_id in ids.items():
        values = winners[key]
        if (provider := values["provider"]) is not None:
            providers.add_own(provider)
            published_by[article_id] = (node_id(NodeKind.PROVIDER, provider.key),)
        if (own := files.get(key)) is None:  # as most articles are: what follows comes from files alone
            result.articles.append(_article_of_copies(key, article_id, values, copies[key], conflicts.get(key, ())))
            continue
        slugs, spoken_as = names_of(own, speech) or _mentioned_slugs(copies.get(key, ())), speech[own[0].file]
        leads = links.get(key, {})
        result.articles.append(
            _article(key, article_id, values, own, slugs, spoken_as, tuple(leads.values()), conflicts.get(key, ()))
        )
        if about := tuple(node_id(NodeKind.TOPIC, topics.add(topic)) for topic in _topics(own)):
            about_of[article_id] = about
        if authors := tuple(node_id(NodeKind.PERSON, persons.add(author)) for author in _authors(own)):
            written_by[article_id] = authors
        if related := _related_ids(key, ids, [lists[document.file] for document in own]):
            related_to[article_id] = related
        if leads:
            links_to[article_id] = tuple(map(ids.__getitem__, leads))


_FROM_ARTICLES = (
    *(EdgeKind.PUBLISHED_BY, EdgeKind.ABOUT, EdgeKind.WRITTEN_BY),
    *(EdgeKind.RELATED_TO, EdgeKind.LINKS_TO),
)


def _losing(
    copies: Mapping[str, Copies], winners: Mapping[str, Mapping[str, Any]]
) -> Mapping[Reference, Mapping[str, Differences]]:
    """What copies say that does not count, by copy and by the key of the article."""
    losing: dict[Reference, dict[str, Differences]] = defaultdict(dict)
    for key, same in copies.items():
        for copy in same:
            if found := differences(winners[key], copy):
                losing[copy][key] = found
    return losing


def _add_sequences(result: MergeResult, found: Sequences, ids: Mapping[str, str], topics: TopicNames) -> None:
    """The PART_OF edges, the order of the parts, and which article follows another."""
    result.problems.extend(found.problems)
    for slug, parts in found.series.items():
        topics.add(TopicMention(found.names[slug], "series"))
        result.parts[node_id(NodeKind.TOPIC, slug)] = tuple(map(ids.__getitem__, parts))
    for key, parts in found.items.items():
        result.parts[ids[key]] = tuple(map(ids.__getitem__, parts))
    wholes: dict[str, list[str]] = defaultdict(list)
    for whole, members in result.parts.items():
        for part in members:
            wholes[part].append(whole)
    result.targets[EdgeKind.PART_OF] = {part: tuple(found_in) for part, found_in in wholes.items()}
    result.next = {ids[before]: ids[after] for before, after in found.next.items()}
    result.previous = {ids[after]: ids[before] for after, before in found.previous.items()}


def _winners(sources: Sources) -> dict[str, Any]:
    """The values of an article by attribute: of each field the first that any of its sources has."""
    if len(sources) == 1:
        return compared_values(sources[0])
    return {attribute: _first_value(sources, attribute) for attribute in COMPARED}


def _first_value(sources: Sources, attribute: str) -> Any:
    return next((value for source in sources if not is_absent(value := getattr(source, attribute))), None)


def _article(
    key: str,
    article_id: str,
    winners: Mapping[str, Any],
    files: Sequence[Document],
    slugs: tuple[str, ...],
    spoken_as: Spoken,
    links: tuple[ArticleLink, ...],
    copy_conflicts: Sequence[FieldConflict],
) -> Article:
    body, front_matter = _first_value(files, "body"), _front_matter(files)
    return Article(
        id=article_id,
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
        links=links,
        published=files[0].hidden is None,
        front_matter=front_matter,
        file=files[0].file,
        duplicate_files=tuple(document.file for document in files[1:]),
        conflicts=(*file_conflicts(winners, body, front_matter, files[1:]), *copy_conflicts),
        **_own_values(winners),
    )


def _article_of_copies(
    key: str, article_id: str, winners: Mapping[str, Any], copies: Copies, copy_conflicts: Sequence[FieldConflict]
) -> Article:
    slugs = _mentioned_slugs(copies)
    return Article(
        id=article_id,
        url=key if is_url_key(key) else None,
        origin=ArticleOrigin.REFERENCE,
        slug=slugs[0] if slugs else None,
        slugs=slugs,
        conflicts=tuple(copy_conflicts),
        **_own_values(winners),
    )


def _own_values(winners: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the article, and not who publishes it."""
    return {attribute: value for attribute, value in winners.items() if attribute != "provider" and value is not None}


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
