"""The linear analysis equals writing every fragment out, on random operations over the whole schema."""

from random import Random

from graphql import OperationDefinitionNode
from hypothesis import given
from hypothesis import strategies as st

from api.limits import Limits, parse
from api.limits.document import shapes
from api.schema.assembly import schema
from tests.api.execution.generated_operations import Generator, Pools
from tests.api.limits import expansion
from tests.cases import random_cases

LIMITS = Limits(tokens=100_000, page_size=7, max_page_size=30)
POOLS = Pools(
    ids=["a_aaaaaaaaaaaaaaaa"],
    by={"ArticleBy": {"slug": ["a"]}, "ProviderBy": {"domain": ["a.example"]}, "TopicBy": {"name": ["A"]}},
    topics=["A", "B"],
    domains=["a.example"],
    words=["a", "b"],
    dates=["2024-01-01"],
    versions=["0"],
    cursors={},
)


@random_cases(200)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_shape_is_that_of_the_document_written_out(seed: int, size: int) -> None:
    (first,) = Generator(schema._schema, POOLS, Random(seed), size).requests(1)
    document = parse(first.query, LIMITS)
    operations = [found for found in document.definitions if isinstance(found, OperationDefinitionNode)]
    found, _ = shapes(document, LIMITS)
    for operation, shape in zip(operations, found, strict=True):
        assert shape.depth == expansion.depth(document, operation.selection_set)
        assert shape.aliases == expansion.aliases(document, operation.selection_set)
        assert shape.fields == expansion.fields(document, operation.selection_set)
