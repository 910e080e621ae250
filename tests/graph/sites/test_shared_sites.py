"""What real sites become, against a second reading of them: by globs, regular expressions, and PyYAML as it is."""

import posixpath
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, ArticleOrigin, EdgeKind, GraphNode, NodeKind, Topic
from graph.sites.site import SiteSystem

_FENCED = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<text>.*?)^(?:(?P=fence)|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Wanted:
    """What is known of a site from looking at it."""

    system: SiteSystem
    name: str | None
    url: str | None
    documents: tuple[str, ...]
    """Globs of files that are read."""
    others: tuple[str, ...] = ()
    """Patterns of those among them that are not."""
    terms: tuple[str, ...] = ()
    """Patterns of pages that describe a topic or a person and are no articles."""
    shows_future: bool = True
    problems: tuple[str, ...] = ("LINK_BROKEN",)
    """The codes of what is wrong there, but for what is counted."""


SITES = {
    "docusaurus-electron": Wanted(
        SiteSystem.DOCUSAURUS,
        "Electron",
        "https://electronjs.org",
        ("docs/**/*", "blog/**/*", "src/pages/**/*", "i18n/**/*"),
        ("*/_*", "i18n/readme.md"),
        problems=("LINK_BROKEN", "NAME_SIMILAR"),
    ),
    "docusaurus-react-native-blog": Wanted(
        SiteSystem.DOCUSAURUS,
        "React Native",
        "https://reactnative.dev",
        ("website/blog/**/*",),
        problems=("LINK_BROKEN", "NAME_SIMILAR"),
    ),
    "eleventy-18f": Wanted(
        SiteSystem.ELEVENTY,
        "18F: Digital service delivery",
        "https://18f.gsa.gov",
        ("content/**/*",),
        problems=("LINK_BROKEN", "SLUG_SHARED", "URL_INVALID"),
    ),
    "family-collections": Wanted(
        SiteSystem.JEKYLL, "Azure Every Day", "https://everyday-cc.github.io/azure", ("**/*",), shows_future=False
    ),
    "hugo-digitalgov": Wanted(
        SiteSystem.HUGO,
        "Digital.gov",
        "https://digital.gov",
        ("content/**/*",),
        terms=("content/topics/*/_index.md", "content/authors/*/_index.md"),
        problems=("ADDRESS_SHARED", "FIELD_TOO_LONG", "KEY_REPEATED", "LINK_BROKEN", "NAME_SIMILAR", "URL_INVALID"),
    ),
    "hugo-letsencrypt": Wanted(SiteSystem.HUGO, None, "https://letsencrypt.org", ("content/**/*",), shows_future=False),
    "jekyll-docs": Wanted(
        SiteSystem.JEKYLL,
        "Jekyll • Simple, blog-aware, static sites",
        "https://jekyllrb.com",
        ("docs/**/*",),
        ("docs/_includes/*", "docs/_layouts/*", "docs/readme.md"),
        problems=("DATE_INVALID", "LINK_BROKEN"),
    ),
    "mkdocs-material": Wanted(
        SiteSystem.MKDOCS, "Material for MkDocs", "https://squidfunk.github.io/mkdocs-material", ("docs/**/*",)
    ),
    "obsidian-hub": Wanted(
        SiteSystem.OBSIDIAN, "obsidian-hub", None, ("**/*",), ("README.md",), problems=("LINK_BROKEN", "SLUG_SHARED")
    ),
    "obsidian-kepano": Wanted(
        SiteSystem.OBSIDIAN,
        "obsidian-kepano",
        None,
        ("**/*",),
        ("Readme.md", "Templates/*"),
        problems=("FIELD_TYPE", "LINK_BROKEN", "URL_INVALID"),
    ),
    "zola-docs": Wanted(SiteSystem.ZOLA, "Zola", "https://www.getzola.org", ("docs/content/**/*",)),
}
_SUFFIXES = {".md", ".mdx", ".markdown", ".html"}


@dataclass
class Reading:
    """A site as it is read here."""

    catalogue_files: int
    """Those that describe topics, organizations or authors."""
    files: set[str] = field(default_factory=set)
    hidden: Counter[str] = field(default_factory=Counter)
    shown: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    """Of the documents that are shown what their front matter says, and their bodies."""
    articles: dict[str, str | None] = field(default_factory=dict)
    """The documents that are shown, each with the address that it says."""
    terms: dict[str, str] = field(default_factory=dict)
    """By former terms what they are called now."""
    unreadable: set[str] = field(default_factory=set)
    """Documents whose front matter is no YAML."""


def reading(root: Path, wanted: Wanted) -> Reading:
    data = ("_data/*/*.yaml", "_data/*/*.md", "**/*authors.yml", "**/tags.yml")
    found = Reading(sum(len(list(root.glob(pattern))) for pattern in data))
    for label, path in documents(root, wanted):
        found.files.add(label)
        if any(fnmatchcase(label, pattern) for pattern in wanted.terms):
            page = path.read_text(encoding="utf-8")
            slug = re.search(r"^slug: *\"?([\w-]+)", page, re.MULTILINE)
            for term in (path.parent.name, *re.findall(r"^ *- /topics/([\w-]+)/?$", page, re.MULTILINE)):
                found.terms[term] = slug[1] if slug else path.parent.name
            continue
        text = path.read_text(encoding="utf-8-sig")
        match = _FENCED.match(text)
        if match is None:
            if path.suffix != ".html":
                found.articles[label] = None
                found.shown[label] = ({}, text)
            continue
        try:
            said = tomllib.loads(match["text"]) if match["fence"] == "+++" else yaml.safe_load(match["text"])
        except yaml.YAMLError:
            found.unreadable.add(label)
            continue
        said = {str(key).lower(): value for key, value in (said or {}).items()}
        if reason := hiding(label, said, wanted):
            found.hidden[reason] += 1
        else:
            found.shown[label] = (said, text[match.end() :])
            addresses = (
                said.get(key) for key in ("weburl", "canonical_url", "originalurl", "source_url", "external_url")
            )
            address = next((str(address) for address in addresses if address), None)
            found.articles[label] = (
                re.sub(r"^https?://|[?&]utm_[^&]*", "", address).rstrip("/").lower() if address else None
            )
    return found


def documents(root: Path, wanted: Wanted) -> Iterator[tuple[str, Path]]:
    for glob in wanted.documents:
        for path in root.glob(glob):
            label = path.relative_to(root).as_posix()
            is_hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            is_other = is_hidden or any(fnmatchcase(label, pattern) for pattern in wanted.others)
            if path.suffix in _SUFFIXES and not is_other and "_data/" not in f"/{label}":
                yield label, path


def hiding(label: str, said: dict[str, Any], wanted: Wanted) -> str | None:
    """Why a document is hidden, by what is written in it."""
    for key, value, reason in [
        *(("published", False, "PUBLISHED_FALSE"), ("publish", False, "PUBLISH_FALSE"), ("removed", True, "REMOVED")),
        *(("deleted", True, "DELETED"), ("draft", True, "DRAFT"), ("unlisted", True, "UNLISTED")),
        *(("headless", True, "HEADLESS"), ("eleventyexcludefromcollections", True, "NOT_RENDERED")),
        ("permalink", False, "NOT_RENDERED"),
    ]:
        if said.get(key) is value:
            return reason
    if is_before(said.get("expirydate"), datetime.now(UTC)):
        return "EXPIRED"
    dates = (said.get("publishdate"), said.get("date") or said.get("publisheddatetime"))
    if not wanted.shows_future and any(value and not is_before(value, datetime.now(UTC)) for value in dates):
        return "FUTURE"
    return None


def is_before(value: Any, moment: datetime) -> bool:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return False
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return False
    return (value if value.tzinfo else value.replace(tzinfo=UTC)) <= moment


_DATES = ("publisheddatetime", "date", "published", "created", "startdatetime")
_IN_PATH = re.compile(r"(?:^|/)(\d{4})[-/](\d\d)[-/](\d\d)(?:[-/]|\.\w+$)")


def moment(label: str, said: dict[str, Any]) -> datetime | None:
    """When a document was published: as it says, else as its path says."""
    values = (said.get(key) for key in _DATES)
    value = next((value for value in values if value and not isinstance(value, bool)), None)
    if isinstance(value, dict):
        value = value["created"]
    if value is None and (match := _IN_PATH.search(label)):
        value = datetime.fromisoformat("-".join(match.groups()))
    if isinstance(value, str):
        padded = re.sub(r"(?<= )(?=\d:)", "0", value.strip())
        try:
            value = datetime.fromisoformat(re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", padded))
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


_TOPIC_KEYS = ("tags", "tag", "categories", "category", "keywords", "topics", "topic")
_AT_SPACES = {SiteSystem.JEKYLL, SiteSystem.OBSIDIAN}
_CODE = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|<!--.*?-->|%%.*?%%|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_LINKED = re.compile(r"<[a-z][^>]*>|\[\[[^\]]*\]\]|\[[^\]\n]*\]\([^)\n]*\)")
_TAG = re.compile(r"(?<![^\s(\[])#([\w/-]*[^\W\d_][\w/-]*)")


def topics(said: dict[str, Any], body: str, system: SiteSystem) -> set[str]:
    """The topics of a document, by their letters and digits."""
    found: list[Any] = [term for terms in (said.get("taxonomies") or {}).values() for term in terms]
    if said.get("type") == "profile":
        found.append("people")  # by the defaults of the one site that has such
    for key in _TOPIC_KEYS:
        terms = said.get(key) or []
        if isinstance(terms, str):
            is_divided = key in ("tags", "categories") and system in _AT_SPACES
            terms = re.split(r"[,;]", terms) if "," in terms else terms.split() if is_divided else [terms]
        found += (term["label"] if isinstance(term, dict) else term for term in terms if term)
    if system is SiteSystem.OBSIDIAN:
        found += _TAG.findall(_LINKED.sub("", _CODE.sub("", body)))
    return {letters(re.sub(r"^\[\[(?:[^|\]]*/)?([^|\]]*).*$", r"\1", str(term))) for term in found}


def letters(name: str) -> str:
    """What spellings of a name have in common."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


_AND = re.compile(r", (?:and )?| and | & ")
_OFFICE = re.compile(r"Director|President|Engineer|developer")
"""Stands after names."""


def authors(said: dict[str, Any]) -> set[str]:
    """The authors of a document."""
    value = said.get("authors") or said.get("author") or []
    names = [str(each.get("key") or each["name"] if isinstance(each, dict) else each) for each in listed(value) if each]
    split = [_AND.split(name) for name in names]
    divided = [
        parts if all(" " in part for part in parts if not _OFFICE.search(part)) else [name]
        for name, parts in zip(names, split, strict=True)
    ]
    return {part for parts in divided for part in parts if len(parts) == 1 or not _OFFICE.search(part)}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


LARGE = {
    "docusaurus-electron",
    "eleventy-18f",
    "family-collections",
    "hugo-digitalgov",
    "hugo-letsencrypt",
    "obsidian-hub",
}
"""More than four hundred files each."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.thorough) if name in LARGE else name for name in SITES],
)
def loaded(request: pytest.FixtureRequest, shared: Path) -> tuple[Wanted, Reading, GraphSnapshot]:
    root, wanted = shared / "sites" / request.param, SITES[request.param]
    return wanted, reading(root, wanted), load_snapshot([root])


def test_site_is_recognised(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    wanted, _, snapshot = loaded
    [site] = [site for site, count in snapshot.inventory.sites if count and site.evidence]

    assert (site.system, site.name, site.url) == (wanted.system, wanted.name, wanted.url)


def test_files_that_are_read_are_those_of_the_site(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, oracle, snapshot = loaded

    assert snapshot.inventory.file_count == len(oracle.files) + oracle.catalogue_files


def test_files_are_hidden_for_their_reasons(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, oracle, snapshot = loaded

    assert {reason.name: count for reason, count in snapshot.inventory.hidden.items()} == dict(oracle.hidden)


def test_every_document_that_is_shown_is_an_article(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, oracle, snapshot = loaded
    nodes = (snapshot.nodes[article_id] for article_id in snapshot.ids[NodeKind.ARTICLE])
    own = {node.file for node in nodes if isinstance(node, Article) and node.origin is ArticleOrigin.DOCUMENT}
    twice = Counter(address for address in oracle.articles.values() if address)

    assert own - oracle.articles.keys() - oracle.unreadable == set()
    lost = [oracle.articles[label] for label in oracle.articles.keys() - own]
    assert [address for address in lost if address is None or twice[address] < 2] == []
    assert len(lost) == sum(count - 1 for count in twice.values())


def own_articles(oracle: Reading, snapshot: GraphSnapshot) -> Iterator[tuple[Article, dict[str, Any], str]]:
    """The articles, each with what its file says, but for those of several files."""
    nodes = (snapshot.nodes[article_id] for article_id in snapshot.ids[NodeKind.ARTICLE])
    for node in nodes:
        if isinstance(node, Article) and node.file in oracle.shown and not node.duplicate_files:
            yield node, *oracle.shown[node.file]


def targets(snapshot: GraphSnapshot, kind: EdgeKind, article: Article) -> list[GraphNode]:
    return [snapshot.nodes[target] for target in snapshot.targets[kind].get(article.id, ())]


def test_dates_are_those_that_files_and_paths_say(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, oracle, snapshot = loaded

    others = {
        article.file: (article.published_date_time, wanted)
        for article, said, _ in own_articles(oracle, snapshot)
        if article.published_date_time != (wanted := moment(article.file or "", said))
    }
    assert others == {}


def test_topics_are_the_terms_of_all_taxonomies(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    wanted, oracle, snapshot = loaded

    others = {
        article.file: found ^ said_topics
        for article, said, body in own_articles(oracle, snapshot)
        if (found := {topic.slug for topic in targets(snapshot, EdgeKind.ABOUT, article) if isinstance(topic, Topic)})
        != (said_topics := {oracle.terms.get(term, term) for term in topics(said, body, wanted.system)})
    }
    assert len(others) <= (len(oracle.shown) // 500 if wanted.system is SiteSystem.OBSIDIAN else 0), (
        others
    )  # code, by patterns


def test_authors_are_persons(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, oracle, snapshot = loaded

    others = {
        article.file: (found, authors(said))
        for article, said, _ in own_articles(oracle, snapshot)
        if len(found := targets(snapshot, EdgeKind.WRITTEN_BY, article)) != len(authors(said))
    }
    assert others == {}


_TO_FILE = re.compile(r"(?<!!)\[[^\[\]\n]*\]\((?![a-z]+:|/)([^()\s#?]+\.mdx?)(?:#[^()\s]*)?\)")
_TO_NOTE = re.compile(r"(?<!!)\[\[([^\[\]|#\n]+?)(?:#[^\[\]|\n]*)?(?:\\?\|[^\[\]\n]*)?\]\]")


def linked_files(label: str, body: str, files: dict[str, list[str]], is_vault: bool) -> set[str]:
    """The documents that a body names by their paths, and notes by names that one alone has."""
    text = _CODE.sub("", body)
    paths = (posixpath.normpath(f"{posixpath.dirname(label)}/{unquote(path)}") for path in _TO_FILE.findall(text))
    found = {path.lstrip("/") for path in paths}
    if is_vault:
        named = (files.get(name.removesuffix(".md").casefold(), []) for name in _TO_NOTE.findall(text))
        found |= {same[0] for same in named if len(same) == 1}
    return found - {label}


def test_links_to_files_are_edges(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    wanted, oracle, snapshot = loaded
    files: dict[str, list[str]] = defaultdict(list)
    for label in oracle.shown:
        files[posixpath.basename(label).rpartition(".")[0].casefold()].append(label)

    missing = {
        article.file: lost
        for article, _, body in own_articles(oracle, snapshot)
        if (
            lost := (
                linked_files(article.file or "", body, files, wanted.system is SiteSystem.OBSIDIAN)
                & oracle.shown.keys()
            )
            - {target.file for target in targets(snapshot, EdgeKind.LINKS_TO, article) if isinstance(target, Article)}
        )
    }
    assert missing == {}


def test_every_article_has_one_provider(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    _, _, snapshot = loaded

    published = snapshot.targets[EdgeKind.PUBLISHED_BY]
    assert [
        article_id for article_id in snapshot.ids[NodeKind.ARTICLE] if len(published.get(article_id, ())) != 1
    ] == []


def test_problems_are_those_that_were_looked_at(loaded: tuple[Wanted, Reading, GraphSnapshot]) -> None:
    wanted, oracle, snapshot = loaded
    codes = Counter(problem.code.value for problem in snapshot.problems)
    twice = Counter(address for address in oracle.articles.values() if address)

    assert codes.pop("FRONT_MATTER_INVALID", 0) <= len(oracle.unreadable)
    assert codes.pop("ARTICLE_DUPLICATED", 0) == sum(count - 1 for count in twice.values())
    assert codes.keys() <= set(wanted.problems)
