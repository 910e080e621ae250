"""The pictures that the documentation draws of exports, in a real browser, and that sigma.js draws of both XML formats."""

import base64
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from graph.building.snapshot import GraphSnapshot
from graph.export.selection import select
from graph.model import NodeKind
from tests.browsing import Watch, unplugged_chromium
from tests.js_tools import JAVASCRIPT, run_node
from tests.service import serving

pytestmark = pytest.mark.thorough

DOCS = Path(__file__).parent.parent / "docs" / "exports.md"
SNIPPETS = {
    name: script
    for script in re.findall(r"^```js\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for name in ("sigma", "cytoscape", "d3-force")
    if f'from "{name}"' in script
}
PAGE = '<!doctype html><meta charset="utf-8"><title>Picture</title><div id="picture" style="height: 600px"></div>'
SCRIPT = '<script type="module" src="/picture.js"></script>'
COLORS_OF_PICTURE = """
async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = {};
  for (let at = 0; at < data.length; at += 4) {
    const color = `#${[0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, "0")).join("")}`;
    counts[color] = (counts[color] ?? 0) + 1;
  }
  return counts;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with unplugged_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


@contextmanager
def drawing(browser: Browser, service: str, script: str, tmp_path: Path) -> Iterator[Page]:
    """A page that runs the script; it must reach nothing but the service, and be content."""
    source = tmp_path / "picture.js"
    source.write_text(script, encoding="utf-8")
    bundled = run_node(JAVASCRIPT / "bundle.mjs", source)
    assert bundled.returncode == 0, bundled.stderr
    pages = {"/picture.html": ("text/html", PAGE + SCRIPT), "/picture.js": ("text/javascript", bundled.stdout)}

    def answer(route: Route) -> None:
        kind, body = pages[route.request.url.removeprefix(service)]
        route.fulfill(content_type=kind, body=body)

    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        watch = Watch(page, service)
        page.route(re.compile(r"/picture\.(html|js)$"), answer)
        with page.expect_response(re.compile("/export/")) as file:
            page.goto(f"{service}/picture.html")
        assert file.value.status == 200
        yield page
        assert (watch.foreign, watch.complaints) == ([], [])


def colors_in(page: Page) -> Counter[str]:
    """How many pixels of the picture have each color."""
    picture = base64.b64encode(page.locator("#picture").screenshot()).decode()
    return Counter(page.evaluate(COLORS_OF_PICTURE, picture))


def assert_shows(page: Page, expected: set[str]) -> None:
    """Every color of the nodes is there, in more than a few pixels, once the picture has come."""
    missing = expected
    for _ in range(20):
        found = colors_in(page)
        missing = {color for color in expected if found[color] <= 5}
        if not missing:
            break
        page.wait_for_timeout(500)
    assert missing == set()


def colors_of(snapshot: GraphSnapshot, kinds: set[NodeKind]) -> set[str]:
    selection = select(snapshot, None)
    return {selection.picture(node_id).color for kind in kinds for node_id in snapshot.ids[kind]}


def test_documentation_has_a_picture_for_each_library() -> None:
    assert SNIPPETS.keys() == {"sigma", "cytoscape", "d3-force"}


@pytest.mark.parametrize("file_format", ["gexf", "graphml"])
def test_sigma_shows_both_xml_formats(
    browser: Browser, service: str, seeds: GraphSnapshot, tmp_path: Path, file_format: str
) -> None:
    script = SNIPPETS["sigma"].replace("gexf", file_format)
    with drawing(browser, service, script, tmp_path) as page:
        assert_shows(page, colors_of(seeds, {NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC}))


def test_cytoscape_shows_stories_too(browser: Browser, service: str, seeds: GraphSnapshot, tmp_path: Path) -> None:
    with drawing(browser, service, SNIPPETS["cytoscape"], tmp_path) as page:
        assert_shows(page, colors_of(seeds, {NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC}))


def test_d3_shows_the_network_of_topics(browser: Browser, service: str, seeds: GraphSnapshot, tmp_path: Path) -> None:
    topics = seeds.ids[NodeKind.TOPIC]
    with drawing(browser, service, SNIPPETS["d3-force"], tmp_path) as page:
        assert_shows(page, colors_of(seeds, {NodeKind.TOPIC}))
        assert page.locator("#picture circle").count() == len(topics)
        names = {seeds.nodes[topic].name for topic in topics}  # type: ignore[union-attr]
        assert set(page.locator("#picture text").all_text_contents()) == names
