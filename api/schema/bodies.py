"""The batch resolvers of what is made of an article's body. They answer None, or nothing, where there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.schema.context import Context, then
from graph import model
from graph.bodies.pages import Heading, HtmlPage, html_page, plain_text
from graph.bodies.pages import reading_minutes as minutes_of
from graph.checkpoints import checkpoint
from graph.lists.pages import Neighbors
from graph.stores.protocol import Answer


def body_format(articles: Sequence[model.Article], context: Context) -> list[model.BodyFormat | None]:
    return [article.body_format if article.body else None for article in articles]


def body_html(articles: Sequence[model.Article], context: Context) -> Answer[list[str | None]]:
    def shown(linked: Sequence[Sequence[Any]]) -> list[str | None]:
        pages = (_page(article, targets) for article, targets in zip(articles, linked, strict=True))
        return [page.html if page else None for page in pages]

    return then(context.reader.neighbors(Neighbors.LINKED_BY_ARTICLE, [article.id for article in articles]), shown)


def body_text(articles: Sequence[model.Article], context: Context) -> list[str | None]:
    return [_text(article) for article in articles]


def table_of_contents(articles: Sequence[model.Article], context: Context) -> list[Sequence[Heading]]:
    pages = (_made(article, {}) for article in articles)
    return [page.headings if page else () for page in pages]


def reading_minutes(articles: Sequence[model.Article], context: Context) -> list[int | None]:
    texts = body_text(articles, context)
    return [None if text is None else minutes_of(text) for text in texts]


def _page(article: model.Article, targets: Sequence[Any]) -> HtmlPage | None:
    """The body as a page; `targets` are the articles that it links to, in the order of `article.links`."""
    addresses = {
        address: _address(target) + _fragment(address)
        for link, target in zip(article.links, targets, strict=True)
        if _address(target)
        for address in link.addresses
    }
    return _made(article, addresses)


def _made(article: model.Article, addresses: Mapping[str, str]) -> HtmlPage | None:
    checkpoint()  # a single one can take long
    return html_page(article.body, article.body_format, addresses) if article.body else None


def _text(article: model.Article) -> str | None:
    checkpoint()
    return plain_text(article.body, article.body_format) if article.body else None


def _address(article: model.Article) -> str:
    """Where a reader finds the article; empty if nobody knows."""
    return article.web_url or article.url or (article.path if article.path and article.path.startswith("/") else "")


def _fragment(address: str) -> str:
    _, sign, fragment = address.partition("#")
    return f"{sign}{fragment}" if fragment else ""
