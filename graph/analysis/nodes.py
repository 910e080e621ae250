"""Every node of a snapshot by its id, whether it was loaded or is derived."""

from collections.abc import Sequence

from graph.analysis.stories import find_story, stories
from graph.building.snapshot import GraphSnapshot
from graph.errors import NotFoundError
from graph.model import Node, NodeKind
from graph.problems import quote


def find_node(snapshot: GraphSnapshot, node_id: str) -> Node | None:
    """The node with this id; an id that a story had before finds the story."""
    return snapshot.nodes.get(node_id) or find_story(snapshot, node_id)


def existing_node(snapshot: GraphSnapshot, node_id: str) -> Node:
    """The node with this id.

    Raises:
        NotFoundError: the graph does not hold it.
    """
    node = find_node(snapshot, node_id)
    if node is None:
        raise NotFoundError(f"No node has the id {quote(node_id)}.")
    return node


def nodes_of(snapshot: GraphSnapshot, kind: NodeKind) -> Sequence[Node]:
    """All nodes of a kind, by id."""
    if kind is NodeKind.STORY:
        return tuple(stories(snapshot).by_id.values())
    return [snapshot.nodes[node_id] for node_id in snapshot.ids[kind]]
