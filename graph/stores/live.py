"""What is named on a command line → `GraphSnapshot`: folders of documents, a folder with a built graph, or a database."""

from collections.abc import Collection, Sequence
from pathlib import Path

from graph.building.snapshot import GraphSnapshot
from graph.errors import DatabaseError
from graph.links import url_of_path
from graph.reading.loader import Track
from graph.sites.options import NO_OPTIONS, SiteOptions
from graph.tables.live import LiveGraph, check_is_as_built, live_folders

DATABASE_SCHEMES = ("postgresql", "postgres")
NOT_INSTALLED = "PostgreSQL is reached by psycopg, which is not installed. Run: pip install 'frontgraph[postgres]'"


def live_graph(
    sources: Sequence[Path],
    visibilities: Collection[bool] = (False,),
    cache: Path | None = None,
    options: SiteOptions = NO_OPTIONS,
) -> LiveGraph:
    """What loads these folders, or this one with a built graph, or this database. See `LiveFolders` for the rest.

    Raises:
        LoadError: a graph that exists already is to be loaded in a way that only documents can.
    """
    addresses = [address for source in sources if (address := url_of_path(source, DATABASE_SCHEMES))]
    if not addresses:
        return live_folders(sources, visibilities, cache, options)
    check_is_as_built(sources, visibilities, options)
    try:
        from graph.stores.postgres.reading import StoredGraph
    except ModuleNotFoundError as cause:
        if cause.name != "psycopg":
            raise
        raise DatabaseError(NOT_INSTALLED) from cause
    return StoredGraph(addresses[0], *visibilities)


def load_graph(
    sources: Sequence[Path],
    include_unpublished: bool = False,
    track: Track = iter,
    cache: Path | None = None,
    options: SiteOptions = NO_OPTIONS,
) -> GraphSnapshot:
    """The graph of the sources, once.

    Raises:
        LoadError: a folder does not exist, a database cannot be reached, or a graph cannot be loaded in this way.
    """
    return live_graph(sources, (include_unpublished,), cache, options).load(track).snapshots[include_unpublished]
