"""Exceptions, which stop an operation; an author's mistakes are values instead (`graph.problems`).

GraphError
├── LoadError            there is no graph to be loaded
│   ├── FolderError      a folder cannot be loaded or written to
│   └── DatabaseError    a database cannot be reached, or does not do what it is asked
├── ExportError          a file's format is unknown, or needs something that is not installed
└── InputError           a request that cannot be answered
    ├── NotFoundError
    ├── IdError
    ├── UrlError
    ├── CursorError
    │   └── CursorExpiredError
    ├── PageError
    ├── FilterError
    ├── OrderError
    ├── SelectionError
    ├── SearchError
    ├── TimeError
    ├── TraversalError
    └── BudgetError
"""


class GraphError(Exception):
    """Base of every error this package raises on purpose; its text is written for the user."""


class LoadError(GraphError):
    """A graph cannot be loaded from where it should be."""


class DatabaseError(LoadError):
    """The database cannot be reached, or does not do what it is asked."""


class FolderError(LoadError):
    """A folder does not exist, cannot be read or written, or is not empty where it must be."""


class ExportError(GraphError):
    """A file cannot be written: its name tells no format, or its format needs something that is not installed."""


class InputError(GraphError):
    """The request is at fault, not the graph: the message says what to change."""


class NotFoundError(InputError):
    """What was named is well-formed, but the graph does not hold it."""


class IdError(InputError):
    """An id that no node of any graph can have."""


class UrlError(InputError):
    """A URL that no article can have."""


class CursorError(InputError):
    """A cursor that this service did not make, or made for another list or order."""


class CursorExpiredError(CursorError):
    """A cursor in an order that was computed anew, and has other entries before the cursor now."""


class PageError(InputError):
    """`first`, `last`, `after` and `before` do not describe a page."""


class FilterError(InputError):
    """A filter that cannot be evaluated."""


class OrderError(InputError):
    """An order that cannot be applied."""


class SelectionError(InputError):
    """A selection for export that contradicts itself."""


class SearchError(InputError):
    """A text that cannot be searched for."""


class TimeError(InputError):
    """A time zone, an interval or a span of time that cannot be answered."""


class TraversalError(InputError):
    """A traversal that is too deep or too wide."""


class BudgetError(InputError):
    """A number of tokens that no context pack can have."""


def check_range(error: type[InputError], name: str, value: int, least: int, most: int) -> None:
    """Checks that an argument is in its range, so that all of them are refused in the same words.

    Raises:
        InputError: it is not; of the given class.
    """
    if not least <= value <= most:
        raise error(f"`{name}` is {value}; it must be from {least:,} to {most:,}.")
