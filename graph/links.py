"""URLs and names as authors write them, their canonical forms, and the node ids made from those."""

import base64
import hashlib
import re
import string
from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar
from unicodedata import category, normalize
from urllib.parse import SplitResult, quote, unquote, urlsplit

from slugify import slugify

from graph.model import NodeKind

URL_LIMIT = 2_048
"""Characters after the scheme, percent-encoded; longer addresses do not work in browsers either."""

_T = TypeVar("_T")
_KEY_LIMIT = URL_LIMIT + len("https://")
_NAME_LIMIT = 1_000
_CACHE_SIZE = 65_536
_TRACKING = frozenset({"fbclid", "gclid"})
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_ENCODED = str.maketrans({character: quote(character) for character in '"<>^`{|}' + _SPACES})
_LOWER_ESCAPE = re.compile(r"%(?:[a-f][0-9A-Fa-f]|[0-9A-F][a-f])")
_BEYOND_ASCII = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_SIMPLE = re.compile(r"https?://(?P<rest>[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9/._~-]*)?)")
"""A fast path for most URLs: nothing to escape, leave out or rewrite."""
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?\.?")
_IPV6 = re.compile(r"[0-9a-f.]*:[0-9a-f:.]*")
_DOMAIN_LIMIT = 253
_ACCENTED = re.compile(r"([A-Za-z\u00c0-\u024f\u1e00-\u1eff])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]+")
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Variation selectors choose how a character looks (`❤️`), and are not part of a word."""
_LEADING_DOT = re.compile(r"(?<!\S)\.(?=\w)")
_DATED_STEM = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(?=.)")
_ID_BYTES = 10
_LETTERS = {kind: kind.value[0].lower() for kind in NodeKind} | {NodeKind.PERSON: "h"}
"""What ids begin with; a person is human, since a provider has the same first letter."""
_ID_FORMS = {kind: (letter, kind.value.encode()[:16]) for kind, letter in _LETTERS.items()}
"""What the ids of a kind begin with, and what tells its hashes from those of others."""
_ID = re.compile(rf"[{''.join(_LETTERS.values())}]_[a-z2-7]{{16}}")


def _remembered(limit: int) -> Callable[[Callable[[str], _T]], Callable[[str], _T]]:
    """Memoizes a function for texts of at most `limit` characters (LRU); longer ones would fill the memory."""

    def remember(function: Callable[[str], _T]) -> Callable[[str], _T]:
        cached = lru_cache(_CACHE_SIZE)(function)

        @wraps(function)
        def answer(text: str) -> _T:
            return cached(text) if len(text) <= limit else function(text)

        return answer

    return remember


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), in which names are compared: macOS and zip archives decompose letters.

    A text longer than a URL may be is left as it is: no name is so long, and normalizing takes Python time quadratic in
    the number of marks on one letter.
    """
    return text if text.isascii() or len(text) > URL_LIMIT else normalize("NFC", text)


@_remembered(_KEY_LIMIT)
def clean_url(text: str) -> str | None:
    """The URL without surrounding spaces, user name and password; None unless it is a complete http or https URL.

    Spaces and the few other characters that URLs cannot hold are percent-encoded, as in browsers.
    """
    if _simple(text):
        return text
    url = _without_spaces(text)
    parts = _split(url)
    if parts is None:
        return None
    user, at, _ = parts.netloc.rpartition("@")
    return url.replace(f"//{user}{at}", "//", 1)


def rooted_url(text: str, base: str | None) -> str | None:
    """What an address without a host means on the site with this start page; without one the path as it is.

    None unless the text is a path from the root, `/2024/frost/`, or an address without a scheme, `//example.org/frost`. A path
    that begins with that of the start page counts from the host, any other from the start page.
    """
    path = text.strip()
    if path.startswith("//"):
        return clean_url(f"https:{path}")
    if not path.startswith("/") or _FORBIDDEN.search(path) or len(path) > URL_LIMIT:
        return None
    path = composed(path).translate(_ENCODED)
    if base is None:
        return path
    below = urlsplit(base).path.rstrip("/")
    start = base.rstrip("/").removesuffix(below) if path == below or path.startswith(f"{below}/") else base.rstrip("/")
    return clean_url(start + path)


def has_user(text: str) -> bool:
    """Whether the text is a URL from which `clean_url` removes a user name."""
    parts = _split(_without_spaces(text)) if "@" in text else None
    return parts is not None and "@" in parts.netloc


@_remembered(_KEY_LIMIT)
def canonical_url(text: str) -> str | None:
    """The canonical form of all spellings of this URL; None unless it is a complete http or https URL.

    The scheme is https and the host in lower case; there is no default port, fragment, tracking parameter (`utm_*`,
    `fbclid`, `gclid`), user name or trailing slash. Other parameters stay in their order. All is ASCII: the host in
    IDNA, the rest percent-encoded with upper-case hex digits, after composing letters beyond ASCII; nothing else is
    decoded.
    """
    if simple := _simple(text):
        return f"https://{simple['rest'].rstrip('/')}"
    parts = _split(_without_spaces(text))
    if parts is None:
        return None
    host = _ascii_host((parts.hostname or "").rstrip("."))
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    url = f"{host}{port}{_escaped(parts.path.rstrip('/'))}{'?' + _escaped(query) if query else ''}"
    return f"https://{url}" if len(url) <= URL_LIMIT else None


def _without_spaces(text: str) -> str:
    return composed(text.strip()).translate(_ENCODED)


def _simple(text: str) -> re.Match[str] | None:
    return _SIMPLE.fullmatch(text) if len(text) <= URL_LIMIT else None


def _split(url: str) -> SplitResult | None:
    if _FORBIDDEN.search(url) or len(_escaped(url.partition("://")[2])) > URL_LIMIT:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_host = _HOST.fullmatch(host) or _IPV6.fullmatch(host)
        valid = parts.scheme in ("http", "https") and is_host and parts.port != 0
    except ValueError:
        return None
    return parts if valid else None


def _escaped(text: str) -> str:
    if not text.isascii() or _BEYOND_ASCII.search(text):
        letters = _BEYOND_ASCII.sub(lambda match: unquote(match[0], errors="surrogateescape"), text)
        text = quote(composed(letters), safe=string.printable, errors="surrogateescape")
    return _LOWER_ESCAPE.sub(lambda match: match[0].upper(), text)


def _ascii_host(host: str) -> str:
    """The host in IDNA (`xn--…`), as the Domain Name System has it; unchanged if IDNA cannot encode it."""
    if host.isascii():
        return host
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return host
    return ascii_host if _HOST.fullmatch(ascii_host) else host


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith("utm_")


@_remembered(_DOMAIN_LIMIT)
def provider_domain(text: str) -> str | None:
    """The domain that identifies a provider: in lower case and ASCII, without `www.`; None if it is not a host name."""
    domain = composed(text.strip()).lower().rstrip(".")
    if len(domain) > _DOMAIN_LIMIT or not _HOST.fullmatch(domain):
        return None
    domain = _ascii_host(domain).removeprefix("www.")
    return domain if "." in domain and len(domain) <= _DOMAIN_LIMIT and _HOST.fullmatch(domain) else None


@_remembered(_NAME_LIMIT)
def name_slug(name: str) -> str | None:
    """The slug that identifies a topic, or a provider without a domain: `Meta AI` → `meta-ai`; None if nothing is left.

    Latin letters lose their accents; other scripts keep their marks, without which different words would be the same.
    `+`, `#`, `&` and a dot that begins a word are spelled out, so that C, C++ and C# stay three topics, NET and .NET
    two.
    """
    spelled = name.replace("+", " plus ").replace("#", " sharp ").replace("&", " and ")
    spelled = _LEADING_DOT.sub("dot ", spelled)
    folded = normalize("NFKC", _ACCENTED.sub(r"\1", normalize("NFKD", spelled)))
    return slugify(folded, allow_unicode=True, regex_pattern=_between_words(folded)) or None


def _between_words(text: str) -> str:
    """A pattern for what separates the text's words; marks on letters, such as Hindi's vowel signs, belong to words."""
    marks = "".join(sorted({letter for letter in text if category(letter) in ("Mn", "Mc")} - _VARIATIONS))
    return rf"\A[\W_]+|(?:[^\w{marks}]|_)[\W_]*"


_ENDING = re.compile(r"\.(?:html?|mdx?|markdown|mdown|mkdn?|mkd|qmd|rmd)\Z", re.IGNORECASE)


@_remembered(_KEY_LIMIT)
def path_name(path: str) -> str:
    """What all spellings of a path have in common: decoded, composed, in small letters, without slashes at its ends.

    A fragment, a query and the ending of a document or page are left out, and an `index` stands for its folder; what is left
    of the path of a start page is nothing.
    """
    plain = path.strip().partition("#")[0].partition("?")[0]
    if "%" in plain:
        plain = unquote(plain)
    found = composed(_ENDING.sub("", composed(plain).casefold().strip("/")))
    head, _, name = found.rpartition("/")
    return head if name in ("index", "_index") else found


def file_slug(stem: str) -> str:
    """The slug of a file name without extension: like Jekyll's, without a leading date."""
    dated = _DATED_STEM.match(stem)
    if dated and _is_date(*map(int, dated.groups())):
        return stem[dated.end() :]
    return stem


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def node_id(kind: NodeKind, key: str) -> str:
    """The id of the node that this key identifies: 18 characters, the same on every machine and after every load."""
    return _remembered_id(kind, key) if len(key) <= _KEY_LIMIT else _id(kind, key)


def _id(kind: NodeKind, key: str) -> str:
    letter, person = _ID_FORMS[kind]
    digest = hashlib.blake2b(key.encode(), digest_size=_ID_BYTES, person=person).digest()
    return f"{letter}_{base64.b32encode(digest).decode().lower()}"


_remembered_id = lru_cache(_CACHE_SIZE)(_id)


def is_node_id(text: str) -> bool:
    """Whether the text has the form of an id, of whatever graph."""
    return _ID.fullmatch(text) is not None


def url_of_path(path: Path, schemes: Collection[str]) -> str | None:
    """The URL that was taken for a path, which has lost one of two slashes; None if it begins with none of the schemes."""
    scheme, colon, rest = path.as_posix().partition(":/")
    return f"{scheme}://{rest.lstrip('/')}" if colon and scheme in schemes else None
