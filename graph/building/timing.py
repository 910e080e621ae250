"""What is hidden at a moment, since its time has not come or is over, and when that changes next."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from graph.reading.records import Document, HiddenReason


def as_of(documents: Iterable[Document], now: datetime) -> list[Document]:
    """The documents as they are published at this moment: those whose time has not come, or is over, are hidden."""
    return [_as_of(document, now) for document in documents]


def _as_of(document: Document, now: datetime) -> Document:
    if document.hidden is not None:
        return document
    if document.visible_from is not None and document.visible_from > now:
        return replace(document, hidden=HiddenReason.FUTURE)
    if document.visible_until is not None and document.visible_until <= now:
        return replace(document, hidden=HiddenReason.EXPIRED)
    return document


def next_change(documents: Iterable[Document], after: datetime) -> datetime | None:
    """The first moment later than this one at which a document is shown or hidden by the time alone; None if there is none."""
    return min((moment for document in documents for moment in _changes(document) if moment > after), default=None)


def _changes(document: Document) -> Iterator[datetime]:
    if document.hidden is None:
        if document.visible_from is not None:
            yield document.visible_from
        if document.visible_until is not None:
            yield document.visible_until
