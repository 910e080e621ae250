"""A step of a path as a sentence."""

from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind, GraphNode, LinkDirection, label
from graph.traversal.paths import Step


def explain(snapshot: GraphSnapshot, step: Step) -> str:
    """What connects the two nodes, as one sentence; articles stand in quotes, by title, else by slug, URL or id."""
    ends = (step.target, step.source) if step.direction is LinkDirection.IN else (step.source, step.target)
    source, target = (_name(snapshot.nodes[node_id]) for node_id in ends)
    match step.kind:
        case EdgeKind.RELATED_TO if step.direction is LinkDirection.BOTH:
            return f"{source} and {target} name each other as related."
        case EdgeKind.RELATED_TO:
            return f"{source} names {target} as related."
        case EdgeKind.ABOUT:
            return f"{source} is about {target}."
        case EdgeKind.PUBLISHED_BY:
            return f"{target} published {source}."
        case EdgeKind.BROADER:
            return f"{source} is part of {target}."


def _name(node: GraphNode) -> str:
    return f"“{label(node)}”" if isinstance(node, Article) else label(node)
