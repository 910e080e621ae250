"""Fields that are resolved for many parents at a time.

A batch resolver takes the parents of a level, each once, the context, and the field's arguments by keyword, and answers
one value per parent in their order, at once or, as a coroutine function does, awaitably; an exception in place of a value
fails the field of that parent. graphql-core
resolves one parent at a time, so `batch_field` collects the parents of one turn of the event loop with a DataLoader. An
executor that works level by level calls the resolver itself, `batch_resolver(field)`.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import strawberry
from strawberry import Info
from strawberry.types.field import StrawberryField

from api.adapters.strawberry import syntax_node
from api.schema.context import Context, settle
from graph.checkpoints import checkpoint
from graph.stores.protocol import Answer

BatchResolver: TypeAlias = Callable[..., Answer[Sequence[Any]]]


def batch_field(
    resolve: BatchResolver,
    *,
    description: str,
    name: str | None = None,
    deprecation_reason: str | None = None,
    nodes: BatchResolver | None = None,
) -> Any:
    """A Strawberry field whose arguments are the keyword-only parameters of `resolve`.

    `nodes`, of a field of pages: answers the nodes of each page alone, for who selects nothing else of them.
    """
    arguments = [
        parameter
        for parameter in inspect.signature(resolve).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]

    def resolve_one(root: Any, info: Info[Context, None], **kwargs: Any) -> Awaitable[Any]:
        # graphql-core calls this for each object of a level: here, work on a large level can be stopped half-way.
        checkpoint()

        async def load(parents: list[Any]) -> Sequence[Any]:
            checkpoint()
            return await settle(resolve(parents, info.context, **kwargs))

        # Keyed by syntax node: within a request it has one set of arguments, whatever parents it is resolved for.
        value = info.context.loader(id(syntax_node(info)), lambda: load).load(root)
        assert isinstance(value, asyncio.Future)
        value.add_done_callback(_note_failure)
        return value

    resolve_one.__module__ = resolve.__module__
    resolve_one.__name__ = resolve.__name__
    resolve_one.__annotations__ = {
        "info": Info[Context, None],
        **{parameter.name: parameter.annotation for parameter in arguments},
    }
    resolve_one.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what Strawberry reads
        [
            inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info[Context, None]),
            *arguments,
        ]
    )
    return strawberry.field(
        resolver=resolve_one,
        description=description,
        name=name,
        deprecation_reason=deprecation_reason,
        metadata={"batch": resolve, "nodes": nodes},
    )


def _note_failure(value: "asyncio.Future[Any]") -> None:
    """Spares the log a failure that nobody asks for any more, since a part of the answer around it is null by then."""
    if not value.cancelled():
        value.exception()


def batch_resolver(field: StrawberryField) -> BatchResolver | None:
    """The batch resolver that the field was made from; None for a plain field."""
    resolver: BatchResolver | None = field.metadata.get("batch")
    return resolver


def nodes_resolver(field: StrawberryField) -> BatchResolver | None:
    """The batch resolver of the nodes of the field's pages alone, if it has one."""
    resolver: BatchResolver | None = field.metadata.get("nodes")
    return resolver
