"""The audits that the authors of the GraphQL over HTTP specification publish, all of them, against a running service."""

import json
from pathlib import Path

import pytest

from tests.js_tools import JAVASCRIPT, run_node
from tests.service import serving

pytestmark = pytest.mark.thorough


def test_every_audit_of_the_specification_passes(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        finished = run_node(JAVASCRIPT / "audit_server.mjs", f"{address}/graphql")
    assert finished.returncode == 0, finished.stderr
    results = json.loads(finished.stdout)
    assert len(results) >= 61
    assert [audit for audit in results if audit["status"] != "ok"] == []
