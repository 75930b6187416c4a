"""What is counted, in the text format of Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """Requests by route and status, how long they took, queries by outcome, and the size of the graph.

    >>> metrics = Metrics()
    >>> metrics.queries.labels("answered").inc()
    >>> b'kg_queries_total{outcome="answered"} 1.0' in metrics.text()
    True
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "kg_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self.seconds = Histogram("kg_request_seconds", "How long they took.", ("route",), registry=self._registry)
        self.queries = Counter(
            "kg_queries", "SPARQL queries by what became of them.", ("outcome",), registry=self._registry
        )
        self.reloads = Counter("kg_reloads", "The graph read anew.", ("outcome",), registry=self._registry)
        self.entities = Gauge("kg_entities", "Entities in the graph.", registry=self._registry)
        self.facts = Gauge("kg_facts", "Facts in the graph.", registry=self._registry)

    def text(self) -> bytes:
        """All counts."""
        return generate_latest(self._registry)
