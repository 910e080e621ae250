"""Metrics as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from api.telemetry.metrics import Metrics


def shown(metrics: Metrics) -> dict[str, float]:
    """Every sample by its name and labels, zeros left out."""
    families = text_string_to_metric_families(metrics.text()[0].decode())
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.value and sample.name.startswith("frontgraph_")
    }
