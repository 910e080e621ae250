"""What documents are called, and what follows from that: found out once, and again so far as names change.

Most edits change what an article says, and no name, address, date or list of it. Then everybody means by every name what was
meant before, so a later load takes this over and looks at the documents that changed alone. Where files come or go, or names
change, all are looked through again; but what follows from a single document is taken over, and so is where links lead that
ask for none of the names that came, went or mean another article.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import fields
from functools import cached_property
from operator import attrgetter

from graph.building.articles import Made
from graph.building.body_links import Leads
from graph.building.descriptions import Descriptions
from graph.building.identity import files_by_key
from graph.building.languages import Speech, Spoken
from graph.building.link_targets import LinkTargets
from graph.building.names import ArticleNames
from graph.building.related import RelatedList, copies_by_key, related_lists
from graph.building.sequences import translations
from graph.links import node_id
from graph.model import NodeKind
from graph.problems import Problem
from graph.reading.records import Document
from graph.sites.site import Site

_NO_NAMES = frozenset(
    {
        *("title", "excerpt", "updated_date_time", "heat", "images", "body", "body_format", "links", "lines_above"),
        *("front_matter", "provider", "topics", "authors"),
    }
)
"""What nothing here depends on. Whatever else a document holds may tell what it or another one is called."""
_names = attrgetter(*(field.name for field in fields(Document) if field.name not in _NO_NAMES))


class Naming:
    """The articles of some documents by their keys, and by all that they are called."""

    def __init__(
        self, documents: Sequence[Document], sites: Mapping[str, Site], before: "Naming | None" = None
    ) -> None:
        """`sites` are those of the files, by their labels. What was found out of the documents `before` serves where it is the same."""
        self._documents = documents
        self._sites = sites
        self.problems: list[Problem] = []
        self.files: Mapping[str, Sequence[Document]] = files_by_key(documents, self.problems)
        self.keys = {document.file: key for key, same in self.files.items() for document in same}
        """The keys of the articles by their files."""
        self._speech: Speech = Speech(documents, sites, before._speech if before else None)
        self.speech: Mapping[str, Spoken] = self._speech.by_file
        self.names: ArticleNames = ArticleNames(
            documents, self.files, sites, self.speech, before.names if before else None
        )
        self.ids: Mapping[str, str] = _ids(self.files, before.ids if before else {})
        """The ids of articles with files, by their keys."""
        self.lists: Mapping[str, RelatedList] = related_lists(
            documents, self.names, self.keys, before.lists if before else {}
        )
        """What the `related` lists of files name, the latest-published file first."""
        self.copies = copies_by_key(self.lists.values())
        """What these lists say of each article, by its key."""
        self.made: dict[str, Made] = before.made if before else {}
        """What was made of articles' files, by their keys."""
        if before and before.leads:
            self.targets = self._link_targets(before.targets)
        changed = self._others(before) if before else []
        self.paths: Mapping[str, tuple[str, ...]] = self._paths(changed, before)
        """By the id of an article with a file every path that means it."""
        self.leads: dict[str, Leads] = self._leads(changed, before) if before and before.leads else {}
        """Where the links of each article lead, by its key, so far as that was found out."""

    def renewed(self, documents: Sequence[Document], sites: Mapping[str, Site]) -> "Naming":
        """The same of other documents; what was found out of these serves so far as they are called the same."""
        if not _are_same(sites, self._sites):
            return Naming(documents, sites)
        if len(documents) != len(self._documents):
            return Naming(documents, sites, self)
        changed: list[tuple[Document, Document]] = []
        for old, new in zip(self._documents, documents, strict=True):
            if old is not new:
                if _names(old) != _names(new):
                    return Naming(documents, sites, self)
                changed.append((old, new))
        naming = copy(self)
        naming._documents = documents
        naming.files = {**self.files}
        for old, new in changed:
            key = self.keys[new.file]
            naming.files[key] = [new if document is old else document for document in naming.files[key]]
        return naming

    @cached_property
    def targets(self) -> LinkTargets:
        """What links may lead to: found out as soon as there are any."""
        return self._link_targets(None)

    @cached_property
    def originals(self) -> Mapping[str, str]:
        """By the key of a translation that of its original, sorted."""
        return dict(sorted(translations(self._documents, self.keys, self.speech, self._sites).items()))

    def _link_targets(self, before: LinkTargets | None) -> LinkTargets:
        return LinkTargets(self.files, self.names.by_path, self._sites, self.copies.keys(), before)

    def _others(self, before: "Naming") -> Sequence[str]:
        """The keys of articles of which the files, or their order, are others than before."""
        old, new = before.files, self.files
        return [key for key in {**old, **new} if old.get(key) != new.get(key)]

    def _paths(self, changed: Iterable[str], before: "Naming | None") -> dict[str, tuple[str, ...]]:
        if before is None:
            return {article_id: self.names.paths(key) for key, article_id in self.ids.items()}
        known = before.paths
        made = {self.ids[key]: self.names.paths(key) for key in changed if key in self.files}
        return {found: made.get(found) or known[found] for found in self.ids.values()}

    def _leads(self, changed: Iterable[str], before: "Naming") -> dict[str, Leads]:
        """Those that follow from nothing that is called otherwise now."""
        otherwise = set(self.targets.mentioned_otherwise(before.targets))
        for key in changed:
            for naming in (before, self):
                otherwise.update(naming.names.paths(key))
                otherwise.update(naming.targets.names_of(naming.files.get(key, ())))
        return {key: leads for key, leads in before.leads.items() if otherwise.isdisjoint(leads.asked)}


class Earlier:
    """What loads of the same folders found out of names so far."""

    def __init__(self) -> None:
        self._naming: Naming | None = None
        self.descriptions = Descriptions()

    def naming(self, documents: Sequence[Document], sites: Mapping[str, Site]) -> Naming:
        """What these documents are called."""
        self._naming = self._naming.renewed(documents, sites) if self._naming else Naming(documents, sites)
        return self._naming


def _ids(keys: Iterable[str], known: Mapping[str, str]) -> Mapping[str, str]:
    return {key: known.get(key) or node_id(NodeKind.ARTICLE, key) for key in keys}


def _are_same(sites: Mapping[str, Site], before: Mapping[str, Site]) -> bool:
    """Whether all files that are there still belong to the same sites, and the sites are the same in the same order."""
    return _distinct(sites) == _distinct(before) and all(
        site is (old := before.get(file, site)) or site.fingerprint == old.fingerprint for file, site in sites.items()
    )


def _distinct(sites: Mapping[str, Site]) -> Sequence[bytes]:
    return list(dict.fromkeys(site.fingerprint for site in {id(site): site for site in sites.values()}.values()))
