"""What a client takes: the media type and the encoding of answers, by its headers."""

from collections.abc import Mapping
from functools import lru_cache

from api.streams.sse import EVENT_STREAM
from api.web.compression import ENCODINGS

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
_KEPT = 256
"""Headers of which the meaning is kept; browsers of one kind send the same."""


@lru_cache(_KEPT)
def preferred_media_type(accept: str | None) -> str | None:
    """The media type of the answer: JSON unless the client asks for the one of GraphQL; None if it takes neither."""
    if not accept:
        return JSON
    qualities = _qualities(accept)
    by_preference = [*(name for name in qualities if name in (GRAPHQL_RESPONSE, JSON)), JSON, GRAPHQL_RESPONSE]
    best = max(by_preference, key=lambda name: _accepted(name, qualities))  # the first of equals
    return best if _accepted(best, qualities) > 0 else None


@lru_cache(_KEPT)
def preferred_encoding(accept_encoding: str | None) -> str | None:
    """The best encoding that the client takes; None if the answer is to be sent as it is."""
    qualities = _qualities(accept_encoding or "")
    others = qualities.get("*", 0.0)
    best = max(ENCODINGS, key=lambda name: qualities.get(name, others))  # the first of equals
    return best if qualities.get(best, others) > 0 else None


def accepts_html(accept: str | None) -> bool:
    """Whether a browser asks, which wants a page at least as much as data."""
    qualities = _qualities(accept or "")
    html = qualities.get("text/html", 0.0)
    return html > 0 and html >= max(qualities.get(name, 0.0) for name in (GRAPHQL_RESPONSE, JSON))


@lru_cache(_KEPT)
def accepts_event_stream(accept: str | None) -> bool:
    """Whether the client takes a stream of events, which it has to name: `*/*` stands for one answer."""
    return _qualities(accept or "").get(EVENT_STREAM, 0.0) > 0


@lru_cache(_KEPT)
def prefers_event_stream(accept: str | None) -> bool:
    """Whether the client wants a stream of events even for what has one answer: more than that, or named before it."""
    if not accepts_event_stream(accept):
        return False
    single = preferred_media_type(accept)
    if single is None:
        return True
    qualities = _qualities(accept or "")
    ranges = list(qualities)
    wanted, rival = qualities[EVENT_STREAM], _matching(single, qualities)
    return (wanted, ranges.index(rival)) > (qualities[rival], ranges.index(EVENT_STREAM))


def _qualities(accept: str) -> dict[str, float]:
    """Media range → how much it is wanted, from 0 to 1, in the order of the header."""
    entries = [[part.strip() for part in entry.lower().split(";")] for entry in accept.split(",")]
    return {media_range: _quality(parameters) for media_range, *parameters in entries if media_range}


def _accepted(media_type: str, qualities: Mapping[str, float]) -> float:
    return qualities.get(_matching(media_type, qualities), 0.0)


def _matching(media_type: str, qualities: Mapping[str, float]) -> str:
    """The most exact range of the header that the media type is in; empty if there is none."""
    return next((name for name in (media_type, "application/*", "*/*") if name in qualities), "")


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                quality = float(parameter[2:])
            except ValueError:
                return 0.0
            return min(quality, 1.0) if quality > 0 else 0.0  # NaN is no quality either
    return 1.0
