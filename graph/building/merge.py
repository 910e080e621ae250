"""Documents → nodes and edges: one id, one value; every value that loses stays as a conflict with its source.

An article may stand in a file of its own, in several, and as a copy in the `related` lists of hundreds of others. Its
values come from its files alone, the winner's first; only an article without a file has those of its copies. Why: a copy
was made when its list was written, and nobody mends it when the article changes.

The modules of `graph.building` in the order in which they come:

1. `timing` and `inventory`: what is shown at this moment, and what is not; `repeats`: problems that all files have.
2. `descriptions`: whom and what documents mean by their names; `similar_names`: names that were probably meant to be others.
3. `naming`: which files are one article, and which of them wins (`identity`), its language and translations (`languages`), and what
   all are called (`names`).
4. `related`: which article each item of a `related` list names, and what all lists say of each article; `similar_urls`: which one
   an item may have meant.
5. `body_links`: which articles the links of bodies lead to (`link_targets`).
6. `articles`: the values of each article; `conflicts`: what loses against them.
7. `sequences`: what is a part of what, and what follows what.
8. `catalogues`: providers, topics and persons, which articles name and catalogues describe.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from graph.building.articles import Mentions, Told, add_articles
from graph.building.body_links import body_links
from graph.building.catalogues import Catalogue, PersonNames, ProviderNames, TopicNames
from graph.building.identity import files_by_key
from graph.building.inventory import Inventory, hidden_by_reason
from graph.building.link_targets import LinkTargets
from graph.building.merged_graph import MergeResult
from graph.building.names import ArticleNames
from graph.building.naming import Earlier
from graph.building.repeats import summarised
from graph.building.sequences import Sequences, sequences
from graph.building.similar_names import similar_names
from graph.building.similar_urls import similar_urls
from graph.building.timing import as_of, far_dates
from graph.links import node_id
from graph.memory import paused_collection
from graph.model import EdgeKind, NodeKind
from graph.problems import Problem
from graph.reading.loader import LoadResult
from graph.reading.records import CatalogueEntry, Document, TopicMention


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
    earlier = earlier or Earlier()
    documents = earlier.descriptions.applied(documents, entries)
    shown = {document.file for document in documents}
    result.problems.extend(far_dates((document for document in loaded.documents if document.file in shown), now))
    result.problems.extend(similar_names(documents, entries))
    naming = earlier.naming(documents, loaded.sites)
    result.problems.extend(naming.problems)
    files, keys, names = naming.files, naming.keys, naming.names
    lists, copies = naming.lists, naming.copies
    for found in lists.values():
        result.problems.extend(found.problems)
    result.problems.extend(similar_urls(lists.values(), copies, files, _addresses(loaded.documents, shown)))
    ids = {**naming.ids, **{key: node_id(NodeKind.ARTICLE, key) for key in copies if key not in files}}
    providers, topics, persons = ProviderNames(), TopicNames(), PersonNames()
    links = body_links(files, lambda: naming.targets, _hidden_targets(loaded, documents), naming.leads)
    result.problems.extend(links.problems)
    told = Told(ids, files, copies, lists, links.targets, naming.speech)
    add_articles(result, told, Mentions(providers, topics, persons), naming.made)
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
