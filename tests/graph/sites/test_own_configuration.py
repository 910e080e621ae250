import os
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from graph.model import JsonValue
from graph.reading.folders import FoundSources, find_sources
from graph.reading.loader import load_folders
from graph.reading.records import Document
from graph.sites.configuration_file import configuration_schema, configuration_text
from graph.sites.options import SiteOptions
from graph.sites.site import Site, SiteSystem

ROOT = Path(__file__).parents[3]


def found(folder: Path, files: dict[str, str], options: SiteOptions | None = None) -> FoundSources:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return find_sources([folder], options or SiteOptions())


def site(folder: Path, files: dict[str, str], options: SiteOptions | None = None) -> Site:
    result = found(folder, files, options)
    assert list(result.problems) == []
    return result.sites[0]


EVERYTHING = """
[site]
system = "hugo"
name = "The Gazette"
description = "News from the shore."
url = "gazette.example"
language = "en"
languages = ["en", "de"]

[content]
folders = ["articles", "./essays/"]
exclude = ["*.tmp.md"]

[fields]
publishedDateTime = "released"
title = ["heading"]

[taxonomies]
series = "series"

[permalinks]
articles = "/:year/:slug/"

[hidden]
when = { private = true }
show = ["future"]

[links]
kinds = ["references"]
"""


def test_owner_says_everything(tmp_path: Path) -> None:
    result = found(tmp_path, {"frontgraph.toml": EVERYTHING, "articles/a.md": "", "articles/b.tmp.md": "", "c.md": ""})

    assert list(result.problems) == []
    assert [source.label for source in result.sources] == ["articles/a.md"]
    assert result.sites[0] == Site(
        system=SiteSystem.HUGO,
        evidence="frontgraph.toml",
        name="The Gazette",
        description="News from the shore.",
        url="https://gazette.example",
        language="en",
        languages=("en", "de"),
        content=("articles", "essays"),
        exclude_said=("*.tmp.md",),
        synonyms={"publishedDateTime": ["released"], "title": ["heading"]},
        taxonomies={"series": "series"},
        permalinks={"articles": "/:year/:slug/"},
        hidden_when={"private": True},
        shown=("future",),
        link_styles=("ref", "post", "file"),
    )


def test_owner_goes_before_what_is_recognised(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: Recognised\nurl: https://a.example\npermalink: pretty",
        "frontgraph.toml": '[site]\nname = "Said"\n[permalinks]\nguides = "/g/:title/"',
        "_posts/2024-01-01-a.md": "",
    }

    said = site(tmp_path, files)

    assert (said.system, said.name, said.url) == (SiteSystem.JEKYLL, "Said", "https://a.example")
    assert said.permalinks == {"": "pretty", "guides": "/g/:title/"}


def test_owner_speaks_of_a_site_below_and_above_the_loaded_folder(tmp_path: Path) -> None:
    files = {
        "blog/frontgraph.toml": '[site]\nname = "Blog"\n[content]\nfolders = ["posts"]',
        "blog/posts/a.md": "",
        "b.md": "",
    }

    [plain, blog] = found(tmp_path, files).sites
    [above] = find_sources([tmp_path / "blog" / "posts"]).sites

    assert (plain.name, blog.name, blog.label, blog.content) == (None, "Blog", "blog/", ("posts",))
    assert (above.name, above.above) == ("Blog", "posts/")


def test_command_line_goes_before_the_file(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('[site]\nname = "Other"\nurl = "https://other.example"')
    options = SiteOptions(url="https://said.example", configuration=other)

    said = site(tmp_path / "site", {"frontgraph.toml": '[site]\nname = "Own"', "a.md": ""}, options)

    assert (said.name, said.url) == ("Other", "https://said.example")


@pytest.mark.parametrize("name", ["pipe.toml", "other.txt", "broken.toml"])
def test_file_of_the_command_line_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "other.txt").write_text("[site]")
    (tmp_path / "broken.toml").write_text("[site")

    result = found(tmp_path / "site", {"a.md": ""}, SiteOptions(configuration=tmp_path / name))

    assert {(problem.code.value, problem.file) for problem in result.problems} == {("SITE_CONFIGURATION_INVALID", name)}
    assert [source.label for source in result.sources] == ["a.md"]


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("[sites]\n", "sites", "“sites” is no key here: did you mean `site`?"),
        ('[site]\nnames = "A"', "site.names", "“names” is no key here: did you mean `name`?"),
        ("[site]\nx = 1", "site.x", "“x” is no key here: there are `system`, `name`, "),
        ('[site]\nsystem = "hugos"', "site.system", "“hugos” is no system here: did you mean `hugo`?"),
        ("[site]\nname = [1]", "site.name", "“[1]” should be text; it counts as absent."),
        ('[site]\nurl = "not an address"', "site.url", "“not an address” is no address of a site"),
        ('[content]\nfolders = ["../x"]', "content.folders", "“../x” leads out of the folder of this file"),
        ('[content]\nexclude = ["!"]', "content.exclude", "“!” does not count"),
        ('[fields]\ntitel = "a"', "fields.titel", "“titel” is no field here: did you mean `title`?"),
        ('[hidden]\nshow = ["futur"]', "hidden.show", "“futur” is no value here: did you mean `future`?"),
        ('[links]\nkinds = "wiki"', "links.kinds", "“wiki” is no value here: did you mean `wikilinks`?"),
        ("links = 3", "links", "“3” should be a mapping"),
        ("[site", None, "The TOML cannot be read"),
    ],
)
def test_mistake_in_the_file_is_a_problem_with_advice(
    tmp_path: Path, text: str, path: str | None, message: str
) -> None:
    [problem] = found(tmp_path, {"frontgraph.toml": text, "a.md": ""}).problems

    assert (problem.code.value, problem.file) == ("SITE_CONFIGURATION_INVALID", "frontgraph.toml")
    assert problem.field_path == path
    assert message in problem.message


@pytest.mark.parametrize(
    "known",
    [
        Site(),
        Site(
            system=SiteSystem.HUGO,
            name='A “B" \\ C\n',
            url="https://a.example",
            content=("a", "b/c"),
            permalinks={"x y": "/:slug/"},
        ),
        Site(
            system=SiteSystem.ZOLA,
            taxonomies={"theme-tags": "theme-tags"},
            languages=("en", "fr"),
            exclude_said=("*.tmp",),
        ),
    ],
    ids=lambda known: known.system.value,
)
def test_what_is_written_says_what_was_recognised(tmp_path: Path, known: Site) -> None:
    text = configuration_text(known)
    said = site(tmp_path, {"frontgraph.toml": text, "a.md": ""})

    expected = {**known.to_json(), "evidence": "frontgraph.toml", "name": known.name and " ".join(known.name.split())}
    assert said.to_json() == expected
    uncommented = re.sub(r"^# (?=\w+ = |\[)", "", text, flags=re.MULTILINE)
    assert list(found(tmp_path / "examples", {"frontgraph.toml": uncommented, "a.md": ""}).problems) == []


def test_schema_allows_what_is_allowed_and_nothing_else(tmp_path: Path) -> None:
    schema = configuration_schema()
    Draft7Validator.check_schema(schema)
    check = Draft7Validator(schema)
    page = (ROOT / "docs" / "sites.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    assert [error.message for error in check.iter_errors(tomllib.loads(EVERYTHING))] == []
    assert len(examples) >= 10
    for example in examples:
        assert [error.message for error in check.iter_errors(tomllib.loads(example))] == []
        assert list(found(tmp_path, {"frontgraph.toml": example, "a.md": ""}).problems) == []
    wrongs: list[JsonValue] = [
        {"sites": {}},
        {"site": {"system": "hogu"}},
        {"fields": {"titel": "a"}},
        {"links": {"kinds": ["x"]}},
    ]
    assert [wrong for wrong in wrongs if check.is_valid(wrong)] == []


def documents(folder: Path, own: str, **texts: str) -> dict[str, Document]:
    files = {f"{name}.md": f"---\n{text}\n---\n[a](b.md) [[b]]\n" for name, text in texts.items()}
    found(folder, {"frontgraph.toml": own, **files})
    result = load_folders([folder])
    assert [problem for problem in result.problems if problem.code.value != "PROVIDER_MISSING"] == []
    return {document.file.removesuffix(".md"): document for document in result.documents}


def test_keys_that_the_owner_names_mean_their_fields_before_others(tmp_path: Path) -> None:
    own = '[fields]\npublishedDateTime = ["released", "dates"]\ntitle = "heading"\n[taxonomies]\nmoods = "moods"'

    read = documents(tmp_path, own, a="heading: H\ntitle: T\ndates: 2024-05-03\nmoods: [calm]")["a"]

    assert (read.title, read.published_date_time and read.published_date_time.date().isoformat()) == ("H", "2024-05-03")
    assert [(topic.name, topic.taxonomy) for topic in read.topics] == [("calm", "moods")]


@pytest.mark.parametrize(
    ("own", "text", "topics"),
    [
        ('[taxonomies]\ntags = "themes"', "tags: [ice]", [("ice", "themes")]),
        ('[taxonomies]\ncategory = "sections"', "category: Ice", [("Ice", "sections")]),
        ('[taxonomies]\nTags = "themes"', "categories: [a]\ntags: [ice]", [("ice", "themes"), ("a", "categories")]),
        ('[fields]\nseries = "category"', "category: Ice", []),
        ('[fields]\nauthors = "writers"\n[taxonomies]\nwriters = "writers"', "writers: [A]", []),
    ],
)
def test_owner_names_taxonomies_before_all_others(
    tmp_path: Path, own: str, text: str, topics: list[tuple[str, str]]
) -> None:
    read = documents(tmp_path, own, a=text)["a"]

    assert [(topic.name, topic.taxonomy) for topic in read.topics] == topics


def test_keys_that_the_owner_names_are_no_misspelt_others(tmp_path: Path) -> None:
    own = '[taxonomies]\ntopcs = "areas"\n[hidden]\nwhen = { unlisteds = true }'

    read = documents(tmp_path, own, a="topcs: [ice]\nunlisteds: true", b="unlisteds: false")

    assert [topic.name for topic in read["a"].topics] == ["ice"]


@pytest.mark.parametrize("text", ["released: 2999-01-01", "meta: {day: 2999-01-01}", "Released: 2999-01-01"])
def test_date_under_a_key_of_the_owner_hides_until_then(tmp_path: Path, text: str) -> None:
    own = '[site]\nsystem = "hugo"\n[fields]\npublishedDateTime = ["released", "meta.day"]'

    assert documents(tmp_path, own, a=text)["a"].visible_from is not None


def test_owner_hides_and_shows(tmp_path: Path) -> None:
    own = '[hidden]\nwhen = { private = true, stage = "review" }\nshow = ["draft", "expired"]'
    texts = {
        "a": "private: true",
        "b": "Stage: Review",
        "c": "stage: [done, review]",
        "d": "private: 1",
        "e": "draft: true",
    }

    read = documents(tmp_path, own, **texts, f="expiryDate: 2020-01-01", g="published: false")

    assert {name: document.hidden and document.hidden.name for name, document in read.items()} == {
        **dict.fromkeys("abc", "CONFIGURED"),
        **dict.fromkeys("def"),
        "g": "PUBLISHED_FALSE",
    }
    assert read["f"].visible_until is None


@pytest.mark.parametrize(
    ("kinds", "targets"), [("", ["b.md", "b"]), ('kinds = "wikilinks"', ["b"]), ('kinds = "addresses"', ["b.md"])]
)
def test_owner_says_which_links_count(tmp_path: Path, kinds: str, targets: list[str]) -> None:
    read = documents(tmp_path, f"[links]\n{kinds}", a="title: A")["a"]

    assert [link.target for link in read.links] == targets
