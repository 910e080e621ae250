"""What docs/clients.md says that each client can do is what the conversations ask of it."""

import json
import re

from tests.clients.page import PAGE
from tests.clients.python_tools import PYTHON
from tests.clients.test_java import ABILITIES
from tests.clients.test_javascript import CLIENTS as JAVASCRIPT_CLIENTS
from tests.clients.test_javascript import RELAY
from tests.clients.test_python import CLIENTS as PYTHON_CLIENTS
from tests.js_tools import JAVASCRIPT

WORDS = {True: "yes", False: "no"}


def versions() -> dict[str, str]:
    packages = json.loads((JAVASCRIPT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = (PYTHON / "requirements.txt").read_text(encoding="utf-8")
    return {**packages, **dict(re.findall(r"^([\w-]+)==([\w.]+)", lock, re.MULTILINE)), "java.net.http": "17"}


def test_table_tells_versions_and_abilities() -> None:
    abilities = {name: can for name, (_, can) in JAVASCRIPT_CLIENTS.items()}
    abilities |= {"relay-runtime": RELAY, "java.net.http": ABILITIES, **PYTHON_CLIENTS}
    rows = re.findall(r"^\| `(\S+)` \| (\S+) \| (yes|no) \| (yes|no) \| (yes|no) \|", PAGE, re.MULTILINE)
    installed = versions()
    assert sorted(rows) == sorted(
        (name, installed[name], WORDS[can.hashes], WORDS[can.subscription], WORDS[can.retries])
        for name, can in abilities.items()
    )
