"""The part of a graph that an answer speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.merge import KnowledgeGraph


def of_rows(graph: KnowledgeGraph, results: dict[str, Any], things: str) -> KnowledgeGraph:
    """The entities that `results` (SPARQL 1.1 Query Results JSON) name or point at, and what joins them.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> from kg.model import Entity
    >>> union = Entity("a", "TradeUnion", "重庆市总工会", (), ())
    >>> graph = KnowledgeGraph(Domain.default(), documents=(), entities=[union], facts=(), observations=())
    >>> row = {"union": {"type": "literal", "value": "重庆市总工会"}}
    >>> len(of_rows(graph, {"results": {"bindings": [row]}}, "https://kg.example/id/").entities())
    1
    """
    cells = [cell["value"] for row in results.get("results", {}).get("bindings", []) for cell in row.values()]
    told = {value.removeprefix(things) for value in cells}
    named = {name for value in cells for name in (value, *value.split("、"))}
    kept = {e.id for e in graph.entities() if e.id in told or e.name in named}
    return type(graph)(
        graph.domain,
        documents=graph.documents.values(),
        entities=[entity for entity in graph.entities() if entity.id in kept],
        facts=[fact for fact in graph.facts() if {fact.head, fact.tail} <= kept],
        observations=[o for o in graph.observations() if o.about in kept],
        datings=[d for d in graph.datings() if d.about in kept],
    )
