"""Whether a graph keeps to the shapes of its domain, said in plain words that point at the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, PROV, RDFS, SH, SKOS

from kg.domain import ONTOLOGY
from kg.rdf.files import parse
from kg.rdf.vocabulary import ITSRDF, NIF, PREFIXES, Bases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

    from kg.domain import Domain

# Shapes of this group speak of evidence, which not every graph has.
_EVIDENCE = URIRef("https://kg.example/shapes#evidence")
_BARE = ("none", "named-graphs")


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """What is wrong with a node: in words, and where the text that it comes from stands.

    `message` is in Chinese and English where the shape has both; `what` names the node by its labels; `document`,
    `begin`, `end` and `sentence` are empty, or -1, where no sentence belongs to it.
    """

    document: str
    begin: int
    end: int
    what: str
    message: str
    path: str
    value: str
    node: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.document}:{self.begin}-{self.end}: " if self.document else ""
        told = f"{where}{self.what}: {self.message}" + (f" ({self.path}{self.value})" if self.path else self.value)
        return f"{told}\n    {self.sentence}" if self.sentence else told


def validate(path: Path, domain: Domain) -> list[Violation]:
    """What in the RDF file at `path` breaks the shapes of `domain`, in the order of the texts.

    :class:`kg.errors.GraphError` where it cannot be read, :class:`kg.errors.DomainError` where there are no shapes.
    Inferred triples are not looked at. A graph without evidence is not asked for any.
    """
    import pyshacl  # noqa: PLC0415 - slow to import, and only validation needs it

    triples, prefixes = parse(path)
    given = {**Bases().prefixes, **prefixes}
    bases = Bases(given["kg"], given["id"])
    data = _rdflib(triples)
    ontology, shapes = (_parsed(domain, name, bases) for name in ("ontology.ttl", "shapes.ttl"))
    if any(str(told) in _BARE for told in data.objects(None, bases.term("provenance"))):
        for shape in list(shapes.subjects(SH.group, _EVIDENCE)):
            shapes.remove((None, SH.property, shape))
            shapes.remove((shape, None, None))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    return sorted(set(_Teller(data, ontology, shapes, bases).violations(cast("Graph", report))))


def _rdflib(triples: list[ox.Triple]) -> Graph:
    lines = cast("bytes", ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    return Graph(bind_namespaces="none").parse(lines, format="nt")


def _parsed(domain: Domain, name: str, bases: Bases) -> Graph:
    text = domain.file(name).read_text(encoding="utf-8")
    return Graph().parse(data=text.replace(f"<{ONTOLOGY}>", f"<{bases.schema}>"), format="turtle")


class _Teller:
    def __init__(self, data: Graph, ontology: Graph, shapes: Graph, bases: Bases) -> None:
        self.data = data
        self.ontology = ontology
        self.shapes = shapes
        self.term = bases.term
        self.prefixes = sorted((*bases.prefixes.items(), *PREFIXES.items()), key=lambda p: -len(p[1]))

    def violations(self, report: Graph) -> Iterator[Violation]:
        for result in report.subjects(RDF.type, SH.ValidationResult):
            if (result, SH.detail, None) in report:
                continue  # that a node breaks a shape within a shape; what is wrong is told by the detail
            focus = cast("Node", report.value(result, SH.focusNode))
            shape = report.value(result, SH.sourceShape)
            path = report.value(result, SH.resultPath)
            value = report.value(result, SH.value)
            messages = {str(m.language or ""): str(m) for m in cast("Any", report.objects(result, SH.resultMessage))}
            told = [messages[language] for language in ("zh", "en") if language in messages]
            places = list(self._statements(focus, shape)) or [focus]
            for place in places:
                document, begin, end, sentence = self._where(place)
                yield Violation(
                    document=document,
                    begin=begin,
                    end=end,
                    what=self._what(place),
                    message=" / ".join(told or sorted(messages.values())[:1]),
                    path=self._name(path) if isinstance(path, URIRef) else "",
                    value=f" {self._name(value)}" if value is not None and value != focus else "",
                    node=str(focus),
                    sentence=sentence,
                )

    def _statements(self, focus: Node, shape: Node | None) -> Iterator[Node]:
        """The statements of the relation whose end `focus` is, where the shape is of the ends of a relation."""
        for target, end in ((SH.targetSubjectsOf, RDF.subject), (SH.targetObjectsOf, RDF.object)):
            for relation in self.shapes.objects(shape, target):
                for statement in sorted(self.data.subjects(RDF.predicate, relation), key=str):
                    if (statement, end, focus) in self.data:
                        yield statement

    def _where(self, node: Node) -> tuple[str, int, int, str]:
        """Document, begin, end and words of the sentence that `node` rests on, of its first mention, or of itself."""
        found = [*self.data.objects(node, PROV.wasDerivedFrom), *self.data.objects(node, PROV.entity)]
        found += self.data.subjects(ITSRDF.taIdentRef, node)
        derived = self.data.subjects(PROV.qualifiedDerivation, node)
        found += [s for d in derived for s in self.data.objects(d, PROV.wasDerivedFrom)]
        places = [self._words(place) for place in (found or [node])]
        return min((place for place in places if place[3]), default=("", -1, -1, ""))

    def _words(self, node: Node) -> tuple[str, int, int, str]:
        document = self.data.value(node, NIF.referenceContext)
        name = self.data.value(document, DCTERMS.identifier) if document else None
        try:
            begin, end = (int(str(self.data.value(node, p))) for p in (NIF.beginIndex, NIF.endIndex))
        except ValueError:
            begin, end = -1, -1
        return str(name or ""), begin, end, str(self.data.value(node, NIF.anchorOf) or "")

    def _what(self, node: Node) -> str:
        """What `node` is called: its name, head relation tail, what a figure is about, or its short IRI."""
        head, relation, tail = (self.data.value(node, p) for p in (RDF.subject, RDF.predicate, RDF.object))
        if head and relation and tail:
            return " ".join(self._label(part) for part in (head, relation, tail))
        node = self.data.value(None, PROV.qualifiedDerivation, node) or node
        about = self.data.value(node, self.term("about")) or self.data.value(None, self.term("when"), node)
        words = self.data.value(node, self.term("surface")) or self.data.value(node, self.term("period"))
        return f"{self._label(about)} {words}" if about and words else self._label(node)

    def _label(self, node: Node) -> str:
        name = self.data.value(node, SKOS.prefLabel) or self.data.value(node, DCTERMS.identifier)
        if name is not None:
            return str(name)
        labels = {cast("Any", o).language: str(o) for o in self.ontology.objects(node, RDFS.label)}
        return labels.get("zh") or self._name(node)

    def _name(self, node: Node) -> str:
        if isinstance(node, URIRef):
            for prefix, base in self.prefixes:
                if node.startswith(base):
                    return f"{prefix}:{node[len(base) :]}"
        return str(node)
