from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bodies.targets import BodyLink, LinkStyle
from graph.model import BodyFormat, Image
from graph.problems import Problem, ProblemCode, Severity
from graph.reading.copies import CheckedCopies
from graph.reading.files import SourceKind, read_source
from graph.reading.folders import find_sources
from graph.reading.packing import Packer, RowError, Unpacker, write_rows
from graph.reading.parsing import ParsedFile, parse_source
from graph.reading.records import (
    CatalogueEntry,
    Document,
    HiddenReason,
    PersonMention,
    ProviderMention,
    Reference,
    SharedReferences,
    TopicMention,
)
from tests.cases import random_cases

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
MAYBE_TEXT = st.none() | TEXT
INTEGER = st.none() | st.integers(-(2**31), 2**31 - 1)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXT, children, max_size=3),
    max_leaves=3,
)
MOMENT = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
IMAGES = st.lists(
    st.builds(Image, TEXT, INTEGER, INTEGER, st.none() | st.booleans(), MAYBE_TEXT, MAYBE_TEXT), max_size=2
).map(tuple)
MENTION = st.none() | st.builds(ProviderMention, TEXT, MAYBE_TEXT, MAYBE_TEXT, IMAGES)
PERSON = st.builds(PersonMention, TEXT, TEXT, MAYBE_TEXT, IMAGES, MAYBE_TEXT)
COMMON: dict[str, Any] = {
    **dict.fromkeys(
        ("title", "excerpt", "web_url", "original_url", "amp_web_url", "cdn_amp_web_url", "type", "category"),
        MAYBE_TEXT,
    ),
    "published_date_time": MOMENT,
    "updated_date_time": MOMENT,
    "quality": INTEGER,
    "heat": INTEGER,
    "images": IMAGES,
    "provider": MENTION,
}
REFERENCES = st.lists(st.builds(Reference, key=TEXT, slug=MAYBE_TEXT, **COMMON), min_size=1, max_size=2)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PATHS = st.lists(TEXT | st.integers(0, 99), max_size=3).map(tuple)
LINKS = st.lists(st.builds(BodyLink, st.sampled_from(LinkStyle), TEXT, TEXT, st.integers(0, 99)), max_size=2).map(tuple)
PROBLEM = st.builds(
    Problem, st.sampled_from(Severity), st.sampled_from(ProblemCode), TEXT, TEXT, st.none() | st.integers(1, 99), PATHS
)
ENTRY = st.builds(
    CatalogueEntry, TEXT, st.sampled_from(SourceKind), TEXT, TEXT, TEXTS, MAYBE_TEXT, MAYBE_TEXT, MAYBE_TEXT, TEXTS, TEXTS, TEXTS,
    IMAGES, MAYBE_TEXT, MAYBE_TEXT, st.none() | st.sampled_from(HiddenReason),
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn) -> list[list[ParsedFile]]:
    """Parsed files in parts, which embed the same few references."""
    references = draw(REFERENCES)
    values = dict(
        file=TEXT,
        key=TEXT,
        url=MAYBE_TEXT,
        slug=TEXT,
        names=TEXTS,
        body=MAYBE_TEXT,
        hidden=st.none() | st.sampled_from(HiddenReason),
        visible_from=MOMENT,
        visible_until=MOMENT,
        authors=st.lists(PERSON, max_size=2).map(tuple),
        topics=st.lists(st.builds(TopicMention, TEXT, TEXT), max_size=2).map(tuple),
        **dict.fromkeys(("aliases", "series", "items"), TEXTS),
        **dict.fromkeys(
            ("address", "permalink", "doc_id", "language", "translation_key", "previous", "next"), MAYBE_TEXT
        ),
        body_format=st.sampled_from(BodyFormat),
        links=LINKS,
        lines_above=st.integers(0, 99),
        weight=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        related=st.lists(st.none() | st.sampled_from(references), max_size=4).map(tuple),
        related_lines=st.dictionaries(st.integers(0, 9), st.none() | st.integers(1, 99), max_size=2).map(
            MappingProxyType
        ),
        front_matter=st.dictionaries(TEXT, JSON, max_size=3).map(MappingProxyType),
        identity_line=st.none() | st.integers(1, 99),
        identity_path=PATHS,
        **COMMON,
    )
    assert values.keys() == Document.__dataclass_fields__.keys()  # else hypothesis makes up values of its own
    documents = st.builds(Document, **values)
    problems = st.lists(PROBLEM, max_size=2).map(tuple)
    parsed = st.builds(ParsedFile, st.none() | documents, st.lists(ENTRY, max_size=2).map(tuple), problems)
    return draw(st.lists(st.lists(parsed, max_size=1), min_size=1, max_size=2))


@random_cases(150)
@given(parts())
def test_what_is_packed_is_unpacked(packed: list[list[ParsedFile]]) -> None:
    packer, unpacker = Packer(), Unpacker(SharedReferences())

    unpacked = [unpacker.unpack(packer.pack(part)) for part in packed]

    assert repr(unpacked) == repr(packed)  # 1 and 1.0 and True are equal, and a list is no tuple


@pytest.mark.thorough
def test_corpus_survives_packing(corpus: Path) -> None:
    copies = CheckedCopies()
    sources = find_sources([corpus]).sources
    parsed: list[ParsedFile] = []
    for source in sources[::5]:
        data = read_source(source)
        assert isinstance(data, bytes)
        parsed.append(parse_source(source, data, copies))

    unpacked = Unpacker(SharedReferences()).unpack(Packer().pack(parsed))

    assert repr(unpacked) == repr(parsed)
    references = [found for file in unpacked if file.document for found in file.document.related if found]
    assert len({*references}) == len({*map(repr, references)})


def embedding(reference: Reference) -> ParsedFile:
    values: dict[str, Any] = dict.fromkeys(Document.__dataclass_fields__) | {
        "related": (reference,),
        "related_lines": {},
    }
    return ParsedFile(Document(**values))


def named(key: str, **values: Any) -> Reference:
    nothing: dict[str, Any] = dict.fromkeys(Reference.__dataclass_fields__)
    return Reference(**(nothing | {"key": key, "images": ()} | values))


def test_readers_may_share_references() -> None:
    reference = named("k")
    shared = SharedReferences()
    packed = Packer().pack([embedding(reference)])

    first, second = (Unpacker(shared).unpack(packed)[0].document for _ in range(2))

    assert first is not None
    assert second is not None
    assert first.related[0] is second.related[0] is shared.share(reference)


@random_cases(500)
@given(st.one_of(JSON, st.lists(st.lists(JSON), min_size=3, max_size=3)).map(write_rows) | st.binary(max_size=30))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with suppress(RowError):
        assert Unpacker(SharedReferences()).unpack(data) in ([], [ParsedFile()])


def test_equal_providers_of_documents_and_references_become_one_object() -> None:
    provider = [
        ProviderMention("heise.example", "heise.example", "Heise", (Image("https://heise.example/i"),))
        for _ in range(3)
    ]
    files = [embedding(named(str(place), provider=mention)) for place, mention in enumerate(provider)]
    own = ParsedFile(replace(files[0].document, provider=provider[0]) if files[0].document else None)

    unpacked = Unpacker(SharedReferences()).unpack(Packer().pack([*files, own]))

    documents = [file.document for file in unpacked if file.document]
    found = [documents[3].provider, *(found.provider for document in documents for found in document.related if found)]
    assert found == [provider[0]] * 5
    assert len({*map(id, found)}) == 1


def test_moments_keep_their_zone_and_fraction() -> None:
    moment = datetime(2024, 5, 3, 9, 30, 0, 123456, tzinfo=UTC)
    reference = named("k", published_date_time=moment)

    [parsed] = Unpacker(SharedReferences()).unpack(Packer().pack([embedding(reference)]))

    assert parsed.document is not None
    assert repr(parsed.document.related[0]) == repr(reference)


def test_row_of_another_length_is_refused() -> None:
    with pytest.raises(RowError, match="A Reference has 16 fields"):
        Unpacker(SharedReferences()).unpack(write_rows([[], [[0] * 17], []]))
