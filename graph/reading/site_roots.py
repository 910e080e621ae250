"""`Sites`: the sites in a loaded folder, found while it is listed; which of them a file belongs to, and what is no content."""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from graph.model import JsonValue
from graph.problems import Problem, ProblemCode, warning
from graph.reading.files import SourceFile, SourceKind, decode_text, read_source
from graph.reading.front_matter import parse_front_matter
from graph.reading.full_yaml import FrontMatterError
from graph.reading.site_places import DiskPlace, encodable
from graph.sites.content import NotRead, file_not_read, folder_not_read, is_about_repository
from graph.sites.locations import location_of
from graph.sites.options import SiteOptions
from graph.sites.patterns import Patterns, patterns_of
from graph.sites.recognition import (
    CONFIGURATIONS,
    OWN_CONFIGURATION,
    configured_site,
    may_tell_of_a_site,
    recognised_site,
)
from graph.sites.settings import Settings
from graph.sites.site import PLAIN_SITE, Site, SiteSystem
from graph.sites.systems import documents

_OF_CONFIGURATIONS = ("", "config/_default", "config/production", "_data", "data", "src")
"""Where the configurations of systems stand, below the roots of sites."""
_LEVELS_ABOVE = 4
"""Folders above the loaded one that may be the root of its site."""
_INDEX = "_index."
_GITIGNORE = ".gitignore"
_BEGINNING = 8 * 1024
"""Bytes of a document by which a system may be known."""


class IgnoreFile(NamedTuple):
    """What a `.gitignore` names."""

    label: str
    """That of its folder."""
    patterns: Patterns


@dataclass(slots=True)
class LeftOut:
    """What is not read for one reason."""

    files: int = 0
    folders: list[str] = field(default_factory=list)
    """The labels of folders that were not looked into."""
    example: str | None = None
    """The label of the first file."""


class Sites:
    """The sites whose documents stand in one loaded folder."""

    def __init__(self, label: str, root: str, options: SiteOptions) -> None:
        """`label` is what stands before the names of what the folder holds; `root` is where it is, without links."""
        self.problems: list[Problem] = []
        self.left_out: dict[NotRead, LeftOut] = defaultdict(LeftOut)
        self._label = label
        self._root = root
        self._options = options
        self._excluded = Patterns(options.exclude)
        self._by_folder: dict[str, Site] = {}
        """The sites by the labels of their roots and of their folders of documents, each with a slash at its end."""
        self._plain: dict[str, bool] = {}
        """By the label of a folder whether `_is_plain`."""
        self.listed: dict[str, tuple[str, tuple[IgnoreFile, ...]]] = {}
        """By the path of a folder that was listed its label, and the `.gitignore` files that count there."""
        self.has_links = False
        """Whether a symbolic link was met."""
        self.is_told_by_documents = False
        """Whether all documents were asked what the loaded folder is."""

    def enter(self, label: str, real: str, names: Set[str], ignored: tuple[IgnoreFile, ...]) -> tuple[IgnoreFile, ...]:
        """Looks whether a site begins in the folder that is being listed, the loaded folder first.

        Answers the `.gitignore` files that count in the folder: those that did above it, and its own.
        """
        is_table = label.split("/")[-3:-2] == ["config"]  # Hugo's `config/_default`, which is part of a site
        if label == self._label or not (CONFIGURATIONS.isdisjoint(names) or self._is_content(label) or is_table):
            self._recognise(label, real)
        place = DiskPlace(real, label, self._root)
        text = place.text(_GITIGNORE) if _GITIGNORE in names else None
        self.problems.extend(place.problems)
        if text is not None:
            patterns = Patterns(text[1].splitlines())
            self.problems.extend(_fault(f"{label}{_GITIGNORE}", bad.line, bad.reason) for bad in patterns.bad)
            ignored = (IgnoreFile(label, patterns), *ignored)
        return ignored

    def leaves_out_folder(self, label: str, ignored: Sequence[IgnoreFile]) -> bool:
        """Whether nothing in the folder is read; the label ends with a slash."""
        site = self.site_of(label)
        reason = self._named(label, ignored, site)
        if reason is None and self._verdict(label, site) is None:
            path = site.path(label).rstrip("/")
            reason = NotRead.BY_SITE if patterns_of(site.exclude).verdict(f"{path}/") else folder_not_read(site, path)
        if reason is not None:
            self.left_out[reason].folders.append(label)
        return reason is not None

    def leaves_out_file(self, label: str, path: str, ignored: Sequence[IgnoreFile]) -> bool:
        """Whether the file is not read; ask when the whole folder was listed."""
        folder = label[: label.rfind("/") + 1]
        if folder not in self._plain:
            self._plain[folder] = self._is_plain(folder, ignored)
        if self._plain[folder] and label[len(folder)] != "_":
            return False
        site = self.site_of(label)
        reason = self._named(label, ignored, site)
        below = site.path(label)
        if reason is None:
            reason = file_not_read(site, below)
            is_taken_back = self._verdict(label, site) is False
            if is_taken_back:
                reason = reason if reason is NotRead.OUTSIDE else None
            elif reason is None and patterns_of(site.exclude).verdict(below):
                reason = NotRead.BY_SITE
            elif reason is None and self._tells_of_the_repository(label, below, path, site):
                reason = NotRead.REPOSITORY
        if reason is not None:
            self.leave_out(reason, label)
        return reason is not None

    def _is_plain(self, folder: str, ignored: Sequence[IgnoreFile]) -> bool:
        """Whether all files of the folder are read but those whose names begin with an underscore."""
        site = self.site_of(folder)
        is_any_named = self._options.exclude or ignored or site.exclude or site.exclude_said
        return not is_any_named and "/" in site.path(folder) and file_not_read(site, f"{site.path(folder)}a.md") is None

    def leaves_out_catalogue(self, label: str, ignored: Sequence[IgnoreFile]) -> bool:
        """Whether a file of data is not read; these may stand outside the documents."""
        reason = self._named(label, ignored, self.site_of(label))
        if reason is not None:
            self.leave_out(reason, label)
        return reason is not None

    def leave_out(self, reason: NotRead, label: str) -> None:
        """Counts a file that is not read."""
        found = self.left_out[reason]
        found.files += 1
        found.example = found.example or label

    def site_of(self, label: str) -> Site:
        """The site of a file, by its label."""
        folder = label
        while folder not in self._by_folder and folder != self._label:
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
        return self._by_folder.get(folder, PLAIN_SITE)

    def sites(self) -> list[Site]:
        """All sites that were found, the loaded folder's own first."""
        return list({id(site): site for site in self._by_folder.values()}.values())

    def ask_documents(self, paths: Mapping[str, str]) -> None:
        """Takes the loaded folder for what its documents tell, by their labels, if nothing else did."""
        site = self._by_folder[self._label]
        if site.system is SiteSystem.PLAIN and site.evidence is None:
            self.is_told_by_documents = True
            is_alone = len(self._by_folder) == 1
            own = [label for label in paths if is_alone or self.site_of(label) is site]
            told = documents.told(os.path.basename(self._root), own, lambda label: _beginning(paths[label]))
            if told is not None:
                self._by_folder[self._label] = replace(
                    site, system=told.system, evidence=told.evidence, name=site.name or told.name
                )

    def read_cascades(self, paths: Mapping[str, str]) -> None:
        """Reads what files `_index` say for all pages below, by the labels of documents."""
        found: dict[int, list[dict[str, JsonValue]]] = defaultdict(list)
        for label, path in paths.items():
            site = self.site_of(label) if _INDEX in label else PLAIN_SITE
            if may_cascade(label, site) and (values := _cascade(path, label)) is not None:
                location = location_of(site, label)
                section = "/".join(location.folders)
                found[id(site)].append(
                    {"file": label, "section": section, "language": location.language, "values": values}
                )
        changed = {
            place: replace(site, cascades=tuple(found[place])) for site in self.sites() if (place := id(site)) in found
        }
        self._by_folder = {label: changed.get(id(site), site) for label, site in self._by_folder.items()}

    def _named(self, label: str, ignored: Sequence[IgnoreFile], site: Site) -> NotRead | None:
        """Whether somebody named the file or folder as one not to be read."""
        verdict = self._verdict(label, site)
        if verdict is not None:
            return NotRead.EXCLUDED if verdict else None
        for file in ignored:
            if (verdict := file.patterns.verdict(label.removeprefix(file.label))) is not None:
                return NotRead.IGNORED if verdict else None
        return None

    def _verdict(self, label: str, site: Site) -> bool | None:
        """What the owner says of the path, on the command line or in a configuration of ours."""
        verdict = self._excluded.verdict(label.removeprefix(self._label))
        return verdict if verdict is not None else patterns_of(site.exclude_said).verdict(site.path(label))

    def _tells_of_the_repository(self, label: str, below: str, path: str, site: Site) -> bool:
        is_at_root = "/" not in label.removeprefix(self._label) or "/" not in below
        has_own_folder = any(site.content) or site.above
        name = label.rpartition("/")[2]
        return is_at_root and not has_own_folder and is_about_repository(name) and not _has_front_matter(path)

    def _is_content(self, label: str) -> bool:
        site = self.site_of(label)
        return any(folder and f"{site.path(label)}".startswith(f"{folder}/") for folder in site.content)

    def _recognise(self, label: str, real: str) -> None:
        is_loaded = label == self._label
        place = DiskPlace(real, label, self._root)
        own = self._own(place, is_loaded)
        if own is not None:
            site: Site | None = recognised_site(place, own)
        else:
            site = configured_site(place) or (is_loaded and self._site_above()) or None
        if site is None and is_loaded:
            site = recognised_site(place)
        if site is None:
            return
        self.problems.extend(place.problems)
        site = replace(site, url=self._options.url or site.url)
        if not site.above:
            site = self._placed(replace(site, label=label))
            self._by_folder |= {f"{site.label}{folder}/": site for folder in site.content if folder}
        self._by_folder[label] = site

    def _own(self, place: DiskPlace, is_loaded: bool) -> Settings | None:
        """What the owner says of the site."""
        given = self._options.configuration
        if not is_loaded or given is None:
            return place.settings(OWN_CONFIGURATION)
        path = given.resolve()
        elsewhere = DiskPlace(str(path.parent), "", str(path.parent))
        own = elsewhere.settings(path.name) if path.suffix == ".toml" else None
        self.problems.extend(elsewhere.problems)
        if own is None:
            message = "This is no TOML file that can be read; give --config a file whose name ends in `.toml`."
            self.problems.append(warning(ProblemCode.SITE_CONFIGURATION_INVALID, message, file=given.name))
            return None
        return Settings(own.get_all(), given.name, place.problems)

    def _placed(self, site: Site) -> Site:
        """The site with all its folders below its root: documents may stand beside its configuration (`../docs`)."""
        up = max((folder.count("../") + folder.endswith("..") for folder in site.content), default=0)
        parts = site.label.removeprefix(self._label).split("/")[:-1]
        if up == 0:
            return site
        if up > len(parts):
            inside = tuple(folder for folder in site.content if not folder.startswith(".."))
            return replace(site, content=inside or ("",))
        kept = parts[: len(parts) - up]
        return _from_above(site, "/".join(parts[len(kept) :]), self._label + "".join(f"{part}/" for part in kept))

    def _site_above(self) -> Site | None:
        """The site of which the loaded folder is a part, by a configuration in a folder above it."""
        for above in _folders_above(Path(self._root)):
            relative = Path(self._root).relative_to(above).as_posix()
            place = DiskPlace(str(above), "../" * (relative.count("/") + 1), str(above))
            if CONFIGURATIONS.isdisjoint(place.names()):
                continue
            own = place.settings(OWN_CONFIGURATION)
            site = recognised_site(place, own) if own else configured_site(place)
            if site is None:
                continue
            if any(not folder or f"{relative}/".startswith(f"{folder}/") for folder in site.content):
                self.problems.extend(place.problems)
                return replace(site, label=self._label, above=f"{relative}/")
            return None
        return None


def _folders_above(root: Path) -> Iterator[Path]:
    """Those that may belong to the same repository, the nearest first."""
    folder = root
    for above in folder.parents[:_LEVELS_ABOVE]:
        if (folder / ".git").exists() or above in (Path.home(), Path(above.anchor)):
            return
        yield above
        folder = above


def telling_above(root: Path) -> Iterator[Path]:
    """The files above a loaded folder that may say of which site it is a part; none if it says itself what it is."""
    if not CONFIGURATIONS.isdisjoint(_listed(root)):
        return
    for above in _folders_above(root):
        for folder in _OF_CONFIGURATIONS:
            paths = (f"{folder}/{name}".lstrip("/") for name in _listed(above / folder))
            yield from (above / path for path in paths if may_tell_of_a_site(path))


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def may_cascade(label: str, site: Site) -> bool:
    """Whether what the file says may be said for others too."""
    return site.system is SiteSystem.HUGO and label.rpartition("/")[2].startswith(_INDEX)


def _cascade(path: str, label: str) -> JsonValue:
    """What a file says for pages below; None if it says nothing, or cannot be read, which is told when it is read as a document."""
    source = SourceFile(path, label, SourceKind.ARTICLE)
    data = read_source(source)
    if isinstance(data, Problem) or b"cascade" not in data.lower():
        return None
    text = decode_text(data, label)
    try:
        front_matter = None if isinstance(text, Problem) else parse_front_matter(text)
    except FrontMatterError:
        return None
    fields = front_matter.fields if front_matter else {}
    return next((encodable(value) for key, value in fields.items() if key.lower() == "cascade"), None)


def merged(parts: Sequence[Mapping[NotRead, LeftOut]]) -> dict[NotRead, LeftOut]:
    """What is not read in several folders, by reason in the order of the reasons."""
    found: dict[NotRead, LeftOut] = {}
    for reason in NotRead:
        same = [part[reason] for part in parts if reason in part]
        if same:
            folders = [folder for part in same for folder in part.folders]
            examples = [part.example for part in same if part.example]
            found[reason] = LeftOut(sum(part.files for part in same), folders, examples[0] if examples else None)
    return found


def faults(options: SiteOptions) -> list[Problem]:
    """What is wrong with the patterns of the command line."""
    return [
        warning(ProblemCode.SITE_CONFIGURATION_INVALID, f"`--exclude` does not count: {bad.reason}.", file=".")
        for bad in Patterns(options.exclude).bad
    ]


def _fault(file: str, line: int, reason: str) -> Problem:
    message = f"The pattern does not count: {reason}."
    return warning(ProblemCode.SITE_CONFIGURATION_INVALID, message, file=file, line=line)


def _beginning(path: str) -> str:
    """What a file begins with; nothing if it cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
        with open(path, "rb") as file:
            return file.read(_BEGINNING).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _has_front_matter(path: str) -> bool:
    return _beginning(path).lstrip().startswith(("---", "+++", "{"))


def _from_above(site: Site, below: str, label: str) -> Site:
    """The site as it looks from a folder above its own root."""

    def moved(folder: str) -> str:
        path = os.path.normpath(os.path.join(below, folder)).replace(os.sep, "/")
        return "" if path == "." else path

    return replace(
        site,
        label=label,
        content=tuple(moved(folder) for folder in site.content),
        routes={moved(folder): route for folder, route in site.routes.items()},
        content_languages={moved(folder): language for folder, language in site.content_languages.items()},
        exclude=tuple(_moved_pattern(below, pattern) for pattern in site.exclude),
        drafts=tuple(_moved_pattern(below, pattern) for pattern in site.drafts),
        exclude_said=tuple(_moved_pattern(below, pattern) for pattern in site.exclude_said),
        settings={**site.settings, "blogs": [moved(folder) for folder in site.settings.get("blogs", ())]},
    )


def _moved_pattern(below: str, pattern: str) -> str:
    negation, pattern = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    is_anchored = "/" in pattern.rstrip("/") and not pattern.startswith("**/")
    return negation + (f"/{below}/{pattern.lstrip('/')}" if is_anchored else pattern)
