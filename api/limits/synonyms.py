"""What other APIs call things, and what they are called here."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # arguments of lists
        "where": ("filter",),
        "filters": ("filter",),
        "conditions": ("filter",),
        "sort": ("orderBy",),
        "sortby": ("orderBy",),
        "sorting": ("orderBy",),
        "order": ("orderBy",),
        "q": ("query",),
        "text": ("query", "body"),
        "term": ("query",),
        "search": ("query",),
        "limit": ("first",),
        "take": ("first",),
        "size": ("first",),
        "top": ("first",),
        "max": ("first",),
        "pagesize": ("first",),
        "perpage": ("first",),
        "count": ("first", "totalCount"),
        "skip": ("after",),
        "offset": ("after",),
        "page": ("after",),
        "cursor": ("after",),
        "types": ("kinds",),
        # lists
        "data": ("nodes",),
        "entries": ("nodes", "articles"),
        "items": ("nodes", "articles"),
        "list": ("nodes",),
        "records": ("nodes",),
        "results": ("nodes",),
        "total": ("totalCount",),
        # nodes
        "post": ("article",),
        "posts": ("articles",),
        "news": ("articles",),
        "documents": ("articles",),
        "pages": ("articles",),
        "tag": ("topic", "topics"),
        "topic": ("topics",),
        "tags": ("topics",),
        "categories": ("topics",),
        "labels": ("topics",),
        "author": ("authors", "person"),
        "authors": ("persons",),
        "people": ("persons",),
        "writer": ("authors", "person"),
        "writers": ("authors", "persons"),
        "byline": ("authors",),
        "publisher": ("provider",),
        "publishers": ("providers",),
        "source": ("provider",),
        "sources": ("providers",),
        # fields
        "date": ("publishedDateTime", "firstPublished"),
        "publisheddate": ("publishedDateTime", "firstPublished"),
        "publishdate": ("publishedDateTime", "firstPublished"),
        "publishedat": ("publishedDateTime", "firstPublished"),
        "pubdate": ("publishedDateTime",),
        "created": ("publishedDateTime",),
        "createdat": ("publishedDateTime",),
        "updated": ("updatedDateTime",),
        "updatedat": ("updatedDateTime",),
        "modified": ("updatedDateTime",),
        "lastmodified": ("updatedDateTime",),
        "headline": ("title",),
        "heading": ("title",),
        "name": ("title", "headline"),
        "title": ("name", "headline"),
        "summary": ("excerpt",),
        "description": ("excerpt",),
        "teaser": ("excerpt",),
        "abstract": ("excerpt",),
        "content": ("body",),
        "markdown": ("body",),
        "html": ("bodyHtml",),
        "link": ("url",),
        "href": ("url",),
        "permalink": ("url",),
        "image": ("images",),
        "thumbnail": ("images",),
        "host": ("domain",),
        # operators
        "equals": ("eq",),
        "is": ("eq",),
        "like": ("contains",),
        "ilike": ("contains",),
        "includes": ("contains", "some"),
        "match": ("contains",),
        "any": ("some",),
        "has": ("some",),
        "all": ("every",),
        "since": ("gte",),
        "until": ("lt",),
        # values
        "ascending": ("ASC",),
        "descending": ("DESC",),
    }
)
"""In lower case without underscores → the names that are tried in turn."""


def called_here(name: str, known: Iterable[str]) -> str | None:
    """Which of the known names is meant by one that is none of them."""
    plain = _plain(name)
    by_plain = {_plain(each): each for each in known}
    return next((by_plain[each] for each in (plain, *map(_plain, SYNONYMS.get(plain, ()))) if each in by_plain), None)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
