"""The Graph page in a real browser: what it shows, what opens, what is saved, and that keys alone suffice."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import barriers, is_wider_than_window, visiting
from tests.service import running

ON_A_PHONE = 390
WAIT = 30_000
"""Milliseconds, on a busy machine."""
WITHOUT_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""


@pytest.fixture(scope="module")
def on_azure(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the corpus of real articles, as a site would publish it."""
    with running(tmp_path_factory.mktemp("azure"), articles=corpus) as served:
        yield served.address


def graph(**parameters: str) -> str:
    return f"/#/graph?{urlencode(parameters)}" if parameters else "/#/graph"


def asked(page: Page, query: str, **variables: Any) -> Any:
    """What the service answers, apart from what the page asks."""
    origin = page.url.split("#", maxsplit=1)[0]
    answer = page.request.post(f"{origin}graphql", data={"query": query, "variables": variables})
    return answer.json()["data"]


def ids_of(page: Page, text: str, kind: str) -> list[str]:
    query = "query ($text: String!, $kind: NodeKind!) { search(query: $text, kinds: [$kind]) { nodes { id } } }"
    return [node["id"] for node in asked(page, query, text=text, kind=kind)["search"]["nodes"]]


def largest_story(page: Page) -> Any:
    """With what belongs into its picture: its articles, what they are about and who published them."""
    query = """{ stories(first: 1, orderBy: [{ articleCount: DESC }]) { nodes {
        id label providers { nodes { label } } topics { nodes { label } } articles(first: 100) { nodes { id label } }
    } } }"""
    return asked(page, query)["stories"]["nodes"][0]


def labels_around(story: Any) -> list[str]:
    return sorted(node["label"] for kind in ("articles", "providers", "topics") for node in story[kind]["nodes"])


def shown(page: Page) -> Locator:
    """The picture, once it is drawn."""
    stage = page.locator(".graph-stage[data-labels]")
    expect(stage).to_be_attached(timeout=WAIT)
    return stage


def parameters_of(page: Page) -> dict[str, str]:
    found = page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.split('?')[1] ?? ''))")
    return dict(found)


def choices(page: Page) -> Locator:
    """What a field offers in which a node is looked for."""
    return page.get_by_role("listbox").get_by_role("option")


def listed(page: Page) -> list[str]:
    """The names in the list of what is seen."""
    table = page.locator(".graph-list")
    if table.get_attribute("open") is None:
        table.locator("summary").click()
    return [name.inner_text() for name in table.locator("tbody th").all()]


class TestWhatIsShown:
    def test_story_is_drawn_with_its_articles_and_what_is_around_them(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            story = largest_story(page)
            page.goto(on_seeds + graph(story=story["id"]))
            around = labels_around(story)
            expect(shown(page)).to_have_attribute("data-nodes", str(len(around)))
            assert int(shown(page).get_attribute("data-edges") or 0) > len(story["articles"]["nodes"])
            assert int(shown(page).get_attribute("data-labels") or 0) >= 3
            expect(page.get_by_role("heading", level=1)).to_have_text(story["label"])
            assert sorted(listed(page)) == around
            full = len(page.locator(".graph-stage").screenshot())
            page.goto(on_seeds + graph(story=story["id"], hide="provider topic article person"))
            expect(page.get_by_text("Nothing is found here")).to_be_visible()
            assert full > 8_000, "a blank picture is smaller"

    @pytest.mark.thorough
    def test_start_page_offers_stories_topics_and_providers(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            expect(page.locator(".small-graph circle").first).to_be_visible(timeout=WAIT)
            expect(page.locator(".small-graph text").first).to_be_visible()
            page.get_by_role("link", name="Ferries").last.click()
            shown(page)
            expect(page.get_by_role("heading", level=1)).to_have_text("Ferries")
            page.go_back()
            page.get_by_role("link", name="Explore in the graph").click()
            shown(page)
            assert "story" in parameters_of(page)

    @pytest.mark.thorough
    def test_searches_and_filters_begin_a_picture(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph(q="ferry")) as page:
            nodes = asked(
                page,
                '{ search(query: "ferry", kinds: [ARTICLE, PROVIDER, TOPIC, PERSON], first: 100) { nodes { label } } }',
            )["search"]["nodes"]
            shown(page)
            assert {node["label"] for node in nodes} <= set(listed(page))
            page.goto(on_seeds + graph(filter=json.dumps({"topics": {"some": {"slug": {"eq": "ferries"}}}})))
            expect(page.get_by_role("heading", level=1)).to_have_text("Filtered articles")
            shown(page)
            assert "Ferries" in listed(page)

    @pytest.mark.thorough
    def test_ids_of_nothing_and_of_stories_are_dealt_with(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph(node="a_nothing")) as page:
            expect(page.get_by_text("This id is not one of this service.")).to_be_visible(timeout=WAIT)
            page.goto(on_seeds + graph(node="a_aaaaaaaaaaaaaaaa"))
            expect(page.get_by_text("The graph holds no node with this id.")).to_be_visible(timeout=WAIT)
            page.goto(on_seeds + graph(node=largest_story(page)["id"]))
            shown(page)
            assert "story" in parameters_of(page)

    @pytest.mark.thorough
    def test_picture_stands_still_without_webgl(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, "/") as page:
            page.add_init_script(WITHOUT_WEBGL)
            page.goto(on_seeds + graph(node=ids_of(page, "ferries", "TOPIC")[0]))
            page.reload()
            expect(page.get_by_text("This browser draws no WebGL")).to_be_visible(timeout=WAIT)
            expect(page.get_by_role("img", name=re.compile("^Picture of Ferries"))).to_be_visible()
            assert len(page.locator(".graph-drawing circle").all()) >= len(listed(page))


class TestExploring:
    @pytest.mark.thorough
    def test_pointer_selects_opens_moves_and_the_wheel_zooms(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            topic = ids_of(page, "ferries", "TOPIC")[0]
            page.goto(on_seeds + graph(node=topic, hide="article topic provider"))
            page.goto(on_seeds + graph(node=topic, without=" ".join(others(page, topic))))
            stage = shown(page)
            expect(stage).to_have_attribute("data-nodes", "1")
            box = stage.bounding_box()
            assert box is not None
            middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.mouse.click(*middle)
            expect(page.get_by_role("region", name="The selected node")).to_contain_text("Ferries")
            assert parameters_of(page)["selected"] == topic
            page.wait_for_timeout(400)  # or sigma takes the next click for the second half of a double one
            page.mouse.dblclick(*middle)
            expect(page.get_by_role("button", name="Take its neighbors away")).to_be_visible(timeout=WAIT)
            assert parameters_of(page)["open"] == topic
            page.wait_for_timeout(400)
            page.mouse.move(*middle)
            page.mouse.down()
            page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
            page.mouse.up()
            page.wait_for_timeout(400)
            page.mouse.click(*middle)
            expect(page.get_by_role("region", name="The selected node")).to_have_count(0)
            page.wait_for_timeout(400)
            page.mouse.click(middle[0] + 60, middle[1] + 40)
            expect(page.get_by_role("region", name="The selected node")).to_be_visible()
            page.mouse.wheel(0, -400)
            page.get_by_role("button", name="Show all").click()

    def test_fingers_select_open_move_and_zoom(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph(), width=ON_A_PHONE, has_touch=True) as page:
            topic = ids_of(page, "ferries", "TOPIC")[0]
            page.goto(on_seeds + graph(node=topic, without=" ".join(others(page, topic))))
            stage = shown(page)
            selected = page.get_by_role("region", name="The selected node")
            stage.scroll_into_view_if_needed()
            box = stage.bounding_box()
            assert box is not None
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            fingers = Fingers(page)
            fingers.tap((x, y))
            expect(selected).to_contain_text("Ferries")
            fingers.tap((x, y), (x, y))
            expect(page.get_by_role("button", name="Take its neighbors away")).to_be_visible(timeout=WAIT)
            fingers.tap((x + 110, y + 110))
            expect(selected).to_have_count(0)
            fingers.tap((x + 30, y))  # beside the node, as fingers do
            expect(selected).to_be_visible()
            fingers.move([((x, y), (x + 60, y + 40))])
            fingers.tap((x, y))
            expect(selected).to_have_count(0)
            fingers.tap((x + 60, y + 40))
            expect(selected).to_be_visible()
            fingers.move([((x - 60, y - 60), (x - 120, y - 100))])  # the ground
            fingers.tap((x + 60, y + 40))
            expect(selected).to_have_count(0)
            fingers.tap((x, y))
            expect(selected).to_be_visible()
            assert float(stage.get_attribute("data-zoom") or 0) == 1
            fingers.move([((x, y), (x - 60, y)), ((x + 40, y), (x + 100, y))])
            expect(page.locator(".graph-stage:not([data-zoom='1.00'])")).to_be_attached()
            assert 3 < float(stage.get_attribute("data-zoom") or 0) < 5

    def test_legend_lets_stand_out_what_it_names(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            story = largest_story(page)
            page.goto(on_seeds + graph(story=story["id"]))
            stage = shown(page)
            everything = str(len(labels_around(story)))
            providers = str(len(story["providers"]["nodes"]))
            expect(stage).to_have_attribute("data-clear", everything)
            page.get_by_text("Providers", exact=True).hover()
            expect(stage).to_have_attribute("data-clear", providers)
            page.mouse.move(0, 0)
            expect(stage).to_have_attribute("data-clear", everything)
            page.get_by_role("checkbox", name="Providers").focus()
            expect(stage).to_have_attribute("data-clear", providers)
            page.get_by_role("combobox", name="Colour").select_option("provider")
            group = page.locator(".graph-legend section").get_by_role("button").first
            size = group.locator("small").inner_text()
            group.focus()
            expect(stage).to_have_attribute("data-clear", size)
            page.keyboard.press("Enter")
            page.get_by_role("combobox", name="Colour").focus()
            expect(group).to_have_attribute("aria-pressed", "true")
            expect(stage).to_have_attribute("data-clear", size)

    def test_keys_alone_find_open_and_explain(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            page.get_by_role("combobox", name="Begin at").focus()
            page.keyboard.type("Grey Heron Line")
            expect(choices(page).first).to_be_visible(timeout=WAIT)
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            shown(page)
            before = int(shown(page).get_attribute("data-nodes") or 0)
            page.locator(".graph-canvas").focus()
            for key in ("+", "ArrowLeft", "ArrowUp", "-", "0"):
                page.keyboard.press(key)
            page.locator(".graph-list summary").focus()
            page.keyboard.press("Enter")
            row = page.locator(".graph-list tbody tr").filter(has_text="Harbour Post")
            row.get_by_role("button", name="Harbour Post").first.focus()
            page.keyboard.press("Enter")
            panel = page.get_by_role("region", name="The selected node")
            expect(panel).to_contain_text("It touches more than a fifth of all articles")
            expect(panel).to_contain_text(re.compile("Harbour Post published “.*”"))
            panel.get_by_role("button", name=re.compile("^Show its neighbors")).focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Take its neighbors away")).to_be_visible(timeout=WAIT)
            expect(page.locator(f".graph-stage:not([data-nodes='{before}'])")).to_be_attached(timeout=WAIT)
            assert len(listed(page)) > before

    @pytest.mark.thorough
    def test_address_brings_the_view_back(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            page.goto(on_seeds + graph(story=largest_story(page)["id"]))
            shown(page)
            page.get_by_role("combobox", name="Colour").select_option("provider")
            page.get_by_role("combobox", name="Size").select_option("pagerank")
            page.get_by_role("group", name="Connections").get_by_label("Published by").uncheck()
            listed(page)
            page.locator(".graph-list tbody th button").first.click()
            there, edges = page.url, shown(page).get_attribute("data-edges")
            legend = page.locator(".graph-legend section").inner_text()
            page.goto("about:blank")
            page.goto(there)
            expect(shown(page)).to_have_attribute("data-edges", edges or "")
            expect(page.locator(".graph-legend section")).to_have_text(re.compile(re.escape(legend.split("\n")[0])))
            expect(page.get_by_role("combobox", name="Colour")).to_have_value("provider")
            expect(page.get_by_role("region", name="The selected node")).to_be_visible()

    @pytest.mark.thorough
    def test_query_is_shown_and_opens_in_the_playground(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph(q="ferry")) as page:
            page.get_by_text("Show the query").click()
            query = page.get_by_role("region", name="GraphOfSearch", exact=True)
            expect(query.get_by_label("Query", exact=True)).to_contain_text("query GraphOfSearch(")
            expect(query.get_by_role("link", name="Open in the playground")).to_have_attribute(
                "href", re.compile("^graphql\\?query=")
            )


class Fingers:
    """What touches the screen of a phone."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._chromium = page.context.new_cdp_session(page)

    def tap(self, *places: tuple[float, float]) -> None:
        """Several taps come so soon after each other that they are one gesture."""
        for place in places:
            self._page.touchscreen.tap(*place)
        self._page.wait_for_timeout(400)  # or sigma takes the next tap for the second half of a double one

    def move(self, ways: Sequence[tuple[tuple[float, float], tuple[float, float]]], steps: int = 5) -> None:
        """Each finger along a straight way, all at once."""
        for step in range(steps + 1):
            share = step / steps
            points = [
                {"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share, "id": finger}
                for finger, ((x0, y0), (x1, y1)) in enumerate(ways)
            ]
            self._send("touchMove" if step else "touchStart", points)
        self._page.wait_for_timeout(200)  # or the view goes on moving
        self._send("touchEnd", [])
        self._page.wait_for_timeout(400)

    def _send(self, kind: str, points: Sequence[dict[str, float]]) -> None:
        self._chromium.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def others(page: Page, node_id: str) -> list[str]:
    around = asked(
        page, "query ($id: ID!) { neighborhood(id: $id, limitPerNode: 60) { nodes { node { id } } } }", id=node_id
    )
    return [found["node"]["id"] for found in around["neighborhood"]["nodes"] if found["node"]["id"] != node_id]


class TestConnecting:
    def test_two_nodes_are_connected_in_words_and_hubs_named(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            page.get_by_role("button", name="Connect two").click()
            for name, words in (("From", "Zoéa"), ("To", "lighthouse reopens")):
                page.get_by_role("combobox", name=name, exact=True).fill(words)
                choices(page).first.click()
            shown(page)
            panel = page.get_by_role("region", name="Connect two")
            ends = parameters_of(page)
            query = "query ($from: ID!, $to: ID!) { paths(from: $from, to: $to, first: 5) { skippedHubs { label } paths { edges { explanation } } } }"
            found = asked(page, query, **{"from": ends["from"], "to": ends["to"]})["paths"]
            assert found["paths"], "they are connected"
            expect(panel.get_by_role("button", name=re.compile("^Way "))).to_have_count(len(found["paths"]))
            expect(panel.locator(".graph-steps p")).to_have_text(
                [edge["explanation"] for edge in found["paths"][0]["edges"]]
            )
            for hub in found["skippedHubs"]:
                expect(panel).to_contain_text(hub["label"])
            panel.get_by_label("Through hubs as well").click()
            expect(page).to_have_url(re.compile("hubs=through"))
            expect(panel.get_by_role("button", name=re.compile("^Way 1"))).to_be_visible(timeout=WAIT)

    @pytest.mark.thorough
    def test_way_to_another_node_begins_at_the_selected_one(self, browser: Browser, on_seeds: str) -> None:
        with visiting(browser, on_seeds, graph()) as page:
            topic = ids_of(page, "ferries", "TOPIC")[0]
            page.goto(on_seeds + graph(node=topic, selected=topic))
            page.get_by_role("combobox", name="How is it connected with").fill("Energy")
            choices(page).first.click()
            expect(page).to_have_url(re.compile(f"from={topic}&to="))
            expect(page.get_by_role("button", name=re.compile("^Way 1"))).to_be_visible(timeout=WAIT)


@pytest.mark.thorough
def test_pages_of_nodes_show_what_is_around_them(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, graph(), width=ON_A_PHONE) as page:
        story = largest_story(page)["id"]
        pages = {
            "topic": ids_of(page, "ferries", "TOPIC")[0],
            "article": ids_of(page, "ferry", "ARTICLE")[0],
            "story": story,
        }
        for kind, node_id in pages.items():
            page.goto(f"{on_seeds}/#/{kind}/{node_id}")
            expect(page.locator(".small-graph circle").first).to_be_visible(timeout=WAIT)
            expect(page.locator(".small-graph text").first).to_be_visible()
            assert not is_wider_than_window(page)
            page.get_by_role("link", name="Explore in the graph").click()
            shown(page)
            assert parameters_of(page) == {"story" if kind == "story" else "node": node_id}


@pytest.mark.thorough
def test_what_is_seen_is_saved(browser: Browser, on_seeds: str, tmp_path: Path) -> None:
    with visiting(browser, on_seeds, graph()) as page:
        page.goto(on_seeds + graph(story=largest_story(page)["id"], hide="provider"))
        nodes = int(shown(page).get_attribute("data-nodes") or 0)
        edges = int(shown(page).get_attribute("data-edges") or 0)
        files = {}
        for name in ("PNG", "SVG", "GraphML", "GEXF"):
            page.locator(".export-menu summary").click()
            with page.expect_download() as download:
                page.get_by_role("button", name=re.compile(name)).click()
            files[name] = tmp_path / download.value.suggested_filename
            download.value.save_as(files[name])
        assert files["PNG"].read_bytes().startswith(b"\x89PNG\r\n")
        assert elements(files["SVG"], ["line"]) == [edges]
        assert (
            elements(files["GraphML"], ["node", "edge"]) == elements(files["GEXF"], ["node", "edge"]) == [nodes, edges]
        )
        assert all(path.name.startswith("inside-openai") for path in files.values())


def elements(file: Path, names: Sequence[str]) -> list[int]:
    root = ElementTree.parse(file).getroot()
    return [sum(element.tag.rpartition("}")[2] == name for element in root.iter()) for name in names]


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "scheme"), [(ON_A_PHONE, "light"), (1280, "dark")])
def test_page_has_no_barriers(browser: Browser, on_seeds: str, width: int, scheme: str) -> None:
    with visiting(browser, on_seeds, graph(), width=width, color_scheme=scheme, reduced_motion="reduce") as page:
        expect(page.locator(".small-graph circle").first).to_be_visible(timeout=WAIT)
        assert (barriers(page), is_wider_than_window(page)) == ([], False)
        topic = ids_of(page, "ferries", "TOPIC")[0]
        page.goto(on_seeds + graph(node=topic, selected=topic, colour="provider"))
        shown(page)
        listed(page)
        assert (barriers(page), is_wider_than_window(page)) == ([], False)
        page.goto(on_seeds + graph(**{"from": topic, "to": ids_of(page, "energy", "ARTICLE")[0]}))
        expect(page.get_by_role("button", name=re.compile("^Way 1"))).to_be_visible(timeout=WAIT)
        assert (barriers(page), is_wider_than_window(page)) == ([], False)


@pytest.mark.thorough
class TestRealArticles:
    @pytest.mark.parametrize("width", [ON_A_PHONE, 1280])
    def test_largest_story_fits_into_the_picture_or_says_what_does_not(
        self, browser: Browser, on_azure: str, width: int
    ) -> None:
        with visiting(browser, on_azure, graph(), width=width) as page:
            story = largest_story(page)
            page.goto(on_azure + graph(story=story["id"]))
            nodes = len(labels_around(story))
            expect(shown(page)).to_have_attribute("data-nodes", str(min(nodes, 300)))
            assert page.get_by_text("not fit into the picture").count() == (1 if nodes > 300 else 0)
            assert (barriers(page), is_wider_than_window(page)) == ([], False)

    def test_many_open_nodes_stay_within_bounds(self, browser: Browser, on_azure: str) -> None:
        with visiting(browser, on_azure, graph(), width=1280) as page:
            topics = asked(page, "{ topics(first: 8, orderBy: [{ articles: { count: DESC } }]) { nodes { id } } }")[
                "topics"
            ]["nodes"]
            first, *more = [topic["id"] for topic in topics]
            page.goto(on_azure + graph(node=first, open=" ".join(more)))
            expect(page.locator(".graph-stage[data-nodes='300']")).to_be_attached(timeout=WAIT)
            expect(page.get_by_text(re.compile(r"[\d,]+ more nodes do not fit into the picture"))).to_be_visible()

    def test_two_articles_are_connected_in_words(self, browser: Browser, on_azure: str) -> None:
        with visiting(browser, on_azure, graph(), width=1280) as page:
            breach, other = (ids_of(page, words, "ARTICLE")[0] for words in ("breach", "kubernetes"))
            page.goto(on_azure + graph(**{"from": breach, "to": other}))
            expect(page.get_by_role("button", name=re.compile("^Way 1"))).to_be_visible(timeout=WAIT)
            assert len(page.locator(".graph-steps p").all()) >= 2
            expect(page.get_by_role("region", name="Connect two")).to_contain_text("Not through")
