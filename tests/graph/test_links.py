import inspect
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import links
from graph.links import (
    canonical_url,
    clean_url,
    composed,
    file_slug,
    has_user,
    is_node_id,
    name_slug,
    node_id,
    provider_domain,
)
from graph.model import NodeKind
from tests.cases import random_cases

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "HTTPS://",
            "a.b",
            "EXAMPLE.org.",
            "www.",
            "Ö.de",
            "e\u0301",
            "%CC%88",
            "%e3%82",
            "İ.x",
            "[::1]",
            "u:p@",
            ":80",
            ":443",
            ":8443",
            ":",
        ),
        *(
            "/",
            "//",
            "?",
            "&",
            "#",
            "=",
            "utm_source=x",
            "UTM_a",
            "fbclid=1",
            "gclid",
            "a=b",
            "%20",
            "%zz",
            "é",
            "..",
            ";",
        ),
        *(" ", "\t", "\u00a0", "\u3000", "\u2028", "\ufeff", "\\", "|", '"', "\u2100", "。", "\x7f", "x" * 1_000),
    ]
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org/a", "https://example.org/a"),
        ("HTTPS://Example.ORG/A", "https://example.org/A"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/a?utm_source=x&id=7&UTM_Medium=y", "https://example.org/a?id=7"),
        ("https://example.org/a?fbclid=1", "https://example.org/a"),
        ("https://example.org/a/?gclid=1", "https://example.org/a"),
        ("https://example.org/a?b=2&&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?utmost=1", "https://example.org/a?utmost=1"),
        ("  https://example.org/a b  ", "https://example.org/a%20b"),
        ("https://www.example.org/a", "https://www.example.org/a"),
        ("http://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https://example.org/é?q=ü&r=%c3%bc", "https://example.org/%C3%A9?q=%C3%BC&r=%C3%BC"),
        ("https://example.org/%7ea%2fb%zz", "https://example.org/%7Ea%2Fb%zz"),
        ("https://example.org/e\u0301?q=u\u0308", "https://example.org/%C3%A9?q=%C3%BC"),
        ("https://example.org/e%CC%81?q=u%cc%88", "https://example.org/%C3%A9?q=%C3%BC"),
        ("https://example.org/%e9%cc%81%ff", "https://example.org/%E9%CC%81%FF"),
        ("https://example.org/\u30ab\u3099", "https://example.org/%E3%82%AC"),
        ("https://Bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://Bu\u0308cher.example/a", "https://xn--bcher-kva.example/a"),
        (f"https://{'ü' * 70}.example/a", f"https://{'ü' * 70}.example/a"),
    ],
)
def test_canonical_url_is_one_form_for_all_ways_to_write_an_address(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize(
    "text",
    [
        *("", "example.org", "//example.org/a", "/a", "https:", "https://", "https:///a", "ftp://example.org/a"),
        *("javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "file:///etc/passwd"),
        *("https://a_b_/x y/\n", "https://exa mple.org/a", "https://-a.org", "https://example..org", "https://[::1"),
        *("https://example.org:99999/", "https://example.org:0/", "https://example.org/\x00", "https://example.org\\a"),
        *("https://example.org/\ud800", "https://example.org/" + "x" * 2_048, "https://example.org/" + "é" * 400),
    ],
)
def test_only_complete_http_and_https_addresses_survive(text: str) -> None:
    assert (clean_url(text), canonical_url(text)) == (None, None)


def test_clean_url_keeps_what_was_written_but_encodes_what_urls_cannot_hold() -> None:
    assert clean_url(' http://Example.org/a b?q="é"|\u3000# ') == "http://Example.org/a%20b?q=%22é%22%7C%E3%80%80#"


@pytest.mark.parametrize(
    ("written", "clean", "user"),
    [
        ("https://user:secret@example.org/a@b", "https://example.org/a@b", True),
        ("https://@example.org//@", "https://example.org//@", True),
        ("https://example.org/user:secret@a", "https://example.org/user:secret@a", False),
        ("ftp://user:secret@example.org", None, False),
    ],
)
def test_clean_url_has_no_user_name(written: str, clean: str | None, user: bool) -> None:
    assert (clean_url(written), has_user(written)) == (clean, user)


def test_the_longest_http_address_is_still_an_address_in_its_canonical_form() -> None:
    canonical = canonical_url("http://example.org/" + "x" * 2_036)

    assert canonical is not None
    assert canonical_url(canonical) == canonical


@given(st.lists(PIECES, max_size=8).map("".join))
def test_canonical_url_of_a_canonical_url_is_itself(rest: str) -> None:
    canonical = canonical_url("http://a" + rest)

    assert canonical is None or (canonical_url(canonical), clean_url(canonical)) == (canonical, canonical)


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("Example.ORG", "example.org"),
        (" www.example.org. ", "example.org"),
        ("news.example.org", "news.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("WWW.XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("example", None),
        ("https://example.org", None),
        ("example.org/a", None),
        ("a b.org", None),
        ("", None),
        ("x" * 250 + ".org", None),
    ],
)
def test_provider_is_its_domain_in_lower_case_without_www(written: str, domain: str | None) -> None:
    assert provider_domain(written) == domain


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Meta AI", "meta-ai"),
        ("  meta   ai ", "meta-ai"),
        ("Ångström", "angstrom"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("R&D", "r-and-d"),
        (".NET", "dot-net"),
        ("NET", "net"),
        ("C# & .NET", "c-sharp-and-dot-net"),
        ("ASP.NET, Node.js", "asp-net-node-js"),
        ("Men’s 1,000 m²", "men-s-1000-m2"),
        ("Новости", "новости"),
        ("мой", "мой"),
        ("会议", "会议"),
        ("हिन्दी", "हिन्दी"),
        ("Love ❤️", "love"),
        ("❤️", None),
        ("!!!", None),
        ("", None),
    ],
)
def test_topic_is_the_slug_of_its_name(name: str, slug: str | None) -> None:
    assert name_slug(name) == slug


@pytest.mark.parametrize("package", ["unidecode", "text_unidecode"])
def test_slugs_do_not_depend_on_what_is_installed(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    assert [name_slug(name) for name in ("Zürich ‒ 会议", "Новости, again")] == ["zurich-会议", "новости-again"]


@given(st.text(max_size=30))
def test_slug_of_a_slug_is_itself(name: str) -> None:
    slug = name_slug(name)

    assert slug is None or name_slug(slug) == slug


def test_names_are_composed_and_long_texts_left_alone() -> None:
    assert composed("cafe\u0301 \u1112\u1161\u11ab") == "café 한"
    assert composed("plain") == "plain"
    endless = "a" + "\u0301\u0316" * 1_000_000
    assert composed(endless) is endless


def test_long_texts_enter_no_cache() -> None:
    for function, text in ((canonical_url, "https://example.org/" + "x" * 2_040), (name_slug, "x" * 1_001)):
        cached = inspect.getclosurevars(function).nonlocals["cached"]
        before = cached.cache_info().currsize
        function(text)
        assert cached.cache_info().currsize == before
    before = links._remembered_id.cache_info().currsize
    node_id(NodeKind.TOPIC, "x" * 10_000)
    assert links._remembered_id.cache_info().currsize == before


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("2024-05-03-ferry-strike", "ferry-strike"),
        ("2024-5-3-ferry-strike", "ferry-strike"),
        ("2024-02-31-no-such-day", "2024-02-31-no-such-day"),
        ("2024-05-03-", "2024-05-03-"),
        ("ferry-strike", "ferry-strike"),
    ],
)
def test_file_slug_drops_a_leading_date(stem: str, slug: str) -> None:
    assert file_slug(stem) == slug


def test_ids_never_change() -> None:
    assert [
        node_id(NodeKind.ARTICLE, "https://example.org/a"),
        node_id(NodeKind.ARTICLE, "slug:ferry-strike"),
        node_id(NodeKind.PROVIDER, "example.org"),
        node_id(NodeKind.TOPIC, "meta-ai"),
        node_id(NodeKind.PERSON, "ada-quill"),
    ] == [
        "a_ski6vfnjmimbloo3",
        "a_yj56jd7umh27th7n",
        "p_agnqalxtvhaupnru",
        "t_epzqw55mije2c7nl",
        "h_ys5cm4helwomnl2g",
    ]


def test_equal_keys_of_different_kinds_have_different_ids() -> None:
    ids = [node_id(kind, "energy") for kind in NodeKind]

    assert len({id_[1:] for id_ in ids}) == len({id_[0] for id_ in ids}) == len(ids)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a_" + "b" * 16, True),
        ("t_" + "2" * 16, True),
        ("s_" + "z" * 16, True),
        ("h_" + "z" * 16, True),
        ("x_" + "b" * 16, False),
        ("a_" + "B" * 16, False),
        ("", False),
    ],
)
def test_is_node_id_knows_the_form_of_an_id(text: str, answer: bool) -> None:
    assert is_node_id(text) is answer


@random_cases(2_000)
@given(st.from_regex(r"\Ahttps?://[a-z0-9.-]{1,12}(/[A-Za-z0-9/._~%?#&=:@-]{0,12})?\Z"))
def test_simple_urls_are_read_like_all_others(url: str) -> None:
    other_way = f"HTTP{url[4:]}"  # in capitals it is not simple

    assert canonical_url(url) == canonical_url(other_way)
    cleaned = clean_url(other_way)
    assert clean_url(url) == (cleaned and f"http{cleaned[4:]}")
