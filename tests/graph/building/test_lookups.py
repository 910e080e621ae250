from pathlib import Path

from graph.building.lookups import Lookups, build_lookups
from graph.building.merge import merge
from graph.building.merged_graph import MergeResult
from graph.links import canonical_url
from graph.model import EdgeKind, Person, Topic
from graph.reading.loader import load_folders

A, B = "https://x.example/a", "https://x.example/b"


def write(folder: Path, name: str, fields: str) -> None:
    (folder / name).write_text(f"---\ntitle: T\nprovider: {{name: The Post, domain: post.example}}\n{fields}\n---\n")


def lookups(folder: Path) -> tuple[Lookups, dict[str, str], MergeResult]:
    """The look-ups, and the file of each article by id."""
    merged = merge(load_folders([folder]))
    return build_lookups(merged), {article.id: article.file or "" for article in merged.articles}, merged


def test_every_url_of_an_article_finds_it(tmp_path: Path) -> None:
    urls = "originalUrl: http://o.example/a/\nampWebUrl: https://Amp.example/a#x\ncdnAmpWebUrl: https://cdn.example/a"
    write(tmp_path, "a.md", f"webUrl: {A}\n{urls}")
    write(tmp_path, "b.md", f"webUrl: {A}?utm_source=x\noriginalUrl: https://lost.example/a")
    found, files, _ = lookups(tmp_path)

    names = [A, "https://o.example/a", "https://amp.example/a", "https://cdn.example/a", "https://lost.example/a"]
    assert {url: files[id_] for url, id_ in found.articles_by_url.items()} == dict.fromkeys(names, "a.md")


def test_slug_and_file_name_find_an_article(tmp_path: Path) -> None:
    write(tmp_path, "2024-05-03-ferry.md", f"webUrl: {A}")
    write(tmp_path, "b.md", f"webUrl: {B}\nslug: other")
    found, files, _ = lookups(tmp_path)

    assert {slug: files[id_] for slug, id_ in found.articles_by_slug.items()} == {
        "ferry": "2024-05-03-ferry.md",
        "2024-05-03-ferry": "2024-05-03-ferry.md",
        "other": "b.md",
        "b": "b.md",
    }


def test_shared_slug_finds_the_newest_and_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "2024-01-01-ferry.md", f"webUrl: {A}\npublishedDateTime: 2024-01-01")
    write(tmp_path, "2024-01-02-ferry.md", f"webUrl: {B}\npublishedDateTime: 2024-01-02")
    found, files, _ = lookups(tmp_path)

    assert files[found.articles_by_slug["ferry"]] == "2024-01-02-ferry.md"
    assert files[found.articles_by_slug["2024-01-01-ferry"]] == "2024-01-01-ferry.md"
    assert [(problem.code.value, problem.file, problem.line, problem.field_path) for problem in found.problems] == [
        ("SLUG_SHARED", "2024-01-01-ferry.md", None, None)
    ]


def test_shared_slug_finds_the_first_file_of_one_date_whatever_the_ids(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / str(number)).mkdir()
        write(tmp_path / str(number), "ferry.md", f"webUrl: {A}{number}")
    found, files, _ = lookups(tmp_path)

    assert files[found.articles_by_slug["ferry"]] == "0/ferry.md"
    assert [str(problem) for problem in found.problems][:1] == [
        "1/ferry.md: warning: 0/ferry.md has the slug “ferry” too, and a look-up finds it; "
        "give this article a slug of its own. [SLUG_SHARED]"
    ]


def test_slug_of_its_own_is_what_an_article_with_a_shared_file_name_needs(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        write(tmp_path / name, "index.md", f"webUrl: https://x.example/{name}\nslug: {name}")
    found, files, _ = lookups(tmp_path)

    assert {slug: files[id_] for slug, id_ in found.articles_by_slug.items()} == {
        "a": "a/index.md",
        "b": "b/index.md",
        "index": "a/index.md",
    }
    assert found.problems == ()


def test_shared_url_finds_the_article_whose_identity_it_is_and_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "a.md", f"webUrl: {A}")
    write(tmp_path, "b.md", f"webUrl: {B}\noriginalUrl: {A}\npublishedDateTime: 2020-01-01")
    found, files, _ = lookups(tmp_path)

    assert files[found.articles_by_url[A]] == "a.md"
    assert [str(problem) for problem in found.problems] == [
        f"b.md: warning: “{A}” is a URL of a.md too, which a look-up finds; correct one of them. [URL_SHARED]"
    ]


def test_topic_is_found_by_its_own_names_before_those_of_others() -> None:
    topics = [
        Topic("t_1", "sea", "Sea", aliases=("Lakes", "Ocean")),
        Topic("t_2", "lakes", "Fresh water", aliases=("ocean", "Ponds")),
    ]
    found = build_lookups(MergeResult(topics=topics))
    names = ("SEA", "lakes", "Fresh Water", "Ocean", "ponds", "river", "")
    assert [found.topic(name) for name in names] == ["t_1", "t_2", "t_2", "t_2", "t_2", None, None]


def test_person_is_found_by_slug_then_by_name_then_by_other_spellings() -> None:
    persons = [
        Person("h_1", "quill", "Ada Quill", ("A. Quill", "Bo Reed")),
        Person("h_2", "ada-quill", "Ada Q."),
        Person("h_3", "reed", "Bo Reed"),
    ]
    found = build_lookups(MergeResult(persons=persons))

    names = ("quill", "Ada Quill", " ADA-quill", "A. Quill", "bo reed", "Reed", "ada q", "nobody", "!")
    assert [found.person(name) for name in names] == ["h_1", "h_2", "h_2", "h_1", "h_3", "h_3", "h_2", None, None]


def test_provider_and_topic_are_found_however_they_are_written(tmp_path: Path) -> None:
    write(tmp_path, "a.md", f"webUrl: {A}\ntopics: [Meta AI]")
    found, _, merged = lookups(tmp_path)

    provider, topic = merged.providers[0].id, merged.topics[0].id
    assert [found.provider(text) for text in ("post.example", "WWW.Post.Example.", "The Post", "")] == [
        provider,
        provider,
        None,
        None,
    ]
    assert [found.topic(text) for text in ("Meta AI", "meta-ai", " META ai", "AI", "!")] == [
        topic,
        topic,
        topic,
        None,
        None,
    ]


def test_problems_are_found_by_file(tmp_path: Path) -> None:
    write(tmp_path, "a.md", f"webUrl: {A}\nquality: high\nheat: high")
    write(tmp_path, "b.md", f"webUrl: {B}")
    found, _, _ = lookups(tmp_path)

    assert {
        file: [problem.field_path for problem in problems] for file, problems in found.problems_by_file.items()
    } == {"a.md": ["quality", "heat"]}


def test_names_are_found_however_their_letters_are_composed(tmp_path: Path) -> None:
    article = "---\ntitle: A\nslug: {}\nwebUrl: https://p.example/{}\nprovider: {{domain: {}.example}}\ntopics: [{}]\nrelated: [{}]\n---\n"
    (tmp_path / "one.md").write_text(article.format(*["e\u0301lan"] * 4, "no\u0308rd"))
    (tmp_path / "no\u0308rd.md").write_text(article.format("nörd", "%c3%a9tat", *["élan"] * 3))

    found, _, merged = lookups(tmp_path)

    assert not merged.problems
    assert (len(merged.providers), len(merged.topics)) == (1, 1)
    assert sum(map(len, merged.targets[EdgeKind.RELATED_TO].values())) == 2
    assert found.article("e\u0301lan") == found.article("élan") == found.articles_by_url["https://p.example/%C3%A9lan"]
    assert found.articles_by_url[str(canonical_url("https://p.example/e%cc%81tat"))] == found.article("nörd")
    assert found.provider("e\u0301lan.example") == found.provider("xn--lan-9la.example") == merged.providers[0].id
