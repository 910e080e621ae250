"""When a service collects garbage: in small steps, and now and then what is older.

graphql-core makes a dozen objects for each field, and a new graph has hundreds of thousands. As Python does it by itself, the
collector would go through all of them again and again, each time for a good part of a second in which nothing is answered.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from graph.memory import collect_older, collection_in_steps

_INTERVAL = 10.0
"""Seconds after which older objects are looked at."""


@asynccontextmanager
async def collecting() -> AsyncIterator[None]:
    """While this lasts, for the whole process."""
    with collection_in_steps():
        task = asyncio.create_task(_collect())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _collect() -> None:
    while True:
        await asyncio.sleep(_INTERVAL)
        collect_older()
