"""What the RDF says: every resource of a knowledge graph with its properties, in a fixed order.

A description is a subject with its (predicate, object) pairs; no subject is described twice. The Turtle writer
and the rdflib graph are both made from these, so they cannot differ.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, SDO, SKOS, VOID, XSD

from kg.domain import OPEN_RELATION
from kg.errors import InvariantError
from kg.merge.identity import identifier as name_of
from kg.merge.places import places_of
from kg.rdf.terms import decimal, integer, observed
from kg.rdf.vocabulary import FIELDS, ITSRDF, NIF, Bases
from kg.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.merge import KnowledgeGraph
    from kg.model import Dating, Document, Entity, Evidence, Fact, Field, Mention, Observation, Span
    from kg.rdf.terms import Description, Pair, Term

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_WIKIDATA = "http://www.wikidata.org/entity/"
_ROLE = re.compile(r"[a-z][A-Za-z]*")


def describe(graph: KnowledgeGraph, bases: Bases) -> Iterator[tuple[str, Iterator[Description]]]:
    """The descriptions of `graph` in sections, each with a heading.

    >>> from kg.domain import Domain
    >>> from kg.merge import merge
    >>> [heading for heading, _ in describe(merge([], Domain.default()), Bases())][:2]
    ['The graph and how it was made', 'Documents']
    """
    describer = _Describer(graph, bases)
    yield "The graph and how it was made", describer.build()
    yield "Documents", describer.documents()
    yield "Entities and their relations", describer.entities()
    yield "Facts by sentence: what says so", describer.statements()
    if graph.unasserted():
        yield "What is planned, denied or claimed only, by sentence: no facts", describer.unasserted()
    if graph.open_facts():
        yield "Open relations, by sentence: what verbs say beyond the ontology", describer.open_statements()
    yield "Observations", describer.observations()
    yield "When events took place", describer.datings()
    yield "Observations and datings by sentence: what says so", describer.derivations()
    if graph.decisions:
        yield "What people decided", describer.decisions()
    yield "Words of the documents: sentences that are evidence, mentions, marks", describer.phrases()


class _Describer:
    def __init__(self, graph: KnowledgeGraph, bases: Bases) -> None:
        self.graph = graph
        self.bases = bases
        self.term = bases.term
        self.nodes = {d: bases.document(d) for d in graph.documents}
        if len(set(self.nodes.values())) < len(self.nodes):
            twice, _ = Counter(self.nodes.values()).most_common(1)[0]
            msg = f"two documents would bear the name {twice}; rename one of them"
            raise InvariantError(msg)
        self.apart: dict[str, list[str]] = defaultdict(list)
        for one, other in graph.kept_apart:
            self.apart[one].append(other)
        self.areas = self._areas()
        known = graph.domain.path / "gazetteer" / "wikidata.tsv"
        rows = graph.domain.rows("gazetteer/wikidata.tsv") if self.areas and known.is_file() else []
        self.items = {self.areas[code]: item for code, item in rows if code in self.areas}
        self.mentions = self._mentions_by_document()
        # The first entity that is mentioned with just these words: it gives bylines their person or outlet.
        self.named: dict[tuple[str, Span], str] = {}
        for document, mentions in self.mentions.items():
            for mention, entity in mentions:
                self.named.setdefault((document, mention.span), entity)

    def _areas(self) -> dict[str, str]:
        """The place of each code: a town bears the code of its county too, so what the gazetteer calls so is first."""
        places = [(self.graph.entity(name), code) for name, code in self.graph.areas.items()]
        known = places_of(self.graph.domain) if places else None
        named: dict[str, list[tuple[bool, str]]] = defaultdict(list)
        for place, code in places:
            if known and place.type == "Place":
                named[code].append((not any(code in known.codes(name) for name in place.names), place.id))
        return {code: min(found)[1] for code, found in named.items()}

    def _mentions_by_document(self) -> dict[str, list[tuple[Mention, str]]]:
        found: dict[str, list[tuple[Mention, str]]] = defaultdict(list)
        for entity in self.graph.entities():
            for mention in entity.mentions:
                found[mention.document].append((mention, entity.id))
        for mentions in found.values():
            mentions.sort(key=lambda m: (m[0].span, m[1], m[0].kind, m[0].type, m[0].rule, m[0].confidence))
        return dict(sorted(found.items()))

    def build(self) -> Iterator[Description]:
        """No labels here: prov:Activity and a class of the domain share a local name, and tools match by that."""
        program, activity = self.bases.thing("jiangpu"), self.bases.thing("build")
        yield (
            self.bases.thing("graph"),
            [(RDF.type, VOID.Dataset), (PROV.wasGeneratedBy, activity), (VOID.vocabulary, URIRef(self.bases.schema))],
        )
        yield (
            activity,
            [
                (RDF.type, PROV.Activity),
                (PROV.wasAssociatedWith, program),
                (self.term("domainDigest"), Literal(self.graph.domain.digest)),
                *((PROV.used, node) for node in sorted(self.nodes.values())),
            ],
        )
        yield (
            program,
            [(RDF.type, PROV.SoftwareAgent), (SDO.name, Literal("jiangpu")), (SDO.softwareVersion, Literal(VERSION))],
        )

    def documents(self) -> Iterator[Description]:
        for document in self.graph.documents.values():
            node = self.nodes[document.id]
            fields = list(self._fields(document))
            kind = SDO.NewsArticle if document.metadata.publisher else SDO.Article
            pairs: list[Pair] = [
                (RDF.type, kind),
                (RDF.type, NIF.Context),
                (DCTERMS.identifier, Literal(document.id)),
                *((FIELDS[name], self._field_value(document.id, name, field)) for name, _, field in fields),
                (self.term("encoding"), Literal(document.encoding)),
                (self.term("sha256"), Literal(document.sha256)),
                *((self.term("place"), Literal(f"{begin} {words}")) for begin, words in document.places),
                *((self.term("field"), self._field_node(node, name, n)) for name, n, _ in fields),
                *((SDO.mentions, entity) for entity in self._entities_of(document.id)),
                (NIF.beginIndex, integer(0)),
                (NIF.endIndex, integer(len(document.text))),
                (NIF.isString, Literal(document.text)),
            ]
            yield node, pairs
            for name, position, field in fields:
                pairs = [
                    (RDF.type, self.term("Field")),
                    (self.term("fieldName"), Literal(name)),
                    (self.term("position"), integer(position)),
                    (self.term("fieldValue"), Literal(field.value)),
                ]
                if field.span:
                    pairs.append((self.term("span"), self.bases.phrase(node, field.span)))
                yield self._field_node(node, name, position), pairs

    def _entities_of(self, document: str) -> list[URIRef]:
        return [self.bases.thing(e) for e in sorted({entity for _, entity in self.mentions.get(document, ())})]

    @staticmethod
    def _fields(document: Document) -> Iterator[tuple[str, int, Field]]:
        for name in FIELDS:
            given = getattr(document.metadata, name)
            for position, field in enumerate(given if isinstance(given, tuple) else (given,) if given else (), start=1):
                yield name, position, field

    @staticmethod
    def _field_node(document: URIRef, name: str, position: int) -> URIRef:
        return URIRef(f"{document}.{name}.{position}")

    def _field_value(self, document: str, name: str, field: Field) -> Term:
        """The entity that the words name, else the words; a date as a date where it is one."""
        entity = self.named.get((document, field.span)) if field.span and name != "title" else None
        if entity:
            return self.bases.thing(entity)
        if name == "title":
            return Literal(field.value, lang="zh")
        is_date = name == "date_published" and _DATE.fullmatch(field.value)
        return Literal(field.value, datatype=XSD.date if is_date else None, normalize=False)

    def entities(self) -> Iterator[Description]:
        for entity in self.graph.entities():
            yield (
                self.bases.thing(entity.id),
                [
                    (RDF.type, self.term(entity.type)),
                    (SKOS.prefLabel, Literal(entity.name, lang="zh")),
                    *((SKOS.altLabel, Literal(alias, lang="zh")) for alias in sorted(entity.aliases)),
                    *self._identity(entity),
                    *self._relations(entity),
                    *((self.term("when"), self.bases.thing(d.id)) for d in self.graph.datings(entity.id)),
                ],
            )

    def _identity(self, entity: Entity) -> Iterator[Pair]:
        code = self.graph.areas.get(entity.id)
        if code:
            yield self.term("areaCode"), Literal(code)
            is_place = entity.type == "Place"
            around = (self.areas.get(code[:n]) for n in (len(code), 4, 2) if n <= len(code))
            place = next((p for p in around if p and p != entity.id), None)
            if place:
                yield SDO.containedInPlace if is_place else SDO.areaServed, self.bases.thing(place)
        if entity.id in self.items:
            yield OWL.sameAs, URIRef(f"{_WIKIDATA}{self.items[entity.id]}")
        for other in self.apart.get(entity.id, ()):
            yield OWL.differentFrom, self.bases.thing(other)

    def decisions(self) -> Iterator[Description]:
        people: dict[str, URIRef] = {}
        for decision, things in self.graph.decisions:
            stated = decision.to_json()
            digest = hashlib.sha256(stated.encode()).hexdigest()[:16]
            author = people.setdefault(decision.author, self.bases.thing(name_of("Agent", decision.author)))
            pairs: list[Pair] = [(RDF.type, self.term("Decision")), (PROV.wasAssociatedWith, author)]
            pairs.append((DCTERMS.date, Literal(decision.date, datatype=XSD.date, normalize=False)))
            pairs.append((DCTERMS.description, Literal(decision.reason)))
            pairs.append((self.term("stated"), Literal(stated)))
            pairs += [(PROV.influenced, self.bases.thing(thing)) for thing in things]
            yield self.bases.thing(f"Decision-{digest}"), pairs
        for name, node in sorted(people.items()):
            yield node, [(RDF.type, PROV.Agent), (SDO.name, Literal(name))]

    def _relations(self, entity: Entity) -> Iterator[Pair]:
        for fact in self.graph.facts(head=entity.id):
            yield self.term(fact.relation), self.bases.thing(fact.tail)
        for tail in dict.fromkeys(fact.tail for fact in self.graph.open_facts(head=entity.id)):
            yield self.term(OPEN_RELATION), self.bases.thing(tail)

    def statements(self) -> Iterator[Description]:
        for fact in self.graph.facts():
            for name, evidence in _named("Statement", (fact.head, fact.relation, fact.tail), fact.evidence):
                yield self.bases.thing(name), [*self._statement(fact), *self._evidence(evidence)]

    def unasserted(self) -> Iterator[Description]:
        for fact in self.graph.unasserted():
            what = fact.head, fact.relation, fact.tail, fact.modality or ""
            for name, evidence in _named("UnassertedStatement", what, fact.evidence):
                kind = self.term("UnassertedStatement")
                modality = self.term("modality"), Literal(fact.modality)
                yield self.bases.thing(name), [*self._statement(fact, kind), modality, *self._evidence(evidence)]

    def open_statements(self) -> Iterator[Description]:
        for fact in self.graph.open_facts():
            what = fact.head, fact.relation, fact.tail, fact.predicate or ""
            for name, evidence in _named("OpenStatement", what, fact.evidence):
                predicate = self.term("predicate"), Literal(fact.predicate, lang="zh")
                described = self._statement(fact, self.term("OpenStatement"))
                yield self.bases.thing(name), [*described, predicate, *self._evidence(evidence)]

    def _statement(self, fact: Fact, kind: URIRef = RDF.Statement) -> Iterator[Pair]:
        yield RDF.type, kind
        yield RDF.subject, self.bases.thing(fact.head)
        yield RDF.predicate, self.term(fact.relation)
        yield RDF.object, self.bases.thing(fact.tail)

    def observations(self) -> Iterator[Description]:
        for observation in self.graph.observations():
            described = [*observed(observation, self.bases), *self._derived(observation)]
            yield self.bases.thing(observation.id), described

    def datings(self) -> Iterator[Description]:
        for dating in self.graph.datings():
            yield self.bases.thing(dating.id), [*observed(dating, self.bases), *self._derived(dating)]

    def _derived(self, stated: Observation | Dating) -> Iterator[Pair]:
        for sentence in {self._sentence(e): None for e in stated.evidence}:
            yield PROV.wasDerivedFrom, sentence
        for name, _ in _named("Derivation", (stated.id,), stated.evidence):
            yield PROV.qualifiedDerivation, self.bases.thing(name)

    def derivations(self) -> Iterator[Description]:
        figures: list[Observation | Dating] = [*self.graph.observations(), *self.graph.datings()]
        for stated in figures:
            for name, evidence in _named("Derivation", (stated.id,), stated.evidence):
                described = self._evidence(evidence, sentence=PROV.entity)
                yield self.bases.thing(name), [(RDF.type, PROV.Derivation), *described]

    def _sentence(self, evidence: Evidence) -> URIRef:
        return self.bases.phrase(self.nodes[evidence.document], evidence.sentence)

    def _evidence(self, evidence: Evidence, *, sentence: URIRef = PROV.wasDerivedFrom) -> Iterator[Pair]:
        yield sentence, self._sentence(evidence)
        yield self.term("confidence"), decimal(evidence.confidence)
        yield self.term("rule"), Literal(evidence.rule)
        for mark in sorted(evidence.marks, key=lambda m: (m.span, m.role)):
            if not _ROLE.fullmatch(mark.role):
                msg = f"a mark's role is a plain English word, not {mark.role!r}"
                raise InvariantError(msg)
            yield self.term(f"{mark.role}Span"), self.bases.phrase(self.nodes[evidence.document], mark.span)

    def phrases(self) -> Iterator[Description]:
        spans: dict[str, dict[Span, bool]] = {document: {} for document in self.nodes}  # whether it is a sentence
        for document in self.graph.documents.values():
            for _, _, field in self._fields(document):
                if field.span:
                    spans[document.id].setdefault(field.span, False)
        for evidence in self.graph.evidence():
            spans[evidence.document][evidence.sentence] = True
            for mark in evidence.marks:
                spans[evidence.document].setdefault(mark.span, False)
        for identifier, found in spans.items():
            yield from self._phrases_of(identifier, found)

    def _phrases_of(self, document: str, spans: dict[Span, bool]) -> Iterator[Description]:
        mentions: dict[Span, list[tuple[Mention, str]]] = defaultdict(list)
        for mention, entity in self.mentions.get(document, ()):
            mentions[mention.span].append((mention, entity))
        for span in sorted({*spans, *mentions}, key=lambda s: (s.begin, -s.end)):
            here = mentions.get(span, [])
            yield self._phrase(document, span, here[0] if here else None, is_sentence=spans.get(span, False))
            for ordinal, other in enumerate(here[1:], start=2):
                yield self._phrase(document, span, other, ordinal=ordinal)

    def _phrase(
        self,
        document: str,
        span: Span,
        mentioned: tuple[Mention, str] | None,
        *,
        is_sentence: bool = False,
        ordinal: int = 1,
    ) -> Description:
        context = self.nodes[document]
        pairs: list[Pair] = [(RDF.type, NIF.Sentence)] if is_sentence else []
        if mentioned or not is_sentence:
            pairs.append((RDF.type, NIF.Phrase))
        pairs += [
            (NIF.referenceContext, context),
            (NIF.beginIndex, integer(span.begin)),
            (NIF.endIndex, integer(span.end)),
            (NIF.anchorOf, Literal(span.of(self.graph.documents[document].text))),
        ]
        where = self.graph.documents[document].place(span.begin) if is_sentence else None
        if where:
            pairs.append((self.term("where"), Literal(where)))
        if mentioned:
            mention, entity = mentioned
            pairs += [
                (ITSRDF.taIdentRef, self.bases.thing(entity)),
                (ITSRDF.taClassRef, self.term(mention.type)),
                (ITSRDF.taConfidence, decimal(mention.confidence)),
                (self.term("kind"), Literal(mention.kind)),
                (self.term("rule"), Literal(mention.rule)),
            ]
        return self.bases.phrase(context, span, ordinal), pairs


def _named(kind: str, what: tuple[str, ...], evidence: tuple[Evidence, ...]) -> Iterator[tuple[str, Evidence]]:
    """Each piece with a name that depends on what is stated and where, not on how sure or by which rule."""
    seen: Counter[str] = Counter()
    for piece in evidence:
        place = (piece.document, str(piece.sentence.begin), str(piece.sentence.end))
        digest = hashlib.sha256("\x1f".join((*what, *place)).encode()).hexdigest()[:16]
        seen[digest] += 1
        yield f"{kind}-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else ""), piece
