import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import FolderError
from graph.model import Article, EdgeKind, NodeKind
from graph.synth import write_corpus

SIZE = 2_000


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    folder = tmp_path_factory.mktemp("synth")
    write_corpus(folder, SIZE, seed=1)
    return load_snapshot([folder])


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(
        b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)
    ).hexdigest()


def counts(snapshot: GraphSnapshot, kind: EdgeKind) -> list[int]:
    return sorted(map(len, snapshot.sources[kind].values()), reverse=True)


def test_equal_seeds_give_equal_files(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_corpus(tmp_path / name, 300, seed)

    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")
    assert len(list((tmp_path / "a" / "_news").iterdir())) == 300


def test_files_of_a_seed_stay_the_same_on_every_machine(tmp_path: Path) -> None:
    write_corpus(tmp_path / "a", 100, seed=7)

    assert digest(tmp_path / "a")[:16] == "62be9ba47325a7ac"


def test_every_file_is_an_article_without_problems(snapshot: GraphSnapshot) -> None:
    assert len(snapshot.ids[NodeKind.ARTICLE]) == SIZE
    assert snapshot.problems == ()
    articles = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.ARTICLE]]
    assert all(isinstance(article, Article) and article.file and article.title and article.body for article in articles)


def test_one_topic_is_on_all_articles_and_the_others_are_rare(snapshot: GraphSnapshot) -> None:
    sizes = counts(snapshot, EdgeKind.ABOUT)

    assert sizes[0] == SIZE
    assert 0.02 < sizes[1] / SIZE < 0.15
    assert sizes[1] > 3 * sizes[10]


def test_one_provider_has_less_than_half_of_the_articles_and_many_have_few(snapshot: GraphSnapshot) -> None:
    sizes = counts(snapshot, EdgeKind.PUBLISHED_BY)

    assert 0.38 < sizes[0] / SIZE < 0.48
    assert sizes[1] / SIZE < 0.05
    assert 150 < len(sizes) < 500


def test_stories_are_many_small_ones_and_few_large_ones(snapshot: GraphSnapshot) -> None:
    links: nx.Graph[str] = nx.Graph()
    links.add_nodes_from(snapshot.ids[NodeKind.ARTICLE])
    links.add_edges_from(
        (one, other) for one, others in snapshot.targets[EdgeKind.RELATED_TO].items() for other in others
    )
    sizes = Counter(map(len, nx.connected_components(links)))

    assert 0.1 < sizes[1] / SIZE < 0.25
    assert 40 < max(sizes) <= 240
    assert all(sizes[smaller] > sizes[larger] for smaller, larger in pairwise((1, 2, 4, 8)))


def test_nearly_all_links_go_both_ways(snapshot: GraphSnapshot) -> None:
    links = {(one, other) for one, others in snapshot.targets[EdgeKind.RELATED_TO].items() for other in others}

    assert len(links) > 5 * SIZE
    assert sum((other, one) in links for one, other in links) > 0.9 * len(links)


def test_some_copies_say_something_else(snapshot: GraphSnapshot) -> None:
    articles = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.ARTICLE]]
    conflicts = [conflict for article in articles if isinstance(article, Article) for conflict in article.conflicts]

    assert {conflict.field for conflict in conflicts} == {"title"}
    assert 0.01 < len(conflicts) / SIZE < 0.1


def test_dates_cover_two_years_and_those_of_a_story_are_near(snapshot: GraphSnapshot) -> None:
    dates = {
        node_id: article.published_date_time
        for node_id in snapshot.ids[NodeKind.ARTICLE]
        if isinstance(article := snapshot.nodes[node_id], Article) and article.published_date_time
    }
    distances = [
        abs(dates[one] - dates[other]).days
        for one, others in snapshot.targets[EdgeKind.RELATED_TO].items()
        for other in others
    ]

    assert len(dates) == SIZE
    assert 715 < (max(dates.values()) - min(dates.values())).days < 750
    assert sum(distances) / len(distances) < 3


def test_catalogues_describe_all_topics_and_providers(snapshot: GraphSnapshot) -> None:
    [main] = {parent for parents in snapshot.targets[EdgeKind.BROADER].values() for parent in parents}

    assert len(snapshot.targets[EdgeKind.BROADER]) == len(snapshot.ids[NodeKind.TOPIC]) - 1
    assert len(snapshot.sources[EdgeKind.ABOUT][main]) == SIZE


@pytest.mark.parametrize("articles", [0, 1, 2])
def test_corpus_may_be_tiny(tmp_path: Path, articles: int) -> None:
    write_corpus(tmp_path / "new" / "folder", articles, seed=1)

    assert len(load_snapshot([tmp_path / "new" / "folder"]).ids[NodeKind.ARTICLE]) == articles


def test_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("text")

    with pytest.raises(FolderError, match="is not empty: name a new one"):
        write_corpus(tmp_path, 10, seed=1)
    with pytest.raises(FolderError, match="cannot be written to"):
        write_corpus(tmp_path / "mine.md", 10, seed=1)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]
