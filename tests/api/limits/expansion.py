"""What a document comes to when every fragment is written out where it is spread: slow, plain, and right."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)


def written_out(document: DocumentNode, selection_set: SelectionSetNode) -> Iterator[tuple[str | None, FieldNode]]:
    """The fields of a selection set with the type that a fragment narrows them to."""
    fragments = {found.name.value: found for found in document.definitions if isinstance(found, FragmentDefinitionNode)}
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield None, node
            continue
        inner = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        assert isinstance(inner, FragmentDefinitionNode | InlineFragmentNode)
        condition = inner.type_condition
        for narrower, found in written_out(document, inner.selection_set):
            yield narrower or (condition.name.value if condition else None), found


def depth(document: DocumentNode, selection_set: SelectionSetNode | None) -> int:
    if selection_set is None:
        return 0
    return max((1 + depth(document, node.selection_set) for _, node in written_out(document, selection_set)), default=0)


def aliases(document: DocumentNode, selection_set: SelectionSetNode | None) -> int:
    if selection_set is None:
        return 0
    return sum(
        bool(node.alias) + aliases(document, node.selection_set) for _, node in written_out(document, selection_set)
    )


def fields(document: DocumentNode, selection_set: SelectionSetNode | None) -> int:
    if selection_set is None:
        return 0
    return sum(1 + fields(document, node.selection_set) for _, node in written_out(document, selection_set))
