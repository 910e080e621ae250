from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind, Image, NodeKind, Person, Provider, Topic, label
from graph.problems import ProblemCode
from graph.reading.files import SourceFile, SourceKind
from graph.reading.loader import load_folders
from graph.reading.records import CatalogueEntry
from graph.reading.term_files import Described, described
from graph.sites.site import Site, SiteSystem


def site(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def entries(folder: Path) -> list[CatalogueEntry]:
    return load_folders([folder]).catalogue


@pytest.mark.parametrize(
    ("label", "system", "found"),
    [
        ("topics/api/_index.md", SiteSystem.HUGO, Described(SourceKind.TOPIC, "api", is_article=False)),
        ("tags/api/_index.md", SiteSystem.PLAIN, Described(SourceKind.TOPIC, "api", is_article=False)),
        ("places/brennhaven/_index.md", SiteSystem.HUGO, Described(SourceKind.TOPIC, "brennhaven", is_article=False)),
        ("en/authors/ada/_index.md", SiteSystem.HUGO, Described(SourceKind.PERSON, "ada", is_article=False)),
        ("sources/post/_index.md", SiteSystem.HUGO, Described(SourceKind.ORGANIZATION, "post", is_article=False)),
        ("_people/ada.md", SiteSystem.JEKYLL, Described(SourceKind.PERSON, "ada", is_article=True)),
        ("topics/_index.md", SiteSystem.HUGO, None),
        ("topics/api/index.md", SiteSystem.HUGO, None),
        ("topics/api/_index.md", SiteSystem.ZOLA, None),
        ("posts/api/_index.md", SiteSystem.HUGO, None),
        ("_index.md", SiteSystem.HUGO, None),
    ],
)
def test_what_a_document_describes_is_known_from_where_it_stands(
    label: str, system: SiteSystem, found: Described | None
) -> None:
    source = SourceFile(label, label, SourceKind.ARTICLE, Site(system=system, taxonomies={"places": "places"}))

    assert described(source) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("blog/authors.yml", "ada:\n  name: Ada Quill\n  title: Editor\n  url: https://ada.example\n  image_url: https://ada.example/a.png\n"),
        ("_data/authors.json", '{"ada": {"name": "Ada Quill", "bio": "Editor", "website": "https://ada.example", "avatar": "https://ada.example/a.png"}}'),
        ("docs/blog/.authors.yml", "authors:\n  ada:\n    name: Ada Quill\n    description: Editor\n    url: https://ada.example\n    avatar: https://ada.example/a.png\n"),
        ("_data/authors.yml", "ada:\n  name:\n    display: Ada Quill\n    first: Ada\n  position: Editor\n  uri: https://ada.example\n  avatar: https://ada.example/a.png\n"),
        ("_data/authors.yml", "- id: ada\n  name: Ada Quill\n  position: Editor\n  uri: https://ada.example\n  avatar: https://ada.example/a.png\n"),
        ("_data/authors.yaml", "- name: ada\n  display_name: Ada Quill\n  bio: Editor\n  url: https://ada.example\n  photo: https://ada.example/a.png\n"),
        ("_data/authors.json", '[{"username": "ada", "name": "Ada Quill", "bio": "Editor", "url": "https://ada.example", "image": "https://ada.example/a.png"}]'),
        ("data/authors.toml", "[[authors]]\nid = 'ada'\nname = 'Ada Quill'\nbio = 'Editor'\nurl = 'https://ada.example'\nimage = 'https://ada.example/a.png'\n"),
        ("src/content/authors/ada.json", '{"name": "Ada Quill", "bio": "Editor", "portfolio": "https://ada.example", "picture": "https://ada.example/a.png"}'),
        ("content/people/ada/_index.md", "---\ntitle: Ada Quill\nrole: Editor\nwebsite: https://ada.example\nimage: https://ada.example/a.png\n---\n"),
        ("_authors/ada.md", "---\nshort_name: ada\ntitle: Ada Quill\nbio: Editor\nurl: https://ada.example\nimage: https://ada.example/a.png\n---\n"),
        ("data/authors/ada.toml", "name = 'Ada Quill'\nrole = 'Editor'\nhomepage = 'https://ada.example'\nphoto = 'https://ada.example/a.png'\n"),
    ],
)  # fmt: skip
def test_persons_are_described_in_files_of_data(tmp_path: Path, name: str, text: str) -> None:
    (entry,) = entries(site(tmp_path, **{name: text, "a.md": "---\ntitle: A\n---\n"}))

    assert (entry.kind, entry.key, entry.name, entry.slugs) == (SourceKind.PERSON, "ada", "Ada Quill", ("ada-quill",))
    assert (entry.description, entry.url, entry.images) == (
        "Editor",
        "https://ada.example",
        (Image("https://ada.example/a.png"),),
    )


def test_items_of_a_list_that_describe_nobody_cost_themselves(tmp_path: Path) -> None:
    text = "- name: Ada Quill\n  url: nonsense\n- Bo\n- bio: Nobody\n- name: Cy\n"
    snapshot = loaded(
        site(tmp_path, **{"_data/people.yml": text, "a.md": "---\ntitle: A\nprovider: P\nauthor: Cy\n---\n"})
    )

    assert [(problem.code, problem.line) for problem in snapshot.problems] == [(ProblemCode.URL_INVALID, 2)]
    assert [person.name for person in snapshot.nodes.values() if isinstance(person, Person)] == ["Cy"]


def loaded(folder: Path) -> GraphSnapshot:
    return load_snapshot([folder])


def test_topics_and_providers_have_the_names_that_their_pages_give_them(tmp_path: Path) -> None:
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "topics/api/_index.md": "---\ntitle: Application programming interface\ndescription: How programs speak.\naliases: [/topics/old-api/]\n---\n",
                "sources/gazette/_index.md": "---\nname: The Gazette\ndomain: gazette.example\n---\n",
                "news/one.md": "---\ntitle: One\ntopics: [api]\nsource: gazette\n---\n",
                "news/two.md": "---\ntitle: Two\ntopics: [Application Programming Interface]\nsource: The Gazette\n---\n",
                "news/three.md": "---\ntitle: Three\ntopics: [Old API]\nsource: gazette.example\n---\n",
            },
        )
    )

    nodes = snapshot.nodes.values()
    (topic,) = [node for node in nodes if isinstance(node, Topic)]
    (provider,) = [node for node in nodes if isinstance(node, Provider)]
    assert (topic.slug, topic.name, topic.aliases, topic.description) == (
        "api",
        "Application programming interface",
        ("old-api",),
        "How programs speak.",
    )
    for name in ("api", "Application programming interface", "Old API", "old-api"):
        assert snapshot.lookups.topic(name) == topic.id, name
    assert (provider.name, provider.domain) == ("The Gazette", "gazette.example")
    assert sorted(node.title or "" for node in nodes if isinstance(node, Article)) == ["One", "Three", "Two"]
    assert [len(snapshot.targets[kind]) for kind in (EdgeKind.ABOUT, EdgeKind.PUBLISHED_BY)] == [3, 3]


def test_topic_keeps_what_is_about_it_whatever_addresses_the_page_of_another_had(tmp_path: Path) -> None:
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "topics/access/_index.md": "---\ntitle: Access\n---\n",
                "topics/policy/_index.md": "---\ntitle: Policy\naliases: [/guides/law, /topics/access/, /topics/rules/]\n---\n",
                "news/one.md": "---\ntitle: One\ntopics: [access, law, rules]\n---\n",
            },
        )
    )

    (targets,) = snapshot.targets[EdgeKind.ABOUT].values()
    assert [label(snapshot.nodes[target]) for target in targets] == ["Access", "law", "Policy"]


def test_tags_are_described_in_a_file(tmp_path: Path) -> None:
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "blog/tags.yml": "api:\n  label: Interfaces\n  permalink: /interfaces\n  description: How programs speak.\nunused:\n",
                "blog/2024-05-03-one.md": "---\ntitle: One\ntags: [api]\n---\n",
            },
        )
    )

    topics = {snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.TOPIC]}
    assert {
        (topic.slug, topic.name, topic.aliases, topic.description) for topic in topics if isinstance(topic, Topic)
    } == {
        ("api", "Interfaces", ("interfaces",), "How programs speak."),
        ("unused", "unused", (), None),
    }
    assert snapshot.lookups.topic("interfaces") == snapshot.lookups.topic("API")


def test_topics_of_the_catalogue_have_other_names_too(tmp_path: Path) -> None:
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "_data/topics/sea.yaml": "name: Sea\notherNames: [Ocean]\n",
                "_data/topics/lakes.yaml": "name: Lakes\notherNames: [Waters]\n",
                "one.md": "---\ntitle: One\ntopics: [Ocean, Waters]\n---\n",
                "two.md": "---\ntitle: Two\ntopics: [WATERS]\n---\n",
            },
        )
    )

    topics = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.TOPIC]]
    assert sorted((topic.name, topic.aliases) for topic in topics if isinstance(topic, Topic)) == [
        ("Lakes", ("Waters",)),
        ("Sea", ("Ocean",)),
    ]
    assert len(snapshot.sources[EdgeKind.ABOUT][snapshot.lookups.topic("waters") or ""]) == 2


def test_person_of_a_collection_is_an_article_too(tmp_path: Path) -> None:
    result = load_folders([site(tmp_path, **{"_people/ada-quill.md": "---\nname: Ada Quill\nbio: Editor\n---\n"})])

    assert [(document.title, document.file) for document in result.documents] == [("Ada Quill", "_people/ada-quill.md")]
    assert [(entry.kind, entry.key, entry.description) for entry in result.catalogue] == [
        (SourceKind.PERSON, "ada-quill", "Editor")
    ]


def test_person_whom_no_article_names_is_no_node(tmp_path: Path) -> None:
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "_data/authors.yml": "ada: {name: Ada Quill, bio: Editor}\nbo: {name: Bo}\n",
                "_people/cy.md": "---\nname: Cy\n---\n",
                "a.md": "---\ntitle: A\nauthor: ada\n---\n",
            },
        )
    )

    assert [label(snapshot.nodes[node_id]) for node_id in snapshot.ids[NodeKind.PERSON]] == ["Ada Quill"]


def test_persons_are_described_in_the_options_of_a_plugin(tmp_path: Path) -> None:
    authors = (
        "{ada: {name: 'Ada Quill', title: 'Editor', picture: '/a.png', url: 'https://ada.example'}, bo: {name: 7}}"
    )
    snapshot = loaded(
        site(
            tmp_path,
            **{
                "astro.config.mjs": f"export default {{site: 'https://s.example', integrations: [starlight({{title: 'S', plugins: [blog({{authors: {authors}}})]}})]}}",
                "src/content/docs/blog/a.md": "---\ntitle: A\nauthors: [ada]\n---\n",
            },
        )
    )

    [person] = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.PERSON]]
    assert isinstance(person, Person)
    assert (person.slug, person.name, person.description, person.url) == (
        "ada",
        "Ada Quill",
        "Editor",
        "https://ada.example",
    )
    assert person.images == (Image("https://s.example/a.png"),)
    assert list(snapshot.problems) == []
