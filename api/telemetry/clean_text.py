"""Text from clients made safe to stand in a log: one line, without control characters, no longer than it should be."""

NAME_LIMIT = 200
"""Characters of a name, a path or an address."""
TEXT_LIMIT = 2_000
"""Characters of a message or a query."""


def clean(text: str, limit: int = NAME_LIMIT) -> str:
    """The text, cut, with escapes as Python writes them for what does not print."""
    if len(text) <= limit and text.isprintable():
        return text
    shown = text[:limit]
    if not shown.isprintable():
        shown = "".join(map(_escaped, shown))
    return f"{shown}…" if len(text) > limit else shown


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
