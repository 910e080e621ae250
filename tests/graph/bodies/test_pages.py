"""Bodies as HTML that is safe to show, and as text."""

import time
from collections.abc import Callable

import pytest

from graph.bodies.pages import Heading, HtmlPage, html_page, plain_text, reading_minutes
from graph.checkpoints import Stop, StoppedError, current_stop
from graph.model import BodyFormat

SIZE = 900_000
"""Characters of a body that means harm; somewhat longer ones are shown as they are written."""
TAGS = 80_000
"""Elements of such a body; one with somewhat more is shown as it is written, too."""


def html(body: str, written: BodyFormat = BodyFormat.MARKDOWN, **addresses: str) -> str:
    return html_page(body, written, addresses).html


def text(body: str, written: BodyFormat = BodyFormat.MARKDOWN) -> str:
    return plain_text(body, written)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<script>alert(1)</script>", ""),
        ("<style>p {}</style>\n\nText.", "<p>Text.</p>"),
        ('<img src="a.png" onerror="alert(1)">', '<img src="a.png">'),
        ('<a href="javascript:alert(1)" onclick="x">a</a>', '<p><a rel="noopener noreferrer">a</a></p>'),
        ("[a](javascript:alert(1))", '<p><a rel="noopener noreferrer">a</a></p>'),
        ("[a](JAVASCRIPT&colon;alert(1))", '<p><a rel="noopener noreferrer">a</a></p>'),
        ("[a](data:text/html;base64,x)", '<p><a rel="noopener noreferrer">a</a></p>'),
        ("<iframe src=x></iframe><form action=x><input></form>Text", "Text"),
        ('<p id="x" style="color: red" class="y">a', "<p>a</p>"),
        ("<svg><script>alert(1)</script></svg>Text", "<p>Text</p>"),
        (
            "# A {#top}\n[a](#top)",
            '<h1 id="body-top">A</h1>\n<p><a href="#body-top" rel="noopener noreferrer">a</a></p>',
        ),
        ("```js\na < b\n```", '<pre><code class="language-js">a &lt; b\n</code></pre>'),
        ("`{{ x }}` {{ x }}{: .y}", "<p><code>{{ x }}</code></p>"),
        ("{% highlight js %}\n{{ a }}\n{% endhighlight %}", "<pre><code>{{ a }}\n</code></pre>"),
        ('!!! note "Careful"\n\n    Text *here*', "<p>Careful</p>\n<p>Text <em>here</em></p>"),
        (
            "a[^1]\n\n[^1]: b",
            '<p>a<sup><a href="#body-1" rel="noopener noreferrer">1</a></sup></p>\n<div id="body-1"><sup>1</sup>\n<p>b</p>\n</div>',
        ),
    ],
)
def test_html_is_safe(body: str, expected: str) -> None:
    assert html(body) == expected


def test_links_to_articles_lead_to_their_addresses() -> None:
    body = '[a](a.md) [b]({{< ref "b c.md" >}}) [[Name]] ![[Name]] [[Gone|*gone*]] ![[x.png]] [z](@/z.md) [u]({{ page.url }})'
    addresses = {"a.md": "/a/", "b c.md": "https://x.example/b", "Name": "/n/", "z.md": "/z/"}
    assert html_page(body, BodyFormat.NOTE, addresses).html.replace(' rel="noopener noreferrer"', "") == (
        '<p><a href="/a/">a</a> <a href="https://x.example/b">b</a> <a href="/n/">Name</a> <a href="/n/">Name</a> '
        '<em>gone</em> <img src="x.png" alt="x.png"> <a href="/z/">z</a> <a>u</a></p>'
    )


def test_html_of_a_page_of_html() -> None:
    body = "<html><head><title>T</title><style>b</style></head><body><h2>A</h2><p>{{ x }}<a href=\"{{ '/a' | url }}\">a</a></body></html>"
    assert html_page(body, BodyFormat.HTML, {"/a": "/A"}) == HtmlPage(
        '<h2 id="body-a">A</h2><p><a href="/A" rel="noopener noreferrer">a</a></p>', (Heading(2, "A", "body-a"),)
    )


def test_headings_have_ids_of_their_own() -> None:
    found = html_page("# Ünï *x*\n\n## A\n\n## A\n\n### A {#a}\n\n#\n", BodyFormat.MARKDOWN, {}).headings
    assert [(heading.level, heading.text, heading.anchor) for heading in found] == [
        (1, "Ünï x", "body-ünï-x"),
        (2, "A", "body-a"),
        (2, "A", "body-a-1"),
        (3, "A", "body-a-2"),
        (1, "", "body-section"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One\ntwo  three\n\nfour", "One\ntwo three\nfour"),
        ("# One\n\n*two* `three`\n\n- four\n- [five](x)", "One\ntwo three\nfour\nfive"),
        ("![alt](a.png) <!-- no --> a&amp;b", "a&b"),
        ("{{< youtube x >}} text {% include a.html %} {{ b }}", "text"),
        ("{% comment %}no{% endcomment %}yes", "yes"),
        ("```\n{{ a }} <b>\n```", "{{ a }} <b>"),
        ("| a | b |\n|---|---|\n| c | d |", "a\nb\nc\nd"),
        ("<style>no</style><script>no</script>\n\nyes", "yes"),
        ("[[Name|text]] and [[Other]]", "text and Other"),
    ],
)
def test_text_is_what_a_reader_sees(body: str, expected: str) -> None:
    assert text(body) == expected


def test_text_of_other_formats() -> None:
    page = "<html><head><title>T</title><style>no</style></head><body><p>Plums<br>are<p>late.<script>no</script></body></html>"
    assert text(page, BodyFormat.HTML) == "Plums\nare\nlate."
    assert text("import A from 'a'\n\n<A b={1}>yes</A> {/* no */}", BodyFormat.MDX) == "yes"
    assert text("yes %% no %%", BodyFormat.NOTE) == "yes"


@pytest.mark.parametrize(("words", "minutes"), [("", 1), ("word " * 220, 1), ("word " * 221, 2), ("\u6f22" * 1_001, 3)])
def test_reading_takes_minutes(words: str, minutes: int) -> None:
    assert reading_minutes(words) == minutes


@pytest.mark.parametrize(
    "body", ["x" * 1_100_000, "<div>" * 300, "&amp;" * 20_000, f"<a {' '.join(map('x{}'.format, range(2_000)))}>"]
)
def test_body_that_would_take_too_long_is_shown_as_it_is_written(body: str) -> None:
    assert html(body, BodyFormat.HTML).startswith("<pre>")
    assert text(body, BodyFormat.HTML) == body


@pytest.mark.parametrize(
    "body",
    [
        f'<p a=b">{"<div>" * 300}<p a=b">',
        "<div></x>" * 300,
        "<span><div></span>" * 150,
        "<li><dd>" * 150,
        "</x><g/><svg/>" * 300,
        f"<svg><p></p>{'<g/>' * 300}",
        f"<frameset><style></frameset>{'<frameset>' * 300}",
        "<div><!-- </div> -->" * 300,
        "<div><textarea></div></textarea>" * 300,
        f"<style><!--</style>{'<div>' * 300}-->",
        f"<script><!--<script></script><style>--></script>{'<div>' * 300}</style>",
        f"<select><style></select>{'<div>' * 300}</style>",
        f"<svg><p></p><style><!--</style>{'<div>' * 300}-->",
        "<div><table></div></table>" * 300,
        "<div><? </div>" * 300,
        f"<svg>{'<td>' * 300}",
        f"<svg>{'<g a=b/>' * 300}",
        "<svg><![CDATA[></svg>]]>" * 300,
        "".join(f"<body a{number}></body>" for number in range(300)),
        f"{''.join(f'<b a={number}>' for number in range(200))}{'<p>a' * 600}",
    ],
)
def test_elements_that_only_seem_to_end_are_open(body: str) -> None:
    assert html(body, BodyFormat.HTML).startswith("<pre>")


@pytest.mark.parametrize(
    "piece",
    [
        "<div><b>a</b></div>",
        "<div><span>a</div>",
        "<ul><li><div>a</ul>",
        "<ul><li><div>a<li>b<ul><li>c</ul></ul>",
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<table><tr><td><div>a</table>",
        "<section><p>a<br><img src=x></section>",
        "<p title=it's>an't",
        '<svg><g><path d="M 0"/></g></svg>a',
        "<script>if (a < b) '<div>'</script>a",
        "<!-- <div> -->a",
    ],
)
def test_page_with_many_elements_is_shown(piece: str) -> None:
    assert text(piece * 1_000, BodyFormat.HTML).count("a") >= 1_000
    assert not html(piece * 1_000, BodyFormat.HTML).startswith("<pre>")


@pytest.mark.parametrize(
    "piece",
    [">", "- ", "<p>", "[[a|b]]", "{{ x }}", "<a href=x>", "&\n\n", "*a ", "|a", "# a\n", "# a-1\n# a\n", "`a``b"],
)
@pytest.mark.thorough
def test_body_that_means_harm_is_shown_in_linear_time(piece: str) -> None:
    body = piece * min(SIZE // len(piece), TAGS // max(piece.count("\n"), 1))
    start = time.process_time()
    found = html(body)
    text(body)
    assert time.process_time() - start < 30  # what is quadratic takes minutes
    assert not found.startswith("<pre>")


@pytest.mark.parametrize("make", [html, text], ids=["html", "text"])
@pytest.mark.parametrize("body", ["# A\n\nText.", "[[a]] {% raw %}`b`{% endraw %}"], ids=["headings", "notes"])
def test_long_work_on_one_body_can_be_stopped(make: Callable[[str], str], body: str) -> None:
    stop = Stop()
    stop.set()
    token = current_stop.set(stop)
    try:
        with pytest.raises(StoppedError):
            make(body)
    finally:
        current_stop.reset(token)
