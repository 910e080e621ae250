"""Small graphs to export, by hand."""

from datetime import UTC, datetime

import pytest

from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, Image, Provider, Topic
from tests.edges import Edge, targets_of


@pytest.fixture
def tiny() -> GraphSnapshot:
    """Five nodes and five edges, with something of everything."""
    storm = Article(
        id="a_storm",
        url="https://harbour.example/storm",
        origin=ArticleOrigin.DOCUMENT,
        slug="storm",
        title='Storm & "tide" <now>',
        excerpt="Line one\nline two",
        body="The body stays at home.",
        published_date_time=datetime(2024, 5, 3, 9, 30, tzinfo=UTC),
        web_url="https://harbour.example/storm/",
        type="article",
        category="news",
        quality=0,
        published=False,
        images=(
            Image("https://harbour.example/a.jpg", width=10, is_cached=True),
            Image("https://harbour.example/b.jpg"),
        ),
        front_matter={"tags": ["a", {"b": 1}]},
        file="storm.md",
    )
    wave = Article(id="a_wave", url="https://harbour.example/wave", origin=ArticleOrigin.REFERENCE, slug=None)
    harbour = Provider("p_harbour", "harbour.example", "Harbour Post", ("HP", "The Harbour Post"))
    sea = Topic("t_sea", "sea", "Sea")
    weather = Topic(
        "t_weather",
        "weather",
        "Weather",
        "Wthr",
        "Wind and rain.",
        ("wind", "rain"),
        ("#storm",),
        taxonomies=("categories", "tags"),
        aliases=("The weather",),
    )
    edges = [
        Edge("a_storm", "p_harbour", EdgeKind.PUBLISHED_BY, 1),
        Edge("a_storm", "t_weather", EdgeKind.ABOUT, 1),
        Edge("a_storm", "t_sea", EdgeKind.ABOUT, 2),
        Edge("a_storm", "a_wave", EdgeKind.RELATED_TO, 1),
        Edge("t_weather", "t_sea", EdgeKind.BROADER, 1),
    ]
    return build_snapshot(MergeResult([storm, wave], [harbour], [sea, weather], targets_of(edges)))


@pytest.fixture
def hostile() -> GraphSnapshot:
    """Articles whose texts try the escaping of every format."""
    texts = [
        "]]> &amp; <b a='1'> \"quoted\" --> <![CDATA[ &#0; {} \\u0000 | a,b;c",
        "  space around, line\nfeed, carriage\r\nreturn\rand\ttab  ",
        "next line \x85, line separator \u2028, delete \x7f, no-break \xa0 space",
        "emoji 🦀, joined 👩‍🚀, right to left שלום, private \ue000, last \U0010ffff",
        "",
    ]
    articles = [
        Article(
            id=f"a_{number}",
            url=f"https://odd.example/?a=1&b={number}",
            origin=ArticleOrigin.DOCUMENT,
            slug=f"odd-{number}",
            title=text,
            excerpt=text,
            published_date_time=datetime(1, 1, 1, tzinfo=UTC),
            front_matter={text: text},
        )
        for number, text in enumerate(texts)
    ]
    return build_snapshot(MergeResult(articles, targets=targets_of([Edge("a_0", "a_1", EdgeKind.RELATED_TO, 1)])))
