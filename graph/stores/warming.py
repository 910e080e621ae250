"""Warming: derived values that most requests need are computed before the first request asks for them."""

from graph.analysis.edges import providers_of_topics, topics_of_persons, topics_of_providers
from graph.analysis.hubs import hubs
from graph.analysis.metrics import metrics
from graph.analysis.positions import positions
from graph.building.changes import fingerprint
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checkpoint
from graph.lists.rankings import usual_ranking
from graph.lists.sizes import Sizes
from graph.memory import release_free_memory
from graph.model import EdgeKind, NodeKind
from graph.search.index import text_index
from graph.traversal.adjacency import sources_newest_first
from graph.traversal.paths import hub_distances


def warm(snapshot: GraphSnapshot) -> None:
    """Computes what is cheap enough to delay the swap to a new snapshot.

    Cost: 0.06 s for azure (4,944 articles, 160,405 links) on a slow machine, and 0.1 s if links changed.
    """
    hubs(snapshot)
    for kind in EdgeKind:
        sources_newest_first(snapshot, kind)
    for node_kind in (NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC, NodeKind.PERSON):
        usual_ranking(snapshot, node_kind)
    topics_of_providers(snapshot)
    providers_of_topics(snapshot)
    topics_of_persons(snapshot)
    Sizes(snapshot).warm()


def warm_soon(snapshot: GraphSnapshot) -> None:
    """Computes, after the swap, what is cheap too but needed by fewer requests.

    Cost: 0.05 s for azure on a slow machine, and 0.2 s if links changed.
    """
    fingerprint(snapshot)
    usual_ranking(snapshot, NodeKind.STORY)
    Sizes(snapshot).warm_stories()


def warm_rest(snapshot: GraphSnapshot) -> None:
    """Computes the expensive rest after that (a request that needs it earlier waits for it), and frees memory.

    Cost: 0.5 s for azure on a slow machine, and 1.2 s if links changed.
    """
    text_index(snapshot)
    checkpoint()
    metrics(snapshot)
    checkpoint()
    hub_distances(snapshot, frozenset(EdgeKind))
    checkpoint()
    Sizes(snapshot).warm_texts()
    release_free_memory()


def warm_pictures(snapshot: GraphSnapshot) -> None:
    """Computes last what exports need that say how to draw the graph.

    Cost: 2 s for azure on a slow machine if links changed, else none.
    """
    positions(snapshot)
