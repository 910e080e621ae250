"""Addresses of real sites: the links from root in their bodies lead to the articles that have them."""

import re
from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from tests.folders import articles_of

_LINK = re.compile(r"\]\((/[^)\s#?]+)|href=\"(/[^\"#?]+)")
_FILE = re.compile(r"^/(?:img|assets|static|certs|documents)/|\.(?:png|jpe?g|svg|pdf|css|js|ico|xml|txt|der|pem)$")


def links_from_root(folder: Path) -> tuple[int, list[str]]:
    """How many links from the root lead to articles, and those that do not."""
    snapshot = load_snapshot([folder])
    found = 0
    lost: list[str] = []
    for article in articles_of(snapshot):
        for match in _LINK.finditer(article.body or ""):
            link = match[1] or match[2]
            if link.startswith("//") or _FILE.search(link):
                continue
            if snapshot.lookups.article_of(link):
                found += 1
            else:
                lost.append(link)
    return found, lost


@pytest.mark.parametrize(
    ("site", "least", "share"),
    [
        ("jekyll-docs", 130, 0.97),
        pytest.param("hugo-letsencrypt", 790, 0.98, marks=pytest.mark.thorough),
    ],
)
def test_links_from_the_root_of_real_sites_find_their_articles(
    shared: Path, site: str, least: int, share: float
) -> None:
    found, lost = links_from_root(shared / "sites" / site)

    assert found >= least
    assert found / (found + len(lost)) >= share, lost
