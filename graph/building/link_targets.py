"""Which article a link in a body leads to.

Links name their targets as the systems do: by addresses, by paths of files, and by names, where the nearest file of that name is
meant. All are compared in the form of `path_name`, so neither case nor endings nor encoding matter.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import urljoin

from graph.bodies.targets import BodyLink, LinkStyle
from graph.links import canonical_url, path_name
from graph.reading.records import Document
from graph.sites.addresses import own_path
from graph.sites.site import PLAIN_SITE, Site, SiteSystem
from graph.typos import SortedWords, has_one_typo

_ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})\Z")
_OF_DOCUMENTS = re.compile(r"\.(?:mdx?|markdown|mdown|mkdn?|mkd|qmd|rmd)\Z", re.IGNORECASE)
_OF_PAGES = frozenset({"html", "htm", "md", "mdx", "markdown", "mdown", "mkd", "mkdn", "qmd", "rmd"})
_BY_NAME = frozenset({SiteSystem.OBSIDIAN, SiteSystem.PLAIN})
"""Where any link may name a file without its folders."""
_WITH_ADDRESSES = frozenset(
    {SiteSystem.JEKYLL, SiteSystem.HUGO, SiteSystem.ZOLA, SiteSystem.DOCUSAURUS, SiteSystem.MKDOCS}
)
"""Whose rules tell the addresses of all documents."""
_HOST = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_IN_LANGUAGE = re.compile(r"(\.[a-z]{2}(?:[-_][A-Za-z]{2,4})?)\.[A-Za-z]+\Z")
_DATED = re.compile(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})/([^/]+)\Z")
_NOT_DIGITS = re.compile(r"\D+")
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_COMMON_NAMES = frozenset({"", "index", "readme"})
_SHORTEST_MISTYPED = 5


class _Called(NamedTuple):
    """What links call a document, beside its paths."""

    names: Sequence[tuple[str, str]]
    """Names of the file, each with the path that ends in it."""
    aliases: Sequence[str]
    urls: Sequence[str]

    def asked(self) -> Iterator[str]:
        """All of it, as `LinkTargets.asked` has it."""
        yield from (name for name, _ in self.names)
        yield from self.aliases
        for url in self.urls:
            yield url
            yield from _host(url)


class LinkTargets:
    """The articles by all that links call them."""

    def __init__(
        self,
        files: Mapping[str, Sequence[Document]],
        paths: Mapping[str, str],
        sites: Mapping[str, Site],
        mentioned: Set[str] = frozenset(),
        before: "LinkTargets | None" = None,
    ) -> None:
        """`files` of each article by its key; `paths`: the key of the article that a path means, in the form of `path_name`.

        `mentioned` are keys of articles that may have no file. `before` are targets of the same sites.
        """
        self.asked: set[str] = set()
        """The names, paths, hosts and addresses that were looked up, since this was emptied: what was found follows from these."""
        known: Mapping[Document, _Called] = before._called if before else {}
        self._called: Mapping[Document, _Called] = {
            document: known.get(document) or _called(document) for same in files.values() for document in same
        }
        self._files = files
        self._paths = paths
        self._sites = sites
        self._mentioned = mentioned
        self._sole: dict[str, str] = {}
        """What a name means that means one file, whoever says it."""
        self._several: dict[tuple[str, str], tuple[_Nearby, dict[str, str]]] = {}
        """The files that a name means in documents of a language, and the keys of their articles."""
        self._near: dict[str, _Nearby] = {}
        """The files that may be meant by a name that no file has."""

    def is_elsewhere(self, link: BodyLink) -> bool:
        """Whether the link leads to a host that no article is on. Nearly all whole addresses do."""
        match = _HOST.match(link.target)
        if match is None:
            return False
        host = _plain_host(match[1])
        self.asked.add(f"//{host}")
        return host not in self._hosts

    def find(self, document: Document, link: BodyLink) -> str | None:
        """The key of the article that the link in the document leads to; None if it leads to none."""
        target = _without_fragment(link.target)
        match link.style:
            case LinkStyle.WIKI:
                return self._named(document, _escaped(link.target.partition("#")[0]))
            case LinkStyle.POST:
                return self._named(document, target)
            case LinkStyle.FILE:
                return self._at(self._file_paths(document, target))
            case LinkStyle.REFERENCE:
                if target.startswith("/"):
                    return self._at(self._content_paths(document, target)) or self._at([target])
                return self._at(_beside_in_language(document, target)) or self._named(document, target)
            case LinkStyle.URL:
                return self._addressed(document, target)

    def nearest(self, document: Document, link: BodyLink) -> str | None:
        """The file that the author of a link that leads nowhere may have meant."""
        wanted = path_name(_without_fragment(link.target)).rpartition("/")[2]
        if wanted in _COMMON_NAMES:
            return None
        if (files := self._near.get(wanted)) is None:
            names = [wanted] if wanted in self._by_name else self._similar(wanted)
            found = {file for name in names for _, file, _ in self._by_name[name]}
            files = self._near[wanted] = _Nearby(sorted(found))
        return files.nearest(document.file, but=document.file)

    def is_own(self, document: Document, link: BodyLink) -> bool:
        """Whether the link stays on a site that is loaded."""
        return link.style is not LinkStyle.URL or self._site_path(document, link.target) is not None

    def has_siblings(self, document: Document, link: BodyLink) -> bool:
        """Whether the folder is known of an address that leads nowhere."""
        if link.style is not LinkStyle.URL or self.site(document).system not in _WITH_ADDRESSES:
            return False
        path = self._site_path(document, _without_fragment(link.target))
        folder = path_name(path).rpartition("/")[0] if path else ""
        return bool(folder) and folder in self._folders

    def _addressed(self, document: Document, target: str) -> str | None:
        path = self._site_path(document, target)
        if path is None:
            url = canonical_url(f"https:{target}" if target.startswith("//") else target) or ""
            self.asked.add(url)
            return self._by_url.get(url) or (url if url in self._mentioned else None)
        if path.startswith("/"):
            return (
                self._at(self._rooted(document, path)) or self._dated(document, path) or self._only_one(document, path)
            )
        is_document = _OF_DOCUMENTS.search(path) is not None
        found = self._at(_beside(document, path) if is_document else self._relative(document, path))
        if found is None and self.site(document).system in _BY_NAME:
            return self._named(document, path)
        return found

    def _rooted(self, document: Document, path: str) -> Iterator[str]:
        """As an address, then as one of the document's language, then as the path of a file."""
        yield path
        site = self.site(document)
        folder = site.content_path(document.file)[1].partition("/")[0]
        for language in (folder if _LANGUAGE.fullmatch(folder) else "", site.language or ""):
            if language:
                yield from self._content_paths(document, f"/{language}{path}")
        yield from self._file_paths(document, path)

    def _dated(self, document: Document, path: str) -> str | None:
        """The post that this is the address of by its date and name, as most systems have it.

        Where addresses are not known its date may be another than that of the file.
        """
        if not (parts := _DATED.search(path_name(path))):
            return None
        *date, name = parts.groups()
        names = ["-".join((*date, name)), "-".join((*(part.lstrip("0") for part in date), name))]
        if self.site(document).system not in _WITH_ADDRESSES:
            names.append(name)
        for written in names:
            found = {key for _, _, key in self._with_name(written)}
            if len(found) == 1:
                return found.pop()
        return None

    def _only_one(self, document: Document, path: str) -> str | None:
        """The one file whose path ends so, where addresses are not known."""
        if self.site(document).system in _WITH_ADDRESSES:
            return None
        wanted = path_name(path)
        named = self._with_name(wanted.rpartition("/")[2])
        found = {key for known, _, key in named if known == wanted or known.endswith(f"/{wanted}")}
        return found.pop() if wanted and len(found) == 1 else None

    def _site_path(self, document: Document, target: str) -> str | None:
        """The path that an address means on the document's own site or on another one that is loaded; None elsewhere."""
        if target.startswith("//"):
            target = f"https:{target}"
        if ":" not in target and not target.startswith("/"):
            return target
        if "://" not in target:
            return own_path(self.site(document), target)
        own = self.site(document)
        paths = (own_path(site, target) for site in (own, *(site for site in self._with_addresses if site is not own)))
        return next((path for path in paths if path is not None), None)

    def _relative(self, document: Document, path: str) -> Iterator[str]:
        """As a browser takes it on the page, then as a file beside the document's own."""
        if document.address:
            yield urljoin(document.address, path)
        yield from _beside(document, path)
        yield f"{document.file.rpartition('.')[0]}/{path}"

    def _file_paths(self, document: Document, target: str) -> Iterator[str]:
        site, path = self.site(document), target.lstrip("/")
        yield f"{site.label}{path.removeprefix(site.above)}"
        yield from self._content_paths(document, target)

    def _content_paths(self, document: Document, target: str) -> Iterator[str]:
        """The path from the folders of documents, that of the document's own first."""
        site, path = self.site(document), target.lstrip("/")
        own, _ = site.content_path(document.file)
        for folder in dict.fromkeys((own, *site.content)):
            full = f"{folder}/{path}" if folder else path
            yield f"{site.label}{full.removeprefix(site.above)}"
        yield path

    def _named(self, document: Document, target: str) -> str | None:
        """The article whose file has this name, or this end of its path; else whose alias this is. The nearest of several."""
        if target.startswith(("./", "../")):
            return self._at(_beside(document, target))
        wanted = path_name(target)
        named = self._with_name(wanted.rpartition("/")[2])
        if (sole := self._sole.get(target)) is not None:
            return sole
        language = _language_suffix(document.file)
        if several := self._several.get((target, language)):
            files, keys = several
            return keys[files.nearest(document.file) or ""]
        found = [claim for claim in named if claim[0] == wanted or claim[0].endswith(f"/{wanted}")]
        if len(found) == 1:
            sole = self._sole[target] = found[0][2]
            return sole
        if found:
            found = [claim for claim in found if claim[0] == wanted] or found
            found = [claim for claim in found if _language_suffix(claim[1]) == language] or found
            found.sort(key=lambda claim: (claim[0].count("/"), claim[1]))
            keys = {file: key for _, file, key in found}
            self._several[target, language] = _Nearby(keys), keys
            return self._named(document, target)
        aliases = self._with_alias(wanted) or self._with_alias(path_name(f"{target}.md"))
        return min(aliases, key=lambda alias: (-_shared(alias[0], document.file), alias), default=("", None))[1]

    def _at(self, paths: Iterable[str]) -> str | None:
        for path in map(path_name, paths):
            self.asked.add(path)
            if (key := self._paths.get(path)) is not None:
                return key
        return None

    def _with_name(self, name: str) -> Sequence[tuple[str, str, str]]:
        self.asked.add(name)
        return self._by_name.get(name, ())

    def _with_alias(self, alias: str) -> Sequence[tuple[str, str]]:
        self.asked.add(alias)
        return self._by_alias.get(alias, ())

    def names_of(self, documents: Iterable[Document]) -> Iterator[str]:
        """What links call these documents, beside their paths, as `asked` has it."""
        for document in documents:
            yield from (self._called.get(document) or _called(document)).asked()

    def mentioned_otherwise(self, before: "LinkTargets") -> Iterator[str]:
        """What names articles without files here and not there, or the other way round, as `asked` has it."""
        for url in self._mentioned ^ before._mentioned:
            yield url
            yield from _host(url)

    def site(self, document: Document) -> Site:
        """The site that the document belongs to."""
        return self._sites.get(document.file, PLAIN_SITE)

    @cached_property
    def _with_addresses(self) -> tuple[Site, ...]:
        return tuple({id(site): site for site in self._sites.values() if site.url}.values())

    @cached_property
    def _hosts(self) -> frozenset[str]:
        urls = (site.url for site in self._with_addresses if site.url)
        return frozenset(
            _plain_host(url.split("/")[2]) for url in (*urls, *self._by_url, *self._mentioned) if "//" in url
        )

    @cached_property
    def _by_url(self) -> Mapping[str, str]:
        """Every form of an article's URL."""
        found: dict[str, str] = {}
        for key, same in self._files.items():
            for document in same:
                for url in self._called[document].urls:
                    found.setdefault(url, key)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[tuple[str, str, str]]]:
        """By the names of files the path, the file and the key of the article."""
        found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for key, same in self._files.items():
            for document in same:
                for name, path in self._called[document].names:
                    found[name].append((path, document.file, key))
        return found

    @cached_property
    def _by_alias(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, same in self._files.items():
            for document in same:
                for alias in self._called[document].aliases:
                    found[alias].append((document.file, key))
        return found

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[0] for path in self._paths)

    def _similar(self, wanted: str) -> list[str]:
        """Names that differ in nothing but signs, else by one typo."""
        letters = _NOT_IN_NAMES.sub("", wanted)
        if letters in self._by_letters:
            return self._by_letters[letters]
        if len(wanted) < _SHORTEST_MISTYPED:
            return []
        words = self._by_digits.get(_NOT_DIGITS.sub("", wanted))
        return [name for name in dict.fromkeys(words.near(wanted) if words else ()) if has_one_typo(name, wanted)]

    @cached_property
    def _by_letters(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            if letters := _NOT_IN_NAMES.sub("", name):
                found[letters].append(name)
        return found

    @cached_property
    def _by_digits(self) -> Mapping[str, SortedWords]:
        """Names by the digits in them: one that differs in these is no typo."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            found[_NOT_DIGITS.sub("", name)].append(name)
        return {digits: SortedWords(names) for digits, names in found.items()}


def _called(document: Document) -> _Called:
    path = path_name(_escaped(document.file))
    folder, _, name = path.rpartition("/")
    names = [(name, path)]
    for other in document.names:  # a post is found without its date, too
        other = path_name(_escaped(f"{other}.md"))
        if "/" not in other and other not in (name, ""):
            names.append((other, f"{folder}/{other}".lstrip("/")))
    said = (document.url, document.web_url, document.original_url, document.amp_web_url, document.cdn_amp_web_url)
    return _Called(
        tuple(names),
        tuple(path_name(_escaped(f"{alias}.md")) for alias in document.aliases),
        tuple(canonical_url(url) or url for url in said if url),
    )


def _host(url: str) -> Iterator[str]:
    """As `LinkTargets.asked` has it; none for what is no address."""
    if "//" in url:
        yield f"//{_plain_host(url.split('/')[2])}"


class _Nearby:
    """Files, of which the one is meant that has most folders in common with another one; of several such the first."""

    def __init__(self, files: Iterable[str]) -> None:
        self._first: dict[str, list[str]] = defaultdict(list)
        for file in files:
            for folder in _folders(file):
                if len(self._first[folder]) < 2:  # one may be the file that asks
                    self._first[folder].append(file)

    def nearest(self, asking: str, but: str | None = None) -> str | None:
        """The file meant by another one, `but` this one."""
        near = (file for folder in _folders(asking) for file in self._first.get(folder, ()))
        return next((file for file in near if file != but), None)


def _folders(file: str) -> Iterator[str]:
    """The folders that a file is in, from its own to the root."""
    while file:
        file = file.rpartition("/")[0]
        yield file


def _plain_host(host: str) -> str:
    return host.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")


def names_document(link: BodyLink) -> bool:
    """Whether nothing but a document can be meant."""
    return link.style is not LinkStyle.URL or _OF_DOCUMENTS.search(_without_fragment(link.target)) is not None


def may_be_page(link: BodyLink) -> bool:
    """Whether the target may be a page: not a picture, a download or the address of a mail."""
    name = _without_fragment(link.target).rstrip("/").rpartition("/")[2]
    ending = _ENDING.search(name)
    return "@" not in name and (ending is None or ending[1].lower() in _OF_PAGES)


def _without_fragment(target: str) -> str:
    return target.partition("#")[0].partition("?")[0]


def _escaped(name: str) -> str:
    """A name that is none of an address: what has a meaning there has none here."""
    return name.replace("%", "%25").replace("#", "%23").replace("?", "%3F")


def _beside(document: Document, path: str) -> Iterator[str]:
    """What a path means that counts from the folder of the document; nothing above the loaded folder."""
    found = normpath(f"{document.file.rpartition('/')[0] or '.'}/{path}")
    if not f"{found}/".startswith("../"):
        yield "" if found == "." else found


def _beside_in_language(document: Document, path: str) -> Iterator[str]:
    """The file of the document's own language before the one of no language: `winter.de.md` before `winter.md`."""
    suffix = _language_suffix(document.file)
    ending = _OF_DOCUMENTS.search(path)
    if suffix and ending:
        yield from _beside(document, f"{path[: ending.start()]}{suffix}{ending[0]}")
    yield from _beside(document, path)


def _language_suffix(file: str) -> str:
    """What the name of a file tells of its language: `.de` of `frost.de.md`."""
    match = _IN_LANGUAGE.search(file)
    return match[1] if match else ""


def _shared(one: str, other: str) -> int:
    """How many folders two files have in common, from the root."""
    count = 0
    for a, b in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if a != b:
            break
        count += 1
    return count
