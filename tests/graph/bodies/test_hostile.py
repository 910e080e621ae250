"""Bodies that mean harm, on their whole way: links, title, HTML with its headings, and text."""

import time

import pytest

from graph.bodies.pages import html_page, plain_text, reading_minutes
from graph.bodies.reading import read_body
from graph.bodies.titles import title_of
from graph.model import BodyFormat

SIZE = 100_000
SECONDS = 2
"""Of the processor; nearly all take a tenth of one, and what is quadratic several."""


def repeated(piece: str) -> str:
    return piece * (SIZE // len(piece))


BODIES = {
    piece: repeated(piece)
    for piece in (
        *("[", "[[", "![[", "[a](", "[a][", "[^1]: a\n", "[x]: y\n[x] ", "<a href=", "<a href=x>\n\n", "<p><a href=x>"),
        *(
            "- a\n",
            "> ",
            "> a\n",
            "# a\n",
            "a\n-\n",
            "|a",
            "|a|b|\n|-|-|\n",
            "!!! a\n    ",
            '=== "',
            "```\n",
            "`a``b",
            "*a_ ",
        ),
        *(
            "{{<",
            "{{ x }}",
            "{% highlight x %}",
            "{:",
            "{/*",
            "import a\n",
            "%%\n",
            "&",
            "\\",
            "\t",
            "\u0301",
            "\ud800",
        ),
        *("<div>\n\n", "<div></x>", "<li><dd>", "<svg/><g/>", "<!--", "<style>", "<select><option>", "<table><tr><td>"),
    )
} | {
    "nested lists": "".join(f"{'  ' * depth}- a\n" for depth in range(300)),
    "nested quotations": "".join(f"{'>' * depth} a\n" for depth in range(400)),
    "footnotes": "".join(f"[^{number}]: [^{number + 1}]\n" for number in range(6_000)),
    "headings": "".join(f"# a-{number}\n" for number in range(6_000)) + "# a\n" * 10_000,
    "wide table": f"|{'a|' * 10_000}\n|{'-|' * 10_000}\n" + "a\n" * 10_000,
    "elements that go on": "".join(f"<font a={number}>" for number in range(240)) + repeated("<a href=x><p>"),
    "elements in a quoted value": f'<p a=b">{repeated("<div>")}<p a=b">',
    "links in links": f"<div>{'<a href=x><table><tr><td>' * 120}{'a' * SIZE}",
    "attributes of one element": "".join(f"<body a{number}></body>" for number in range(5_000)),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=map(ascii, BODIES))
@pytest.mark.measured
def test_body_is_read_and_shown_in_little_time(body: str) -> None:
    start = time.process_time()
    for written in BodyFormat:
        read_body(body, written, has_tags=True)
        title_of(body, written)
        html_page(body, written, {"x": "/x/"})
        reading_minutes(plain_text(body, written))

    assert time.process_time() - start < SECONDS * len(BodyFormat)
