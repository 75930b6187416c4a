"""What is told of one entity: as data for programs, and as RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.export.observations import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.merge import KnowledgeGraph
    from kg.model import Entity, Evidence, Fact


def summary(graph: KnowledgeGraph, entity: Entity) -> dict[str, Any]:
    """An entity in short: identifier, class with its labels, names.

    >>> from kg.domain import Domain
    >>> from kg.merge import KnowledgeGraph
    >>> from kg.model import Entity
    >>> union = Entity("a", "TradeUnion", "重庆市总工会", (), ())
    >>> graph = KnowledgeGraph(Domain.default(), documents=(), entities=[union], facts=(), observations=())
    >>> summary(graph, union)["class"]["label"]["zh"]
    '工会'
    """
    kind = graph.domain.classes[entity.type]
    return {
        "id": entity.id,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "class": {"id": entity.type, "label": dict(kind.labels)},
    }


def described(graph: KnowledgeGraph, entity: Entity) -> dict[str, Any]:
    """All that the graph tells of an entity, each with the sentences that say so."""
    facts = [(f, "out") for f in graph.facts(head=entity.id)] + [(f, "in") for f in graph.facts(tail=entity.id)]
    return {
        **summary(graph, entity),
        "facts": [_fact(graph, fact, way) for fact, way in facts],
        "figures": rows(graph, graph.observations(about=entity.id)),
        "mentions": [
            {"document": m.document, "begin": m.span.begin, "end": m.span.end, "text": m.text, "kind": m.kind}
            for m in entity.mentions
        ],
    }


def _fact(graph: KnowledgeGraph, fact: Fact, way: str) -> dict[str, Any]:
    other = graph.entity(fact.tail if way == "out" else fact.head)
    relation = graph.domain.relations[fact.relation]
    return {
        "relation": {"id": relation.name, "label": dict(relation.labels)},
        "direction": way,
        "other": {"id": other.id, "name": other.name, "class": other.type},
        "evidence": [_evidence(graph, piece) for piece in fact.evidence],
    }


def _evidence(graph: KnowledgeGraph, piece: Evidence) -> dict[str, Any]:
    document = graph.documents[piece.document]
    title = document.metadata.title
    return {
        "document": piece.document,
        "title": title.value if title else piece.document,
        "begin": piece.sentence.begin,
        "end": piece.sentence.end,
        "sentence": piece.quote,
        "marks": [{"role": m.role, "begin": m.span.begin, "end": m.span.end} for m in piece.marks],
        "rule": piece.rule,
        "confidence": piece.confidence,
    }


def triples_of(store: ox.Store, iri: str) -> list[ox.Triple]:
    """What a store says of a thing: every statement that it begins or ends, in whatever graph."""
    node = ox.NamedNode(iri)
    found = {q.triple for q in (*store.quads_for_pattern(node, None, None), *_ends(store, node))}
    return sorted(found, key=str)


def _ends(store: ox.Store, node: ox.NamedNode) -> Iterable[ox.Quad]:
    return store.quads_for_pattern(None, None, node)
