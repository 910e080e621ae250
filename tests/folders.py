"""Small folders of documents, written as text."""

from pathlib import Path

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, NodeKind


def write_folder(folder: Path, files: dict[str, str]) -> Path:
    """The folder with these files by their paths."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def document(**fields: object) -> str:
    """A document with this front matter; values are YAML."""
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\nText.\n"


def folder_snapshot(folder: Path, files: dict[str, str], unpublished: bool = False) -> GraphSnapshot:
    """The graph of a folder with these files."""
    return load_snapshot([write_folder(folder, files)], unpublished)


def articles_of(snapshot: GraphSnapshot) -> list[Article]:
    """The articles by their files; those without one last."""
    nodes = (snapshot.nodes[article_id] for article_id in snapshot.ids[NodeKind.ARTICLE])
    found = [node for node in nodes if isinstance(node, Article)]
    return sorted(found, key=lambda article: (article.file is None, article.file or "", article.id))


def article_in(snapshot: GraphSnapshot, file: str) -> Article:
    """The article of which this is a file."""
    return next(found for found in articles_of(snapshot) if file in (found.file, *found.duplicate_files))
