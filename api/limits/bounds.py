"""`Limits`: the most that one operation may be, have and cost; `LimitError`: it is beyond one of them."""

from dataclasses import dataclass

from api.errors import RequestError
from api.settings import Settings


class LimitError(RequestError):
    """A request that is refused for its size or its cost; the message says what is too large, by how much, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ample for what people and clients write, and such that judging and validating a document takes less than 0.1 s."""

    characters: int = 100_000
    """Of a query's text."""
    tokens: int = 4_000
    """Words and signs of a query, fragments and comments included."""
    operations: int = 20
    """In one document, of which only one is executed."""
    depth: int = 20
    """Fields within one another, leaves included, whatever fragments they stand in."""
    aliases: int = 100
    """Fields with an alias in an operation; those in a fragment count each time that it is spread."""
    fields: int = 5_000
    """In an operation, with those of its fragments each time that they are spread: so many the cost is worked out for."""
    repeated_fields: int = 20_000
    """Pairs of fields with the same name in the answer, anywhere in the document, and pairs of fragment spreads; validation
    has to compare them all. A name that stands n times makes n * (n - 1) / 2 pairs: 200 times 19,900."""
    directives: int = 5
    """At one field, fragment, spread, operation or variable."""
    introspection_depth: int = 2
    """Lists of fields, input fields, interfaces and possible types within one another."""
    is_introspection_allowed: bool = True
    """Whether clients may ask for the schema; if not, errors suggest no names either."""
    number_digits: int = 40
    """Characters of one number, in the query and in variables."""
    variable_depth: int = 32
    """Lists and objects within one another."""
    variable_values: int = 10_000
    """Values in the variables, those of lists and objects included."""
    variable_characters: int = 250_000
    """In all texts and names of the variables together."""
    validation_errors: int = 10
    """After so many errors, no more are looked for."""
    page_size: int = 20
    """Entries of a page when a query gives neither `first` nor `last`."""
    max_page_size: int = 100
    """Entries of a page, whatever a query asks for."""
    cost: int = 50_000
    """What an operation may cost; 1 is about the work for one node."""

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """What operators set, and the rest."""
        return cls(
            characters=settings.max_query_characters,
            tokens=settings.max_query_tokens,
            depth=settings.max_depth,
            aliases=settings.max_aliases,
            repeated_fields=settings.max_repeated_fields,
            directives=settings.max_directives,
            is_introspection_allowed=settings.introspection,
            number_digits=settings.max_number_digits,
            variable_depth=settings.max_variable_depth,
            page_size=settings.page_size,
            max_page_size=settings.max_page_size,
            cost=settings.max_cost,
        )
