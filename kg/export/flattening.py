"""The one rule by which the graph becomes a property graph, for every format that has no richer one.

=====================  ==================================================================================
what the graph has     what a node or edge gets
=====================  ==================================================================================
entity                 a node; its identifier is the node's
class, name            `type` (local name), `class` (Chinese label), `label`; one label, the canonical name
aliases, any list      text, joined by "; " (`aliases`)
mentions               `mentions` (how many), `documents` (in how many), `confidence` (the best)
observations           `observations` of the node, joined by "; ". A number is no node: it would bind
                       together things that have nothing to do with each other and distort every measure
fact                   an edge of its own, parallel ones too; identifiers are whole numbers from 0
relation               `relation` (local name), `label` (Chinese label)
evidence, provenance   `quotes`, joined by "; ", `evidence` (how many), `documents`, `rules`, `confidence`
dates                  ISO 8601 text: `since` and `until` of an edge are the earliest and the latest date of the
                       documents that state it; `when` of a node is when it took place (EDTF), joined by "; "
decimals               only within `observations`, as written in the text; the tables have them as numbers
analysis               where asked for, `degree`, `pagerank`, `betweenness`, `community` of nodes and `bridge` of
                       edges (1 or 0)
planned, denied, …     left out; so is None
characters that XML    left out (controls, U+FFFE, U+FFFF); CR LF becomes LF, as XML readers would have it
cannot hold
=====================  ==================================================================================
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.domain import Domain
    from kg.export.analysis import Analysis
    from kg.merge import KnowledgeGraph
    from kg.model import Document, Entity, Fact, Observation

Value = str | int | float
SEPARATOR = "; "

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flatten(graph: KnowledgeGraph, analysis: Analysis | None = None) -> nx.MultiDiGraph:
    """A copy of `graph` whose nodes and edges carry only strings and numbers, those of `analysis` too.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> flatten(merge([], Domain.default())).number_of_nodes()
    0
    """
    network = nx.MultiDiGraph()
    figures: dict[str, list[str]] = defaultdict(list)
    for observation in graph.observations():
        figures[observation.about].append(_figure(observation))
    times: dict[str, list[str]] = defaultdict(list)
    for dating in graph.datings():
        if dating.modality is None and dating.interval.edtf:
            times[dating.about].append(dating.interval.edtf)
    for entity in graph.entities():
        said = _of_entity(entity, figures[entity.id], graph.domain) | {"when": _join(times[entity.id])}
        network.add_node(entity.id, **_clean(said | (analysis.centrality[entity.id].as_dict() if analysis else {})))
    bridges = {frozenset(pair) for pair in analysis.bridges} if analysis else set()
    for number, fact in enumerate(graph.facts()):
        said = _of_fact(fact, graph)
        if analysis:
            said["bridge"] = int(frozenset((fact.head, fact.tail)) in bridges)
        network.add_edge(fact.head, fact.tail, key=number, **_clean(said))
    return network


def _of_entity(entity: Entity, figures: list[str], domain: Domain) -> dict[str, Value | None]:
    return {
        "label": entity.name,
        "type": entity.type,
        "class": domain.classes[entity.type].labels["zh"],
        "aliases": _join(entity.aliases),
        "mentions": len(entity.mentions),
        "documents": len({m.document for m in entity.mentions}),
        "confidence": max((m.confidence for m in entity.mentions), default=None),
        "observations": _join(figures),
    }


def _of_fact(fact: Fact, graph: KnowledgeGraph) -> dict[str, Value | None]:
    dates = sorted(filter(None, (date_of(graph.documents[e.document]) for e in fact.evidence)))
    return {
        "relation": fact.relation,
        "label": graph.domain.relations[fact.relation].labels["zh"],
        "evidence": len(fact.evidence),
        "documents": len({e.document for e in fact.evidence}),
        "confidence": max((e.confidence for e in fact.evidence), default=None),
        "rules": _join(sorted({e.rule for e in fact.evidence})),
        "quotes": _join(e.quote for e in fact.evidence),
        "since": dates[0] if dates else None,
        "until": dates[-1] if dates else None,
    }


def date_of(document: Document) -> str | None:
    """The day a document was published (ISO 8601), None where it does not say so to the day."""
    stated = document.metadata.date_published
    return stated.value if stated and _DAY.fullmatch(stated.value) else None


def _figure(observation: Observation) -> str:
    """The figure on one line: what is counted, the words as written, when, and whether it is a plan."""
    about_it = [word for word in (observation.period, observation.modality) if word]
    return f"{observation.measure} {observation.surface}".strip() + (f" ({', '.join(about_it)})" if about_it else "")


def _join(values: Iterable[str]) -> str | None:
    return SEPARATOR.join(dict.fromkeys(values)) or None


def _clean(attributes: dict[str, Value | None]) -> dict[str, Value]:
    return {
        name: _NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(value, str) else value
        for name, value in attributes.items()
        if value is not None
    }
