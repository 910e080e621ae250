"""The alerts and the dashboard of docs/deployment in a real Prometheus that watches a real service."""

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import yaml

from tests.js_tools import give_up
from tests.service import Served, running
from tests.test_deploy import FILES, block, rules

pytestmark = pytest.mark.thorough
PATIENCE = 120
RULES = FILES / "prometheus-rules.yaml"
DASHBOARD = json.loads((FILES / "grafana-dashboard.json").read_text("utf-8"))
FIRING: dict[str, tuple[str, ...]] = {
    "FrontgraphDown": ('up{job="frontgraph", instance="a"} 0x60',),
    "FrontgraphFails": ('frontgraph_requests_total{instance="a", outcome="error"} 0+1x60',),
    "FrontgraphSlow": (
        'frontgraph_request_duration_seconds_bucket{instance="a", protocol="http", le="1"} 0+50x60',
        'frontgraph_request_duration_seconds_bucket{instance="a", protocol="http", le="10"} 0+60x60',
        'frontgraph_request_duration_seconds_bucket{instance="a", protocol="http", le="+Inf"} 0+60x60',
    ),
    "FrontgraphReloadFails": ('frontgraph_reload_failing{instance="a"} 1x60',),
    "FrontgraphRefusesMany": (
        'frontgraph_requests_total{instance="a", outcome="refused"} 0+60x60',
        'frontgraph_requests_total{instance="a", outcome="ok"} 0+40x60',
    ),
    "FrontgraphLeavesMuchToTheReference": (
        'frontgraph_reference_executions_total{instance="a"} 0+30x60',
        'frontgraph_requests_total{instance="a", outcome="ok"} 0+100x60',
    ),
    "FrontgraphLosesLog": ('frontgraph_log_lines_lost_total{instance="a"} 0+1x60',),
}
"""What makes each alert fire, by the minute."""
CALM = {
    'up{job="frontgraph", instance="a"}': "1x60",
    'frontgraph_requests_total{instance="a", outcome="error"}': "3x60",
    'frontgraph_requests_total{instance="a", outcome="refused"}': "0+40x60",
    'frontgraph_requests_total{instance="a", outcome="ok"}': "0+60x60",
    'frontgraph_request_duration_seconds_bucket{instance="a", protocol="http", le="1"}': "0+60x60",
    'frontgraph_request_duration_seconds_bucket{instance="a", protocol="http", le="+Inf"}': "0+60x60",
    'frontgraph_reload_failing{instance="a"}': "0x60",
    'frontgraph_reference_executions_total{instance="a"}': "0+10x60",
    'frontgraph_log_lines_lost_total{instance="a"}': "5x60",
}
"""With which none fires."""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        give_up(f"{name} was not found; `apt-get install prometheus` brings it")
    return found


def check(folder: Path, tests: list[dict[str, Any]]) -> None:
    """Lets Prometheus' own tool run tests of the rules."""
    file = folder / "tests.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": tests}), encoding="utf-8")
    done = subprocess.run(
        [program("promtool"), "test", "rules", file], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr


def series(lines: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(("series", "values"), line.rsplit(" ", 1), strict=True)) for line in lines]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_alert_fires_when_it_should(rule: dict[str, Any], tmp_path: Path) -> None:
    fired = {"alertname": rule["alert"], "eval_time": "50m", "exp_alerts": [{"exp_labels": {"instance": "a"}}]}
    if rule["alert"] == "FrontgraphDown":
        fired["exp_alerts"][0]["exp_labels"]["job"] = "frontgraph"
    summary = rule["annotations"]["summary"].replace("{{ $labels.instance }}", "a")
    fired["exp_alerts"][0]["exp_annotations"] = {
        "summary": re.sub(r"{{ \$value \| humanizeDuration }}", "9.46s", summary)
    }
    check(tmp_path, [{"interval": "1m", "input_series": series(FIRING[rule["alert"]]), "alert_rule_test": [fired]}])


def test_no_alert_fires_on_an_ordinary_day(tmp_path: Path) -> None:
    silent = [{"alertname": rule["alert"], "eval_time": "50m", "exp_alerts": []} for rule in rules()]
    lines = tuple(f"{name} {values}" for name, values in CALM.items())
    check(tmp_path, [{"interval": "1m", "input_series": series(lines), "alert_rule_test": silent}])


@contextmanager
def prometheus(folder: Path, service: Served) -> Iterator[Callable[[str], list[Any]]]:
    """Prometheus with the documented job and rules; gives what it answers to a query."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = yaml.safe_load(block("yaml prometheus").replace("127.0.0.1:8000", f"127.0.0.1:{service.port}"))
    del configuration["scrape_configs"][0]["authorization"]
    configuration |= {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(RULES)]}
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")

    def ask(query: str) -> list[Any]:
        url = f"http://127.0.0.1:{port}/api/v1/query?{urlencode({'query': query})}"
        with urlopen(url, timeout=PATIENCE) as response:
            answer = json.load(response)
        assert answer["status"] == "success"
        return list(answer["data"]["result"])

    command = [
        program("prometheus"),
        f"--config.file={folder}/prometheus.yaml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            until(lambda: ask('count_over_time(up{job="frontgraph"}[1m]) >= 4'), process, folder / "log")
            yield ask
        finally:
            process.terminate()


def until(found: Callable[[], Any], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if found():
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


def awaited(ask: Callable[[str], list[Any]], query: str) -> list[Any]:
    """What there is once Prometheus has come by."""
    deadline = time.monotonic() + PATIENCE
    while not (found := ask(query)):
        assert time.monotonic() < deadline, query
        time.sleep(0.2)
    return found


def test_every_panel_of_the_dashboard_shows_something(tmp_path: Path) -> None:
    panels = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
    with running(tmp_path, "--watch") as service:
        (tmp_path / "prometheus").mkdir()
        service.post({"query": "{ articles(first: 3) { nodes { title } } }"})
        with prometheus(tmp_path / "prometheus", service) as ask:
            for query in ("{ articles { totalCount } }", "{ nonsense }"):
                service.post({"query": query})
            for panel in panels:
                for target in panel["targets"]:
                    query = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
                    found = awaited(ask, query)
                    labels = set(re.findall(r"{{(\w+)}}", target["legendFormat"])) - {"worker"}
                    assert labels <= set(found[0]["metric"]), (panel["title"], query)
            [annotation] = DASHBOARD["annotations"]["list"]
            assert ask(annotation["expr"].replace("$instance", ".*")) == []  # nothing changed
            assert [entry["metric"]["alertname"] for entry in ask("ALERTS{alertstate='firing'}")] == []


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not taken & cells
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
