from pathlib import Path

import pytest

from graph.model import JsonValue
from graph.sites.site import Site
from graph.sites.vocabulary import DOCUMENT, FIELD_NAMES, TOPIC_NAMES, folded, intended, speaks_our_words, topic_lists


@pytest.mark.parametrize(
    ("fields", "field", "value", "path"),
    [
        ({"Title": "A"}, "title", "A", ("Title",)),
        ({"name": "A"}, "title", "A", ("name",)),
        ({"name": "A", "title": "B"}, "title", "B", ("title",)),
        ({"title": None, "name": "A"}, "title", "A", ("name",)),
        ({"PUBLISHED_AT": "2024"}, "publishedDateTime", "2024", ("PUBLISHED_AT",)),
        ({"Published-At": "2024"}, "publishedDateTime", "2024", ("Published-At",)),
        ({"pubDate": "2", "date": "1"}, "publishedDateTime", "1", ("date",)),
        ({"date": {"created": "1", "updated": "2"}}, "publishedDateTime", "1", ("date", "created")),
        ({"date": {"created": "1", "updated": "2"}}, "updatedDateTime", "2", ("date", "updated")),
        ({"last_update": {"date": "2"}}, "updatedDateTime", "2", ("last_update", "date")),
        ({"ms.date": "04/05/2023"}, "publishedDateTime", "04/05/2023", ("ms.date",)),
        ({"published": "2024-05-03"}, "publishedDateTime", "2024-05-03", ("published",)),
        ({"published": False}, "published", False, ("published",)),
        ({"canonical_url": "u"}, "webUrl", "u", ("canonical_url",)),
        ({"redirect_from": ["/a"]}, "aliases", ["/a"], ("redirect_from",)),
    ],
)  # fmt: skip
def test_fields_are_found_under_all_their_names(
    fields: dict[str, JsonValue], field: str, value: JsonValue, path: tuple[str, ...]
) -> None:
    said = DOCUMENT.resolve(fields)

    assert (said.values[field], said.paths[field]) == (value, path)


def test_a_flag_is_no_date_and_a_date_no_flag() -> None:
    assert "publishedDateTime" not in DOCUMENT.resolve({"published": False}).values
    dates: list[JsonValue] = ["2024-05-03", 20240503, ["2024-05-03"]]
    flags: list[JsonValue] = [1, 0, 1.0, "no", "", [True], None]
    for date in dates:
        assert "published" not in DOCUMENT.resolve({"published": date}).values
    for flag in flags:
        assert "publishedDateTime" not in DOCUMENT.resolve({"published": flag}).values


def test_no_name_stands_for_two_fields_by_accident() -> None:
    """A date of publication says when something is visible too, and `published` is a date or a flag."""
    names = {folded(name) for names in FIELD_NAMES.values() for name in names if "." not in name}
    shared = {
        name
        for name in names
        if len([field for field in DOCUMENT.fields(name) if name in map(folded, FIELD_NAMES[field])]) > 1
    }

    assert shared == {"published", "publishdate", "pubdate"}
    assert set(TOPIC_NAMES) & set(FIELD_NAMES) == {"category"}


@pytest.mark.parametrize(
    ("fields", "lists"),
    [
        ({"tags": ["a"], "Categories": ["b"]}, [("tags", ["a"]), ("categories", ["b"])]),
        ({"category": "News"}, [("categories", "News")]),
        ({"category": "News", "provider": "P"}, []),
        ({"topics": ["a"], "tags": ["b"], "provider": "P"}, [("topics", ["a"])]),
        ({"topics": ["a"], "tags": ["b"]}, [("topics", ["a"]), ("tags", ["b"])]),
        ({"tags": {"x": 1}}, []),
        ({"taxonomies": {"tags": ["a"], "authors": ["b"]}}, [("tags", ["a"])]),
        ({"places": ["a"], "people": ["b"]}, [("places", ["a"])]),
    ],
)
def test_topics_stand_in_the_lists_of_taxonomies(
    fields: dict[str, JsonValue], lists: list[tuple[str, JsonValue]]
) -> None:
    found = topic_lists(fields, DOCUMENT.resolve(fields), Site(taxonomies={"places": "places"}))

    assert [(terms.taxonomy, terms.value) for terms in found] == lists


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        *(("titel", "title"), ("excerp", "excerpt"), ("publisheddatetme", "publisheddatetime"), ("topcs", "topics")),
        *(("title", None), ("height", None), ("rating", None), ("dat", None), ("layout", None), ("toc", None)),
    ],
)
def test_a_typo_in_a_key_is_recognised(key: str, wanted: str | None) -> None:
    assert intended(key) == wanted


def test_documents_in_our_words_are_told_from_others() -> None:
    assert [speaks_our_words(DOCUMENT.resolve({key: "x"})) for key in ("webUrl", "PROVIDER", "title", "topics")] == [
        True,
        True,
        False,
        False,
    ]


def test_documentation_lists_the_names() -> None:
    page = (Path(__file__).parents[3] / "docs" / "data-model.md").read_text()
    fields = (
        "title",
        "excerpt",
        "publishedDateTime",
        "updatedDateTime",
        "webUrl",
        "originalUrl",
        "images",
        "provider",
        "related",
        "authors",
    )
    for field in fields:
        assert f"| `{field}` | {', '.join(f'`{name}`' for name in FIELD_NAMES[field] if name != field)} |" in page
    assert ", ".join(f"`{name}`" for name in TOPIC_NAMES) in page
