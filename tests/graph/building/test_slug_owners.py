from datetime import UTC, datetime
from typing import NamedTuple

from graph.building.slug_owners import by_precedence, name_owners, slug_owners


class Named(NamedTuple):
    file: str | None
    url: str | None = None
    published_date_time: datetime | None = None
    slugs: tuple[str, ...] = ()


def test_newest_file_has_the_name_then_the_first_file_then_the_first_url() -> None:
    day = datetime(2024, 1, 1, tzinfo=UTC)
    ranked = [
        Named("c", None, day),
        Named("a"),
        Named("b"),
        Named(None, "https://a.example", day),
        Named(None, "https://b.example"),
    ]
    reported: list[tuple[str, Named, Named]] = []

    while ranked:
        reported.clear()
        owners = name_owners(
            by_precedence(ranked[::-1]), lambda _: (("x", "y"),) * 2, lambda *dispute: reported.append(dispute)
        )
        assert owners == dict.fromkeys("xy", ranked[0])
        assert reported == [("x", loser, ranked[0]) for loser in ranked[1:]]
        ranked.pop(0)


def test_own_slugs_come_before_file_names_and_these_before_slugs_of_copies() -> None:
    copy = Named(None, "https://a.example", slugs=("a", "b", "c"))
    named = Named("a.md", slugs=("b", "a"))
    other = Named("b.md", slugs=("a",))

    assert slug_owners(by_precedence([copy, named, other])) == {"b": named, "a": other, "c": copy}
