"""Look-ups, languages, series and translations as clients ask for them, of small sites."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.stores.memory import MemoryReader
from tests.folders import document, folder_snapshot

Ask = Callable[..., dict[str, Any]]

SERIES = {
    "hugo.toml": "baseURL = 'https://x.example/blog/'\n[languages.en]\n[languages.fr]\n",
    "content/posts/one.md": document(title="One", series="Bees", weight=1, aliases="[/old/one/]"),
    "content/posts/two.md": document(title="Two", series="Bees", weight=2),
    "content/posts/three.md": document(title="Three", series="Bees", weight=3),
    "content/posts/one.fr.md": document(title="Un"),
    "content/letter.md": document(title="Letter", items="[posts/two, posts/one]"),
}


def asked(ask_reader: Callable[[MemoryReader], Ask], folder: Path, query: str) -> dict[str, Any]:
    answer = ask_reader(MemoryReader(folder_snapshot(folder, SERIES)))(query)
    assert "errors" not in answer
    data: dict[str, Any] = answer["data"]
    return data


def test_every_key_finds_one_article(ask_reader: Callable[[MemoryReader], Ask], tmp_path: Path) -> None:
    keys = {
        "address": 'path: "/posts/ONE/"',
        "host": 'path: "/blog/posts/one"',
        "file": 'path: "content/posts/one.md"',
        "former": 'path: "/old/one"',
        "url": 'url: "https://x.example/blog/posts/one/"',
        "oldUrl": 'url: "https://x.example/blog/old/one/"',
        "rooted": 'url: "/blog/posts/one/"',
        "slug": 'slug: "One"',
    }
    query = "{" + " ".join(f"{name}: article(by: {{ {key} }}) {{ title path url }}" for name, key in keys.items()) + "}"

    one = {"title": "One", "path": "/posts/one/", "url": "https://x.example/blog/posts/one"}
    assert asked(ask_reader, tmp_path, query) == dict.fromkeys(keys, one)


def test_a_series_is_walked_from_its_topic_and_from_article_to_article(
    ask_reader: Callable[[MemoryReader], Ask], tmp_path: Path
) -> None:
    query = """{
      topic(by: { slug: "bees" }) { parts(first: 2) { totalCount nodes { title } pageInfo { endCursor hasNextPage } } }
      article(by: { path: "/posts/two/" }) {
        series { name } previous { title } next { title next { title } } partOf { title }
      }
      letter: article(by: { path: "/letter/" }) { parts { nodes { title } } next { title } }
    }"""
    data = asked(ask_reader, tmp_path, query)

    page = data["topic"]["parts"].pop("pageInfo")
    assert page["hasNextPage"] is True
    assert data == {
        "topic": {"parts": {"totalCount": 3, "nodes": [{"title": "One"}, {"title": "Two"}]}},
        "article": {
            "series": [{"name": "Bees"}],
            "previous": {"title": "One"},
            "next": {"title": "Three", "next": None},
            "partOf": [{"title": "Letter"}],
        },
        "letter": {"parts": {"nodes": [{"title": "Two"}, {"title": "One"}]}, "next": None},
    }
    after = page["endCursor"]
    rest = f'{{ topic(by: {{ slug: "bees" }}) {{ parts(after: "{after}") {{ nodes {{ title }} }} }} }}'
    assert asked(ask_reader, tmp_path, rest)["topic"]["parts"]["nodes"] == [{"title": "Three"}]


def test_languages_are_filters_groups_and_translations(
    ask_reader: Callable[[MemoryReader], Ask], tmp_path: Path
) -> None:
    query = """{
      articles(filter: { language: { eq: "fr" } }) { nodes { title path translations { title language } } }
      all: articles(first: 0) { groupBy(key: LANGUAGE) { key count } }
    }"""

    assert asked(ask_reader, tmp_path, query) == {
        "articles": {
            "nodes": [
                {"title": "Un", "path": "/fr/posts/one/", "translations": [{"title": "One", "language": "en"}]},
            ]
        },
        "all": {"groupBy": [{"key": "en", "count": 4}, {"key": "fr", "count": 1}]},
    }


def test_articles_are_filtered_by_a_former_address(ask_reader: Callable[[MemoryReader], Ask], tmp_path: Path) -> None:
    query = """{
      former: articles(filter: { aliases: { some: { startsWith: "/old/" } } }) { nodes { title aliases } }
      others: articles(filter: { aliases: { count: { eq: 0 } } }) { totalCount }
    }"""
    assert asked(ask_reader, tmp_path, query) == {
        "former": {"nodes": [{"title": "One", "aliases": ["/old/one/"]}]},
        "others": {"totalCount": 4},
    }
