"""What is hidden at a moment, since its time has not come or is over, and when that changes next.

A date of publication that lies years ahead is a mistake in writing. It would be the newest of all for years: first in every list, the
end of every timeline, and the time of which trends are told. So it is reported, and no date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from graph.dates import format_date_time
from graph.problems import Problem, ProblemCode, error
from graph.reading.records import Document, HiddenReason

FAR = timedelta(days=5 * 365)


def as_of(documents: Iterable[Document], now: datetime) -> list[Document]:
    """The documents as they are published at this moment: those whose time has not come, or is over, are hidden."""
    return [_as_of(document, now) for document in documents]


def far_dates(documents: Iterable[Document], now: datetime) -> Iterator[Problem]:
    """A problem for each document whose date `as_of` takes for a mistake."""
    for document in documents:
        if document.published_date_time is not None and document.published_date_time - now > FAR:
            date = format_date_time(document.published_date_time)
            message = (
                f"{date} lies more than {FAR.days // 365} years ahead, so it is no date of publication; correct it."
            )
            yield error(ProblemCode.DATE_IMPLAUSIBLE, message, file=document.file, path=("publishedDateTime",))


def _as_of(document: Document, now: datetime) -> Document:
    if document.published_date_time is not None and document.published_date_time - now > FAR:
        document = replace(document, published_date_time=None)
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
    if document.published_date_time is not None and document.published_date_time.year > 1 + FAR.days // 365:
        yield document.published_date_time - FAR
    if document.hidden is None:
        if document.visible_from is not None:
            yield document.visible_from
        if document.visible_until is not None:
            yield document.visible_until
