"""Whatever a document says, of whatever type, and whatever makes pages of it: it is an article, which may be hidden, or reported."""

import json
from collections.abc import Callable, Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import JsonValue
from graph.reading.copies import CheckedCopies
from graph.reading.files import SourceFile, SourceKind
from graph.reading.parsing import parse_source
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import FIELD_NAMES, PERSON_NAMES, PROVIDER_NAMES, TOPIC_NAMES, TOPIC_PAGE_NAMES
from tests.cases import random_cases

Fields = Mapping[str, JsonValue]
NAMES = sorted(
    {*TOPIC_NAMES, "taxonomies", "render", "label", "secured"}.union(
        *(
            {field, *names}
            for table in (FIELD_NAMES, PERSON_NAMES, PROVIDER_NAMES, TOPIC_PAGE_NAMES)
            for field, names in table.items()
        )
    )
)
WORDS = """
||a|A b|ä/ö|true|no|1.10|2024|2024-05-03|202405031200|20240503120000|2024-05-03 23:30 -0500|9999-12-31T23:59:59-12:00
0001-01-01T00:00:00+12:00|/a/|//a|../..|https://a.example/b?c#d|http://[|https://a.example:99999/|https://me:x@a.example
a.example|:year/:title/:x|{{ page.date }}|{{ title | slug }}|[[a]]|[[a|[x](y.md)|#|!!!|-a -b|a, b; c|a <b@c.example>|{date:%}|%zz%|😀
""".replace("\n", "|").split("|")
NUMBERS = [0, 1, -1, 2.5, 1e300, -0.0, 20240503, 202405031200, 1714728600000, 2**31, 2**63, 10**30, -(10**400)]
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.sampled_from([None, True, False, *WORDS, *NUMBERS, "\0", "\u2028", "x" * 600]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)
TOLD = {
    "time_zone": "Europe/Berlin",
    "drafts": ("b*",),
    "taxonomies": {"tags": "themes"},
    "synonyms": {"title": ["label"], "publishedDateTime": ["render"]},
    "hidden_when": {"status": "a"},
    "settings": {"blog": {"post_dir": "posts"}, "quartz": True, "output": ["posts"], "timezone": "Asia/Tokyo"},
}
PATTERNS = [
    {},
    {"": "/:categories/:year/:title/", "posts": "/:year/:sections[last]/:title/", "blog": "{date}/{slug}/{categories}"},
    {"": "{date:%Y}/{category}/{slug}.html", "posts": "/{{ page.date | date: '%Y' }}/{{ title | slug }}/"},
]
LABELS = [
    *("a.md", "posts/2024-05-03-b.md", "_posts/2024-05-03-c.md", "de/index.md", "tags/x/_index.md", "a/b.de.md"),
    "i18n/de/docusaurus-plugin-content-docs/current/a.md",
]


def yaml_lines(fields: Fields) -> str:
    return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items()) + "---\nText.\n"


def json_object(fields: Fields) -> str:
    return f"---json\n{json.dumps(fields)}\n---\nText.\n"


def header_lines(fields: Fields) -> str:
    return "Title: A\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + "\nText.\n"


@pytest.mark.parametrize("system", SiteSystem)
@random_cases(200)
@given(
    fields=st.dictionaries(st.sampled_from(NAMES), values, max_size=6),
    label=st.sampled_from(LABELS),
    url=st.sampled_from([None, "https://a.example", "https://a.example/base"]),
    permalinks=st.sampled_from(PATTERNS),
    told=st.sampled_from([{}, TOLD]),
    write=st.sampled_from([yaml_lines, json_object, header_lines]),
)
def test_any_document_is_an_article_or_reported(
    system: SiteSystem,
    fields: Fields,
    label: str,
    url: str | None,
    permalinks: Mapping[str, str],
    told: Mapping[str, object],
    write: Callable[[Fields], str],
) -> None:
    more: dict[str, object] = {"name": "A", "language": "en", "languages": ("en", "de"), **told}
    site = Site.from_json({"system": system.value, "url": url, "permalinks": permalinks, **more})
    source = SourceFile(label, label, SourceKind.ARTICLE, site)

    found = parse_source(source, write(fields).encode(), CheckedCopies())

    assert found.document or found.entries or found.problems
    for problem in found.problems:  # as whoever reads them gets them
        orjson.dumps([problem.message, problem.file, problem.line, problem.field_path])
