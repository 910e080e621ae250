"""Graphviz, for the tests that have it read what is exported for it."""

import json
import shutil
import subprocess
from typing import Any

from tests.js_tools import give_up

_ADDED = frozenset({"_gvid", "pos", "width", "height"})


def drawn(source: bytes, output: str) -> bytes:
    """What `dot` makes of a file, in one of its output formats, without a complaint; without Graphviz, `give_up`."""
    program = shutil.which("dot")
    if program is None:
        give_up("dot was not found; `apt-get install graphviz` brings it")
    finished = subprocess.run([program, f"-T{output}"], input=source, capture_output=True, timeout=300)
    assert (finished.returncode, finished.stderr.decode()) == (0, "")
    return finished.stdout


def read_graphviz(source: bytes) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str], dict[str, Any]]]:
    """The attributes of nodes and edges, escaped as labels are, without what the layout adds."""
    found = json.loads(drawn(source, "dot_json"))
    nodes, ends = {}, {}
    for item in found.get("objects", ()):
        ends[item.pop("_gvid")] = name = item.pop("name")
        nodes[name] = written(item)
    edges = {(ends[item.pop("tail")], ends[item.pop("head")]): written(item) for item in found.get("edges", ())}
    return nodes, edges


def written(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _ADDED and value != ""}
