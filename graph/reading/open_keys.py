"""The keys of front matter that have no field: kept as JSON, without what is secret."""

from collections.abc import Container, Mapping
from types import MappingProxyType

from graph.model import ARTICLE_FIELDS, JsonValue
from graph.problems import Problem, ProblemCode, error, quote, warning
from graph.reading.field_reader import TEXT_LIMIT, json_size
from graph.sites.site import Site
from graph.sites.vocabulary import DOCUMENT, Resolved, document_vocabulary, folded, intended

_ANSWERED = frozenset(field.name for field in ARTICLE_FIELDS) | {
    *("provider", "related", "slug", "published", "removed", "deleted")
}
SECURED = "secured"
"""An encrypted field of the original feeds; it is dropped at the door, wherever in the front matter it stands."""


def answered_keys(said: Resolved) -> set[str]:
    """The keys that fields of an article answer whole, so that they need no second place."""
    return {key for field in _ANSWERED & said.paths.keys() for key, *inner in (said.paths[field],) if not inner}


def near_misses(said: Resolved, site: Site) -> list[Problem]:
    """A problem for each key that was probably meant to be another one, which the document lacks, and that its site does not name."""
    problems: list[Problem] = []
    vocabulary, named = document_vocabulary(site), {folded(key) for key in (*site.taxonomies, *site.hidden_when)}
    for key, written in said.keys.items():
        wanted = None if key in vocabulary or key in named else intended(key)
        if wanted and wanted not in said.keys and said.values.keys().isdisjoint(DOCUMENT.fields(wanted)):
            name = DOCUMENT.spelling(wanted)
            message = (
                f"{quote(written)} is no field, but nearly {quote(name)}; correct the key if that is what is meant."
            )
            problems.append(warning(ProblemCode.KEY_MISSPELT, message, path=(written,)))
    return problems


def open_keys(
    fields: Mapping[str, JsonValue], known: Container[str], problems: list[Problem]
) -> Mapping[str, JsonValue]:
    """All but the known keys."""
    unknown = {key: value for key, value in fields.items() if key not in known and key != SECURED}
    if not unknown:
        return MappingProxyType({})
    kept: dict[str, JsonValue] = {}
    for key, value in unknown.items():
        shown_key = _without_surrogates(key)
        if json_size(value) > TEXT_LIMIT:
            message = f"The value holds more than {TEXT_LIMIT:,} characters and values; it is left out."
            problems.append(error(ProblemCode.FIELD_TOO_LONG, message, path=(shown_key,)))
        else:
            kept[shown_key] = public_json(value)
    return MappingProxyType(kept)


def public_json(value: JsonValue) -> JsonValue:
    """The value without the secret key at any depth, and with text that every JSON writer takes."""
    match value:
        case str():
            return _without_surrogates(value)
        case list():
            return [public_json(item) for item in value]
        case dict():
            return {_without_surrogates(key): public_json(item) for key, item in value.items() if key != SECURED}
        case _:
            return value


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
