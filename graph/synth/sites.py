"""Writes a synthetic site into a folder, as somebody who uses Hugo, Jekyll or Obsidian would have it.

The articles are those of `corpus`. Each links to articles of its story in the ways that its system has; some are drafts, and
of a Hugo site some are bundles or stand in a second language too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import cycle, islice
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from graph.synth.corpus import Article, plan_corpus
from graph.synth.writing import moment, slug, writing_into

_NAME = "Invented News"
_ADDRESS = "https://invented.example"
_LINK_LIMIT = 4
"""Links of an article to others of its story."""
_DRAFT_EVERY = 50
_BUNDLE_EVERY = 4
_TRANSLATED_EVERY = 10
_BARE_EVERY = 5
"""One in so many notes has no front matter."""


class SiteKind(Enum):
    """The systems of which sites can be invented."""

    HUGO = "hugo"
    JEKYLL = "jekyll"
    OBSIDIAN = "obsidian"


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """What a site holds that was written."""

    files: int
    """Documents: articles and drafts."""
    drafts: int
    links: int
    """From articles that are no drafts to others."""
    bundles: int = 0
    """Articles that are no drafts and stand in folders of their own."""
    translations: int = 0
    """Articles that are no drafts and are those of another file in a second language."""

    def with_page(self, page: "_Page") -> "SiteCounts":
        """What the site holds with this document, which was counted among the files already."""
        if page.is_draft:
            return replace(self, drafts=self.drafts + 1)
        return replace(
            self,
            links=self.links + page.links,
            bundles=self.bundles + page.is_bundle,
            translations=self.translations + page.is_translation,
        )


@dataclass(frozen=True, slots=True)
class _Page:
    """A document to write."""

    path: str
    text: str
    is_draft: bool
    links: int
    is_bundle: bool = False
    is_translation: bool = False


_Render = Callable[[Article, Sequence[Article]], Iterator[_Page]]
"""The documents of an article, given the published articles that it links to."""


def write_site(folder: Path, kind: SiteKind, files: int, seed: int) -> SiteCounts:
    """Writes so many documents and the site's configuration into a new or empty folder; equal arguments give equal files.

    Cost: linear; about 1 KB for a document.

    Raises:
        FolderError: the folder is not empty, or cannot be written to.
    """
    counts = SiteCounts(files, 0, 0)
    with writing_into(folder):
        for path, text in _CONFIGURATIONS[kind].items():
            _write(folder / path, text)
        for page in islice(_pages(kind, files, seed), files):
            _write(folder / page.path, page.text)
            counts = counts.with_page(page)
    return counts


def _pages(kind: SiteKind, articles: int, seed: int) -> Iterator[_Page]:
    render = _RENDERERS[kind]
    for story in plan_corpus(articles, seed).stories():
        for place, article in enumerate(story):
            before = [other for other in story[max(0, place - _LINK_LIMIT) : place] if not _is_draft(other)]
            yield from render(article, before)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _is_draft(article: Article) -> bool:
    return article.number % _DRAFT_EVERY == _DRAFT_EVERY - 1


def _sentences(article: Article, links: Sequence[str]) -> str:
    return article.body + "".join(f"\n\nSee {link} for what came before." for link in links) + "\n"


def _list(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _hugo(article: Article, linked: Sequence[Article]) -> Iterator[_Page]:
    front_matter = (
        "+++\n"
        f'title = "{article.title}"\n'
        f'description = "{article.excerpt}"\n'
        f"date = {moment(article)}\n"
        f'authors = ["{article.provider.name}"]\n'
        f"tags = [{_list(article.topics)}]\n" + ("draft = true\n" if _is_draft(article) else "") + "+++\n\n"
    )
    ways = cycle((_hugo_reference, _hugo_address))
    links = [way(other) for way, other in zip(ways, linked, strict=False)]
    path = _hugo_path(article)
    text, is_draft, is_bundle = front_matter + _sentences(article, links), _is_draft(article), _is_bundle(article)
    yield _Page(f"content/{path}", text, is_draft, len(linked), is_bundle)
    if article.number % _TRANSLATED_EVERY == 0:
        text = front_matter + _sentences(article, list(map(_hugo_address, linked)))
        path = path.removesuffix(".md")
        yield _Page(f"content/{path}.de.md", text, is_draft, len(linked), is_bundle, is_translation=True)


def _hugo_reference(article: Article) -> str:
    return f'[{article.title}]({{{{< relref "/{_hugo_path(article)}" >}}}})'


def _hugo_address(article: Article) -> str:
    return f"[{article.title}](/news/{article.published:%Y/%m}/{slug(article)}/)"


def _hugo_path(article: Article) -> str:
    return f"news/{slug(article)}" + ("/index.md" if _is_bundle(article) else ".md")


def _is_bundle(article: Article) -> bool:
    return article.number % _BUNDLE_EVERY == 0


def _jekyll(article: Article, linked: Sequence[Article]) -> Iterator[_Page]:
    ways = cycle((_jekyll_post_url, _jekyll_link, _jekyll_address))
    links = [way(other) for way, other in zip(ways, linked, strict=False)]
    text = (
        "---\n"
        "layout: post\n"
        f'title: "{article.title}"\n'
        f"author: {article.provider.name}\n"
        f"tags: [{_list(article.topics)}]\n"
        "---\n\n" + _sentences(article, links)
    )
    yield _Page(_jekyll_path(article), text, _is_draft(article), len(linked))


def _jekyll_post_url(article: Article) -> str:
    return f"[{article.title}]({{% post_url {_jekyll_stem(article)} %}})"


def _jekyll_link(article: Article) -> str:
    return f"[{article.title}]({{{{ site.baseurl }}}}{{% link {_jekyll_path(article)} %}})"


def _jekyll_address(article: Article) -> str:
    return f"[{article.title}](/{article.published:%Y/%m/%d}/{slug(article)}.html)"


def _jekyll_stem(article: Article) -> str:
    return f"{article.published:%Y-%m-%d}-{slug(article)}"


def _jekyll_path(article: Article) -> str:
    return f"_drafts/{slug(article)}.md" if _is_draft(article) else f"_posts/{_jekyll_stem(article)}.md"


def _obsidian(article: Article, linked: Sequence[Article]) -> Iterator[_Page]:
    ways = cycle((_wikilink, _wikilink_with_text, _encoded_link))
    links = [way(other) for way, other in zip(ways, linked, strict=False)]
    tags = " ".join(f"#{topic.replace(' ', '-').lower()}" for topic in article.topics)
    body = f"# {article.title}\n\n{tags}\n\n## Notes\n\n" + _sentences(article, links)
    is_bare = article.number % _BARE_EVERY == 0
    front_matter = (
        "---\n"
        f"created: {article.published:%Y-%m-%d}\n"
        f"aliases: [note {article.number}]\n" + ("publish: false\n" if _is_draft(article) else "") + "---\n\n"
    )
    text = body if is_bare else front_matter + body
    yield _Page(f"{article.topics[-1]}/{_note(article)}.md", text, _is_draft(article), len(linked))


def _wikilink(article: Article) -> str:
    return f"[[{_note(article)}]]"


def _wikilink_with_text(article: Article) -> str:
    return f"[[{_note(article)}#Notes|{article.title}]]"


def _encoded_link(article: Article) -> str:
    return f"[{article.title}]({quote(_note(article))}.md)"


def _note(article: Article) -> str:
    """What a note is called: unlike its title unique."""
    return f"{' '.join(article.title.split()[:5])} {article.number}"


_RENDERERS: Mapping[SiteKind, _Render] = MappingProxyType(
    {SiteKind.HUGO: _hugo, SiteKind.JEKYLL: _jekyll, SiteKind.OBSIDIAN: _obsidian}
)
_CONFIGURATIONS: Mapping[SiteKind, Mapping[str, str]] = MappingProxyType(
    {
        SiteKind.HUGO: {
            "hugo.toml": f'baseURL = "{_ADDRESS}/"\n'
            f'title = "{_NAME}"\n'
            'defaultContentLanguage = "en"\n\n'
            '[permalinks]\nnews = "/news/:year/:month/:slugorcontentbasename/"\n\n'
            '[languages.en]\nlanguageName = "English"\n\n[languages.de]\nlanguageName = "Deutsch"\n',
        },
        SiteKind.JEKYLL: {
            "_config.yml": f"title: {_NAME}\nurl: {_ADDRESS}\npermalink: /:year/:month/:day/:title.html\n",
            "_layouts/post.html": "---\nlayout: none\n---\n<h1>{{ page.title }}</h1>\n{{ content }}\n",
        },
        SiteKind.OBSIDIAN: {".obsidian/app.json": "{}\n"},
    }
)
