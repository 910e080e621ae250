"""How much of a text has room: tokens, as an estimate that needs no model, and texts that are cut to them."""

BYTES_PER_TOKEN = 4
"""Of UTF-8: about what a token has in English; scripts with longer letters have fewer of them in a token."""
_CUT = " …"


def estimated_tokens(text: str) -> int:
    """How many tokens the text has, about: a quarter of its bytes in UTF-8, rounded up."""
    return -(-size(text) // BYTES_PER_TOKEN)


def size(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as has room in so many bytes with an ellipsis at its end; cut between words where there are any."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return text
    room = most - size(_CUT)
    if room <= 0:
        return ""
    cut = data[:room].decode("utf-8", "ignore")
    words = cut.rstrip()
    if not data[len(words.encode()) :][:1].isspace() and (end := max(words.rfind(" "), words.rfind("\n"))) * 2 >= len(
        words
    ):
        words = words[:end].rstrip()
    return words + _CUT
