"""URLs and names as authors write them, and the one form that identifies what they name."""

import base64
import hashlib
import re
from datetime import date
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit

from slugify import slugify

from graph.model import NodeKind

URL_LIMIT = 2_048
"""Characters after the scheme; longer addresses do not work in browsers either."""

_TRACKING = frozenset({"fbclid", "gclid"})
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_ENCODED = str.maketrans({character: quote(character) for character in '"<>^`{|}' + _SPACES})
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?\.?")
_IPV6 = re.compile(r"[0-9a-f:.]*:[0-9a-f:.]*")
_DATED_STEM = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(?=.)")
_ID_BYTES = 10
_ID = re.compile(r"[apts]_[a-z2-7]{16}")


@lru_cache(maxsize=65_536)
def clean_url(text: str) -> str | None:
    """The address without surrounding space, or None unless it is a complete http or https URL.

    Spaces and the few other characters that URLs cannot hold are percent-encoded, as browsers do.
    """
    url = text.strip().translate(_ENCODED)
    return url if _split(url) else None


@lru_cache(maxsize=65_536)
def canonical_url(text: str) -> str | None:
    """The one form of all the ways to write this address, or None unless it is a complete http or https URL.

    Scheme and host in lower case, https for http, no default port, fragment, tracking parameters (`utm_*`, `fbclid`,
    `gclid`), user name or trailing slash. Other parameters stay, in their order.
    """
    parts = _split(text.strip().translate(_ENCODED))
    if parts is None:
        return None
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    return f"https://{host}{port}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def _split(url: str) -> SplitResult | None:
    if len(url.partition("://")[2]) > URL_LIMIT or _FORBIDDEN.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_host = _HOST.fullmatch(host) or _IPV6.fullmatch(host)
        valid = parts.scheme in ("http", "https") and is_host and parts.port != 0
    except ValueError:
        return None
    return parts if valid else None


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith("utm_")


@lru_cache(maxsize=65_536)
def provider_domain(text: str) -> str | None:
    """The domain that identifies a provider: lower case, without `www.`; None if it is no host name."""
    domain = text.strip().lower().rstrip(".")
    domain = domain.removeprefix("www.")
    return domain if "." in domain and len(domain) <= 253 and _HOST.fullmatch(domain) else None


@lru_cache(maxsize=65_536)
def name_slug(name: str) -> str | None:
    """The slug that identifies a topic or nameless provider: `Meta AI` is `meta-ai`; None if nothing is left.

    Letters become ASCII (`Москва` is `moskva`), and `+`, `#` and `&` are spelled out so that C, C++ and C# stay three
    topics.
    """
    spelled = name.replace("+", " plus ").replace("#", " sharp ").replace("&", " and ")
    return slugify(spelled) or slugify(spelled, allow_unicode=True) or None


def file_slug(stem: str) -> str:
    """A file's name without extension and, as Jekyll has it, without a leading date."""
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


@lru_cache(maxsize=65_536)
def node_id(kind: NodeKind, key: str) -> str:
    """The id of the node that this key identifies: the same on every machine and load, 18 characters."""
    digest = hashlib.blake2b(key.encode(), digest_size=_ID_BYTES, person=kind.value.encode()[:16]).digest()
    return f"{kind.value[0].lower()}_{base64.b32encode(digest).decode().lower()}"


def is_node_id(text: str) -> bool:
    """Whether the text has the form of an id, whatever graph it may belong to."""
    return _ID.fullmatch(text) is not None
