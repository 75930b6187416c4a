"""A page of reference for an ontology, made from it: a diagram, every class and every property, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SDO, SKOS

from kg.domain import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from kg.domain import Domain

_KINDS = (
    ("Classes", (OWL.Class,)),
    ("Relations and other properties between things", (OWL.ObjectProperty,)),
    ("Properties with values", (OWL.DatatypeProperty,)),
)
_TRAITS = {OWL.SymmetricProperty: "symmetric", OWL.TransitiveProperty: "transitive"}


def reference(domain: Domain) -> str:
    """The page of the ontology of `domain`.

    >>> from kg.domain import Domain
    >>> reference(Domain.default()).splitlines()[0]
    '# The Jiangpu ontology: the making of a modern industrial workforce'
    """
    return "\n".join(_Page(domain).lines()).rstrip() + "\n"


class _Page:
    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.graph = Graph().parse(domain.file("ontology.ttl"), format="turtle")

    def lines(self) -> Iterator[str]:
        header = next(self.graph.subjects(RDF.type, OWL.Ontology), URIRef(ONTOLOGY))
        version, licence = (self.graph.value(header, p) for p in (OWL.versionInfo, DCTERMS.license))
        yield f"# {self._in(header, DCTERMS.title, 'en')}"
        yield from ("", self._in(header, DCTERMS.title, "zh"), "", self._in(header, DCTERMS.description, "en"))
        yield from ("", f"Namespace `{ONTOLOGY}` (prefix `kg:`), version {version}, licence <{licence}>.", "")
        yield from ("Made by `make docs` from `ontology/ontology.ttl`.", "", "## Classes of entities, as a diagram", "")
        yield from self._diagram()
        for title, kinds in _KINDS:
            yield from ("", f"## {title}", "")
            for term in sorted({t for kind in kinds for t in self.graph.subjects(RDF.type, kind)}, key=str):
                if str(term).startswith(ONTOLOGY):
                    yield from self._term(cast("URIRef", term))

    def _diagram(self) -> Iterator[str]:
        """A Mermaid class diagram: what is below what, and the first classes that each relation joins."""
        yield from ("```mermaid", "classDiagram", "  direction LR")
        for name, said in (("Entity", None), *self.domain.classes.items()):
            label = said.labels.get("zh", "") if said else self._in(URIRef(ONTOLOGY + name), RDFS.label, "zh")
            yield f'  class {name}["{name} {label}"]'
        for name in self.domain.classes:
            for above in sorted(self._names(self.graph.objects(URIRef(ONTOLOGY + name), RDFS.subClassOf))):
                if above.startswith("kg:"):
                    yield f"  {above[3:]} <|-- {name}"
        for name, (heads, tails) in self.domain.joined().items():
            label = self.domain.relations[name].labels.get("zh", "")
            yield f"  {heads[0]} --> {tails[0]} : {name} {label}"
        yield "```"

    def _term(self, term: URIRef) -> Iterator[str]:
        name = term.removeprefix(ONTOLOGY)
        yield f"### `kg:{name}` {self._in(term, RDFS.label, 'zh')}, {self._in(term, RDFS.label, 'en')}"
        yield from ("", self._in(term, SKOS.definition, "zh"), "", self._in(term, SKOS.definition, "en"), "")
        for title, found in self._told(term):
            if found:
                yield f"- {title}: {', '.join(f'`{each}`' for each in found)}"
        examples = [str(example) for example in self.graph.objects(term, SKOS.example)]
        if examples:
            yield f"- example: {', '.join(examples)}"
        yield ""

    def _told(self, term: URIRef) -> Iterator[tuple[str, list[str]]]:
        inverses = [*self.graph.objects(term, OWL.inverseOf), *self.graph.subjects(OWL.inverseOf, term)]
        yield "below", self._names(self.graph.objects(term, RDFS.subClassOf))
        yield "implies", self._names(self.graph.objects(term, RDFS.subPropertyOf))
        yield "inverse", self._names(inverses)
        yield "is", sorted(trait for kind, trait in _TRAITS.items() if (term, RDF.type, kind) in self.graph)
        for title, predicates in (("from", (RDFS.domain, SDO.domainIncludes)), ("to", (RDFS.range, SDO.rangeIncludes))):
            yield title, self._names({o for p in predicates for o in self.graph.objects(term, p)})
        yield "disjoint with", self._names(self.graph.objects(term, OWL.disjointWith))
        yield "see also", self._names(self.graph.objects(term, RDFS.seeAlso))

    def _names(self, terms: Iterable[Node]) -> list[str]:
        return sorted(self.graph.namespace_manager.normalizeUri(str(term)) for term in terms)

    def _in(self, subject: Node, predicate: URIRef, language: str) -> str:
        told = (o for o in self.graph.objects(subject, predicate) if isinstance(o, Literal) and o.language == language)
        return str(next(told, ""))
