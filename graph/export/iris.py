"""Which addresses are IRIs (RFC 3987), and which can be written as one."""

import re
from urllib.parse import quote

_LETTERS = (
    r"A-Za-z0-9\-._~!$&'()*+,;="
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane + 0x10000)}-{chr(plane + 0x1FFFD)}" for plane in range(0, 0xD0000, 0x10000))
    + "\U000e1000-\U000efffd"
)
_PART = rf"(?:[{_LETTERS}:@/]|%[0-9A-Fa-f]{{2}})*"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:[{_LETTERS}]|%[0-9A-Fa-f]{{2}})+)"
_IRI = re.compile(
    rf"(?i:https?)://{_HOST}(?::\d*)?(?:/{_PART})?(?:\?(?:{_PART}|[?\ue000-\uf8ff])*)?(?:#(?:{_PART}|\?)*)?"
)
_NEVER = re.compile(rf"[^{_LETTERS}:@/?#%]|%(?![0-9A-Fa-f]{{2}})")
_ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


def is_iri(address: str) -> bool:
    """Whether the address is a complete http or https IRI as it stands."""
    return _IRI.fullmatch(address) is not None


def as_iri(address: str) -> str | None:
    """The address as an IRI: what may stand in none is percent-encoded, as browsers do; None for what is no complete address."""
    if is_iri(address):
        return address
    origin = _ORIGIN.match(address)
    if origin is None:
        return None
    rest, hash_sign, fragment = address[origin.end() :].partition("#")
    parts = [_NEVER.sub(_encoded, part) for part in (rest, fragment.replace("#", "%23"))]
    written = origin[0] + hash_sign.join(parts if hash_sign else parts[:1])
    return written if is_iri(written) else None


def _encoded(match: "re.Match[str]") -> str:
    return quote(match[0], safe="", errors="replace")
