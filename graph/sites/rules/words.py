"""Text as part of an address, as the systems make it so."""

import re
from collections.abc import Iterable
from posixpath import normpath
from unicodedata import category, normalize

from slugify import slugify as ascii_slug

_SPACES = re.compile(r"\s+")
_NOT_WORDS = re.compile(r"[^\w\- ]")
_HUGO_ALLOWED = frozenset("./\\_#+~-@")
_JEKYLL_PRETTY = frozenset("._~!$&'()+,;=@")


def joined(parts: Iterable[str]) -> str:
    """The parts as one path that begins with a slash, without empty ones: `/a/b`."""
    return "/" + "/".join(part.strip("/") for part in parts if part.strip("/"))


def directory(parts: Iterable[str]) -> str:
    """The parts as the address of a folder: `/a/b/`, or `/` alone."""
    path = joined(parts)
    return path if path == "/" else f"{path}/"


def rooted(path: str) -> str:
    """A path that begins with one slash, without `.` and `..`; one at its end stays."""
    found = normpath("/" + path.strip().lstrip("/"))
    return f"{found}/" if path.rstrip().endswith("/") and found != "/" else found


def jekyll_slug(text: str, pretty: bool = False, cased: bool = False) -> str:
    """As Jekyll's `slugify`: letters, marks and digits, and what else a pretty one keeps."""
    kept = _JEKYLL_PRETTY if pretty else frozenset()
    words = "".join(letter if _is_word(letter) or letter in kept else " " for letter in text).split()
    slug = "-".join(words)
    return slug if cased else slug.lower()


def _is_word(letter: str) -> bool:
    return letter.isalpha() or category(letter) in ("Nd", "Mn", "Mc", "Me")


def hugo_path(text: str, lower: bool = True, without_accents: bool = False) -> str:
    """As Hugo makes paths: spaces are hyphens, and what addresses do not have is dropped."""
    if without_accents:
        text = normalize("NFC", "".join(mark for mark in normalize("NFD", text) if category(mark) != "Mn"))
    kept = "".join(letter for letter in text.strip() if letter.isspace() or _is_word(letter) or letter in _HUGO_ALLOWED)
    path = re.sub(r"\s*-\s*|\s+", "-", kept.strip())
    return path.lower() if lower else path


def zola_slug(text: str, strategy: str = "on") -> str:
    """As Zola's `slugify.paths`: ASCII when it is on, only without what no file system takes when it is safe."""
    if strategy == "on":
        return ascii_slug(text)
    if strategy == "safe":
        return re.sub(r'[<>:"/|?*#\n\\()\[\]]', "", _SPACES.sub("_", text.strip().rstrip("."))).strip("_")
    return text


def mkdocs_slug(text: str, separator: str = "-") -> str:
    """As the slugs of pymdownx, in lower case."""
    return _NOT_WORDS.sub("", normalize("NFC", text)).strip().lower().replace(" ", separator)


def pelican_slug(text: str) -> str:
    """As Pelican's: ASCII words in lower case."""
    return ascii_slug(text.replace("'", "").replace("’", ""))


def eleventy_slug(text: str) -> str:
    """As Eleventy's filters `slug` and `slugify`."""
    return ascii_slug(text)
