"""What belongs to other projects stays theirs: private names of theirs are used in their adapter alone.

A name is private if it begins with an underscore, or comes from a module that the project does not document. This reads the code
as text has it: what is reached by `getattr` with a computed name is not seen.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "api").rglob("*.py"), *(ROOT / "graph").rglob("*.py")])
ADAPTERS = {
    *(ROOT / "api" / "adapters" / name for name in ("strawberry.py", "graphql_core.py")),
    ROOT / "graph" / "building" / "digraph.py",
}
DOCUMENTED = {
    "strawberry": {
        "strawberry",
        "strawberry.dataloader",
        "strawberry.extensions",
        "strawberry.schema.config",
        "strawberry.types",
        "strawberry.types.field",
        "strawberry.types.scalar",
    },
    "graphql": {"graphql", "graphql.language", "graphql.type", "graphql.utilities"},
}
"""The modules of a project to import from; of projects that are missing, all."""
UNDOCUMENTED = {"DEFINITION_BACKREF", "create_extensions_runner", "scalar_registry", "schema_converter"}
"""Names without an underscore that are private all the same."""
PUBLIC = {"_asdict", "_fields", "_make", "_replace", "_exit"}
"""Names of Python with an underscore that are documented: of named tuples, and of `os`."""


def private_names(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = set(_defined(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names if _is_private_module(name.name))
            case ast.ImportFrom(module=str(module), level=0, names=names) if not module.startswith(("api", "graph.")):
                if _is_private_module(module):
                    yield module
                yield from (f"{module}.{name.name}" for name in names if _is_private(name.name))
            case ast.Attribute(attr=name, value=value):
                is_ours = name in own or (isinstance(value, ast.Name) and value.id in ("self", "cls"))
                if _is_private(name) and not is_ours:
                    yield ast.unparse(node)


def _defined(tree: ast.AST) -> Iterator[str]:
    """Names that the module itself gives to functions, classes, variables and attributes of `self`."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def _is_private(name: str) -> bool:
    is_underscored = name.startswith("_") and not name.startswith("__") and name not in PUBLIC
    return is_underscored or name in UNDOCUMENTED or name.startswith(("__strawberry", "__graphql"))


def _is_private_module(name: str) -> bool:
    project, *inner = name.split(".")
    documented = DOCUMENTED.get(project)
    return any(map(_is_private, inner)) or (documented is not None and name not in documented)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_private_names_of_others_stand_in_their_adapter(path: Path) -> None:
    if path not in ADAPTERS:
        assert list(private_names(path)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import json\nfrom graphql import parse\nparse('').loc", []),
        ("class A:\n    def __init__(self, other):\n        self._a = other._a", []),
        ("def f(found): return found._replace(a=1)", []),
        ("from strawberry import _x", ["strawberry._x"]),
        ("import graphql.execution.values", ["graphql.execution.values"]),
        ("from graphql.execution.values import VariableValues", ["graphql.execution.values"]),
        ("import os\nos._exit(1)", []),
        ("from os import _wrap_close", ["os._wrap_close"]),
        ("def f(schema): return schema._schema", ["schema._schema"]),
        ("def f(of_type): return of_type.__strawberry_definition__", ["of_type.__strawberry_definition__"]),
        ("def f(schema): return schema.schema_converter", ["schema.schema_converter"]),
    ],
)
def test_private_names_are_found(tmp_path: Path, text: str, found: list[str]) -> None:
    module = tmp_path / "module.py"
    module.write_text(text, encoding="utf-8")
    assert list(private_names(module)) == found


@pytest.mark.parametrize("path", sorted(ADAPTERS), ids=lambda path: path.name)
def test_every_function_of_an_adapter_says_why(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert all(ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef))
