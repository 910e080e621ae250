"""Writes a synthetic corpus into a folder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph.errors import FolderError
from graph.synth.corpus import MAIN_TOPIC, Article, Corpus, Provider, plan_corpus

_RELATED_LIMIT = 12
"""Related articles of an article: fewer than in a real corpus, so that half a million articles fit on a disk."""
_STALE_EVERY = 200
"""One in so many embedded copies has another title than the article's own file."""


def write_corpus(folder: Path, articles: int, seed: int) -> None:
    """Writes articles and their catalogues into a new or empty folder; equal arguments give equal files.

    Cost: linear; about 5 KB for an article.

    Raises:
        FolderError: the folder is not empty, or cannot be written to.
    """
    corpus = plan_corpus(articles, seed)
    with writing_into(folder):
        _write_catalogues(folder / "_data", corpus)
        news = folder / "_news"
        news.mkdir()
        for story in corpus.stories():
            copies = [_copy(article) for article in story]
            for place, article in enumerate(story):
                text = _document(article, _related(place, story, copies))
                (news / f"{article.published:%Y-%m-%d}-{slug(article)}.md").write_text(text, "utf-8", newline="\n")


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Makes the folder.

    Raises:
        FolderError: it is not empty, or something in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderError(f"The folder {folder} is not empty: name a new one.")
        yield
    except OSError as cause:
        raise FolderError(f"The folder {folder} cannot be written to: {cause.strerror}.") from cause


def _write_catalogues(folder: Path, corpus: Corpus) -> None:
    (folder / "topics").mkdir(parents=True)
    (folder / "organizations").mkdir()
    for topic in (MAIN_TOPIC, *corpus.topics):
        slug = topic.lower().replace(" ", "-")
        (folder / "topics" / f"{slug}.yaml").write_text(_topic(topic), "utf-8", newline="\n")
    for provider in corpus.providers:
        path = folder / "organizations" / f"{provider.domain}.md"
        path.write_text(f"---\n{_organization(provider)}---\n", "utf-8", newline="\n")


def _topic(name: str) -> str:
    parent = "" if name == MAIN_TOPIC else f"parent: {MAIN_TOPIC}\n"
    return f'name: {name}\n{parent}keywords:\n  - {name.lower()}\nhashtags:\n  - "#{name.replace(" ", "")}"\n'


def _organization(provider: Provider) -> str:
    return f"name: {provider.name}\ndomain: {provider.domain}\n"


def _related(place: int, story: Sequence[Article], copies: Sequence[str]) -> Iterator[str]:
    """Copies of the articles next to this one in the story: as in real corpora, nearly all related links are mutual."""
    first = min(max(0, place - _RELATED_LIMIT // 2), max(0, len(story) - _RELATED_LIMIT - 1))
    for other in range(first, min(first + _RELATED_LIMIT + 1, len(story))):
        if other != place:
            is_stale = (story[place].number * _RELATED_LIMIT + other) % _STALE_EVERY == 0
            yield copies[other].replace("title: ", "title: Update, ", 1) if is_stale else copies[other]


def _copy(article: Article) -> str:
    return (
        f"  - title: {article.title}\n"
        f"    excerpt: {article.excerpt}\n"
        f"    publishedDateTime: {moment(article)}\n"
        f'    webUrl: "{_url(article)}"\n'
        "    type: article\n"
        "    provider:\n"
        f"      name: {article.provider.name}\n"
        f"      domain: {article.provider.domain}\n"
        f"    quality: {article.quality}\n"
    )


def _document(article: Article, related: Iterator[str]) -> str:
    links = "".join(related)
    return (
        "---\n"
        "category: news\n"
        f"title: {article.title}\n"
        f"excerpt: {article.excerpt}\n"
        f"publishedDateTime: {moment(article)}\n"
        f'webUrl: "{_url(article)}"\n'
        "type: article\n"
        f"quality: {article.quality}\n"
        f"heat: {article.heat}\n"
        "published: true\n"
        "\n"
        "provider:\n"
        f"  name: {article.provider.name}\n"
        f"  domain: {article.provider.domain}\n"
        "\n"
        "topics:\n"
        + "".join(f"  - {topic}\n" for topic in article.topics)
        + (f"\nrelated:\n{links}" if links else "")
        + f"---\n\n{article.body}\n"
    )


def moment(article: Article) -> str:
    """When it was published, as front matter has it."""
    return f"{article.published:%Y-%m-%dT%H:%M:%SZ}"


def _url(article: Article) -> str:
    return f"https://{article.provider.domain}/{article.published:%Y/%m/%d}/{slug(article)}"


def slug(article: Article) -> str:
    """A name that no other article of the corpus has."""
    words = article.title.lower().split()
    return f"{'-'.join(words[:5])}-{article.number}"
