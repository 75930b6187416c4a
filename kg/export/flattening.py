"""The one rule by which the graph becomes a property graph, for every format that has no richer one.

=====================  ==================================================================================
what the graph has     what a node or edge gets
=====================  ==================================================================================
entity                 a node; its identifier is the node's
class, name            `type` (local name), `class` (Chinese label), `label`
aliases                `aliases`, joined by "; "
mentions               `mentions` (how many), `documents` (in how many), `confidence` (the best)
observations           `observations` of the node, joined by "; ". A number is no node: it would bind
                       together things that have nothing to do with each other and distort every measure
fact                   an edge of its own, parallel ones too; identifiers are whole numbers from 0
relation               `relation` (local name), `label` (Chinese label)
evidence               `quotes`, joined by "; ", `evidence` (how many), `documents`, `rules`, `confidence`
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
    from kg.merge import KnowledgeGraph
    from kg.model import Entity, Fact, Observation

Value = str | int | float
SEPARATOR = "; "

_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flatten(graph: KnowledgeGraph) -> nx.MultiDiGraph:
    """A copy of `graph` whose nodes and edges carry only strings and numbers.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> flatten(merge([], Domain.default())).number_of_nodes()
    0
    """
    network = nx.MultiDiGraph()
    figures: dict[str, list[str]] = defaultdict(list)
    for observation in graph.observations():
        figures[observation.about].append(_figure(observation))
    for entity in graph.entities():
        network.add_node(entity.id, **_clean(_of_entity(entity, figures[entity.id], graph.domain)))
    for number, fact in enumerate(graph.facts()):
        network.add_edge(fact.head, fact.tail, key=number, **_clean(_of_fact(fact, graph.domain)))
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


def _of_fact(fact: Fact, domain: Domain) -> dict[str, Value | None]:
    return {
        "relation": fact.relation,
        "label": domain.relations[fact.relation].labels["zh"],
        "evidence": len(fact.evidence),
        "documents": len({e.document for e in fact.evidence}),
        "confidence": max((e.confidence for e in fact.evidence), default=None),
        "rules": _join(sorted({e.rule for e in fact.evidence})),
        "quotes": _join(e.quote for e in fact.evidence),
    }


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
