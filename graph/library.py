"""What `import graph` offers: a folder becomes a snapshot, and each kind of question to a snapshot takes one call.

Nodes are named by their ids, which are the same in records, in `snapshot.digraph`, in the API and in exports.
"""

from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from pathlib import Path

from graph.analysis.metrics import NodeMetrics
from graph.analysis.metrics import metrics as node_metrics
from graph.analysis.nodes import existing_node
from graph.analysis.stories import stories as stories_of
from graph.building.snapshot import GraphSnapshot
from graph.errors import ExportError
from graph.export.formats import ExportFormat
from graph.export.selection_query import starts
from graph.export.writing import write_export
from graph.model import Node, NodeKind, Story
from graph.search.ranking import search
from graph.sites.options import site_options
from graph.stores.live import load_graph
from graph.traversal.neighborhood import NeighborhoodQuery, Subgraph
from graph.traversal.neighborhood import neighborhood as nodes_around
from graph.traversal.paths import PathQuery, PathResult
from graph.traversal.paths import paths as shortest_paths


def load(
    folder: str | PathLike[str],
    *more: str | PathLike[str],
    include_unpublished: bool = False,
    site_url: str | None = None,
    exclude: Iterable[str] = (),
    config: str | PathLike[str] | None = None,
) -> GraphSnapshot:
    """The graph of one or several folders of documents, or a graph that is built already.

    That one is named as the folder that `frontgraph build` wrote, or the address of the database, `postgresql://…`, that `frontgraph load` did.

    `site_url` is the address of the site, if its configuration does not say it; `exclude` are patterns as in `.gitignore`;
    `config` is read in place of the folder's `frontgraph.toml`. What is wrong with the documents is in `problems` of the
    snapshot, and stops nothing.

    Raises:
        graph.errors.LoadError: a folder does not exist or cannot be listed, or a built graph is to be loaded in another way than
            it was built.
        graph.errors.UrlError: `site_url` is no address.
    """
    options = site_options(site_url, exclude, config)
    return load_graph([Path(folder), *map(Path, more)], include_unpublished, options=options)


def stories(snapshot: GraphSnapshot) -> list[Story]:
    """The articles that tell of the same events, the stories with the most articles first."""
    return sorted(stories_of(snapshot).by_id.values(), key=lambda story: (-story.article_count, story.id))


def metrics(snapshot: GraphSnapshot) -> Mapping[str, NodeMetrics]:
    """Degrees, PageRank, betweenness, core number and community of every node, by id."""
    return node_metrics(snapshot)


def find(snapshot: GraphSnapshot, text: str) -> list[Node]:
    """The articles, providers, topics, persons and stories that have all words of the text, best first.

    Phrases in quotes, beginnings with an asterisk, and a typo in a word are understood.

    Raises:
        graph.errors.SearchError: the text has no word, or too many of them.
    """
    return [existing_node(snapshot, hit.node_id) for hit in search(snapshot, text, frozenset(NodeKind))]


def neighborhood(snapshot: GraphSnapshot, node_id: str, depth: int = 1, *, through_hubs: bool = False) -> Subgraph:
    """The nodes within so many steps of a node or of a story, at most 4, and the edges between them.

    Raises:
        graph.errors.InputError: the graph does not hold the node, or the depth is out of range.
    """
    query = NeighborhoodQuery(depth=depth, limit_per_node=None, through_hubs=through_hubs)
    return nodes_around(snapshot, starts(snapshot, node_id), query)


def paths(snapshot: GraphSnapshot, start: str, end: str, first: int = 1, *, through_hubs: bool = False) -> PathResult:
    """The shortest paths between two nodes, at most 20, along edges of any kind in either direction.

    Raises:
        graph.errors.InputError: the graph does not hold a node, or `first` is out of range.
    """
    return shortest_paths(snapshot, start, end, PathQuery(first=first, through_hubs=through_hubs))


def write(snapshot: GraphSnapshot, file: str | PathLike[str], nodes: Collection[str] | None = None) -> None:
    """Write the graph, or the nodes with these ids and the edges between them, to a file.

    The format is known by how the name ends: `.graphml`, `.gexf`, `.json` (node-link), `.cyjs`, `.jsonld`, `.dot`, `.zip` (CSV),
    `.parquet.zip`.

    Raises:
        graph.errors.ExportError: the name ends otherwise, or the format needs what is not installed.
        OSError: the file cannot be written; what was there before is untouched.
    """
    path = Path(file)
    write_export(snapshot, _format_of(path.name), path, nodes)


def _format_of(file_name: str) -> ExportFormat:
    endings = {wanted.file_name.removeprefix("graph"): wanted for wanted in ExportFormat}
    for ending in sorted(endings, key=len, reverse=True):
        if file_name.endswith(ending):
            return endings[ending]
    raise ExportError(f"{file_name} does not tell its format; it may end in {', '.join(endings)}.")
