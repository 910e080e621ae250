"""What documents are called, and what follows from that alone: found out once, and again when a name changes.

Most edits change what an article says, and no name, address, date or list of it. Then everybody means by every name what was
meant before, so a later load takes this over and looks at the documents that changed alone.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import fields
from functools import cached_property
from operator import attrgetter

from graph.building.articles import Made
from graph.building.body_links import Leads
from graph.building.identity import files_by_key
from graph.building.languages import spoken
from graph.building.link_targets import LinkTargets
from graph.building.names import ArticleNames
from graph.building.related import Copies, RelatedList, copies_by_key, related_lists
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

    def __init__(self, documents: Sequence[Document], sites: Mapping[str, Site]) -> None:
        """`sites` are those of the files, by their labels."""
        self._documents = documents
        self._sites = sites
        self.problems: list[Problem] = []
        self.files: Mapping[str, Sequence[Document]] = files_by_key(documents, self.problems)
        self.keys = {document.file: key for key, same in self.files.items() for document in same}
        """The keys of the articles by their files."""
        self.speech = spoken(documents, sites)
        self.names = ArticleNames(documents, self.files, sites, self.speech)
        self.made: dict[str, Made] = {}
        """What was made of articles' files, by their keys."""
        self._targets: tuple[LinkTargets, dict[str, Leads]] | None = None
        self._mentioned: frozenset[str] = frozenset()

    def renewed(self, documents: Sequence[Document], sites: Mapping[str, Site]) -> "Naming":
        """The same of other documents; what was found out of these serves if they are called the same."""
        if len(documents) != len(self._documents) or not _are_same(sites, self._sites):
            return Naming(documents, sites)
        changed: list[tuple[Document, Document]] = []
        for old, new in zip(self._documents, documents, strict=True):
            if old is not new:
                if _names(old) != _names(new):
                    return Naming(documents, sites)
                changed.append((old, new))
        naming = copy(self)
        naming._documents = documents
        naming.files = {**self.files}
        for old, new in changed:
            key = self.keys[new.file]
            naming.files[key] = [new if document is old else document for document in naming.files[key]]
        return naming

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The ids of articles with files, by their keys."""
        return {key: node_id(NodeKind.ARTICLE, key) for key in self.files}

    @cached_property
    def lists(self) -> Mapping[str, RelatedList]:
        """What the `related` list of each file names, the latest-published file first."""
        return related_lists(self._documents, self.names, self.keys)

    @cached_property
    def copies(self) -> Mapping[str, Copies]:
        """What these lists say of each article, by its key."""
        return copies_by_key(self.lists.values())

    @cached_property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """By the id of an article with a file every path that means it."""
        return {article_id: self.names.paths(key) for key, article_id in self.ids.items()}

    @cached_property
    def originals(self) -> Mapping[str, str]:
        """By the key of a translation that of its original, sorted."""
        return dict(sorted(translations(self._documents, self.keys, self.speech, self._sites).items()))

    def targets(self, mentioned: Mapping[str, object]) -> tuple[LinkTargets, dict[str, Leads]]:
        """What links may lead to, and where those of each article led, so far as that was found out.

        `mentioned` are keys of articles that may have no file.
        """
        if self._targets is None or self._mentioned != mentioned.keys():
            self._mentioned = frozenset(mentioned)
            self._targets = LinkTargets(self.files, self.names.by_path, self._sites, self._mentioned), {}
        return self._targets


class Earlier:
    """What loads of the same folders found out of names so far."""

    def __init__(self) -> None:
        self._naming: Naming | None = None

    def naming(self, documents: Sequence[Document], sites: Mapping[str, Site]) -> Naming:
        """What these documents are called."""
        self._naming = self._naming.renewed(documents, sites) if self._naming else Naming(documents, sites)
        return self._naming


def _are_same(sites: Mapping[str, Site], before: Mapping[str, Site]) -> bool:
    return sites.keys() == before.keys() and all(
        site is before[file] or site.fingerprint == before[file].fingerprint for file, site in sites.items()
    )
