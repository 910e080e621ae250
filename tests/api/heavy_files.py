"""Articles with long bodies that all name each other: each told with all the others is far more than they take on disk."""

from pathlib import Path

ARTICLES = 40
BODY = "word " * 2_000


def write_heavy(folder: Path, note: str = "") -> Path:
    """The folder; its articles have 0.4 MB, and 16 MB if each is told with all others. `note` ends their titles."""
    folder.mkdir(exist_ok=True)
    names = [f"a{number}" for number in range(ARTICLES)]
    for name in names:
        related = ", ".join(other for other in names if other != name)
        text = f"---\ntitle: Article {name}{note}\nslug: {name}\nrelated: [{related}]\n---\n{BODY}"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder
