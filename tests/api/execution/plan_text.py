"""Plans as text, for people to read and golden files to keep: what the straight code that is made of them does, in its order."""

from collections.abc import Iterator

from graphql import print_ast

from api.execution.plan import FieldPlan, Leaf, ListOf, Nullable, ObjectOf, Selection, Shape


def plan_text(plan: Selection) -> str:
    """The plan, a line for each field, indented by level.

    A line has the field's key, its name if that is another one, its arguments, `batch` if a resolver answers it, `nodes alone` if
    that is one of the nodes of pages and of nothing else, or else the attribute that does, and its shape. A selection says its type, whether it is kept with
    the snapshot, and the variables in it at any depth; one that stands in several places is written out once.
    """
    return "\n".join(_selection(plan, {}, "")) + "\n"


def _selection(selection: Selection, known: dict[str, int], indent: str) -> Iterator[str]:
    number = known.get(selection.signature)
    if number is not None:
        yield f"{indent}{selection.type_name} as in #{number}"
        return
    known[selection.signature] = len(known) + 1
    notes = [*(["kept"] if selection.is_node else []), *(f"${name}" for name in selection.variables)]
    yield f"{indent}{selection.type_name} #{len(known)}" + (f" ({', '.join(notes)})" if notes else "")
    yield f"{indent}  {selection.template.decode()}"
    for field in selection.fields:
        yield f"{indent}  {_field(field)}"
        for inner in _selections(field.shape):
            yield from _selection(inner, known, indent + "    ")


def _field(field: FieldPlan) -> str:
    name = field.node.name.value
    arguments = ", ".join(map(print_ast, field.node.arguments or ()))
    head = (field.key if field.key == name else f"{field.key} = {name}") + (f"({arguments})" if arguments else "")
    source = "nodes alone" if field.is_of_nodes_alone else "batch" if field.resolve else f".{field.attribute}"
    return f"{head}: {source} -> {_shape(field.shape)}"


def _shape(shape: Shape) -> str:
    match shape:
        case Leaf(of_type):
            return of_type.name
        case Nullable(inner):
            return f"{_shape(inner)} or null"
        case ListOf(inner):
            return f"[{_shape(inner)}]"
        case ObjectOf(selections):
            return " | ".join(selections)


def _selections(shape: Shape) -> Iterator[Selection]:
    match shape:
        case Nullable(inner) | ListOf(inner):
            yield from _selections(inner)
        case ObjectOf(selections):
            yield from selections.values()
        case Leaf():
            pass
