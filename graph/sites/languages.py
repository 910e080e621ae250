"""Languages as documents and folders name them: tags of BCP 47."""

import re
from functools import lru_cache

_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:[-_](?P<script>[A-Za-z]{4}))?(?:[-_](?P<region>[A-Za-z]{2}|[0-9]{3}))?(?:\.[\w-]+)?"
)
_CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt
    my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
    za zh zu
    """.split()  # noqa: SIM905  # easier to read
)
"""The two-letter codes of ISO 639."""


@lru_cache(1_024)
def language_tag(text: str) -> str | None:
    """The tag in its usual spelling, `pt_br` as `pt-BR`; None if the text is none."""
    found = _TAG.fullmatch(text.strip())
    if found is None:
        return None
    language = found["language"].lower()
    if len(language) == 2 and language not in _CODES:
        return None
    parts = (language, (found["script"] or "").title(), (found["region"] or "").upper())
    return "-".join(part for part in parts if part)


@lru_cache(4_096)
def is_language_name(text: str) -> bool:
    """Whether a folder or the end of a file's name may stand for a language: a two-letter code, or that with a region or script."""
    found = _TAG.fullmatch(text)
    return found is not None and found["language"].lower() in _CODES and "." not in text
