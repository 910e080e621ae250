"""Hints beside an answer: the nearest names where nothing has the name that was asked for, whichever executor found that."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from api.json_text import to_json
from api.schema.context import Context, settle
from graph.building.lookups import Lookup
from graph.problems import quote

_MEANT: Mapping[Lookup, str] = MappingProxyType(
    {lookup: lookup.name.lower().replace("_by_", " has the ") for lookup in Lookup}
)


async def hints_of(context: Context) -> list[dict[str, Any]]:
    """One for each look-up that found nothing although there are similar names, in no order that an executor sets."""
    missed: dict[Lookup, list[str]] = defaultdict(list)
    for lookup, name in sorted(context.missed, key=lambda found: (found[0].value, found[1])):
        missed[lookup].append(name)
    hints = []
    for lookup, names in missed.items():
        nearest = await settle(context.reader.nearest(lookup, names))
        for name, found in zip(names, nearest, strict=True):
            if found:
                message = f"No {_MEANT[lookup]} {quote(name)}; the nearest: {', '.join(map(quote, found))}."
                hints.append({"message": message, "nearest": list(found)})
    return hints


async def body_of(data: bytes, context: Context) -> bytes:
    """The body of the response with this `data`, which was executed in the context."""
    hints = await hints_of(context) if context.missed else []
    return b'{"data":%b,"extensions":%b}' % (data, to_json({"hints": hints})) if hints else b'{"data":%b}' % data
