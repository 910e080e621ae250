import orjson
import pytest

from graph.bodies.targets import BodyLink, LinkStyle
from graph.model import Image, JsonValue
from graph.problems import Problem
from graph.reading.catalogue_entries import check_catalogue_entry
from graph.reading.copies import CheckedCopies
from graph.reading.documents import BODY_LIMIT, check_document
from graph.reading.files import SourceKind
from graph.reading.front_matter import FrontMatter, parse_front_matter
from graph.reading.records import CatalogueEntry, Document, ProviderMention, TopicMention
from graph.sites.site import Site, SiteSystem

IDENTITY = "title: A\nprovider: P\nwebUrl: https://p.example/a\n"


def check(fields: str, body: str = "", label: str = "_news/2024-05-03-a.md") -> tuple[Document, list[Problem]]:
    front_matter = parse_front_matter(f"---\n{fields}\n---\n{body}")
    assert front_matter is not None
    return check_document(label, front_matter)


def document(fields: str, body: str = "") -> Document:
    return check(IDENTITY + fields, body)[0]


def problems(fields: str) -> list[tuple[str, int | None, str | None]]:
    return [(problem.code.value, problem.line, problem.field_path) for problem in check(fields)[1]]


def test_every_field_of_the_vocabulary_is_read() -> None:
    article, found = check(
        """title: Ferry strike
excerpt: Short.
publishedDateTime: 2024-05-03T09:30:00+02:00
webUrl: https://p.example/a
originalUrl: https://q.example/a
ampWebUrl: https://p.example/amp
cdnAmpWebUrl: https://cdn.example/a
type: article
category: news
quality: 84
heat: 12
provider: {name: The Post, domain: www.P.example, images: [{url: "https://p.example/logo", width: 50}]}
topics: [AI, Meta AI, ai]
images: [{url: "https://p.example/i", width: 1, height: 2, isCached: true, title: T, attribution: Z}]
related: [{webUrl: "https://r.example/b", title: B}]
slug: ferry""",
        "Body",
    )

    assert found == []
    assert (article.file, article.key, article.url) == (
        "_news/2024-05-03-a.md",
        "https://p.example/a",
        "https://p.example/a",
    )
    assert (article.slug, article.names) == ("ferry", ("ferry", "a", "2024-05-03-a"))
    assert (article.title, article.excerpt, article.body) == ("Ferry strike", "Short.", "Body")
    assert str(article.published_date_time) == "2024-05-03 07:30:00+00:00"
    assert (article.web_url, article.original_url) == ("https://p.example/a", "https://q.example/a")
    assert (article.amp_web_url, article.cdn_amp_web_url) == ("https://p.example/amp", "https://cdn.example/a")
    assert (article.type, article.category, article.quality, article.heat) == ("article", "news", 84, 12)
    assert article.images == (Image("https://p.example/i", 1, 2, True, "T", "Z"),)
    assert article.provider == ProviderMention(
        "p.example", "p.example", "The Post", (Image("https://p.example/logo", 50),)
    )
    assert article.topics == (TopicMention("AI", "topics"), TopicMention("Meta AI", "topics"))
    assert [(place, item.key, item.title) for place, item in enumerate(article.related) if item] == [
        (0, "https://r.example/b", "B")
    ]
    assert (article.front_matter, article.identity_line) == ({}, 5)


@pytest.mark.parametrize(("heat", "answer"), [("-1", None), ("-5", None), ("0", 0), ("124", 124)])
def test_negative_heat_means_not_measured(heat: str, answer: int | None) -> None:
    article = document(f"heat: {heat}\nrelated: [{{webUrl: 'https://r.example/b', heat: {heat}}}]")

    assert article.related[0] is not None
    assert (article.heat, article.related[0].heat) == (answer, answer)


def test_unknown_keys_are_kept_as_they_are() -> None:
    article = document("layout: post\nnested: {list: [1, 2.5, {a: null}], no: false}\n2024: x")

    assert article.front_matter == {
        "layout": "post",
        "nested": {"list": [1, 2.5, {"a": None}], "no": False},
        "2024": "x",
    }


def test_the_secret_key_is_dropped_at_any_depth() -> None:
    secret = "secured: s3cret"
    article = document(
        f"{secret}\na: {{{secret}, b: [{{{secret}, c: 1}}]}}\nimages: [{{url: 'https://p.example/i', {secret}}}]\n"
        f"related: [{{webUrl: 'https://r.example/b', {secret}, provider: {{name: R, {secret}}}}}]"
    )

    assert article.front_matter == {"a": {"b": [{"c": 1}]}}
    assert "s3cret" not in repr(article)


def test_equal_copies_are_checked_once_unless_they_are_large() -> None:
    copies = CheckedCopies()
    small: JsonValue = {"webUrl": "https://r.example/b", "title": "B"}
    large: JsonValue = {"webUrl": "https://r.example/b", "excerpt": "x" * 8_192}
    secret: JsonValue = {"webUrl": "https://r.example/b", "provider": {"name": "R", "secured": "s3cret"}}

    assert [copies.check(value) is copies.check(value) for value in (small, large, secret)] == [True, False, True]
    without_secret = {"webUrl": "https://r.example/b", "provider": {"name": "R"}}
    assert [orjson.loads(data) for data in copies._checked] == [small, without_secret]


def test_body_is_kept_as_markdown() -> None:
    assert document("", "# One\n\n- *two*\n\n---\n<b>three</b>").body == "# One\n\n- *two*\n\n---\n<b>three</b>"
    assert document("", " \n").body is None


def test_body_over_the_limit_is_left_out() -> None:
    article, found = check(IDENTITY, "x" * (BODY_LIMIT + 1))

    assert article.body is None
    assert [(problem.code.value, problem.line, problem.field_path) for problem in found] == [
        ("FIELD_TOO_LONG", None, None)
    ]


@pytest.mark.parametrize(
    ("fields", "visible"),
    [
        *(("", True), ("published: true", True), ("published: null", True), ("removed: false\ndeleted: no", True)),
        *(
            (text, False)
            for text in ("published: false", "published: 'no'", "removed: true", "deleted: true", "deleted: yes")
        ),
        *(("published: true\nremoved: true", False), ("published: perhaps", True)),
    ],
)
def test_visibility_follows_published_removed_and_deleted(fields: str, visible: bool) -> None:
    assert (document(fields).hidden is None) is visible


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ("webUrl: http://P.example/a/?utm_source=x#top\noriginalUrl: https://q.example/b", "https://p.example/a"),
        ("originalUrl: https://q.example/b", "https://q.example/b"),
        ("webUrl: p.example/a\noriginalUrl: https://q.example/b", "https://q.example/b"),
        ("webUrl: /2024/a/", "path:/2024/a"),
        ("ampWebUrl: https://q.example/b", None),
        ("slug: b", None),
    ],
)
def test_article_says_to_be_its_web_url_else_its_original_url(fields: str, key: str | None) -> None:
    assert check(fields)[0].key == key


@pytest.mark.parametrize(
    ("provider", "mention", "found"),
    [
        ("{name: The Post, domain: WWW.Post.example}", ProviderMention("post.example", "post.example", "The Post"), []),
        ("{name: The Post}", ProviderMention("the-post", None, "The Post"), []),
        ("The Post", ProviderMention("the-post", None, "The Post"), []),
        ("post.example", ProviderMention("post.example", "post.example", None), []),
        ("{name: P, domain: 'https://post.example/'}", ProviderMention("p", None, "P"), [("FIELD_TYPE", 4, "provider.domain")]),
        ("{domain: post}", None, [("FIELD_TYPE", 4, "provider.domain")]),
        ("'!!!'", None, [("NAME_UNUSABLE", 4, "provider")]),
        ("{name: '!!!'}", None, [("NAME_UNUSABLE", 4, "provider")]),
        ("[P]", ProviderMention("p", None, "P"), []),
        ("[P, Q]", None, [("FIELD_TYPE", 4, "provider")]),
        ("https://www.Post.example/about", ProviderMention("post.example", "post.example", None), []),
        ("{name: The Post, url: 'https://post.example/'}", ProviderMention("post.example", "post.example", "The Post"), []),
        ("7", None, [("FIELD_TYPE", 4, "provider")]),
        ("", None, [("PROVIDER_MISSING", 4, "provider")]),
        ("{}", None, [("PROVIDER_MISSING", 4, "provider")]),
        ("{images: []}", None, [("PROVIDER_MISSING", 4, "provider")]),
        ("{name: null, domain: ''}", None, [("PROVIDER_MISSING", 4, "provider")]),
    ],
)  # fmt: skip
def test_provider_is_its_domain_else_the_slug_of_its_name(
    provider: str, mention: ProviderMention | None, found: list[tuple[str, int, str]]
) -> None:
    fields = f"title: A\nwebUrl: https://p.example/a\nprovider: {provider}"

    assert check(fields)[0].provider == mention
    assert problems(fields) == found


def test_missing_title_and_provider_are_warnings() -> None:
    assert problems("webUrl: https://p.example/a") == [
        ("PROVIDER_MISSING", None, "provider"),
        ("TITLE_MISSING", None, "title"),
    ]
    assert problems("title: [A]\nprovider: P") == [("FIELD_TYPE", 2, "title")]


def test_topic_without_a_letter_is_reported_where_it_stands() -> None:
    assert problems(IDENTITY + "topics:\n- AI\n- AI\n-\n- '!!!'") == [("NAME_UNUSABLE", 9, "topics[3]")]
    assert problems(IDENTITY + "topics: '!!!'") == [("NAME_UNUSABLE", 5, "topics")]


def test_one_bad_field_costs_that_field() -> None:
    article, found = check(
        IDENTITY + "publishedDateTime: soon\nquality: high\nheat: 3000000000\nexcerpt: [x]\nampWebUrl: 'javascript:x'\n"
        "images: [{url: x}, {url: 'https://p.example/i', width: w}]\ncategory: news"
    )

    assert [(problem.code.value, problem.line, problem.field_path) for problem in found] == [
        ("FIELD_TYPE", 8, "excerpt"),
        ("DATE_INVALID", 5, "publishedDateTime"),
        ("URL_INVALID", 9, "ampWebUrl"),
        ("FIELD_TYPE", 6, "quality"),
        ("NUMBER_OUT_OF_RANGE", 7, "heat"),
        ("URL_INVALID", 10, "images[0].url"),
        ("FIELD_TYPE", 10, "images[1].width"),
    ]
    assert (article.title, article.category, article.images) == ("A", "news", (Image("https://p.example/i"),))
    assert (article.published_date_time, article.quality, article.heat, article.excerpt, article.amp_web_url) == (
        None,
    ) * 5


def test_related_items_are_mappings_urls_or_slugs() -> None:
    article = document(
        "related:\n- webUrl: http://r.example/a/\n- originalUrl: https://r.example/b\n- https://r.example/c\n- d\n- slug: e"
    )

    keys = ["https://r.example/a", "https://r.example/b", "https://r.example/c", "slug:d", "slug:e"]
    assert [(place, item.key) for place, item in enumerate(article.related) if item] == list(enumerate(keys))


def test_mistakes_in_related_items_are_reported_where_they_stand() -> None:
    fields = (
        "related:\n- title: no URL\n- webUrl: https://r.example/b\n  quality: high\n- webUrl: http://r.example/b/\n"
        "- webUrl: https://p.example/a\n- [x]\n- webUrl: ftp://r.example/c"
    )

    assert problems(IDENTITY + fields) == [
        ("RELATED_UNIDENTIFIED", 6, "related[0]"),
        ("FIELD_TYPE", 8, "related[1].quality"),
        ("RELATED_REPEATED", 9, "related[2]"),
        ("RELATED_TO_ITSELF", 10, "related[3]"),
        ("FIELD_TYPE", 11, "related[4]"),
        ("URL_INVALID", 12, "related[5].webUrl"),
        ("RELATED_UNIDENTIFIED", 12, "related[5]"),
    ]


def test_unknown_value_that_is_too_large_is_left_out() -> None:
    article, found = check(IDENTITY + f"a: {'x' * 100_001}\nb: 1")

    assert article.front_matter == {"b": 1}
    assert [(problem.code.value, problem.line, problem.field_path) for problem in found] == [("FIELD_TOO_LONG", 5, "a")]


def test_lone_surrogates_never_reach_a_document_or_a_problem() -> None:
    lone = "\udfff"
    fields: dict[str, JsonValue] = {"title": f"a{lone}", lone: lone, lone + lone: "x" * 100_001, "x": [{lone: 1}]}
    article, found = check_document("a.md", FrontMatter(fields, ""))

    assert (article.title, article.front_matter) == ("a", {"?": "?", "x": [{"?": 1}]})
    orjson.dumps([str(problem) for problem in found])


def catalogue(kind: SourceKind, **fields: JsonValue) -> tuple[CatalogueEntry | None, list[tuple[str, str | None]]]:
    entry, found = check_catalogue_entry("a.yaml", kind, FrontMatter(fields, ""))
    return entry, [(problem.code.value, problem.field_path) for problem in found]


def test_topic_of_the_catalogue_is_its_name() -> None:
    entry, found = catalogue(
        SourceKind.TOPIC,
        name="Tidal Power",
        shortname="Tidal",
        description="D",
        parent="Energy",
        keywords=["array"],
        hashtags=["#Tidal"],
        images=["https://p.example/i"],
        domain="ignored.example",
    )

    assert found == []
    assert entry == CatalogueEntry(
        file="a.yaml",
        kind=SourceKind.TOPIC,
        key="tidal-power",
        name="Tidal Power",
        short_name="Tidal",
        description="D",
        keywords=("array",),
        hashtags=("#Tidal",),
        images=(Image("https://p.example/i"),),
        parent="Energy",
    )


def test_names_in_the_catalogue_stay_as_they_are_written() -> None:
    front_matter = parse_front_matter("---\nname: 1.10\notherNames: [2.0]\n---\n")
    assert front_matter is not None
    entry, found = check_catalogue_entry("a.md", SourceKind.TOPIC, front_matter)

    assert entry is not None
    assert (entry.name, entry.other_names, found) == ("1.10", ("2.0",), [])


@pytest.mark.parametrize(
    ("field", "value", "visible"),
    [("published", False, False), ("removed", True, False), ("deleted", "yes", False), ("published", True, True)],
)
def test_catalogue_file_can_be_hidden(field: str, value: JsonValue, visible: bool) -> None:
    entry, _ = catalogue(SourceKind.TOPIC, name="A", **{field: value})

    assert entry is not None
    assert (entry.hidden is None) is visible


def test_organization_of_the_catalogue_is_its_domain_else_its_name() -> None:
    by_domain, _ = catalogue(SourceKind.ORGANIZATION, domain="www.post.example", otherNames=["Post"])
    by_name, _ = catalogue(SourceKind.ORGANIZATION, name="The Post")

    kind = SourceKind.ORGANIZATION
    assert by_domain == CatalogueEntry(
        "a.yaml", kind, "post.example", "post.example", domain="post.example", other_names=("Post",)
    )
    assert by_name == CatalogueEntry("a.yaml", kind, "the-post", "The Post")


@pytest.mark.parametrize(
    ("kind", "fields", "found"),
    [
        (SourceKind.TOPIC, {}, [("CATALOGUE_INVALID", None)]),
        (SourceKind.TOPIC, {"name": "!!!"}, [("CATALOGUE_INVALID", None)]),
        (SourceKind.TOPIC, {"domain": "a.example"}, [("CATALOGUE_INVALID", None)]),
        (SourceKind.TOPIC, {"name": ["A"]}, [("FIELD_TYPE", "name"), ("CATALOGUE_INVALID", None)]),
        (SourceKind.ORGANIZATION, {"domain": "a b"}, [("FIELD_TYPE", "domain"), ("CATALOGUE_INVALID", None)]),
    ],
)
def test_catalogue_file_that_describes_nothing_is_left_out(
    kind: SourceKind, fields: dict[str, JsonValue], found: list[tuple[str, str | None]]
) -> None:
    assert catalogue(kind, **fields) == (None, found)


def test_links_of_the_body_know_where_in_the_file_they_stand() -> None:
    front_matter = parse_front_matter(f"\n---\n{IDENTITY}---\n\n\nA [b](b.md)\n\n[[c|d]]")
    assert front_matter is not None
    article = check_document("a.md", front_matter)[0]

    assert article.links == (
        BodyLink(LinkStyle.URL, "b.md", "b", 0),
        BodyLink(LinkStyle.WIKI, "c", "d", 2),
    )
    assert article.lines_above == 8


def test_tags_in_the_body_of_a_note_are_topics() -> None:
    front_matter = parse_front_matter(f"---\n{IDENTITY}tags: [one]\n---\n#two #One")
    assert front_matter is not None

    note, found = check_document("a.md", front_matter, site=Site(system=SiteSystem.OBSIDIAN))

    assert note.topics == (TopicMention("one", "tags"), TopicMention("two", "tags"))
    assert found == []


@pytest.mark.parametrize(
    ("label", "fields", "body", "title"),
    [
        ("a.md", "name: N", "# H", "N"),
        ("a.md", "layout: page", "# The *heading* of `it`\n", "The heading of it"),
        ("a.md", "layout: page", "Heading\n---\n\nText", "Heading"),
        ("a.md", "layout: page", "Text.\n\n## Part\n\n# Later", "Later"),
        ("a.md", "layout: page", "```\n# no heading\n```", "a"),
        ("a.html", "layout: page", "<p>x</p><h1>The <b>page</b></h1>", "The page"),
        ("My great idea.md", "tags: [x]", "Nothing said.", "My great idea"),
        ("_posts/2023-04-05-first-frost.md", "layout: post", "", "first-frost"),
        ("posts/first-frost/index.md", "layout: post", "", "first-frost"),
        ("posts/_index.md", "layout: post", "## Not at the top?", "Not at the top?"),
        ("_index.md", "layout: post", "", "_index"),
        ("a.md", "provider: P", "Text", None),
        ("a.md", "provider: P", "# H", "H"),
        ("a.md", "title: 1.10", "", "1.10"),
        ("a.md", "title: 1984", "", "1984"),
        ("a.md", "title: -0", "", "-0"),
        ("a.md", "title: 0x1F", "", "0x1F"),
        ("a.md", "title: 0.102 # now", "", "0.102"),
        ("a.md", "title: {a: b}", "# H", None),
    ],
)  # fmt: skip
def test_title_is_what_is_said_else_the_heading_else_the_name_of_the_file(
    label: str, fields: str, body: str, title: str | None
) -> None:
    assert check(fields, body, label)[0].title == title


def test_numbers_stay_as_they_are_written_in_every_form_of_front_matter() -> None:
    for text in (
        "---\ntitle: 1.10\ntags: [2.0, a]\n---\n",
        "---\ntitle: 1.10\ntags:\n- 2.0\n- a\n---\n",
        "+++\ntitle = 1.10\ntags = [2.0, 'a']\n+++\n",
        '{\n"title": 1.10,\n"tags": [2.0, "a"]\n}\n',
    ):
        front_matter = parse_front_matter(text)
        assert front_matter is not None
        article, found = check_document("a.md", front_matter)

        assert (article.title, [topic.name for topic in article.topics]) == ("1.10", ["2.0", "a"])
        assert [problem.code.value for problem in found] == ["PROVIDER_MISSING"]


@pytest.mark.parametrize(
    ("fields", "system", "names"),
    [
        ("tags: cats dogs", SiteSystem.JEKYLL, ["cats", "dogs"]),
        ("tags: cats dogs", SiteSystem.HUGO, ["cats dogs"]),
        ("tags: cats, big dogs", SiteSystem.HUGO, ["cats", "big dogs"]),
        ("category: Big news", SiteSystem.JEKYLL, ["Big news"]),
        ("topics: Meta AI", SiteSystem.PLAIN, ["Meta AI"]),
        ("topics: Weather, Sailing", SiteSystem.PLAIN, ["Weather", "Sailing"]),
        ("tags: ['a, b']", SiteSystem.PLAIN, ["a, b"]),
        ("tags: ['#cats', 'C#', '##x', '#']", SiteSystem.PLAIN, ["cats", "C#", "x", "#"]),
        ("tags: ['[[A|b]]', '[[c/D#e]]', '[F](f.md)']", SiteSystem.OBSIDIAN, ["A", "D", "F"]),
        ("tags: [[Bees]]", SiteSystem.OBSIDIAN, ["Bees"]),
        ("tags:\n- [[Bees]]\n- [[Wasps]]", SiteSystem.OBSIDIAN, ["Bees", "Wasps"]),
        ("tags: [{label: A, permalink: /a}, b]", SiteSystem.DOCUSAURUS, ["A", "b"]),
        ("tags: [2024]", SiteSystem.PLAIN, ["2024"]),
    ],
)  # fmt: skip
def test_topics_are_divided_as_the_system_divides_them(fields: str, system: SiteSystem, names: list[str]) -> None:
    front_matter = parse_front_matter(f"---\n{fields}\n---\n")
    assert front_matter is not None

    article, _ = check_document("a.md", front_matter, site=Site(system=system))

    assert [topic.name for topic in article.topics] == names


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("topics: Weather, Sailing", [("LIST_AS_TEXT", 5, "topics")]),
        ("topics:\n  -weather\n  -sailing", [("LIST_AS_TEXT", 5, "topics")]),
        ("topics: Weather", []),
    ],
)
def test_list_of_topics_that_is_a_text_is_told(fields: str, found: list[tuple[str, int, str]]) -> None:
    assert problems(IDENTITY + fields) == found
    assert next(topic.name for topic in document(fields).topics).lower() == "weather"


@pytest.mark.parametrize(
    ("fields", "persons"),
    [
        ("author: Ada Quill", [("ada-quill", "Ada Quill")]),
        ("author: Ada Quill <ada@q.example>", [("ada-quill", "Ada Quill")]),
        ("author: 'Ada Quill, Ben Ink and Cy Nib'", [("ada-quill", "Ada Quill"), ("ben-ink", "Ben Ink"), ("cy-nib", "Cy Nib")]),
        ("author: 'Ada Quill, Executive Director and Ben Ink, CTO'", [("ada-quill", "Ada Quill"), ("ben-ink", "Ben Ink")]),
        ("author: 'Quill, Ada'", [("quill-ada", "Quill, Ada")]),
        ("authors: 'Quill, Ada; Ink, Ben'", [("quill-ada", "Quill, Ada"), ("ink-ben", "Ink, Ben")]),
        ("author: ['[[people/Ada Quill]]']", [("ada-quill", "Ada Quill")]),
        ("author: [[Ada Quill]]", [("ada-quill", "Ada Quill")]),
        ("authors: [ada, {name: Ben Ink, title: Editor}]", [("ada", "ada"), ("ben-ink", "Ben Ink")]),
        ("authors: {key: ada, name: Ada Quill}", [("ada", "Ada Quill")]),
        ("authors: [{key: ada}]", [("ada", "ada")]),
        ("authors: [Ada, ada]", [("ada", "Ada")]),
        ("author: false", []),
    ],
)  # fmt: skip
def test_authors_are_read_in_all_forms(fields: str, persons: list[tuple[str, str]]) -> None:
    assert [(person.key, person.name) for person in document(fields).authors] == persons


def test_date_is_what_is_said_else_in_the_name_of_the_file() -> None:
    dated, empty, wrong, undated = (
        check(fields, label=label)[0].published_date_time
        for fields, label in (
            ("title: A", "_posts/2023-04-05-a.md"),
            ("title: A\ndate:", "_posts/2023-04-05-a.md"),
            ("title: A\ndate: soon", "_posts/2023-04-05-a.md"),
            ("title: A", "a.md"),
        )
    )

    assert (str(dated), empty, wrong, undated) == ("2023-04-05 00:00:00+00:00", dated, None, None)


def test_placeholder_of_a_template_is_named() -> None:
    (problem, *_) = check("title: A\ndate: '{{date}}'\nprovider: P")[1]

    assert (
        problem.message == "“{{date}}” is a placeholder that no template filled in; write it like 2024-05-03T09:30:00Z."
    )


def test_key_with_a_typo_is_reported_unless_the_field_is_said() -> None:
    assert problems("titel: A\nprovider: P\nwebUrl: https://p.example/a") == [
        ("KEY_MISSPELT", 2, "titel"),
        ("TITLE_MISSING", None, "title"),
    ]
    assert problems("title: A\ntitel: B\nprovider: P") == []
    assert [problem.message for problem in check("name: A\npublishd: false\nprovider: P")[1]] == [
        "“publishd” is no field, but nearly “published”; correct the key if that is what is meant."
    ]


@pytest.mark.parametrize(
    ("fields", "site", "provider"),
    [
        ("title: A", Site(name="The Site", url="https://www.site.example/blog"), ProviderMention("site.example", "site.example", "The Site")),
        ("title: A", Site(name="The Site"), ProviderMention("the-site", None, "The Site")),
        ("title: A", Site(), None),
        ("originalUrl: https://www.post.example/a", Site(name="The Site"), ProviderMention("post.example", "post.example", None)),
        ("source: The Post", Site(name="The Site"), ProviderMention("the-post", None, "The Post")),
        ("source: '[[A book]]'", Site(name="The Site"), ProviderMention("the-site", None, "The Site")),
        ("publisher: {title: The Post, website: 'https://post.example'}", Site(), ProviderMention("post.example", "post.example", "The Post")),
        ("affiliation: {name: V, domain: v.example}", Site(), ProviderMention("v.example", "v.example", "V")),
    ],
)  # fmt: skip
def test_provider_is_named_else_the_first_publisher_else_the_site(
    fields: str, site: Site, provider: ProviderMention | None
) -> None:
    front_matter = parse_front_matter(f"---\n{fields}\n---\n")
    assert front_matter is not None

    assert check_document("a.md", front_matter, site=site)[0].provider == provider


def test_flags_and_dates_left_empty_say_nothing() -> None:
    article, found = check(IDENTITY + "published: ''\ndraft: ''\nunlisted: []\nexpiryDate: ' '\nweight: ''")

    assert (article.hidden, article.visible_until, found) == (None, None, [])


def test_publication_is_a_date_that_is_a_number_too() -> None:
    article, found = check(IDENTITY + "published: 20240503")

    assert (str(article.published_date_time), article.hidden, found) == ("2024-05-03 00:00:00+00:00", None, [])


def test_categories_count_in_addresses_whatever_the_case_of_their_key() -> None:
    site = Site(system=SiteSystem.JEKYLL, permalinks={"": "/:categories/:title/"})
    for key in ("categories", "Categories", "Category", "CATEGORY"):
        article, _ = check_document("_posts/2024-05-03-frost.md", FrontMatter({key: "ice"}, ""), site=site)

        assert article.address == "/ice/frost/"


@pytest.mark.parametrize("item", ["/a", " /a", "\n/a"])
def test_copies_count_from_the_site_that_they_stand_in(item: str) -> None:
    copies = CheckedCopies()
    found = [copies.check({"webUrl": item}, f"https://{host}.example")[0] for host in ("p", "q")]

    assert [reference and reference.key for reference in found] == ["https://p.example/a", "https://q.example/a"]


def test_names_that_are_numbers_stay_as_they_are_written_wherever_they_stand() -> None:
    article, found = check(
        "title: A\nprovider: {name: 2.50}\nauthors: [{name: 1.10}, 3.0]\nseries: 4.20\naliases: [5.0]\nid: 6.10"
    )

    assert article.provider is not None
    assert [article.provider.name, *(author.name for author in article.authors)] == ["2.50", "1.10", "3.0"]
    assert (article.series, article.aliases, article.doc_id, found) == (("4.20",), ("5.0",), "6.10", [])


@pytest.mark.parametrize(
    ("fields", "site", "topics"),
    [
        ("title: A", Site(system=SiteSystem.PLAIN), ["animal/cat", "weather"]),
        ("title: A", Site(system=SiteSystem.OBSIDIAN), ["animal/cat", "weather"]),
        ("title: A", Site(system=SiteSystem.JEKYLL), []),
        (IDENTITY, Site(system=SiteSystem.PLAIN), []),
    ],
    ids=["plain folder", "Obsidian", "Jekyll", "the publisher's words"],
)
def test_tags_in_bodies_are_topics_where_no_generator_makes_pages(fields: str, site: Site, topics: list[str]) -> None:
    front_matter = parse_front_matter(f"---\n{fields}\n---\nA note on #animal/cat, #1 and #weather.\n")
    assert front_matter is not None

    assert [topic.name for topic in check_document("a.md", front_matter, site=site)[0].topics] == topics


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("May 3, 2024 11:30 PM EST", "03"),
        ("20240503T2330-0500", "03"),
        ("2024-05-03 23:30:00 -05:00", "03"),
        ("2024-05-03T23:30Z", "03"),
        ("20240503233000", "03"),
    ],
)
def test_day_in_an_address_is_that_of_the_zone_in_which_the_date_is_written(date: str, day: str) -> None:
    site = Site(system=SiteSystem.HUGO, permalinks={"/": "/:year/:month/:day/:slug/"})
    article, _ = check_document("frost.md", FrontMatter({"title": "Frost", "date": date}, ""), site=site)

    assert article.address == f"/2024/05/{day}/frost/"


def test_day_in_a_path_is_a_day_everywhere() -> None:
    site = Site(system=SiteSystem.JEKYLL, settings={"timezone": "America/Chicago"})
    article, _ = check_document("_posts/2024-05-03-frost.md", FrontMatter({}, ""), site=site)

    assert article.address == "/2024/05/03/frost.html"
