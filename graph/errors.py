"""What stops an operation, as opposed to what an author got wrong (`graph.problems`).

GraphError
├── FolderError          a folder to load cannot be read at all
├── ExportError          a file format needs something that is not installed
└── InputError           a reader of the graph asked for something that cannot be answered
    ├── IdError
    ├── UrlError
    ├── CursorError
    ├── PageError
    ├── FilterError
    ├── OrderError
    ├── PartError
    ├── SearchError
    ├── TimeError
    └── TraversalError
"""


class GraphError(Exception):
    """Base of every error this package raises on purpose; its text is written for the user."""


class FolderError(GraphError):
    """A folder that was named for loading does not exist or cannot be listed."""


class ExportError(GraphError):
    """A file format cannot be written, since it needs something that is not installed."""


class InputError(GraphError):
    """The question is at fault, not the graph: the message says what to change."""


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


class PartError(InputError):
    """What is to be exported is described in a way that makes no sense."""


class SearchError(InputError):
    """A text that cannot be searched for."""


class TimeError(InputError):
    """A time zone, an interval or a span of time that cannot be answered."""


class TraversalError(InputError):
    """A way through the graph that cannot be gone: too deep, too wide, or from nowhere."""
