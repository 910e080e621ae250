"""The programs that docs/clients.md shows, as files."""

import re
from pathlib import Path

PAGE = (Path(__file__).parent.parent.parent / "docs" / "clients.md").read_text(encoding="utf-8")
_ADDRESS = "127.0.0.1:8000"
_BLOCK = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def recipes() -> dict[str, str]:
    """The blocks of the page that have a file name, by it."""
    return {match[1]: match[2] for match in _BLOCK.finditer(PAGE)}


def write_recipes(folder: Path, address: str, *names: str) -> None:
    """Writes these files of the page, or all, as they are for a service at this address."""
    found = recipes()
    for name in names or found:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found[name].replace(_ADDRESS, address.removeprefix("http://")), encoding="utf-8")
