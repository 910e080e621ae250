import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics

from api.errors import ErrorCode
from api.mcp.tools import TOOLS as MCP_TOOLS
from api.server.refusals import REASONS
from api.telemetry.figures import Figure, SnapshotFigures, snapshot_figures
from api.telemetry.metrics import CONNECTION_REASONS, TOOLS, Metrics
from api.telemetry.record import RequestRecord
from graph.building.snapshot import GraphSnapshot
from graph.problems import ProblemCode, Severity
from tests.api.telemetry.samples import shown

EXECUTION = Path(__file__).parents[3] / "api" / "execution"
_SAID = re.compile(r'FallbackError\(f?"([^"]+)"')

A_RECORD = RequestRecord(
    request_id="5e1f-1",
    method="POST",
    path="/graphql",
    client="192.0.2.7",
    cost=340,
    executor="planned",
    seconds=0.0002,
    size=1000,
)


def counted(*records: RequestRecord) -> dict[str, float]:
    metrics = Metrics()
    for record in records:
        metrics.count(record)
    return shown(metrics)


def reasons(said: Sequence[str | None]) -> dict[str, float]:
    samples = counted(*(replace(A_RECORD, executor="reference", fallback=reason) for reason in said))
    name = "frontgraph_reference_executions_total "
    return {key.removeprefix(name): value for key, value in samples.items() if key.startswith(name)}


def test_nothing_is_counted_at_first() -> None:
    assert shown(Metrics()) == {}


def test_request_is_counted_once_in_each_family() -> None:
    samples = counted(A_RECORD)
    buckets = {name for name in samples if "_bucket" in name}
    assert {name: value for name, value in samples.items() if name not in buckets} == {
        "frontgraph_requests_total ok http 2xx": 1,
        "frontgraph_executions_total planned": 1,
        "frontgraph_response_bytes_total": 1000,
        "frontgraph_request_duration_seconds_count http": 1,
        "frontgraph_request_duration_seconds_sum http": 0.0002,
        "frontgraph_request_cost_count http": 1,
        "frontgraph_request_cost_sum http": 340,
    }
    assert "frontgraph_request_duration_seconds_bucket 0.0001 http" not in buckets
    assert "frontgraph_request_duration_seconds_bucket 0.00025 http" in buckets
    assert "frontgraph_request_duration_seconds_bucket +Inf http" in buckets
    assert "frontgraph_request_cost_bucket 100.0 http" not in buckets
    assert "frontgraph_request_cost_bucket 500.0 http" in buckets


def test_value_on_a_bound_is_within_it() -> None:
    samples = counted(replace(A_RECORD, seconds=0.1), replace(A_RECORD, seconds=99.0))
    name = "frontgraph_request_duration_seconds_bucket"
    assert [samples.get(f"{name} {bound} http") for bound in ("0.05", "0.1", "10.0", "+Inf")] == [None, 1, 1, 2]


def test_tool_of_a_language_model_is_counted_by_its_name_and_others_as_one() -> None:
    tool = replace(A_RECORD, protocol="mcp", tool="search")
    samples = counted(tool, replace(tool, tool="anything", outcome="refused"), replace(tool, tool="a document"))
    assert {name: value for name, value in samples.items() if "tool_calls_total" in name} == {
        "frontgraph_tool_calls_total ok search": 1,
        "frontgraph_tool_calls_total refused other": 1,
        "frontgraph_tool_calls_total ok other": 1,
    }
    assert samples["frontgraph_tool_call_duration_seconds_count search"] == 1
    assert samples["frontgraph_tool_call_duration_seconds_count other"] == 2
    assert samples["frontgraph_request_duration_seconds_count mcp"] == 3


def test_names_of_tools_are_those_that_there_are() -> None:
    assert [*(tool.name for tool in MCP_TOOLS), "other"] == list(TOOLS)


def test_refusal_is_counted_by_its_code() -> None:
    samples = counted(
        replace(A_RECORD, outcome="refused", status=413, refusal=ErrorCode.BODY_TOO_LARGE, executor="none")
    )
    assert samples["frontgraph_requests_total refused http 4xx"] == 1
    assert samples["frontgraph_refusals_total BODY_TOO_LARGE"] == 1
    assert samples["frontgraph_executions_total none"] == 1


def test_request_without_a_cost_is_in_no_bucket_of_costs() -> None:
    assert not any("request_cost" in name for name in counted(replace(A_RECORD, cost=None)))


@pytest.mark.parametrize(("status", "label"), [(101, "1xx"), (304, "3xx"), (599, "5xx"), (1006, "5xx"), (0, "1xx")])
def test_status_of_any_kind_is_counted(status: int, label: str) -> None:
    assert counted(replace(A_RECORD, status=status))[f"frontgraph_requests_total ok http {label}"] == 1


def test_reasons_of_fallbacks_have_a_bounded_number_of_labels() -> None:
    said = ["no query", "directive @defer", "field Query.__schema", "a field failed: KeyError", "x" * 99, None]
    assert reasons(said) == {"no query": 1, "directive": 1, "field": 1, "a field failed": 1, "other": 2}


def test_every_reason_of_the_planned_executor_has_a_label() -> None:
    said = [text for module in EXECUTION.glob("*.py") for text in _SAID.findall(module.read_text(encoding="utf-8"))]
    failures = [text for text in said if text.endswith(("of no known type", "parents"))]
    assert len(said) > 10
    assert reasons(said).get("other", 0) == len(failures)  # of our own making, and never seen


def test_reloads_are_counted_and_the_last_failure_is_told() -> None:
    metrics = Metrics()
    metrics.count_reload("changed", 0.4)
    metrics.count_reload("failed", 0.1)
    samples = shown(metrics)
    assert samples["frontgraph_reloads_total changed"] == samples["frontgraph_reloads_total failed"] == 1
    assert samples["frontgraph_reload_duration_seconds_sum changed"] == 0.4
    assert samples["frontgraph_reload_failing"] == 1
    metrics.count_reload("unchanged", 0.1)
    assert "frontgraph_reload_failing" not in shown(metrics)


def test_figures_are_read_when_they_are_asked_for() -> None:
    metrics, waiting = Metrics(), [1]
    metrics.follow(Figure.HEAVY_WORK_WAITING, lambda: len(waiting))
    metrics.follow(Figure.ANSWER_CACHE_BYTES, lambda: 5_000)
    metrics.follow(Figure.FRAGMENT_CACHE_HITS, lambda: 7)
    waiting.append(2)
    assert shown(metrics) == {
        "frontgraph_heavy_work_waiting": 2,
        "frontgraph_answer_cache_bytes": 5_000,
        "frontgraph_fragment_cache_hits_total": 7,
    }


def test_snapshot_is_counted_by_kind_severity_and_code() -> None:
    metrics = Metrics()
    problems = {(Severity.ERROR, ProblemCode.DATE_INVALID): 3, (Severity.WARNING, ProblemCode.URL_SHARED): 1}
    figures = SnapshotFigures("0f1e", 12.5, {"ARTICLE": 5, "TOPIC": 2}, {"ABOUT": 9}, problems)
    metrics.follow_snapshot(lambda: figures)
    assert shown(metrics) == {
        "frontgraph_snapshot_info 0f1e": 1,
        "frontgraph_snapshot_age_seconds": 12.5,
        "frontgraph_snapshot_nodes ARTICLE": 5,
        "frontgraph_snapshot_nodes TOPIC": 2,
        "frontgraph_snapshot_edges ABOUT": 9,
        "frontgraph_snapshot_problems DATE_INVALID ERROR": 3,
        "frontgraph_snapshot_problems URL_SHARED WARNING": 1,
    }


def test_figures_of_a_snapshot(seeds: GraphSnapshot) -> None:
    figures = snapshot_figures(seeds)
    assert (figures.version, figures.age > 0) == (seeds.version, True)
    assert sum(figures.nodes.values()) == 90
    assert sum(figures.edges.values()) == 322
    assert sum(figures.problems.values()) == len(seeds.problems)
    assert figures.problems[Severity.ERROR, ProblemCode.DATE_INVALID] == 1


def test_openmetrics_for_who_takes_it() -> None:
    metrics = Metrics()
    metrics.count(A_RECORD)
    accept = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.2"
    text, media_type = metrics.text(accept)
    assert media_type == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    families = parse_openmetrics(text.decode())  # type: ignore[no-untyped-call]
    assert {family.name for family in families} >= {"frontgraph_requests"}


@pytest.mark.parametrize("accept", ["", "text/plain;version=nonsense", "*/*"])
def test_plain_text_for_everybody_else(accept: str) -> None:
    text, media_type = Metrics().text(accept)
    assert media_type == "text/plain; version=0.0.4; charset=utf-8"
    names = {line.split()[2] for line in text.decode().splitlines() if line.startswith("# TYPE ")}
    expected = {"python_info", "process_resident_memory_bytes", "python_gc_collections_total"}
    assert names >= {*expected, "frontgraph_requests_total"}


def test_workers_count_apart_and_are_shown_together() -> None:
    metrics = Metrics(workers=2)
    metrics.follow(Figure.CONNECTIONS_OPEN, lambda: 10)
    metrics.claim(0)
    metrics.count(A_RECORD)
    metrics.count_reload("failed", 0.1)
    metrics.publish()
    metrics.claim(1)
    metrics.count(A_RECORD)
    samples = shown(metrics)
    assert samples["frontgraph_requests_total ok http 2xx"] == 2
    assert samples["frontgraph_connections_open"] == 20
    assert samples["frontgraph_reload_failing"] == 1


def test_worker_that_replaces_another_goes_on_with_its_counts_but_not_with_its_figures() -> None:
    metrics = Metrics(workers=2)
    metrics.follow(Figure.CONNECTIONS_OPEN, lambda: 10)
    for _ in range(2):
        metrics.claim(1)
        metrics.count(A_RECORD)
        metrics.count_reload("failed", 0.1)
        metrics.publish()
    metrics.claim(1)
    samples = shown(metrics)
    assert samples["frontgraph_requests_total ok http 2xx"] == 2
    assert samples["frontgraph_connections_open"] == 10
    assert "frontgraph_reload_failing" not in samples


def test_counters_that_are_read_only_grow_when_a_worker_replaces_another() -> None:
    metrics, lost = Metrics(workers=2), [3]
    metrics.follow(Figure.LOG_LINES_LOST, lambda: len(lost))
    metrics.claim(1)
    metrics.publish()
    metrics.claim(1)
    assert shown(metrics)["frontgraph_log_lines_lost_total"] == 2  # what the one before had, and its own
    lost.append(4)
    assert shown(metrics)["frontgraph_log_lines_lost_total"] == 3


def test_two_services_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.count(A_RECORD)
    assert shown(second) == {}


def test_connections_that_the_server_ends_are_counted_by_all_its_reasons() -> None:
    metrics = Metrics()
    for reason in REASONS:
        metrics.count_ended(reason)
    body, _ = metrics.text()
    lines = [line for line in body.decode().splitlines() if line.startswith("frontgraph_connections_ended_total")]
    assert lines == [f'frontgraph_connections_ended_total{{reason="{reason}"}} 1.0' for reason in CONNECTION_REASONS]
