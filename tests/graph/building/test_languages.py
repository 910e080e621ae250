"""Languages and versions of documents, and which are translations of one another."""

from pathlib import Path

import pytest

from graph.building.languages import translation_groups
from graph.building.live_folders import load_snapshot
from graph.sites.languages import is_language_name, language_tag
from tests.folders import articles_of, document, folder_snapshot

TITLE = document(title="T")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("pt_br", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("en_US.UTF-8", "en-US"),
        ("es-419", "es-419"),
        ("gsw", "gsw"),
        ("xx", None),
        ("english", None),
        ("", None),
    ],
)
def test_language_tags_have_one_spelling(text: str, tag: str | None) -> None:
    assert language_tag(text) == tag


def test_names_of_folders_that_may_be_languages() -> None:
    assert [name for name in ("de", "pt-br", "zh_TW", "api", "docs", "js", "base-l10n") if is_language_name(name)] == [
        "de",
        "pt-br",
        "zh_TW",
    ]


def languages(folder: Path, files: dict[str, str]) -> dict[str | None, str | None]:
    return {article.file: article.language for article in articles_of(folder_snapshot(folder, files))}


def test_what_a_file_says_wins_over_its_site(tmp_path: Path) -> None:
    files = {"_config.yml": "title: S\nlang: en-us\n", "a.md": TITLE, "b.md": document(title="T", lang="fr")}

    assert languages(tmp_path, files) == {"a.md": "en-US", "b.md": "fr"}


def test_folders_and_suffixes_tell_languages_where_a_document_stands_in_two(tmp_path: Path) -> None:
    files = dict.fromkeys(
        (
            *("en/about.md", "de/about.md", "de/nur-hier.md", "blog/gate.md", "blog/gate.fr.md"),
            *("it/servers.md", "blog/to.md", "blog/v1.is.md", "guides/en/x.md"),
        ),
        TITLE,
    )
    found = languages(tmp_path, files)

    assert {file: language for file, language in found.items() if language} == {
        "de/about.md": "de",
        "de/nur-hier.md": "de",
        "en/about.md": "en",
        "it/servers.md": "it",
        "blog/gate.fr.md": "fr",
    }


def test_a_folder_named_like_a_language_alone_tells_nothing(tmp_path: Path) -> None:
    assert set(languages(tmp_path, {"it/servers.md": TITLE, "hr/people.md": TITLE, "a.is.md": TITLE}).values()) == {
        None
    }


def test_a_configured_site_tells_languages_by_folder_and_suffix(tmp_path: Path) -> None:
    config = "baseURL = 'https://x.example/'\ndefaultContentLanguage = 'en'\n[languages.en]\n[languages.pt-br]\n"
    files = {"hugo.toml": config} | dict.fromkeys(("content/a.md", "content/a.pt-br.md"), TITLE)

    assert languages(tmp_path, files) == {"content/a.md": "en", "content/a.pt-br.md": "pt-BR"}


def test_the_suffix_of_a_language_is_no_part_of_a_slug(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"blog/gate.md": TITLE, "blog/gate.fr.md": TITLE})

    assert [article.slug for article in articles_of(snapshot)] == ["gate", "gate"]
    assert snapshot.lookups.article("gate.fr") == articles_of(snapshot)[0].id


def test_versions_of_documentation_are_noted(tmp_path: Path) -> None:
    files = {"docusaurus.config.js": "module.exports = {title: 'S', url: 'https://x.example', baseUrl: '/'}"}
    files |= dict.fromkeys(("docs/engine.md", "versioned_docs/version-1.0/engine.md"), TITLE)
    snapshot = folder_snapshot(tmp_path, files)

    assert [(article.file, article.version) for article in articles_of(snapshot)] == [
        ("docs/engine.md", None),
        ("versioned_docs/version-1.0/engine.md", "1.0"),
    ]


def test_groups_are_of_what_shares_something_in_different_languages() -> None:
    keys = {"a": [("x",)], "b": [("x",), ("y",)], "c": [("y",)], "d": [("z",)], "e": [("z",)]}
    languages = {"a": "en", "b": "de", "c": "fr", "d": "en", "e": "en"}

    assert list(translation_groups(keys, languages)) == [["a", "b", "c"]]


def test_in_the_cases_languages_and_versions_are_noted(shared: Path) -> None:
    found = articles_of(load_snapshot([shared / "cases" / "sites" / "04-languages-and-versions" / "site"]))

    assert {(article.file, article.language, article.version) for article in found} == {
        ("blog/gate.fr.md", "fr", None),
        ("blog/gate.md", None, None),
        ("de/ueber-uns.md", "de", None),
        ("en/about.md", "en", None),
        ("docs/engine.md", None, None),
        ("versioned_docs/version-1.0/engine.md", None, "1.0"),
    }
