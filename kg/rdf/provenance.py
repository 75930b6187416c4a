"""How much a graph tells of where its facts come from, and in which form.

What :func:`kg.rdf.describing.describe` gives has one ``rdf:Statement`` for each fact and sentence. Here it is left as
it is, stripped of evidence, spread over a named graph for each document, or said with the reifiers of RDF 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import PROV, XSD

from kg.domain import OPEN_RELATION
from kg.errors import FormatError
from kg.rdf.describing import describe
from kg.rdf.terms import Description, Pair, TripleTerm, observed
from kg.rdf.vocabulary import NIF, Bases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from kg.merge import KnowledgeGraph
    from kg.model import Dating, Observation

REIFIES = URIRef(str(RDF) + "reifies")


class Provenance(StrEnum):
    """How a graph says what its facts rest on."""

    NONE = "none"
    STATEMENTS = "statements"
    NAMED_GRAPHS = "named-graphs"
    RDF12 = "rdf12"


_HOLD = {
    Provenance.NAMED_GRAPHS: ("trig", "nquads", "jsonld"),
    Provenance.RDF12: ("turtle", "trig", "ntriples", "nquads", "rdfxml"),
}


def check(provenance: Provenance, formats: Iterable[str]) -> None:
    """:class:`kg.errors.FormatError` where one of `formats` cannot hold `provenance`.

    >>> check(Provenance.RDF12, ["turtle"])
    """
    able = _HOLD.get(provenance)
    for name in formats:
        if able and name not in able:
            msg = f"{name} cannot hold provenance as {provenance}; {', '.join(able)} can"
            raise FormatError(msg)


@dataclass(frozen=True, slots=True)
class Options:
    """What a graph's RDF looks like: its IRIs, its provenance, and the time of the build where that is to be told."""

    bases: Bases = field(default_factory=Bases)
    provenance: Provenance = Provenance.STATEMENTS
    timestamp: datetime | None = None


class Section(NamedTuple):
    """Descriptions under a heading, in a named graph or in none."""

    heading: str
    descriptions: Iterator[Description]
    graph: URIRef | None = None


def sections(graph: KnowledgeGraph, options: Options) -> Iterator[Section]:
    """The descriptions of `graph` as `options` want them.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> empty = merge([], Domain.default())
    >>> [s.heading for s in sections(empty, Options(provenance=Provenance.NONE))]
    ['The graph and how it was made']
    """
    teller = _Teller(graph, options)
    for heading, descriptions in describe(graph, options.bases):
        told = (d for d in map(teller.told, descriptions) if d)
        first = next(told, None)
        if first or options.provenance == Provenance.STATEMENTS:
            yield Section(heading, chain([first] if first else [], told))
    if options.provenance == Provenance.NAMED_GRAPHS:
        yield from teller.by_document()


class _Teller:
    def __init__(self, graph: KnowledgeGraph, options: Options) -> None:
        self.graph = graph
        self.options = options
        self.provenance = options.provenance
        term = options.bases.term
        self.build = options.bases.thing("build")
        self.dataset = options.bases.thing("graph")
        self.figures = {term("Observation"), term("Dating")}
        # What is evidence and nothing else, by its class; and what points at it from elsewhere.
        unasserted = term("UnassertedStatement"), term("OpenStatement")
        self.evidence = {RDF.Statement, *unasserted, PROV.Derivation, NIF.Sentence, NIF.Phrase, term("Field")}
        self.pointers = {PROV.wasDerivedFrom, PROV.qualifiedDerivation, term("field"), NIF.beginIndex, NIF.endIndex}
        self.pointers.add(NIF.isString)
        self.relations = {term(name) for name in (*graph.domain.relations, OPEN_RELATION, "when")}

    def told(self, description: Description) -> Description | None:
        """The description as this provenance has it; None where it has it not."""
        subject, pairs = description
        if subject == self.dataset:
            pairs = [*pairs, (self.options.bases.term("provenance"), Literal(str(self.provenance)))]
        elif subject == self.build and self.options.timestamp:
            time = self.options.timestamp.isoformat(timespec="seconds")
            pairs = [*pairs, (PROV.endedAtTime, Literal(time, datatype=XSD.dateTime, normalize=False))]
        if self.provenance == Provenance.STATEMENTS:
            return subject, pairs
        kind = pairs[0][1]
        if self.provenance == Provenance.RDF12:
            return subject, _reified(pairs)
        if kind in self.evidence:
            return None
        if self.provenance == Provenance.NAMED_GRAPHS:
            if kind in self.figures:
                return None
            pairs = [pair for pair in pairs if pair[0] not in self.relations]
        return subject, self._bare(pairs)

    def _bare(self, pairs: Iterable[Pair]) -> list[Pair]:
        return [pair for pair in pairs if pair[0] not in self.pointers and pair[1] != NIF.Context]

    def by_document(self) -> Iterator[Section]:
        """What each document states, in a graph of its own; and of each such graph, where it comes from."""
        bases = self.options.bases
        nodes = {document: bases.document(document) for document in self.graph.documents}
        graphs = {document: URIRef(f"{node}.statements") for document, node in nodes.items()}
        stated: dict[str, dict[URIRef, list[Pair]]] = {document: {} for document in nodes}
        for subject, pairs, documents in self._stated():
            for document in documents:
                stated[document].setdefault(subject, []).extend(pairs)
        yield Section(
            "Where the named graphs come from",
            ((graphs[d], [(PROV.wasDerivedFrom, nodes[d])]) for d in nodes if stated[d]),
        )
        for document, said in stated.items():
            if said:
                told = ((subject, sorted(set(pairs), key=_order)) for subject, pairs in sorted(said.items()))
                yield Section(f"What {nodes[document].removeprefix(bases.things)} states", told, graphs[document])

    def _stated(self) -> Iterator[tuple[URIRef, list[Pair], set[str]]]:
        bases = self.options.bases
        for fact in (*self.graph.facts(), *self.graph.open_facts()):
            pair = bases.term(fact.relation), bases.thing(fact.tail)
            yield bases.thing(fact.head), [pair], {e.document for e in fact.evidence}
        for dating in self.graph.datings():
            when = bases.term("when"), bases.thing(dating.id)
            yield bases.thing(dating.about), [when], {e.document for e in dating.evidence}
        figures: list[Observation | Dating] = [*self.graph.observations(), *self.graph.datings()]
        for figure in figures:
            yield bases.thing(figure.id), self._bare(observed(figure, bases)), {e.document for e in figure.evidence}


def _order(pair: Pair) -> tuple[bool, URIRef, str]:
    return pair[0] != RDF.type, pair[0], str(pair[1])


def _reified(pairs: list[Pair]) -> list[Pair]:
    """The node of a statement as a reifier of RDF 1.2; anything else as it is."""
    said = dict(pairs)
    if RDF.subject not in said:
        return pairs
    triple = TripleTerm(*(URIRef(str(said[part])) for part in (RDF.subject, RDF.predicate, RDF.object)))
    kept = [p for p in pairs if p[0] not in {RDF.subject, RDF.predicate, RDF.object} and p != (RDF.type, RDF.Statement)]
    return [*(p for p in kept if p[0] == RDF.type), (REIFIES, triple), *(p for p in kept if p[0] != RDF.type)]
