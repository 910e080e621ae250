"""What somebody may mean who names an article in one word, without saying what kind of name it is."""

from graph.links import is_node_id


def article_keys(name: str) -> tuple[str, ...]:
    """The keys of `ArticleBy` that the name can be of, the likeliest first."""
    if is_node_id(name):
        return ("id", "slug")
    if "://" in name or name.startswith("//"):
        return ("url",)
    if name.startswith("/"):
        return ("path", "url")
    host, slash, _ = name.partition("/")
    return ("slug", "path", "url") if slash and "." in host else ("slug", "path")
