"""What stops an operation, as opposed to what an author got wrong (`graph.problems`).

GraphError
├── FolderError          a folder to load cannot be read at all
├── ExportError          a file has no known format, or one that needs something that is not installed
└── InputError           a reader of the graph asked for something that cannot be answered
    ├── NotFoundError
    ├── IdError
    ├── UrlError
    ├── CursorError
    ├── PageError
    ├── FilterError
    ├── OrderError
    ├── SelectionError
    ├── SearchError
    ├── TimeError
    └── TraversalError
"""


class GraphError(Exception):
    """Base of every error this package raises on purpose; its text is written for the user."""


class FolderError(GraphError):
    """A folder that was named for loading does not exist or cannot be listed."""


class ExportError(GraphError):
    """A file cannot be written: its name tells no format, or its format needs something that is not installed."""


class InputError(GraphError):
    """The question is at fault, not the graph: the message says what to change."""


class NotFoundError(InputError):
    """What was named could exist, but the graph does not hold it."""


class IdError(InputError):
    """An id that no node of any graph can have."""


class UrlError(InputError):
    """A URL that no article can have."""


class CursorError(InputError):
    """A cursor that this service did not make, or made for another order."""


class PageError(InputError):
    """`first`, `last`, `after` and `before` do not describe a page."""


class FilterError(InputError):
    """A filter that cannot be evaluated."""


class OrderError(InputError):
    """An order that cannot be applied."""


class SelectionError(InputError):
    """What is to be exported is described in a way that makes no sense."""


class SearchError(InputError):
    """A text that cannot be searched for."""


class TimeError(InputError):
    """A time zone, an interval or a span of time that cannot be answered."""


class TraversalError(InputError):
    """A way through the graph that cannot be gone: too deep or too wide."""


def check_range(error: type[InputError], name: str, value: int, least: int, most: int) -> None:
    """Refuses an argument that is out of its range, in the words in which all are refused.

    Raises:
        InputError: of the given class.
    """
    if not least <= value <= most:
        raise error(f"`{name}` is {value}; it must be from {least:,} to {most:,}.")
