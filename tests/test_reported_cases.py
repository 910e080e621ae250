"""What once went wrong with small folders that were reported, each with what is right: every folder of cases has its entry here."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from api.cli import main
from api.execution import OperationRequest, execute
from api.json_text import to_json
from api.schema.context import Context
from api.settings import Settings
from graph.building.live_folders import load_snapshot
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from graph.model import Article
from graph.stores.memory import MemoryStore
from tests.graphviz import drawn, read_graphviz

ROOT = Path(__file__).parent.parent


class Case:
    """A folder of a case, as it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reader = MemoryStore(load_snapshot([folder])).reader()

    def ask(self, query: str) -> Any:
        answer = json.loads(to_json(asyncio.run(execute(OperationRequest(query), Context(self.reader, Settings())))))
        assert "errors" not in answer, answer
        return answer["data"]

    def articles(self, fields: str = "title") -> dict[str, Any]:
        """What is answered of each article, by its file."""
        nodes = self.ask(f"{{ articles(first: 100) {{ nodes {{ file {fields} }} }} }}")["articles"]["nodes"]
        return {node.pop("file"): next(iter(node.values())) if len(node) == 1 else node for node in nodes}

    def topics(self) -> dict[str, list[str]]:
        """The names of the topics of each article."""
        return {file: [topic["name"] for topic in found] for file, found in self.articles("topics { name }").items()}

    def linked(self, field: str) -> dict[str, list[str]]:
        """The files that a list of articles leads to, of each file that it leads from."""
        lists = self.articles(f"{field} {{ nodes {{ file }} }}")
        return {file: [node["file"] for node in found["nodes"]] for file, found in lists.items() if found["nodes"]}

    def find(self, by: str) -> str | None:
        """The file of the article that is found by this."""
        found = self.ask(f"{{ article(by: {{ {by} }}) {{ file }} }}")["article"]
        return found and str(found["file"])

    def found_by_search(self, text: str) -> int:
        return int(self.ask(f'{{ search(query: "{text}") {{ totalCount }} }}')["search"]["totalCount"])

    def hidden(self) -> dict[str, int]:
        counts = self.ask("{ snapshot { hidden { reason count } } }")["snapshot"]["hidden"]
        return {row["reason"]: row["count"] for row in counts}

    def not_read(self) -> set[str]:
        return {row["reason"] for row in self.ask("{ snapshot { notRead { reason } } }")["snapshot"]["notRead"]}

    def problems(self) -> list[tuple[str, str | None]]:
        """Codes with their files, without what is told because a case names no provider."""
        problems = (
            (str(problem.code.value), problem.file)
            for problem in self.reader.snapshot.problems
            if problem.code.value != "PROVIDER_MISSING"
        )
        return sorted(problems, key=str)

    def messages(self) -> dict[str | None, str]:
        return {problem.file: problem.message for problem in self.reader.snapshot.problems}


def page_bundles(case: Case) -> None:
    slugs = case.articles("slug")
    assert slugs.keys() == {"_index.md", "posts/_index.md", "posts/first-frost/index.md", "posts/warm-rain/index.md"}
    assert {slugs[file] for file in slugs if file != "_index.md"} == {"posts", "first-frost", "warm-rain"}


def same_name_in_two_folders(case: Case) -> None:
    assert case.articles() == {"linux/install.md": "Install on Linux", "windows/install.md": "Install on Windows"}
    assert {code for code, _ in case.problems()} <= {"SLUG_SHARED"}


def languages_and_versions(case: Case) -> None:
    found = case.articles("language version translations { file }")
    assert {file: each["language"] for file, each in found.items() if each["language"]} == {
        "de/ueber-uns.md": "de",
        "en/about.md": "en",
        "blog/gate.fr.md": "fr",
    }
    assert {file: each["version"] for file, each in found.items() if each["version"]} == {
        "versioned_docs/version-1.0/engine.md": "1.0"
    }
    translations = {
        file: [other["file"] for other in each["translations"]] for file, each in found.items() if each["translations"]
    }
    assert translations == {
        "de/ueber-uns.md": ["en/about.md"],
        "en/about.md": ["de/ueber-uns.md"],
        "blog/gate.md": ["blog/gate.fr.md"],
        "blog/gate.fr.md": ["blog/gate.md"],
    }
    assert len(found) == 6


def drafts_shown(case: Case) -> None:
    assert case.articles() == {}
    assert sum(case.hidden().values()) == 8


def dates(case: Case) -> None:
    found = case.articles("publishedDateTime")
    day = "2023-04-05"
    assert found.pop("dendron.md").startswith("2021-09-12")
    assert len(found) == 9
    assert {moment[:10] for moment in found.values()} == {day}
    assert {found[file] for file in ("ruby.md", "ruby2.md")} == {"2023-04-05T23:10:00Z"}


def tags(case: Case) -> None:
    assert case.topics() == {
        "list.md": ["cats", "dogs"],
        "string.md": ["cats", "dogs", "news"],
        "comma.md": ["cats", "dogs"],
        "category.md": ["news"],
        "keywords.md": ["cats"],
        "zola.md": ["cats", "news"],
        "nested.md": ["animal/cat", "animal/dog"],
        "inline.md": ["animal/cat", "weather"],
        "hash.md": ["cats"],
    }


def nested_topics(case: Case) -> None:
    nodes = case.ask("{ topics { nodes { name parent { name } } } }")["topics"]["nodes"]
    assert {node["name"]: node["parent"] and node["parent"]["name"] for node in nodes} == {
        "Animal": None,
        "animal/cat": "Animal",
        "animal/dog": "Animal",
    }


def wikilinks(case: Case) -> None:
    assert case.linked("links") == {
        "Alpha.md": ["Beta.md", "sub/Gamma.md"],
        "Beta.md": ["Alpha.md"],
        "sub/Gamma.md": ["Alpha.md"],
    }
    assert case.problems() == [("LINK_BROKEN", "sub/Gamma.md")]


def links_in_bodies(case: Case) -> None:
    assert case.linked("links") == {
        "guide/start.md": ["guide/next.md", "index.md"],
        "guide/next.md": ["guide/start.md"],
        "index.md": ["guide/start.md"],
        "_posts/2024-02-03-one.md": ["_posts/2024-02-04-two.md"],
    }


def wikilinks_as_values(case: Case) -> None:
    assert {file: found[0] for file, found in case.topics().items()} == {
        "Book.md": "Emergence",
        "Other.md": "Emergence",
    }
    assert case.linked("related(direction: OUT)") == {"Book.md": ["Other.md"], "Other.md": ["Book.md"]}
    assert case.articles("type authors { name }")["Book.md"] == {"type": "Books", "authors": [{"name": "Ada Quill"}]}
    assert case.problems() == []


def no_front_matter(case: Case) -> None:
    assert case.articles() == {
        "coffee.md": "How to make coffee",
        "tea.md": "How to make tea",
        "with.md": "With front matter",
    }
    assert case.linked("links") == {"tea.md": ["coffee.md"]}


def other_suffixes(case: Case) -> None:
    assert case.articles().keys() == {"post.mdx", "old.mkd", "note.qmd", "note.Rmd"}
    assert case.not_read() == {"FORMAT"}


def header_lines(case: Case) -> None:
    fields = "title publishedDateTime topics { name }"
    assert case.articles(fields) == {
        "2024-01-01-hello.md": {
            "title": "Hello from Pelican",
            "publishedDateTime": "2024-01-01T10:00:00Z",
            "topics": [{"name": "one"}, {"name": "two"}, {"name": "News"}],
        }
    }


def closed_by_dots(case: Case) -> None:
    assert case.articles("title body") == {
        "dots.md": {"title": "Closed by dots", "body": "Text."},
        "dots2.md": {"title": "Closed by dots", "body": "Text.\n\n---\n\nMore text: after a rule."},
    }
    assert case.problems() == []


def one_provider_for_all(case: Case) -> None:
    assert set(map(str, case.articles("provider { name domain }").values())) == {
        "{'name': 'Quill and Ink', 'domain': 'quill.example'}"
    }
    assert case.messages() == {}


def titles(case: Case) -> None:
    assert set(case.articles().values()) == {
        *("My great idea", "The heading is the title", "Named by name", "1.10", "0.102", "1984")
    }
    assert case.problems() == []


def addresses_from_the_root(case: Case) -> None:
    assert case.linked("related(direction: OUT)") == {"a.md": ["b.md"]}
    assert [case.find(by) for by in ('url: "/2024/b/"', 'path: "/2024/b/"', 'path: "/2024/a"')] == [
        *("b.md", "b.md", "a.md")
    ]
    assert case.articles("images { url }")["a.md"] == [{"url": "/img/a.png"}]
    assert case.problems() == []


def aliases_and_permalinks(case: Case) -> None:
    found = {
        address: case.find(f'url: "{address}"')
        for address in (
            *("/old/moved.html", "/essays/moved/", "/old-name/", "/x/new-name/", "/2019/05/15/zola"),
            *("/2019/05/15/zola.html", "https://elsewhere.example/canon"),
        )
    }
    assert list(found.values()) == [
        *("_posts/2024-03-04-moved.md",) * 2,
        *("hugo.md",) * 2,
        *("zola.md",) * 2,
        "canon.md",
    ]
    assert [case.find('slug: "new-name"'), case.find('slug: "Other name"')] == ["hugo.md", "vault.md"]
    assert case.articles("url")["canon.md"] == "https://elsewhere.example/canon"


def family_collections(case: Case) -> None:
    fields = "title type url publishedDateTime provider { domain }"
    found = {file.split("/")[-1]: tuple(map(str, each.values())) for file, each in case.articles(fields).items()}
    moment = "2021-05-06T10:00:00Z"
    v = "{'domain': 'v.example'}"
    assert found == {
        "ada-quill.md": ("Ada Quill", "profile", "https://ada.example", "None", v),
        "2021-05-06-orchard-day.md": ("Orchard day", "None", "https://v.example/day", moment, v),
        "how-to-graft.md": ("How to graft", "video", "https://v.example/1", "None", v),
        "orchard.md": ("Orchard series", "collection", "None", "None", v),
    }
    assert case.linked("parts") == {"_learning/collections/orchard.md": ["_learning/videos/how-to-graft.md"]}
    images = case.ask("{ providers { nodes { images { url } } } }")["providers"]["nodes"]
    assert images == [{"images": [{"url": "https://site.example/garden/assets/v-50x50.jpg"}]}]
    assert case.problems() == []


def what_is_no_content(case: Case) -> None:
    assert case.articles() == {"_posts/2024-01-01-real.md": "Real"}
    assert case.not_read() == {"APPARATUS", "REPOSITORY"}


def term_pages(case: Case) -> None:
    assert case.articles("provider { name domain } authors { name } topics { name }") == {
        "news/one.md": {
            "provider": {"name": "The Gazette", "domain": "gazette.example"},
            "authors": [{"name": "Ada Quill"}],
            "topics": [{"name": "Application programming interface"}],
        }
    }
    assert case.ask('{ topic(by: { slug: "api" }) { articles { totalCount } } }')["topic"] == {
        "articles": {"totalCount": 1}
    }


def series_in_order(case: Case) -> None:
    assert case.articles("series { name } previous { file } next { file }") == {
        "1.md": {"series": [{"name": "Bees"}], "previous": None, "next": {"file": "2.md"}},
        "2.md": {"series": [{"name": "Bees"}], "previous": {"file": "1.md"}, "next": None},
    }
    assert case.linked("related(direction: OUT)") == {"2.md": ["1.md"]}


def keys_in_other_case(case: Case) -> None:
    assert (case.articles(), case.hidden()) == ({}, {"PUBLISHED_FALSE": 1})


def topics_as_text(case: Case) -> None:
    assert case.topics() == {"a.md": ["cats", "dogs"], "b.md": ["cats"]}


def hidden_twin(case: Case) -> None:
    assert case.articles() == {"en/news.md": "News"}
    assert "Nachrichten" not in str(case.ask("{ articles { nodes { conflicts { field } frontMatter body } } }"))


def file_name_is_searched(case: Case) -> None:
    assert case.found_by_search("great idea") == 1


def styles_are_no_words(case: Case) -> None:
    assert [case.found_by_search(word) for word in ("webkit", "zebra", "pears")] == [0, 0, 1]


def partials(case: Case) -> None:
    assert (list(case.articles()), case.not_read()) == (["docs/page.md"], {"PARTIAL"})


def json_between_dashes(case: Case) -> None:
    assert (case.articles(), case.topics()) == ({"a.md": "JSON between dashes"}, {"a.md": ["journal"]})


def key_case(case: Case) -> None:
    assert case.hidden() == {
        "PUBLISHED_FALSE": 22,
        "REMOVED": 3,
        "DELETED": 2,
        "DRAFT": 2,
        "PUBLISH_FALSE": 1,
    }
    assert case.problems() == [
        *(("FIELD_TYPE", "h13.md"), ("FIELD_TYPE", "h22.md"), ("FRONT_MATTER_INVALID", "h27.md"))
    ]


def composed_names(case: Case) -> None:
    assert case.linked("related(direction: OUT)") == {
        "links-nfc.md": ["2024-05-03-élan-vital.md"],
        "links2.md": ["slug-nfd.md"],
        "links3.md": ["url-nfd.md"],
    }
    assert [case.find(f'slug: "{slug}"') for slug in ("café", "cafe\u0301")] == ["slug-nfd.md"] * 2
    topics = case.ask("{ topics { totalCount } providers { nodes { domain name } } }")
    assert topics["topics"]["totalCount"] == 2
    assert {"domain": "xn--bcher-kva.example", "name": "H"} in topics["providers"]["nodes"]
    titled = case.ask('{ articles(filter: { title: { eq: "Mu\u0308ll" } }) { totalCount } }')
    assert titled["articles"]["totalCount"] == 2
    assert case.problems() == []


def values_cut_by_yaml(case: Case) -> None:
    assert case.problems() == [
        *(("LIST_AS_TEXT", "topics-comma.md"), ("LIST_AS_TEXT", "topics-dash_nospace.md")),
        *(("VALUE_CUT", "amp.md"), ("VALUE_CUT", "hash.md"), ("VALUE_CUT", "topics-hash.md")),
        *(("VALUE_CUT", "topics-hashes.md"), ("VALUE_CUT", "topics-hashes.md"), ("VALUE_CUT", "topics-hashmid.md")),
    ]
    titles = case.articles()
    assert (titles["hex.md"], titles["neg0.md"]) == ("0x1F", "-0")
    topics = case.topics()
    assert topics["topics-dash_nospace.md"] == topics["topics-comma.md"] == ["Weather", "Sailing"]


def messages_of_yaml(case: Case) -> None:
    messages = case.messages()
    assert "a line begins with a tab" in messages["tab.md"]
    assert "has no space after its colon" in messages["nospace.md"]
    assert "“and rises again” is no “key: value”" in messages["unindentedmulti.md"]
    assert ("TEXT_CLEANED", "nbspindent.md") in case.problems()
    assert case.articles()["nbsp.md"] == "Ferry sinks"
    assert case.articles("body")["dots_then_dashes.md"] == "body\n\n---\n\nmore body"


def surrogate_pairs(case: Case) -> None:
    titles = case.articles()
    assert len(titles) == 10
    assert {titles[file] for file in ("fence.md", "ok_json.md", "ok_long.md")} == {"🎉 Party"}
    assert (titles["title.md"], titles["lower.md"], titles["toml.md"]) == ("😀 Storm", "Storm 🌊", "🎉")
    assert case.articles("frontMatter")["unknownkey.md"] == {"mood": "🎉"}
    assert case.problems() == []


def lines_of_file_names(case: Case) -> None:
    done = CliRunner().invoke(main, ["check", str(case.folder), "--all"])
    assert [line for line in done.stdout.splitlines() if "new" in line or "esc" in line] == [
        "esc\\x1b[31m.md:4: error: quality: This is text (“bad”), not a whole number; the value is left out. [FIELD_TYPE]",
        "new\\nline.md:4: error: quality: This is text (“bad”), not a whole number; the value is left out. [FIELD_TYPE]",
    ]
    assert "\x1b" not in done.stdout


SITES: dict[str, Callable[[Case], None]] = {
    "01-page-bundles": page_bundles,
    "03-same-name-two-folders": same_name_in_two_folders,
    "04-languages-and-versions": languages_and_versions,
    "05-drafts-shown": drafts_shown,
    "06-dates": dates,
    "07-tags": tags,
    "08-nested-topics": nested_topics,
    "09-wikilinks": wikilinks,
    "10-links-in-bodies": links_in_bodies,
    "11-wikilink-values": wikilinks_as_values,
    "12-no-front-matter": no_front_matter,
    "13-mdx-ignored": other_suffixes,
    "14-pelican-headers": header_lines,
    "15-closed-by-dots": closed_by_dots,
    "17-provider-warning-flood": one_provider_for_all,
    "18-title-missing": titles,
    "20-root-relative-urls": addresses_from_the_root,
    "21-aliases-and-permalinks": aliases_and_permalinks,
    "22-family-collections": family_collections,
    "23-nothing-can-be-excluded": what_is_no_content,
    "24-term-pages": term_pages,
    "25-series-prev-next": series_in_order,
    "26-keys-in-other-case": keys_in_other_case,
    "28-topics-as-text": topics_as_text,
    "29-hidden-then-shown": hidden_twin,
    "30-file-name-not-searched": file_name_is_searched,
    "32-html-body-noise": styles_are_no_words,
    "34-partials-and-underscores": partials,
    "36-obsidian-json-properties": json_between_dashes,
}
REPORTS: dict[str, Callable[[Case], None]] = {
    "file-names-in-check": lines_of_file_names,
    "key-case-fails-open": key_case,
    "nfd-names": composed_names,
    "silent-yaml-loss": values_cut_by_yaml,
    "yaml-messages": messages_of_yaml,
    "yaml-surrogate-escapes": surrogate_pairs,
}
"""Those whose folder `x` is loaded."""
ELSEWHERE = {
    "apq-over-websocket": "tests/api/streams",
    "cli-output-encoding": "tests/api/cli/test_output.py",
    "cors-request-headers": "tests/api/web",
    "dot-ampersand-url": "tests/test_reported_cases.py",
    "dot-long-text": "tests/test_reported_cases.py",
    "h2c-upgrade": "tests/api/server",
    "head-content-length": "tests/api/web",
    "operation-name-empty": "tests/api/execution",
}
"""Those that have tests of their own, since they are about output and requests."""


@pytest.mark.parametrize("name", SITES)
def test_reported_site_is_read_right(shared: Path, name: str) -> None:
    SITES[name](Case(shared / "cases" / "sites" / name / "site"))


@pytest.mark.parametrize("name", REPORTS)
def test_reported_text_is_read_right(shared: Path, name: str) -> None:
    REPORTS[name](Case(shared / "cases" / "reports" / name / "x"))


def test_every_reported_case_has_its_entry(shared: Path) -> None:
    folders = {group: {path.name for path in (shared / "cases" / group).iterdir()} for group in ("sites", "reports")}
    assert folders == {"sites": set(SITES), "reports": {*REPORTS, *ELSEWHERE}}
    assert [place for place in ELSEWHERE.values() if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("folder", ["excerpt", "cjk", "headline", "keywords"])
def test_reported_long_texts_are_exported_in_pieces(shared: Path, folder: str) -> None:
    """Graphviz before 3.0 refuses a quoted text of 16,382 bytes."""
    snapshot = load_snapshot([shared / "cases" / "reports" / "dot-long-text" / folder])
    exported = b"".join(export_chunks(snapshot, ExportFormat.DOT))

    assert len(exported) > 16_382 > max(map(len, exported.split(b'"')))
    nodes, _ = read_graphviz(exported)
    assert nodes.keys() == snapshot.nodes.keys()


def test_reported_address_with_an_ampersand_is_drawn_as_svg(shared: Path) -> None:
    snapshot = load_snapshot([shared / "cases" / "reports" / "dot-ampersand-url" / "x"])
    svg = ElementTree.fromstring(drawn(b"".join(export_chunks(snapshot, ExportFormat.DOT)), "svg"))
    links = {link.get("{http://www.w3.org/1999/xlink}href") for link in svg.iter("{http://www.w3.org/2000/svg}a")}
    assert links == {node.url for node in snapshot.nodes.values() if isinstance(node, Article)}
    assert "&" in "".join(map(str, links))
