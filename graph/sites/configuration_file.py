"""`frontgraph.toml` as text: one that says what was recognised, and the JSON schema by which editors check any."""

import json
from collections.abc import Iterable, Iterator, Mapping

from graph.sites.own_configuration import HIDING, LINK_KINDS, TABLES, Key
from graph.sites.site import Site
from graph.sites.vocabulary import FIELD_NAMES

_HEAD = """\
# What Frontgraph is told of this site, over what it recognises by itself. Written by `frontgraph init`: what is not commented out
# is what was recognised, and may go; what is commented out are examples.
"""
_EXAMPLES = f"""
# [fields]                            # keys of yours that mean a field, before all others
# publishedDateTime = ["released"]

# [hidden]
# when = {{ private = true }}            # what hides a document, beside what the system hides
# show = ["future"]                   # shown all the same: {", ".join(HIDING)}

# [links]
# kinds = ["wikilinks"]               # of {", ".join(LINK_KINDS)}; all, unless said
"""


def configuration_text(site: Site) -> str:
    """A `frontgraph.toml` that says of the site what was recognised."""
    said = [
        ("system", site.system.value.lower()),
        ("name", site.name),
        ("description", site.description),
        ("url", site.url),
        ("language", site.language),
        ("languages", list(site.languages)),
    ]
    content = [("folders", [folder or "." for folder in site.content]), ("exclude", list(site.exclude_said))]
    parts = [_HEAD, *_table("site", said), *_table("content", content)]
    parts += _table("permalinks", site.permalinks.items()) if site.permalinks else ()
    parts += _table("taxonomies", site.taxonomies.items()) if site.taxonomies else ()
    return "\n".join(parts) + "\n" + _EXAMPLES


def _table(name: str, rows: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield f"[{name}]"
    for key, value in rows:
        example = _EXAMPLE_VALUES.get(f"{name}.{key}")
        if value:
            yield f"{_key(key)} = {_toml(value)}"
        elif example is not None:
            yield f"# {_key(key)} = {_toml(example)}"
    yield ""


_EXAMPLE_VALUES: Mapping[str, object] = {
    "site.name": "The Example Gazette",
    "site.description": "News from the shore.",
    "site.url": "https://example.org",
    "site.language": "en",
    "site.languages": ["en", "de"],
    "content.exclude": ["/drafts/", "*.tmp.md", "!README.md"],
}


def configuration_schema() -> dict[str, object]:
    """The JSON schema (draft 7, which editors of TOML know) of `frontgraph.toml`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "frontgraph.toml",
        "description": "What Frontgraph is told of a site, over what it recognises by itself.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _schema_of(name, table) for name, table in TABLES.items()},
    }


def _schema_of(name: str, table: "Key | Mapping[str, Key]") -> dict[str, object]:
    if not isinstance(table, Key):
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: _schema_of(key, value) for key, value in table.items()},
        }
    texts: dict[str, object] = {"type": "array", "items": {"type": "string"}}
    if table.kind == "text":
        found: dict[str, object] = {"type": "string"}
    elif table.kind == "texts":
        found = {"anyOf": [{"type": "string"}, texts]}
    elif name == "fields":
        either = {"anyOf": [{"type": "string"}, texts]}
        found = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(FIELD_NAMES, either)}
    elif name == "when":
        found = {"type": "object"}
    else:
        found = {"type": "object", "additionalProperties": {"type": "string"}}
    if table.choices:
        choice: dict[str, object] = {"enum": list(table.choices)}
        found = choice if table.kind == "text" else {"anyOf": [choice, {"type": "array", "items": choice}]}
    return {"description": table.meaning, **found}


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _toml(key)


def _toml(value: object) -> str:
    """A text or a list of texts as TOML has it, whose basic strings have JSON's escapes."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
