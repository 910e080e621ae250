"""The batch resolvers of what is made of an article's body. They answer None, or nothing, where there is none."""

from collections.abc import Sequence
from typing import Any

from api.schema.context import Context, settle
from graph import model
from graph.bodies.pages import Heading, HtmlPage, html_page, plain_text
from graph.bodies.pages import reading_minutes as minutes_of
from graph.checkpoints import checked_if_many
from graph.lists.pages import Neighbors


async def body_format(articles: Sequence[model.Article], context: Context) -> list[model.BodyFormat | None]:
    return [article.body_format if article.body else None for article in articles]


async def body_html(articles: Sequence[model.Article], context: Context) -> list[str | None]:
    linked = await settle(context.reader.neighbors(Neighbors.LINKED_BY_ARTICLE, [article.id for article in articles]))
    pages = [
        _page(article, targets) if article.body else None
        for article, targets in checked_if_many(list(zip(articles, linked, strict=True)))
    ]
    return [page.html if page else None for page in pages]


async def body_text(articles: Sequence[model.Article], context: Context) -> list[str | None]:
    return [
        plain_text(article.body, article.body_format) if article.body else None for article in checked_if_many(articles)
    ]


async def table_of_contents(articles: Sequence[model.Article], context: Context) -> list[Sequence[Heading]]:
    return [
        html_page(article.body, article.body_format, {}).headings if article.body else ()
        for article in checked_if_many(articles)
    ]


async def reading_minutes(articles: Sequence[model.Article], context: Context) -> list[int | None]:
    texts = await body_text(articles, context)
    return [None if text is None else minutes_of(text) for text in texts]


def _page(article: model.Article, targets: Sequence[Any]) -> HtmlPage:
    """The body as a page; `targets` are the articles that it links to, in the order of `article.links`."""
    addresses = {
        address: _address(target) + _fragment(address)
        for link, target in zip(article.links, targets, strict=True)
        if _address(target)
        for address in link.addresses
    }
    return html_page(article.body or "", article.body_format, addresses)


def _address(article: model.Article) -> str:
    """Where a reader finds the article; empty if nobody knows."""
    return article.web_url or article.url or (article.path if article.path and article.path.startswith("/") else "")


def _fragment(address: str) -> str:
    _, sign, fragment = address.partition("#")
    return f"{sign}{fragment}" if fragment else ""
