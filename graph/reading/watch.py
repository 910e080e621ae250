"""Tells when something changes in folders, by what the operating system reports; needs no thread of the caller."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from watchfiles import Change, awatch

from graph.reading.folders import may_matter
from graph.reading.site_roots import telling_above

logger = logging.getLogger(__name__)

_QUIET = 50
"""Milliseconds without a further change that end a burst."""
_LONGEST_BURST = 2_000
"""Milliseconds after which a burst is told of though it goes on."""
_LOOK = 1.0
"""Seconds between two looks at the folders themselves, whose end and return are not reported."""
_PAUSE = 5.0
"""Seconds after which watching begins anew if it failed."""
_FAILED = (
    "Watching for changes failed: %s. In %g seconds it begins anew by looking through the folders time and again. If the "
    "system's limits are the reason (open files, fs.inotify.* on Linux), raise them and restart."
)


class _Place(NamedTuple):
    """Where a folder really is: another place if it was replaced."""

    root: Path
    device: int
    inode: int


Matters = Callable[[Path, Path], bool]
"""Whether a change of a path below a root matters."""


async def changes(folders: Sequence[Path], matters: Matters = may_matter) -> AsyncGenerator[frozenset[Path], None]:
    """The paths of each burst of changes, as soon as it is over, without those that cannot matter to a graph.

    A change of a configuration above a folder, of whose site it is a part, is told within a second. The set is empty where the paths are unknown: shortly after the beginning, for what changed before that, and whenever
    one of the folders was replaced, is gone, or is there again. It never ends by itself: when watching fails, that is
    logged, and it begins anew by looking for changes, which needs nothing of the system that it may be short of.
    """
    is_polling = False
    while True:
        try:
            async with aclosing(_until_replaced(folders, matters, is_polling)) as bursts:
                async for burst in bursts:
                    yield burst
        except FileNotFoundError:  # gone just now
            await asyncio.sleep(_LOOK)
        except Exception as cause:  # watchfiles has errors of its own, which are RuntimeErrors, some in a group
            logger.warning(_FAILED, _reason(cause), _PAUSE)
            is_polling = True
            await asyncio.sleep(_PAUSE)


def _reason(cause: Exception) -> Exception:
    while isinstance(cause, ExceptionGroup):
        cause = cause.exceptions[0]
    return cause


async def _until_replaced(
    folders: Sequence[Path], matters: Matters, is_polling: bool
) -> AsyncGenerator[frozenset[Path], None]:
    """The bursts in the folders that are there; ends with one as soon as they are others."""
    places = _places(folders)
    if not places:
        await asyncio.sleep(_LOOK)
        return
    batches = awatch(
        *{place.root for place in places},
        watch_filter=partial(_matters, matters, tuple(place.root for place in places)),
        debounce=_LONGEST_BURST,
        step=_QUIET,
        rust_timeout=int(1_000 * _LOOK),
        yield_on_timeout=True,
        force_polling=is_polling or None,
        ignore_permission_denied=True,
    )
    is_first = True
    above = _stamps_above(places)
    async with aclosing(batches):
        async for batch in batches:
            before, above = above, _stamps_above(places)
            paths = frozenset(Path(path) for _, path in batch).union(path for path, _ in before ^ above)
            # A folder that was deleted and made again may look the same.
            is_replaced = _places(folders) != places or any(place.root in paths for place in places)
            if paths or is_first or is_replaced:
                yield paths
            if is_replaced:
                return
            is_first = False


def _places(folders: Sequence[Path]) -> list[_Place]:
    """Where the folders are that are there."""
    places: list[_Place] = []
    for folder in folders:
        with suppress(OSError, RuntimeError):
            root = folder.resolve(strict=True)
            status = root.stat()
            places.append(_Place(root, status.st_dev, status.st_ino))
    return places


def _stamps_above(places: Sequence[_Place]) -> frozenset[tuple[Path, tuple[int, ...]]]:
    """The configurations above the folders, which are looked at with each batch: to watch whole folders above would be too much."""
    found: list[tuple[Path, tuple[int, ...]]] = []
    for path in {path for place in places for path in telling_above(place.root)}:
        with suppress(OSError):
            status = path.stat()
            found.append((path, (status.st_ino, status.st_size, status.st_mtime_ns)))
    return frozenset(found)


def _matters(matters: Matters, roots: Sequence[Path], change: Change, path: str) -> bool:
    return any(matters(Path(path), root) for root in roots if Path(path).is_relative_to(root))
