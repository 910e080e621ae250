"""A folder with articles and catalogue entries that a site would hide, in each of which the same word stands everywhere."""

import shutil
from pathlib import Path

from tests.service import SEEDS

MARKER = "xyzzymarker"
"""Stands in every text of every hidden file, and in no other."""

_MENTIONED = "https://mentioned.example/hidden-but-mentioned"
_PUBLIC = {
    "_news/2025-06-01-mentions.md": f"""---
title: A public article mentions a hidden one
publishedDateTime: 2025-06-01T08:00:00Z
webUrl: https://harbourpost.example/mentions
provider: {{name: Harbour Post, domain: harbourpost.example}}
topics: [Energy]
related:
  - {{title: What the public article says of it, webUrl: "{_MENTIONED}"}}
---
Only what stands here is public.
"""
}

_REST = f"""excerpt: "{MARKER} excerpt"
publishedDateTime: 2025-06-02T08:00:00Z
quality: 199
heat: 999
category: {MARKER}-category
type: {MARKER}-type
{MARKER}Key: {MARKER} value
provider: {{name: {MARKER} Post, domain: {MARKER}.example, images: [{{url: "https://{MARKER}.example/logo.png"}}]}}
topics: [Energy, AI, {MARKER} topic]
images:
  - {{url: "https://{MARKER}.example/a.png", title: {MARKER}, attribution: {MARKER}}}
related:
  - {{title: "{MARKER} copy of a public article", webUrl: "https://www.harbourpost.example/2024/03/corrin-sound-tidal-array"}}
  - {{title: "{MARKER} other", webUrl: "https://{MARKER}.example/other", quality: {MARKER}}}
  - {MARKER}
---
{MARKER} body
"""


def _article(front: str) -> str:
    return f'---\ntitle: "{MARKER} title"\n{front}\n{_REST}'


_HIDDEN = {
    f"_news/2025-07-01-{MARKER}.md": _article(f"published: false\nwebUrl: https://{MARKER}.example/one"),
    f"_news/2025-07-02-{MARKER}.md": _article(f"removed: true\nwebUrl: https://{MARKER}.example/two"),
    f"_news/2025-07-03-{MARKER}.md": _article(f"deleted: true\nwebUrl: https://{MARKER}.example/three"),
    f"_news/2025-07-04-{MARKER}.md": _article(f"published: false\nwebUrl: {_MENTIONED}"),
    f"_news/2025-07-05-{MARKER}.md": _article(
        "published: false\nwebUrl: https://www.harbourpost.example/2024/03/corrin-sound-tidal-array"
    ),
    f"_news/2025-07-06-{MARKER}.md": _article(f'published: false\nwebUrl: "{MARKER}:no url"\nampWebUrl: [{MARKER}]'),
    f"_data/topics/99-{MARKER}.yaml": f"""published: false
taxonomy: topic
name: {MARKER} topic
parent: Energy
keywords: [{MARKER}]
hashtags: ["#{MARKER}"]
""",
    f"_data/topics/98-energy-{MARKER}.yaml": f"""removed: true
taxonomy: topic
name: Energy
parent: {MARKER} parent
keywords: [{MARKER}]
""",
    f"_data/organizations/{MARKER}.md": f"""---
deleted: true
taxonomy: organization
name: {MARKER} Post
domain: harbourpost.example
description: {MARKER}
images: [{{url: "https://{MARKER}.example/logo.png"}}]
---
""",
}


def write_folder(folder: Path, with_hidden: bool) -> Path:
    """The seeds and an article that mentions a hidden one; with the hidden files, or without."""
    shutil.copytree(SEEDS, folder)
    for name, text in {**_PUBLIC, **(_HIDDEN if with_hidden else {})}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
