"""A graph read back from its RDF, whole: entities with their mentions, facts with their evidence, the texts.

Parsing is pyoxigraph's. What the file says of itself (prefixes kg: and id:) tells its base IRIs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rdflib.namespace import DCTERMS, OWL, PROV, RDF, SKOS, VOID

from kg.domain import ONTOLOGY, Domain
from kg.errors import GraphError, InvariantError
from kg.merge import Decision, KnowledgeGraph
from kg.model import (
    Dating,
    Document,
    Entity,
    Evidence,
    Fact,
    Field,
    Interval,
    Mark,
    Mention,
    Metadata,
    Observation,
    Span,
)
from kg.rdf.files import parse
from kg.rdf.provenance import Provenance
from kg.rdf.vocabulary import FIELDS, ITSRDF, NIF, THINGS, Bases

if TYPE_CHECKING:
    import pyoxigraph as ox

_MULTIPLE = ("authors", "editors", "photographers")


def read_turtle(path: str | Path, domain: Domain | None = None) -> KnowledgeGraph:
    """The graph that :func:`kg.rdf.write_turtle` wrote to `path`, of the domain that ships with kg where none is given.

    :class:`kg.errors.GraphError` where the file is missing, is no Turtle, or is no such graph.

    >>> import tempfile; from pathlib import Path
    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> from kg.rdf import write_turtle
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_turtle(merge([], Domain.default()), Path(folder, "graph.ttl"))
    ...     len(read_turtle(Path(folder, "graph.ttl")).documents)
    0
    """
    triples, prefixes = parse(Path(path))
    try:
        bases = Bases(prefixes.get("kg", ONTOLOGY), prefixes.get("id", THINGS))
        return _Reader(triples, bases, domain or Domain.default()).graph()
    except (KeyError, ValueError, InvalidOperation, InvariantError) as error:
        msg = f"{path}: RDF, but no graph that kg wrote with its evidence ({type(error).__name__}: {error})"
        raise GraphError(msg) from error


class _Reader:
    """The descriptions of a graph by subject and predicate, and the nouns made of them."""

    def __init__(self, triples: list[ox.Triple], bases: Bases, domain: Domain) -> None:
        self.bases = bases
        self.domain = domain
        self.said: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self.typed: dict[str, list[str]] = defaultdict(list)
        for triple in triples:
            subject, predicate, value = (cast("Any", term).value for term in triple)
            self.said[subject].setdefault(predicate, []).append(value)
            if predicate == str(RDF.type):
                self.typed[value].append(subject)
        self.documents = {node: self._document(node) for node in self._typed(NIF.Context)}
        self.spans = {
            node: (self.documents[self._one(node, NIF.referenceContext)].id, self._span(node))
            for kind in (NIF.Sentence, NIF.Phrase)
            for node in self._typed(kind)
        }

    def _check(self) -> None:
        """`ValueError` where this is no graph of ours, or one that was written without its evidence."""
        datasets = self._typed(VOID.Dataset)
        if not datasets:
            msg = "nothing in it says that it is a graph"
            raise ValueError(msg)
        for told in self._all(datasets[0], self.bases.term("provenance")):
            if told not in {Provenance.STATEMENTS, Provenance.RDF12}:
                msg = f"it was written with --provenance {told}"
                raise ValueError(msg)

    def graph(self) -> KnowledgeGraph:
        self._check()
        return KnowledgeGraph(
            self.domain,
            documents=self.documents.values(),
            entities=self._entities(),
            facts=self._facts(),
            observations=[self._observation(node) for node in self._typed(self.bases.term("Observation"))],
            datings=self._datings(),
            decisions=[self._decision(node) for node in self._typed(self.bases.term("Decision"))],
            areas={
                self._thing(node): code for node in self.said for code in self._all(node, self.bases.term("areaCode"))
            },
            kept_apart=[
                (self._thing(one), self._thing(other))
                for one in self.said
                for other in self._all(one, OWL.differentFrom)
            ],
        )

    def _decision(self, node: str) -> tuple[Decision, tuple[str, ...]]:
        stated = Decision.from_json(self._one(node, self.bases.term("stated")))
        return stated, tuple(sorted(self._thing(thing) for thing in self._all(node, PROV.influenced)))

    def _typed(self, kind: str) -> list[str]:
        return self.typed.get(str(kind), [])

    def _all(self, node: str, predicate: str) -> list[str]:
        return self.said[node].get(str(predicate), [])

    def _one(self, node: str, predicate: str) -> str:
        found = self._all(node, predicate)
        if len(found) != 1:
            msg = f"{node} should have one {predicate} and has {len(found)}"
            raise ValueError(msg)
        return found[0]

    def _maybe(self, node: str, name: str) -> Any:
        return self._one(node, self.bases.term(name)) if self._all(node, self.bases.term(name)) else None

    def _thing(self, iri: str) -> str:
        return iri.removeprefix(self.bases.things)

    def _term(self, iri: str) -> str:
        return iri.removeprefix(self.bases.schema)

    def _span(self, node: str) -> Span:
        return Span(int(self._one(node, NIF.beginIndex)), int(self._one(node, NIF.endIndex)))

    def _document(self, node: str) -> Document:
        fields: dict[str, list[tuple[int, Field]]] = defaultdict(list)
        for each in self._all(node, self.bases.term("field")):
            words = self._maybe(each, "span")
            field = Field(self._one(each, self.bases.term("fieldValue")), self._span(words) if words else None)
            position = int(self._one(each, self.bases.term("position")))
            fields[self._one(each, self.bases.term("fieldName"))].append((position, field))
        stated: dict[str, Any] = {}
        for name in FIELDS:
            values = tuple(field for _, field in sorted(fields[name], key=lambda f: f[0]))
            stated[name] = values if name in _MULTIPLE else values[0] if values else None
        places = [place.partition(" ") for place in self._all(node, self.bases.term("place"))]
        return Document(
            self._one(node, DCTERMS.identifier),
            self._one(node, NIF.isString),
            self._one(node, self.bases.term("sha256")),
            self._one(node, self.bases.term("encoding")),
            Metadata(**stated),
            tuple(sorted((int(begin), words) for begin, _, words in places)),
        )

    def _words(self, node: str) -> tuple[str, Span, str]:
        """The document, place and wording of a phrase; the wording must be what stands there."""
        document, span = self.spans[node]
        words = self._one(node, NIF.anchorOf)
        text = self.documents[self._one(node, NIF.referenceContext)].text
        if span.of(text) != words:
            msg = f"{node} quotes {words!r}, which is not what stands there"
            raise ValueError(msg)
        return document, span, words

    def _entities(self) -> list[Entity]:
        mentions: dict[str, list[Mention]] = defaultdict(list)
        for node in self._typed(NIF.Phrase):
            for entity in self._all(node, ITSRDF.taIdentRef):
                mentions[entity].append(self._mention(node))
        found = []
        for name in self.domain.classes:
            for node in self._typed(self.bases.term(name)):
                aliases = tuple(sorted(self._all(node, SKOS.altLabel)))
                of_this = tuple(sorted(mentions[node], key=attrgetter("document", "span", "kind", "type", "rule")))
                found.append(Entity(self._thing(node), name, self._one(node, SKOS.prefLabel), aliases, of_this))
        return found

    def _mention(self, node: str) -> Mention:
        document, span, words = self._words(node)
        kind: Any = self._one(node, self.bases.term("kind"))
        rule = self._one(node, self.bases.term("rule"))
        confidence = float(self._one(node, ITSRDF.taConfidence))
        return Mention(document, span, words, self._term(self._one(node, ITSRDF.taClassRef)), kind, rule, confidence)

    def _facts(self) -> list[Fact]:
        evidence: dict[tuple[str, str, str, Any, Any], list[Evidence]] = defaultdict(list)
        for kind, own in ((RDF.Statement, ""), ("UnassertedStatement", "modality"), ("OpenStatement", "predicate")):
            for node in self._typed(self.bases.term(kind) if own else kind):
                head, tail = self._thing(self._one(node, RDF.subject)), self._thing(self._one(node, RDF.object))
                value = self._one(node, self.bases.term(own)) if own else None
                relation = self._term(self._one(node, RDF.predicate))
                key = head, relation, tail, *((value, None) if own == "modality" else (None, value))
                evidence[key].append(self._evidence(node, PROV.wasDerivedFrom))
        return [Fact(*key[:3], _sorted(found), *key[3:]) for key, found in evidence.items()]

    def _observation(self, node: str) -> Observation:
        said: dict[str, Any] = {
            name: self._maybe(node, name)
            for name in ("measure", "unit", "qualifier", "period", "modality", "surface", "change", "base")
        }
        for name in ("minimum", "maximum"):
            bound = self._maybe(node, name)
            said[name] = None if bound is None else Decimal(bound)
        derivations = self._all(node, PROV.qualifiedDerivation)
        return Observation(
            id=self._thing(node),
            about=self._thing(self._one(node, self.bases.term("about"))),
            value=Decimal(self._one(node, self.bases.term("value"))),
            evidence=_sorted([self._evidence(d, PROV.entity) for d in derivations]),
            interval=self._interval(node),
            **said,
        )

    def _interval(self, node: str) -> Interval | None:
        begin, end, recurs = (self._maybe(node, name) for name in ("begin", "end", "recurs"))
        if begin is end is recurs is None:
            return None
        return Interval(begin, end, vague=self._maybe(node, "edtf") is not None, recurs=recurs)

    def _datings(self) -> list[Dating]:
        about = {dating: node for node in self.said for dating in self._all(node, self.bases.term("when"))}
        found = []
        for node in self._typed(self.bases.term("Dating")):
            derivations = self._all(node, PROV.qualifiedDerivation)
            found.append(
                Dating(
                    self._thing(node),
                    self._thing(about[node]),
                    self._one(node, self.bases.term("period")),
                    self._interval(node) or Interval(),
                    self._maybe(node, "modality"),
                    _sorted([self._evidence(d, PROV.entity) for d in derivations]),
                )
            )
        return found

    def _evidence(self, node: str, predicate: str) -> Evidence:
        document, sentence, quote = self._words(self._one(node, predicate))
        role_of = re.compile(re.escape(self.bases.schema) + "([a-z][A-Za-z]*)Span")
        marks = [
            Mark(role[1], self.spans[words][1])
            for said, places in self.said[node].items()
            if (role := role_of.fullmatch(said))
            for words in places
        ]
        marks.sort(key=lambda m: (m.span, m.role))
        confidence = float(self._one(node, self.bases.term("confidence")))
        return Evidence(document, sentence, quote, tuple(marks), self._one(node, self.bases.term("rule")), confidence)


def _sorted(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    """In the order that merging gives: by text, the surest first within a sentence."""
    places = [[(m.span, m.role) for m in e.marks] for e in evidence]
    keyed = zip(evidence, places, strict=True)
    ordered = sorted(keyed, key=lambda k: (k[0].document, k[0].sentence, -k[0].confidence, k[0].rule, k[1]))
    return tuple(e for e, _ in ordered)
