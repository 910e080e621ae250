"""What the Graph page is made of, without a browser: its own tests under node, and the files that it saves."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import networkx as nx
import pytest

from api.pages import __file__ as pages
from tests.js_tools import JAVASCRIPT, give_up, run_node

TESTS = Path(__file__).parent / "graph"
LAYOUT = Path(pages).parent / "sources" / "node_modules" / "graphology-layout-forceatlas2"
ODD = 'A "<b>" &  line\nbreak 🌊'
"""A label as XML can hold it, of one that it cannot hold as it is."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the page saves of a small graph."""
    need_layout()
    folder = tmp_path_factory.mktemp("saved")
    finished = run_node(TESTS / "exports.mjs", folder)
    assert finished.returncode == 0, finished.stderr
    return folder


def need_layout() -> None:
    if not LAYOUT.is_dir():
        give_up("the browser pages were not built here; `python hatch_build.py` installs what they are made of")


def test_parts_pass_their_own_tests() -> None:
    need_layout()
    finished = run_node(Path("--test"), *sorted(TESTS.glob("*.test.ts")))
    assert finished.returncode == 0, finished.stdout


def test_graphml_is_what_is_seen(saved: Path) -> None:
    digraph = nx.read_graphml(saved / "seen.graphml")
    assert digraph.is_directed()
    assert sorted(digraph) == ["a_odd", "a_storm", "a_wave", "p_post", "t_sea"]
    assert digraph.nodes["a_storm"] == {
        "label": "Storm",
        "kind": "ARTICLE",
        "url": "https://news.example/#/node/a_storm?a=1&b=2",
        "published": "2024-05-03T10:00:00Z",
        "degree": 3,
        "pageRank": 0.01,
        "community": 0,
        "hub": False,
        "x": 0.0,
        "y": 0.0,
        "size": pytest.approx(11.51),
        "r": 10,
        "g": 100,
        "b": 255,
    }
    assert digraph.nodes["a_odd"]["label"] == ODD
    assert digraph.edges["a_storm", "a_wave"] == {
        "relation": "RELATED_TO",
        "position": 2,
        "id": "RELATED_TO a_storm a_wave",
    }
    assert digraph.number_of_edges() == 4


def test_gexf_is_what_is_seen(saved: Path) -> None:
    digraph = nx.read_gexf(saved / "seen.gexf")
    assert digraph.nodes["a_wave"]["viz"] == {
        "color": {"r": 10, "g": 100, "b": 255, "a": 1.0},
        "size": pytest.approx(10.13),
        "position": {"x": 100.12, "y": -1.0, "z": 0.0},
    }
    assert (digraph.nodes["t_sea"]["hub"], digraph.nodes["a_odd"]["label"]) == (True, ODD)
    assert digraph.edges["a_storm", "a_wave"]["position"] == 2
    assert digraph.number_of_edges() == 4


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_graphology_reads_what_is_saved(saved: Path, name: str) -> None:
    finished = run_node(JAVASCRIPT / "read_graph.mjs", name, saved / f"seen.{name}")
    assert finished.returncode == 0, finished.stderr
    assert '"Storm"' in finished.stdout


def test_svg_has_a_mark_for_each_node_and_a_line_for_each_edge(saved: Path) -> None:
    namespace = "{http://www.w3.org/2000/svg}"
    drawing = ElementTree.parse(saved / "seen.svg").getroot()
    _, lines, marks, labels, legend = (drawing.find(f"{namespace}rect"), *drawing.findall(f"{namespace}g"))
    assert len(lines.findall(f"{namespace}line")) == 4
    assert len(marks.findall(f"{namespace}circle")) == 5 + 1, "the hub has a ring"
    assert {label.text for label in labels} >= {"Storm", "Post"}
    assert [entry.text for entry in legend.findall(f"{namespace}text")] == ["ARTICLE (3)", "PROVIDER (1)", "TOPIC (1)"]
    assert drawing.findtext(f"{namespace}title") == "Storm & <wave>"
