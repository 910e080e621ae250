import pytest

from graph.building.similar_names import similar_names
from graph.reading.documents import check_document
from graph.reading.files import SourceKind
from graph.reading.front_matter import parse_front_matter
from graph.reading.records import CatalogueEntry, Document


def documents(*fields: str) -> list[Document]:
    found = []
    for number, text in enumerate(fields):
        front_matter = parse_front_matter(f"---\n{text}\n---\n")
        assert front_matter is not None
        found.append(check_document(f"{number}.md", front_matter)[0])
    return found


def found(*fields: str, entries: tuple[CatalogueEntry, ...] = ()) -> list[tuple[str, str]]:
    return [(problem.file, problem.message) for problem in similar_names(documents(*fields), entries)]


@pytest.mark.parametrize("typo", ["Wether", "Weatther", "Waether", "Weathar"])
def test_rare_name_next_to_a_frequent_one_is_told_once(typo: str) -> None:
    assert found(*["topics: [Weather]"] * 10, f"topics: [{typo}]", f"topics: [{typo}]") == [
        (
            "10.md",
            f"The topic “{typo}” is nearly “Weather”, which 10 articles name; correct it if that is what is meant.",
        )
    ]


def test_authors_and_providers_without_a_domain_are_compared_too() -> None:
    many = ["author: Ada Quill\nprovider: Harbour Post"] * 5
    kinds = [message.split("“")[0] for _, message in found(*many, "author: Ada Quil\nprovider: Harbor Post")]

    assert kinds == ["The author ", "The provider "]


def test_name_next_to_a_described_one_is_told() -> None:
    entry = CatalogueEntry("t.yaml", SourceKind.TOPIC, "weather", "Weather")

    ((file, message),) = found("topics: [Wether]", entries=(entry,))
    assert (file, message) == (
        "0.md",
        "The topic “Wether” is nearly “weather”, which a catalogue describes; correct it if that is what is meant.",
    )


@pytest.mark.parametrize(
    ("frequent", "rare"),
    [("Cats", "Bats"), ("Ferries", "Ferriess"), ("Ferry", "Ferrys"), ("Covid-19", "Covid-18"), ("Weather", "Climate")],
)
def test_short_names_plurals_numbers_and_other_words_are_left_alone(frequent: str, rare: str) -> None:
    assert found(*[f"topics: [{frequent}]"] * 10, f"topics: [{rare}]") == []


def test_name_that_is_not_rare_is_meant() -> None:
    assert found(*["topics: [Weather]"] * 10, *["topics: [Wether]"] * 3) == []
    assert found(*["topics: [Weather]"] * 4, "topics: [Wether]") == []
