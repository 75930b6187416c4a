"""Turtle → what the page shows: a graph that kg exported, or any triples, such as what a CONSTRUCT gave."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import pyoxigraph as ox
from rdflib.namespace import OWL, PROV, RDF, RDFS, SDO, SKOS, VOID

from kg.domain import Domain
from kg.errors import GraphError
from kg.merge import KnowledgeGraph
from kg.model import Entity, Fact, Observation
from kg.rdf import Bases, read_turtle
from kg.rdf.files import parse
from kg.rdf.vocabulary import ITSRDF, NIF

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = (str(SKOS.prefLabel), str(RDFS.label), str(SDO.name))
_ALIASES = (str(SKOS.altLabel), str(SDO.alternateName))
_MACHINERY = tuple(str(space) for space in (RDF, RDFS, NIF, ITSRDF, PROV, VOID, OWL))  # no facts of the world
_LANGUAGES = ("zh", "zh-hans", "zh-cn", "", "en")  # of a name, the most wanted first
_CLASS = "Thing"  # of what nothing says what it is


def read_any(path: Path, domain: Domain | None = None, of: Path | None = None) -> KnowledgeGraph:
    """The graph in a Turtle file: one that kg exported whole, else each triple between two things as a fact.

    What only its IRI is known of is called by that, unless `of`, the export that was asked, has its names, class,
    figures and sentences. :class:`kg.errors.GraphError` where a file is no Turtle or joins nothing.

    >>> import tempfile; from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "answer.ttl")
    ...     _ = path.write_text('<http://a/x> <http://a/knows> <http://a/y> .', encoding="utf-8")
    ...     graph = read_any(path)
    >>> [(fact.head, fact.relation, fact.tail) for fact in graph.facts()]
    [('http://a/x', 'knows', 'http://a/y')]
    """
    domain = domain or Domain.default()
    triples, prefixes = parse(path)
    if any(triple.object == ox.NamedNode(str(VOID.Dataset)) for triple in triples):
        return read_turtle(path, domain)
    defaults = Bases()
    bases = Bases(prefixes.get("kg", defaults.schema), prefixes.get("id", defaults.things))
    found = _Triples(triples, bases, domain)
    if not found.facts and not found.said:
        msg = f"{path}: Turtle without a triple that a page could show"
        raise GraphError(msg)
    return found.graph(read_turtle(of, domain) if of else None)


class _Triples:
    """Things, facts between them and names, as plain triples say them."""

    def __init__(self, triples: list[ox.Triple], bases: Bases, domain: Domain) -> None:
        self.bases, self.domain = bases, domain
        self.names: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self.types: dict[str, list[str]] = defaultdict(list)
        self.facts: set[tuple[str, str, str]] = set()
        self.said: set[tuple[str, str, str]] = set()  # thing, property and number
        for triple in triples:
            self._take(*(cast("Any", term) for term in triple))

    def _take(self, subject: Any, predicate: Any, value: Any) -> None:
        thing = self._id(subject)
        if predicate.value == str(RDF.type):
            self.types[thing].append(self._term(value.value))
        elif isinstance(value, ox.Literal):
            if predicate.value in (*_NAMES, *_ALIASES):
                language = (value.language or "").lower()
                wanted = _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)
                self.names[thing].append((predicate.value in _ALIASES, wanted, value.value))
            elif _is_number(value):
                self.said.add((thing, self._term(predicate.value), value.value))
        elif not predicate.value.startswith(_MACHINERY):
            self.facts.add((thing, self._term(predicate.value), self._id(value)))

    def _id(self, term: Any) -> str:
        """The identifier of a thing, in ASCII: that of an export, or the whole IRI."""
        text = str(term) if isinstance(term, ox.BlankNode) else term.value.removeprefix(self.bases.things)
        return quote(text, safe=":/?#[]@!$&'()*+,;=%-._~")

    def _term(self, iri: str) -> str:
        if iri.startswith(self.bases.schema):
            return iri.removeprefix(self.bases.schema)
        return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri

    def _class(self, thing: str) -> str:
        """The most specific class that is stated, else the one that an identifier of ours begins with."""
        classes = self.domain.classes
        stated = sorted(self.types[thing], key=lambda t: (-len(classes[t].ancestors) if t in classes else 1, t))
        told = thing.split("-", 1)[0]
        return stated[0] if stated else told if told in classes else _CLASS

    def _entity(self, thing: str) -> Entity:
        names = list(dict.fromkeys(name for _, _, name in sorted(self.names[thing])))
        return Entity(thing, self._class(thing), names[0] if names else thing, tuple(names[1:]), ())

    def graph(self, whole: KnowledgeGraph | None) -> KnowledgeGraph:
        things = {t for head, _, tail in self.facts for t in (head, tail)} | {s[0] for s in self.said}
        known = {e.id: e for e in whole.entities()} if whole else {}
        stated = {(f.head, f.relation, f.tail): f for f in whole.facts()} if whole else {}
        facts = [stated.get(triple) or Fact(*triple, evidence=()) for triple in sorted(self.facts)]
        observations = [
            Observation(f"n{i}", thing, measure, Decimal(value), None, None, None, None, value, ())
            for i, (thing, measure, value) in enumerate(sorted(self.said))
        ]
        if whole:
            observations += [o for o in whole.observations() if o.about in things]
        entities = [known.get(thing) or self._entity(thing) for thing in sorted(things)]
        evidence = [e for fact in facts for e in fact.evidence] + [e for o in observations for e in o.evidence]
        cited = {e.document for e in evidence}
        cited |= {mention.document for entity in entities for mention in entity.mentions}
        return KnowledgeGraph(
            self.domain,
            documents=[d for d in whole.documents.values() if d.id in cited] if whole else (),
            entities=entities,
            facts=facts,
            observations=observations,
            datings=[d for d in whole.datings() if d.about in things] if whole else (),
        )


def _is_number(value: ox.Literal) -> bool:
    try:
        return Decimal(value.value).is_finite()
    except InvalidOperation:
        return False
