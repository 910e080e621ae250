"""Answers clients over GraphQL, HTTP and the command line, from what `graph` holds.

    import api, graph
    from graph.stores.memory import MemoryStore

    app = api.create_app(api.Settings(), MemoryStore(graph.load("seeds")))

Each name is imported when it is used first.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.schema.assembly import build_schema
    from api.schema.batching import batch_field
    from api.schema.context import Context, settle
    from api.schema.object_types import Article, Provider, Story, Topic
    from api.schema.query import Query
    from api.settings import Settings
    from api.web.app import create_app

__all__ = [
    "Article",
    "Context",
    "Provider",
    "Query",
    "Settings",
    "Story",
    "Topic",
    "batch_field",
    "build_schema",
    "create_app",
    "settle",
]

_MODULES = {
    "api.schema.assembly": ("build_schema",),
    "api.schema.batching": ("batch_field",),
    "api.schema.context": ("Context", "settle"),
    "api.schema.object_types": ("Article", "Provider", "Story", "Topic"),
    "api.schema.query": ("Query",),
    "api.settings": ("Settings",),
    "api.web.app": ("create_app",),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
