"""What always holds, checked on every extraction and every graph: a build that breaks it fails.

Each check raises :class:`kg.errors.InvariantError`, which names the thing and the promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.domain import OPEN_RELATION
from kg.errors import InvariantError
from kg.model import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.domain import Domain
    from kg.merge import KnowledgeGraph
    from kg.model import Dating, Document, Entity, Evidence, Extraction, Fact


def check_extraction(extraction: Extraction, domain: Domain) -> None:
    """Raise unless every span slices to its quote and every fact fits the ontology and has evidence."""
    documents = {extraction.document.id: extraction.document}
    _check(documents, extraction.entities, extraction.facts, (*extraction.observations, *extraction.datings), domain)


def check_graph(graph: KnowledgeGraph) -> None:
    """Raise unless the merged graph keeps the promises of :func:`check_extraction`."""
    facts = [*graph.facts(), *graph.unasserted(), *graph.open_facts()]
    _check(graph.documents, graph.entities(), facts, (*graph.observations(), *graph.datings()), graph.domain)


def _check(
    documents: Mapping[str, Document],
    entities: Iterable[Entity],
    facts: Iterable[Fact],
    figures: Iterable[Observation | Dating],
    domain: Domain,
) -> None:
    types: dict[str, str] = {}
    for entity in entities:
        types[entity.id] = entity.type
        _require(entity.type in domain.classes, entity.name, f"{entity.type} is no class of the ontology")
        _require(bool(entity.mentions), entity.name, "an entity without a mention")
        for mention in entity.mentions:
            text = documents[mention.document].text
            _require(mention.span.of(text) == mention.text, entity.name, f"a mention that is not {mention.text!r}")
    for fact in facts:
        triple = f"{fact.head} {fact.relation} {fact.tail}"
        _require(fact.head in types and fact.tail in types, triple, "an entity that does not exist")
        if fact.predicate is None:
            _require(fact.relation in domain.relations, triple, f"{fact.relation} is no relation of the ontology")
            admitted = domain.relations[fact.relation].admits(types[fact.head], types[fact.tail])
            _require(admitted, triple, f"the ontology joins no {types[fact.head]} to a {types[fact.tail]} so")
        else:
            _require(fact.relation == OPEN_RELATION, triple, "a predicate where the ontology has a relation")
        _check_evidence(triple, fact.evidence, documents)
    for figure in figures:
        said = f"{figure.measure} {figure.surface}" if isinstance(figure, Observation) else figure.period
        name = f"{figure.about} {said}"
        _require(figure.about in types, name, "an entity that does not exist")
        _check_evidence(name, figure.evidence, documents)


def _check_evidence(name: str, evidence: Iterable[Evidence], documents: Mapping[str, Document]) -> None:
    pieces = tuple(evidence)
    _require(bool(pieces), name, "a fact without evidence")
    for piece in pieces:
        text = documents[piece.document].text
        _require(piece.sentence.of(text) == piece.quote, name, f"a sentence that is not {piece.quote!r}")
        _require(all(0 <= m.span.begin <= m.span.end <= len(text) for m in piece.marks), name, "a mark out of bounds")
        _require(0 <= piece.confidence <= 1, name, f"a confidence of {piece.confidence}")


def _require(holds: bool, name: str, broken: str) -> None:  # noqa: FBT001
    if not holds:
        msg = f"{name}: {broken}; this is a fault of the program, please report it with the document"
        raise InvariantError(msg)
