import tomllib

from hypothesis import given
from hypothesis import strategies as st

from graph.problems import FieldPath
from graph.reading.front_matter import parse_catalogue, parse_front_matter
from graph.reading.toml_lines import toml_lines

EVERYTHING = """\
title = "A"  # [no.table]
"quoted key" = '''
a = 1
[b]
'''
tags = [ # a list, of
  "x", "]", # two
  {a = 1, b = [2]},
  [3,
   4],
]
empty = []
provider.name = 'P'
inline = {a = "}"}

[extra]
b = 1979-05-27 07:32:00
[[images]]
url = "x\\"]"
[[images]]
url = "y"
[images.more]
z = 1
[a."b.c"]
d = -1.5"""


def test_fields_of_every_form_have_their_lines() -> None:
    tomllib.loads(EVERYTHING)
    found = dict(toml_lines(EVERYTHING))

    lines: dict[FieldPath, int] = {("title",): 1, ("quoted key",): 2, ("tags",): 6, ("tags", 0): 7, ("tags", 1): 7}
    lines |= {("tags", 2): 8, ("tags", 3): 9, ("empty",): 12, ("provider", "name"): 13, ("inline",): 14}
    lines |= {("extra",): 16, ("extra", "b"): 17, ("images", 0): 18, ("images", 0, "url"): 19, ("images", 1): 20}
    lines |= {("images", 1, "url"): 21, ("images", 1, "more"): 22, ("images", 1, "more", "z"): 23}
    assert found == lines | {("a", "b.c"): 24, ("a", "b.c", "d"): 25}


VALUES = [
    *(
        "1",
        "true",
        '"a"',
        '"""\na = 1\n"""',
        "'''\n[x]\n'''",
        "[]",
        "[\n1,\n2 # ]\n]",
        '{a = "}", b = [1]}',
        "2024-05-03",
    ),
    *('"\\""', "'#'", "[[1, 2],\n[3]]", "# no value"),
]


@given(st.lists(st.sampled_from(VALUES), max_size=8), st.sampled_from(["", "[t]", "[[t]]"]))
def test_every_key_is_found_on_its_line_whatever_stands_above(values: list[str], table: str) -> None:
    lines = [table, *(text if text.startswith("#") else f"k{place} = {text}" for place, text in enumerate(values))]
    text = "\n".join(lines)
    tomllib.loads(text)
    above = ("t", 0) if table == "[[t]]" else ("t",) if table else ()
    found = dict(toml_lines(text))

    for place, written in enumerate(values):
        if not written.startswith("#"):
            assert text.split("\n")[found[(*above, f"k{place}")] - 1].startswith(f"k{place} = ")


@given(st.text(alphabet="ab=[]{}\"'#.,\n ", max_size=40))
def test_no_text_raises(text: str) -> None:
    assert all(line <= text.count("\n") + 1 for _, line in toml_lines(text))


def test_problems_in_toml_have_their_lines() -> None:
    document = parse_front_matter("\n+++\ntitle = 'A'\n\n[extra]\ndate = 'soon'\n+++\nText")
    catalogue = parse_catalogue("name = 'A'\ndomain = 1", ".toml")

    assert document is not None
    assert catalogue is not None
    assert [document.line(("title",)), document.line(("extra", "date", "x")), catalogue.line(("domain",))] == [3, 6, 2]
