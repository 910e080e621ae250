"""Links in bodies → where they lead, and what is wrong with those that lead nowhere."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.bodies.targets import BodyLink, LinkStyle
from graph.building.link_targets import LinkTargets, may_be_page, names_document
from graph.links import path_name
from graph.model import ArticleLink
from graph.problems import Problem, ProblemCode, quote, warning
from graph.reading.records import Document
from graph.sites.site import SiteSystem

_WITH_WIKI_LINKS = frozenset({SiteSystem.OBSIDIAN, SiteSystem.PLAIN})
_MOST_TOLD = 5
"""Of a target that is nowhere, how many files that link to it are told one by one."""


@dataclass(slots=True)
class BodyLinks:
    """Where the links of bodies lead."""

    targets: dict[str, Mapping[str, ArticleLink]] = field(default_factory=dict)
    """By the key of an article the articles that its body links to, in the order of their first links."""
    problems: list[Problem] = field(default_factory=list)


class Leads(NamedTuple):
    """Where the links of one body lead."""

    document: Document
    """Whose they are."""
    targets: Mapping[str, ArticleLink]
    broken: Sequence[BodyLink]
    """Those that lead nowhere."""
    asked: Sequence[str]
    """What was looked up, as `LinkTargets.asked` has it."""


def body_links(
    files: Mapping[str, Sequence[Document]],
    targets: Callable[[], LinkTargets],
    hidden: Callable[[], LinkTargets],
    known: dict[str, Leads],
) -> BodyLinks:
    """The links in the bodies that count.

    `targets` are asked for if there are links, and `hidden`, the articles that are not published, if some lead nowhere.
    `known`: where the links of the bodies of articles lead among these targets; it learns what it does not know.
    Cost: linear in the links that are not known, but for each that leads nowhere a look among all names.
    """
    found = BodyLinks()
    broken: dict[tuple[LinkStyle, str], dict[str, tuple[Document, BodyLink]]] = defaultdict(dict)
    for key, same in files.items():
        document = next((document for document in same if document.body), None)
        if document is None or not document.links:
            continue
        leads = known.get(key)
        if leads is None or leads.document is not document:
            leads = known[key] = _leads(key, document, targets())
        if leads.targets:
            found.targets[key] = leads.targets
        for link in leads.broken:
            broken[link.style, path_name(link.target)].setdefault(document.file, (document, link))
    for same_target in broken.values():
        found.problems += _problems(list(same_target.values()), targets(), hidden)
    return found


@dataclass(slots=True)
class _Lead:
    """The links of a body to one article."""

    text: str = ""
    addresses: dict[str, None] = field(default_factory=dict)


def _leads(key: str, document: Document, targets: LinkTargets) -> Leads:
    leads: dict[str, _Lead] = {}
    broken: list[BodyLink] = []
    targets.asked.clear()
    for link in document.links:
        if link.style is LinkStyle.URL and targets.is_elsewhere(link):
            continue
        target = targets.find(document, link)
        if target is None:
            broken.append(link)
        elif target != key:
            lead = leads.setdefault(target, _Lead())
            lead.text = lead.text or link.text
            lead.addresses[link.target] = None
    found = {target: ArticleLink(lead.text or None, tuple(lead.addresses)) for target, lead in leads.items()}
    return Leads(document, found, broken, tuple(targets.asked))


def _problems(
    broken: Sequence[tuple[Document, BodyLink]], targets: LinkTargets, hidden: Callable[[], LinkTargets]
) -> Iterator[Problem]:
    """What is wrong with the links to one target that is nowhere, one of each file."""
    told = [
        (document, link, message) for document, link in broken if (message := _message(document, link, targets, hidden))
    ]
    for place, (document, link, message) in enumerate(told[:_MOST_TOLD]):
        if place == _MOST_TOLD - 1 and len(told) > _MOST_TOLD:
            message += f" {len(told) - _MOST_TOLD:,} more files link there."
        line = document.lines_above + link.line + 1
        yield warning(ProblemCode.LINK_BROKEN, message, file=document.file, line=line, path=("body",))


def _message(document: Document, link: BodyLink, targets: LinkTargets, hidden: Callable[[], LinkTargets]) -> str | None:
    """None where it cannot be known whether there is such a page, or where the link may be none."""
    if not may_be_page(link) or not targets.is_own(document, link):
        return None
    shown = quote(link.target, 200)
    if hidden().find(document, link) is not None:
        return f"The link to {shown} leads to a page that is not published; take it out, or publish the page."
    nearest = targets.nearest(document, link)
    if nearest is not None:
        return f"The link to {shown} leads nowhere; the nearest file is {quote(nearest, 200)}."
    is_sure = (
        names_document(link) if link.style is not LinkStyle.WIKI else targets.site(document).system in _WITH_WIKI_LINKS
    )
    if is_sure or targets.has_siblings(document, link):
        return f"The link to {shown} leads nowhere; correct it, or add the page."
    return None
