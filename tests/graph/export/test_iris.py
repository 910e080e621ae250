import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.export.iris import as_iri, is_iri
from tests.cases import random_cases


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example",
        "http://x.example:8080/a/b;c=1,2/(d)?e=f&g=?/#h?i",
        "https://bücher.example/straße/%C3%A9/嵐?q=ü#ß",
        "http://[2001:db8::1]:80/x",
        "https://x.example/%E2%82%AC'!*",
        "HTTPS://x.example/",
        "https://x.example/?private=\ue000",
    ],
)
def test_an_iri_stays_as_it_is(address: str) -> None:
    assert is_iri(address)
    assert as_iri(address) == address


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://x.example/a b", "https://x.example/a%20b"),
        ("https://x.example/100%", "https://x.example/100%25"),
        ("https://x.example/%zz?a=%4", "https://x.example/%25zz?a=%254"),
        ("https://x.example/[a]?b[0]=1", "https://x.example/%5Ba%5D?b%5B0%5D=1"),
        ("https://x.example/#a#b", "https://x.example/#a%23b"),
        ('https://x.example/"<>\\^`{|}', "https://x.example/%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("https://x.example/\ue000\x85\ufffe", "https://x.example/%EE%80%80%C2%85%EF%BF%BE"),
    ],
)
def test_what_may_not_stand_in_an_iri_is_encoded(address: str, written: str) -> None:
    assert not is_iri(address)
    assert as_iri(address) == written
    assert is_iri(written)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/img/x.png",
        "x.example/a",
        "//x.example/a",
        "https://",
        "https:///a",
        "http://a:b/",
        "https://ex ample/",
        "ftp://x.example/",
        "mailto:a@x.example",
        "https://a@b@c/",
    ],
)
def test_what_is_no_complete_address_cannot_be_one(address: str) -> None:
    assert not is_iri(address)
    assert as_iri(address) is None


@random_cases(500)
@given(st.text(max_size=30))
def test_any_path_can_be_written_as_one(path: str) -> None:
    written = as_iri(f"https://x.example/{path}")
    assert written is not None
    assert is_iri(written)
    assert not re.search(r'[\s<>"{}|\\^`\x00-\x1f\[\]]', written, re.ASCII)  # other spaces may stand in one
    if not re.search("[#%\ud800-\udfff]", path):
        assert unquote(written) == f"https://x.example/{path}"
