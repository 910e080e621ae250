"""Links and tags of bodies, in every way that sites write them; and bodies that mean harm."""

import time

import pytest

from graph.bodies.reading import LINK_LIMIT, read_body
from graph.bodies.targets import BodyLink, LinkStyle
from graph.model import BodyFormat

SIZE = 1024 * 1024
"""Characters of a body that means harm; the largest that is read has four times as many."""


def links(body: str, written: BodyFormat = BodyFormat.MARKDOWN) -> list[tuple[LinkStyle, str, str]]:
    return [(link.style, link.target, link.text) for link in read_body(body, written).links]


@pytest.mark.parametrize(
    ("body", "style", "target", "text"),
    [
        ("See [Beta](b.md).", LinkStyle.URL, "b.md", "Beta"),
        ("[a *very* `nice`\nlink](<b c.md> 'Title')", LinkStyle.URL, "b c.md", "a very nice link"),
        ("[b][r]\n\n[r]: ../b%20c.md", LinkStyle.URL, "../b%20c.md", "b"),
        ("[r]\n\n[R]: b.md", LinkStyle.URL, "b.md", "r"),
        ("<https://example.org/a>", LinkStyle.URL, "https://example.org/a", "https://example.org/a"),
        ("[![Alt](a.png)](b.md)", LinkStyle.URL, "b.md", "Alt"),
        ("See <a class=x href='b/?a=1&amp;b=2'>the <b>b</b></a>.", LinkStyle.URL, "b/?a=1&b=2", "the b"),
        ('<div>\n<A\nHREF="b.html"> B\n page</A></div>', LinkStyle.URL, "b.html", "B page"),
        ("| a |\n|---|\n| [b](b.md) |", LinkStyle.URL, "b.md", "b"),
        ("[[Beta]]", LinkStyle.WIKI, "Beta", "Beta"),
        ("[[sub/Beta#Part|that one]]", LinkStyle.WIKI, "sub/Beta#Part", "that one"),
        ("| a |\n|---|\n| [[Beta\\|b]] |", LinkStyle.WIKI, "Beta", "b"),
        ("![[Beta]]", LinkStyle.WIKI, "Beta", ""),
        ('[b]({{< ref "/blog/b.md#part" >}})', LinkStyle.REFERENCE, "/blog/b.md#part", "b"),
        ("[b]({{% relref b.md %}})", LinkStyle.REFERENCE, "b.md", "b"),
        ('[b]({{< ref path="b" lang="fr" >}})', LinkStyle.REFERENCE, "b", "b"),
        ('[b]({{< ref lang="fr" path="b" >}})', LinkStyle.REFERENCE, "b", "b"),
        ("[b]({{< ref `b` >}})", LinkStyle.REFERENCE, "b", "b"),
        ('<a href="{{< ref "b" >}}">b</a>', LinkStyle.REFERENCE, "b", "b"),
        ("[b]({% post_url 2024-02-04-b %}#c)", LinkStyle.POST, "2024-02-04-b#c", "b"),
        ("[b]({{ site.baseurl }}{% link _docs/b.md %})", LinkStyle.FILE, "_docs/b.md", "b"),
        ("[b]({%- link _docs/b - c.md -%})", LinkStyle.FILE, "_docs/b - c.md", "b"),
        ("[b]({% link _docs/b.md-%})", LinkStyle.FILE, "_docs/b.md", "b"),
        ("[b](@/blog/b.md#c)", LinkStyle.FILE, "blog/b.md#c", "b"),
        ("[b]({{ site.baseurl }}/docs/b/)", LinkStyle.URL, "/docs/b/", "b"),
        ("[b]({{ '/docs/b/' | relative_url }})", LinkStyle.URL, "/docs/b/", "b"),
        ('[b]({{ "/b" | url }}?x#y)', LinkStyle.URL, "/b?x#y", "b"),
        ("[b](__GHOST_URL__/b/)", LinkStyle.URL, "/b/", "b"),
        ('[{{< icon "x" >}} b](b.md)', LinkStyle.URL, "b.md", "b"),
        ("{{< note >}}\n[b](b.md)\n{{< /note >}}", LinkStyle.URL, "b.md", "b"),
        ('<LinkCard title="B" href="/b/" />', LinkStyle.URL, "/b/", "B"),
        (
            '<CardGrid>\n    <LinkCard\n      href="/b/?x=1&amp;y"\n      icon={<Icon name="a > b" />}\n    />\n</CardGrid>',
            LinkStyle.URL,
            "/b/?x=1&y",
            "",
        ),
        ("<Link to={'/docs/b'}>the b</Link>", LinkStyle.URL, "/docs/b", "the b"),
        ("Text\n<Link className={x ? 'href=\"/c\"' : y} to={`../b`}>b</Link>", LinkStyle.URL, "../b", "b"),
        ('<a class={c} href={"/b/"}>b</a>', LinkStyle.URL, "/b/", "b"),
        ("<link-card href='b.md' label=B></link-card>", LinkStyle.URL, "b.md", "B"),
        ('<Card href="{{< relref "b.md" >}}">b</Card>', LinkStyle.REFERENCE, "b.md", "b"),
        ("<a href='{{% relref \"b\" %}}'>b</a>", LinkStyle.REFERENCE, "b", "b"),
        ('{{< cards >}}\n  {{< card link="/b/" title="B" icon="x" >}}\n{{< /cards >}}', LinkStyle.URL, "/b/", "B"),
        ('{{% button\n  href="../b/"\n  style=`x` %}}', LinkStyle.URL, "../b/", ""),
        ('{{< button relref="/blog/b" >}}', LinkStyle.REFERENCE, "/blog/b", ""),
        ("{{ card(link='@/b.md', title='B') }}", LinkStyle.FILE, "b.md", "B"),
        ('{% include card.html url="/b/" title="B" %}', LinkStyle.URL, "/b/", "B"),
    ],
)
def test_link_is_found_however_it_is_written(body: str, style: LinkStyle, target: str, text: str) -> None:
    assert links(body) == [(style, target, text)]


@pytest.mark.parametrize(
    "body",
    [
        "`[b](b.md) [[Beta]]`",
        "```\n[b](b.md)\n```",
        "    [b](b.md)",
        "Text <!-- [b](b.md) [[Beta]] --> text",
        "<!--\n\n<a href=b.md>b</a>\n\n-->",
        "![b](b.md)",
        "[part](#part)",
        "[mail](mailto:a@example.org)",
        "[run](javascript:alert(1))",
        "[b]({{ page.next.url }})",
        "{% comment %}[b](b.md){% endcomment %}",
        "{{% comment %}}\n\n[b](b.md)\n\n{{% /comment %}}",
        "{% highlight md %}\n[b](b.md)\n\n{% endhighlight %}",
        "{{< highlight md >}}\n[b](b.md)\n{{< /highlight >}}",
        "<script>\nvar a = '<a href=b.md>b</a>';\n</script>",
        "<a name=b>b</a>",
        '`<Card href="/b/" />` and ``{{< card link="/b/" >}}``',
        '```jsx\n<Card href="/b/" />\n```\n\n~~~\n{{< card link="/b/" >}}\n~~~',
        '<!-- <Card href="/b/" /> --> <PRE><Card href="/b/"/></PRE>',
        '{{</* card link="/b/" */>}}',
        "<Card href={b} />",
        '<Image src="/b/" /> <Toggle to="off" link="false" />',
        '{{< ref "b.md" lang="x" >}}',
        '{{< ring href="topics/b" >}}',
        "[ ] a task",
        "\\[b](b.md)",
    ],
)
def test_what_is_no_link_to_a_page_is_none(body: str) -> None:
    assert links(body) == []


def test_comments_are_none_where_the_system_does_not_know_them() -> None:
    note = "%% [b](b.md) %%\n\n%%\n[c](c.md)\n%%\n\n%% [d](d.md)\n[e](e.md)\n[f](f.md) %%\n%% [g](g.md) %%"
    jsx = "import B from '[b](b.md)';\n\n{/* [c](c.md) */}"

    assert links(note, BodyFormat.NOTE) == []
    assert len(links(note)) == 6
    assert links(jsx, BodyFormat.MDX) == []
    assert len(links(jsx)) == 2


def test_html_body_is_read_as_a_page() -> None:
    body = (
        "<html><body><!-- <a href=no>no</a> --><p>[no](no.md)\n<a href='b/'>The\n b</a> <a href=c>c</a></body></html>"
    )

    assert read_body(body, BodyFormat.HTML).links == (
        BodyLink(LinkStyle.URL, "b/", "The b", 1),
        BodyLink(LinkStyle.URL, "c", "c", 2),
    )


def test_links_know_their_lines() -> None:
    body = 'Ünï\n\n{{< x\n a="b" >}} [b](b.md)\n\n<div>\n<a href="c">c</a>\n</div>\n\n[[d]] [e](\ne.md)\n'

    assert [(link.target, link.line) for link in read_body(body, BodyFormat.MARKDOWN).links] == [
        ("b.md", 3),
        ("c", 6),
        ("d", 9),
        ("e.md", 9),
    ]


def test_links_of_html_know_their_lines_whatever_else_says_the_same() -> None:
    body = 'b/?a&c <!-- <a href="b/?a&c"> -->\n<p title="x">\n<a href="b/?a&amp;c">\nb</a>\n<table>c<a\nhref="c">c</a></table> <a href="<a d">d</a>'
    expected = [("b/?a&c", 2), ("c", 4), ("<a d", 5)]

    assert [(link.target, link.line) for link in read_body(body, BodyFormat.HTML).links] == expected
    assert [
        (link.target, link.line - 2)
        for link in read_body(f"Text\n\n{body[body.index('<!') :]}", BodyFormat.MARKDOWN).links
    ] == expected


def test_link_of_html_that_goes_on_in_the_next_paragraphs_is_one() -> None:
    assert links("<p><a href=b>b</p><p>c</p><p>d</p>", BodyFormat.HTML) == [(LinkStyle.URL, "b", "b")]


def test_notes_have_tags() -> None:
    body = "#one #a/b-c_d (#two) **#three** #ünï-1 no#tag #123 `#code` [#text](b.md)\n# Heading\n#one\n\n    #code\n\n%% #no %%"

    assert read_body(body, BodyFormat.NOTE, has_tags=True).tags == ("one", "a/b-c_d", "two", "three", "ünï-1")
    assert read_body(body, BodyFormat.NOTE).tags == ()


def test_colors_are_tags_in_notes_alone() -> None:
    body = "#fff #FFFFFF #1a2b3c #bee #facade #a1"

    assert read_body(body, BodyFormat.NOTE, has_tags=True).tags == ("fff", "FFFFFF", "1a2b3c", "bee", "facade", "a1")
    assert read_body(body, BodyFormat.MARKDOWN, has_tags=True).tags == ("bee", "facade", "a1")


def test_marks_of_tags_in_a_body_of_its_own_stand_for_nothing() -> None:
    assert links("[b](\ue0000\ue001) [c](\ue00099\ue001)") == [
        (LinkStyle.URL, "\ue0000\ue001", "b"),
        (LinkStyle.URL, "\ue00099\ue001", "c"),
    ]


def test_lone_surrogates_do_no_harm() -> None:
    assert links("\ud800 [a\udfff](b.md)") == [(LinkStyle.URL, "b.md", "a?")]


@pytest.mark.parametrize(
    ("piece", "written"),
    [
        ("[a](b) ", BodyFormat.MARKDOWN),
        ("<a href=b>a</a> ", BodyFormat.HTML),
        ("<p><a href=b>a</a></p>", BodyFormat.MARKDOWN),
    ],
)
def test_links_beyond_the_limit_are_not_read(piece: str, written: BodyFormat) -> None:
    assert len(links(piece * (LINK_LIMIT + 10), written)) == LINK_LIMIT


def repeated(text: str) -> str:
    return text * (SIZE // len(text))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "{{",
            "{% x ",
            "{% highlight %}",
            "{:a",
            "{/*",
            "%%\n",
            "import \n",
            ">",
            "- ",
            "[",
            "[[",
            "[[a|",
            "![[",
            "[a](",
            "*a_ ",
        ),
        *(
            "<div>",
            "<div>\n\n",
            "x <b>",
            "<a ",
            "<!--",
            "x<a href=b>",
            "<a href='&amp;b'>a</a>",
            "!!! a\n    ",
            "&",
            "`a``b",
            "#a-",
            "[^1]",
            "|a",
            "\ue0001\ue001",
            '<Card href={"',
            "<Card {{}",
            '{{< card link="a" >}}',
            "<pre>",
        ),
    ],
)
@pytest.mark.thorough
def test_body_that_means_harm_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    for written in (BodyFormat.NOTE, BodyFormat.MDX, BodyFormat.HTML):
        read_body(f"[ {repeated(piece)} */}} %% }}}}", written, has_tags=True)

    assert time.process_time() - start < 20  # what is quadratic takes minutes


@pytest.mark.parametrize(
    "body",
    [
        "<Card a{}/>",
        '{{{{< card a{}=" >}}}}',
        "!!! {} x",
        '!!! "{}" x',
        "[a]({{{{< ref{}>}}}})",
        "[a]({{% link a{}%}})",
        "[a]({{% link a{}x %}})",
    ],
)
@pytest.mark.measured
def test_spaces_take_linear_time_wherever_they_stand(body: str) -> None:
    start = time.process_time()
    read_body(body.format(" " * SIZE), BodyFormat.MARKDOWN)

    assert time.process_time() - start < 20


def test_links_in_attributes_stand_where_they_are_in_the_text() -> None:
    body = 'é [a](a.md)\n\n<Card\n  href="/b/" />\n\n{{< card link="/c/"\n  title="C" >}}\n[d](d.md)'

    assert [(link.target, link.line) for link in read_body(body, BodyFormat.MDX).links] == [
        ("a.md", 0),
        ("/b/", 2),
        ("/c/", 5),
        ("d.md", 7),
    ]


def test_indented_components_are_no_code_where_they_nest() -> None:
    body = '<Cards>\n\n    <Card href="/b/" />\n\n</Cards>'

    assert links(body, BodyFormat.MDX) == [(LinkStyle.URL, "/b/", "")]
    assert links(body) == []
